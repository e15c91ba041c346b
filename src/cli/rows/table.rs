//! Any list as a table: rows whose cells have names, whether they came from CSV or from JSON. The
//! fields of a JSON object within an object have a dot in their names: `traits.email`.

use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::charset::HINT;
use crate::cli::rows::input::Place;
use crate::cli::rows::list::Format;
use crate::cli::rows::list::List;
use crate::cli::rows::objects::Objects;
use crate::cli::rows::records::Records;

/// The depth to which objects within objects are read.
const DEPTH_MAX: usize = 4;

/// A list that is being read.
#[derive(Debug)]
pub(crate) enum Table {
    /// A CSV file and its columns.
    Csv(Box<Records>, Vec<Arc<str>>),
    /// Objects.
    Json(Box<Objects>),
}

/// A row of a list.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The number of its line, from 1; in a JSON document, its own.
    pub(crate) line: u64,
    /// Its cells, or the problems with it.
    pub(crate) cells: Result<Cells, Vec<Problem>>,
}

/// The cells of a row, by the names of their columns, in their order. Empty cells are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells(pub(crate) Vec<(Arc<str>, String)>);

/// The sum of a list: its lines, and what of them are no rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lines {
    pub(crate) all: u64,
    pub(crate) header: u64,
}

impl Table {
    /// Opens a list, and goes to a row.
    pub(crate) fn open(list: &List, from: Option<Place>) -> Result<Self, Error> {
        if list.format != Format::Csv {
            return Ok(Self::Json(Box::new(Objects::open(list, from)?)));
        }
        let (mut records, header) = Records::open(list)?;
        if let Some(from) = from {
            records.go_to(from)?;
        }
        let header = header.iter().map(|name| Arc::from(name.trim())).collect();
        Ok(Self::Csv(Box::new(records), header))
    }

    /// The names of the columns; `None` for JSON, each of whose rows has its own.
    pub(crate) fn header(&self) -> Option<&[Arc<str>]> {
        match self {
            Self::Csv(_, header) => Some(header),
            Self::Json(_) => None,
        }
    }

    /// The place at which the next row begins.
    pub(crate) const fn place(&self) -> Place {
        match self {
            Self::Csv(records, _) => records.place(),
            Self::Json(objects) => objects.place(),
        }
    }

    /// The number of lines that were read, all of them at the end of the list.
    pub(crate) const fn lines(&self) -> Lines {
        match self {
            Self::Csv(records, _) => Lines { all: records.lines(), header: records.header_lines() },
            Self::Json(objects) => Lines { all: objects.lines(), header: 0 },
        }
    }

    /// The number of empty lines that were passed since the last call.
    pub(crate) const fn take_empty_lines(&mut self) -> u64 {
        match self {
            Self::Csv(records, _) => records.take_empty_lines(),
            Self::Json(objects) => objects.take_empty_lines(),
        }
    }

    /// The next row; `None` at the end of the list.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, Error> {
        match self {
            Self::Csv(records, header) => {
                // Spreadsheets write rows of empty cells behind the last one.
                let begun = loop {
                    let Some(begun) = records.next()? else { return Ok(None) };
                    if begun.problem.is_some() || !records.is_blank() {
                        break begun;
                    }
                };
                let cells = match begun.problem {
                    Some(problem) => Err(vec![Problem::new(None, problem)]),
                    None => cells(records, header),
                };
                Ok(Some(Entry { line: begun.line, cells }))
            }
            Self::Json(objects) => {
                let Some((line, text)) = objects.next()? else { return Ok(None) };
                let cells = text.and_then(flat).map_err(|what| vec![Problem::new(None, what)]);
                Ok(Some(Entry { line, cells }))
            }
        }
    }
}

/// The cells of a record, or what is wrong with it.
fn cells(records: &Records, header: &[Arc<str>]) -> Result<Cells, Vec<Problem>> {
    let (count, expected) = (records.count(), header.len());
    if count != expected {
        let what = format!("has {count} fields, and the header has {expected}");
        return Err(vec![Problem::new(None, what)]);
    }
    let mut cells = Vec::with_capacity(count);
    let mut problems = Vec::new();
    for (name, bytes) in header.iter().zip(records.fields()) {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => cells.push((Arc::clone(name), text.to_owned())),
            Err(_details) => problems.push(no_utf_8(name)),
        }
    }
    if problems.is_empty() { Ok(Cells(cells)) } else { Err(problems) }
}

/// The problem with a cell that is not text.
pub(super) fn no_utf_8(column: &str) -> Problem {
    Problem::new(Some(column), format!("is not UTF-8: {HINT}"))
}

/// The fields of an object as cells. A list is written as JSON.
fn flat(text: &[u8]) -> Result<Cells, String> {
    let object: Map<String, Value> = serde_json::from_slice(text)
        .map_err(|error| format!("is not a JSON object (at character {})", error.column()))?;
    let mut cells = Cells::default();
    flatten(object, "", DEPTH_MAX, &mut cells);
    Ok(cells)
}

fn flatten(object: Map<String, Value>, path: &str, depth: usize, cells: &mut Cells) {
    for (name, value) in object {
        let name = format!("{path}{name}");
        let text = match value {
            Value::Null => continue,
            Value::Object(inner) if depth > 0 => {
                flatten(inner, &format!("{name}."), depth - 1, cells);
                continue;
            }
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        if !text.trim().is_empty() {
            cells.0.push((Arc::from(name), text));
        }
    }
}

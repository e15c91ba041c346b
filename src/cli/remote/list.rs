//! Lists whose columns have names of any sort: CSV with a header, or JSON Lines, row by row.

use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::Format;
use crate::cli::rows::Problem;
use crate::cli::rows::ROW_BYTES_MAX;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// What separates cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// How lists are read.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Reading {
    /// How FILE is written; without it, as its name ends
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    path: PathBuf,
    name: String,
    format: Format,
}

/// A list that is being read.
pub(crate) enum Table {
    /// A CSV file and its columns.
    Csv(Box<csv::Reader<BufReader<File>>>, Vec<Arc<str>>),
    /// JSON Lines, and the number of the line that was read last.
    Jsonl(Box<BufReader<File>>, u64),
}

/// A row.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The number of the line on which it begins, from 1.
    pub(crate) line: u64,
    /// Its cells, or what is wrong with it.
    pub(crate) cells: Result<Cells, Vec<Problem>>,
}

/// The cells of a row, by the names of their columns. An empty cell is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells(pub(crate) Vec<(Arc<str>, String)>);

impl Reading {
    /// Finds out how a list is written.
    pub(crate) fn open(self, path: &Path) -> Result<List, Error> {
        let name = path.display().to_string();
        let format = self.format.or_else(|| Format::of(path)).ok_or_else(|| {
            Error::Input(format!(
                "`{name}` ends neither in .csv nor in .jsonl; --format says what it is"
            ))
        })?;
        Ok(List { path: path.to_owned(), name, format })
    }
}

impl List {
    /// What it is called in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> u64 {
        self.path.metadata().map_or(0, |metadata| metadata.len())
    }
}

impl Table {
    /// Opens a list, and reads its header.
    pub(crate) fn open(list: &List) -> Result<Self, Error> {
        let unreadable = |source| Error::Read { path: list.name.clone(), source };
        let mut file = BufReader::new(File::open(&list.path).map_err(unreadable)?);
        let start = file.fill_buf().map_err(unreadable)?;
        let mark = if start.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let separator = separator(start);
        file.consume(mark);
        if list.format != Format::Csv {
            return Ok(Self::Jsonl(Box::new(file), 0));
        }
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(file);
        let header = reader.headers().map_err(|error| broken(list, &error))?;
        let header = header.iter().map(|name| Arc::from(name.trim())).collect();
        Ok(Self::Csv(Box::new(reader), header))
    }

    /// The names of the columns; none for JSON, each of whose rows has its own.
    pub(crate) fn header(&self) -> Option<&[Arc<str>]> {
        match self {
            Self::Csv(_, header) => Some(header),
            Self::Jsonl(..) => None,
        }
    }

    /// The next row; none at the end of the list.
    pub(crate) fn next(&mut self, list: &List) -> Result<Option<Entry>, Error> {
        match self {
            Self::Csv(reader, header) => {
                let mut record = csv::ByteRecord::new();
                let read = reader.read_byte_record(&mut record);
                if !read.map_err(|error| broken(list, &error))? {
                    return Ok(None);
                }
                let line = record.position().map_or(0, csv::Position::line);
                Ok(Some(Entry { line, cells: cells(&record, header) }))
            }
            Self::Jsonl(file, line) => loop {
                let mut text = Vec::new();
                let most = u64::try_from(ROW_BYTES_MAX).unwrap_or(u64::MAX);
                let read = file.by_ref().take(most).read_until(b'\n', &mut text);
                let unreadable = |source| Error::Read { path: list.name.clone(), source };
                if read.map_err(unreadable)? == 0 {
                    return Ok(None);
                }
                *line += 1;
                let text = text.trim_ascii();
                if !text.is_empty() {
                    let cells = flat(text).map_err(|what| vec![Problem::new(None, what)]);
                    return Ok(Some(Entry { line: *line, cells }));
                }
            },
        }
    }
}

fn cells(record: &csv::ByteRecord, header: &[Arc<str>]) -> Result<Cells, Vec<Problem>> {
    let (count, expected) = (record.len(), header.len());
    if count != expected {
        let what = format!("has {count} fields, and the header has {expected}");
        return Err(vec![Problem::new(None, what)]);
    }
    let mut cells = Vec::with_capacity(count);
    let mut problems = Vec::new();
    for (name, bytes) in header.iter().zip(record) {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => cells.push((Arc::clone(name), text.to_owned())),
            Err(_details) => problems.push(Problem::new(Some(name), "is no UTF-8")),
        }
    }
    if problems.is_empty() { Ok(Cells(cells)) } else { Err(problems) }
}

/// The fields of an object as cells. A list is written as JSON.
fn flat(text: &[u8]) -> Result<Cells, String> {
    let object: Map<String, Value> = serde_json::from_slice(text)
        .map_err(|error| format!("is no JSON object (at character {})", error.column()))?;
    let cell = |(name, value): (String, Value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        (!text.trim().is_empty()).then(|| (Arc::from(name), text))
    };
    Ok(Cells(object.into_iter().filter_map(cell).collect()))
}

/// What the header separates its cells with: whichever occurs most.
fn separator(start: &[u8]) -> u8 {
    let header = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |separator: u8| header.iter().filter(|byte| **byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

fn broken(list: &List, error: &csv::Error) -> Error {
    Error::Input(format!("`{}` cannot be read: {error}", list.name))
}

//! Lists as people have them: CSV, JSON Lines and JSON documents, read row by row with the line on
//! which each begins, and never more of a file in memory than one row.
//!
//! A command that reads lists takes [`Reading`] among its arguments, opens its [`List`] with it,
//! and reads [`Rows`] of customers, or a [`Table`] of cells with names.

mod cells;
mod charset;
pub(crate) mod columns;
mod comma;
mod headless;
mod input;
pub(crate) mod json;
mod lines;
mod list;
mod mapped;
mod meaning;
pub(crate) mod objects;
pub(crate) mod plan;
pub(crate) mod profile;
mod quotes;
pub(crate) mod records;
mod says;
pub(crate) mod sheet;
mod source;
mod spreadsheet;
pub(crate) mod table;
pub(crate) mod times;
mod unpack;
mod values;
mod words;

pub(crate) use charset::BYTE_ORDER_MARK;
pub(crate) use comma::Comma;
pub(crate) use input::Place;
pub(crate) use json::Customers;
pub(crate) use list::Format;
pub(crate) use list::List;
pub(crate) use list::Reading;
pub(crate) use mapped::Mapped;
pub(crate) use meaning::Wish;
pub(crate) use plan::Plan;
pub(crate) use source::Source;
pub(crate) use spreadsheet::escaped;

use crate::cli::Error;
use crate::cli::rows::table::Lines;
use crate::proto::v1;

/// The longest row, in bytes.
pub(crate) const ROW_BYTES_MAX: usize = 1 << 20;

/// A row as it was read.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of the line on which it begins, from 1.
    pub(crate) line: u64,
    /// The customer of the row, or the problems with it; `None` if the row is passed over.
    pub(crate) customer: Result<Option<v1::CustomerRow>, Vec<Problem>>,
}

/// A problem with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The column, or the field, if it is one of them.
    pub(crate) place: Option<String>,
    /// The problem, in words.
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(place: Option<&str>, what: impl Into<String>) -> Self {
        Self { place: place.map(ToOwned::to_owned), what: what.into() }
    }
}

/// The rows of a list of customers.
#[derive(Debug)]
pub(crate) enum Rows {
    /// The rows of a CSV file.
    Csv(Box<Comma>),
    /// The rows of a file of objects.
    Json(Box<Customers>),
    /// The rows of a file of objects whose fields have other names.
    Mapped(Box<Mapped>),
}

impl Rows {
    /// Opens a list, at its first row or where an earlier reading stopped.
    pub(crate) fn open(list: &List, plan: &Plan, from: Option<Place>) -> Result<Self, Error> {
        match list.format {
            Format::Csv => Ok(Self::Csv(Box::new(Comma::open(list, plan, from)?))),
            Format::Jsonl | Format::Json if plan.says_something() => {
                Ok(Self::Mapped(Box::new(Mapped::open(list, plan, from)?)))
            }
            Format::Jsonl | Format::Json => Ok(Self::Json(Box::new(Customers::open(list, from)?))),
        }
    }

    /// The next row; `None` at the end of the list.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::Json(rows) => rows.next(),
            Self::Mapped(rows) => rows.next(),
        }
    }

    /// The place at which the next row begins.
    pub(crate) const fn place(&self) -> Place {
        match self {
            Self::Csv(rows) => rows.place(),
            Self::Json(rows) => rows.place(),
            Self::Mapped(rows) => rows.place(),
        }
    }

    /// The number of lines that were read, all of them at the end of the list.
    pub(crate) const fn lines(&self) -> Lines {
        match self {
            Self::Csv(rows) => rows.lines(),
            Self::Json(rows) => rows.lines(),
            Self::Mapped(rows) => rows.lines(),
        }
    }

    /// The number of empty lines that were passed since the last call.
    pub(crate) const fn take_empty_lines(&mut self) -> u64 {
        match self {
            Self::Csv(rows) => rows.take_empty_lines(),
            Self::Json(rows) => rows.take_empty_lines(),
            Self::Mapped(rows) => rows.take_empty_lines(),
        }
    }

    /// The name of a row's field in the file.
    pub(crate) fn name_of(&self, field: &str) -> String {
        match self {
            Self::Csv(rows) => rows.columns().name_of(field),
            Self::Mapped(rows) => rows.columns().name_of(field),
            Self::Json(_) => field.to_owned(),
        }
    }
}

//! Files of customers: CSV and JSON Lines, read row by row with the line on which each begins, and
//! never more of a file in memory than one row.

mod cells;
pub(crate) mod columns;
mod comma;
mod input;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod records;
pub(crate) mod sheet;

pub(crate) use comma::Comma;
pub(crate) use input::BYTE_ORDER_MARK;
pub(crate) use input::Place;
pub(crate) use json::Customers;

use std::path::Path;

use clap::ValueEnum;

use crate::cli::Error;
use crate::cli::rows::columns::Mapping;
use crate::proto::v1;

/// The longest row, in bytes.
pub(crate) const ROW_BYTES_MAX: usize = 1 << 20;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-, semicolon- or tab-separated, with a header
    Csv,
    /// JSON Lines: an object on each line
    Jsonl,
}

impl Format {
    /// The format that the name of a file tells.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// A row as it was read.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of the line on which it begins, from 1.
    pub(crate) line: u64,
    /// What it says, or what is wrong with it.
    pub(crate) customer: Result<v1::CustomerRow, Vec<Problem>>,
}

/// Something that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The column, or the field, if it is one of them.
    pub(crate) place: Option<String>,
    /// What is wrong.
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(place: Option<&str>, what: impl Into<String>) -> Self {
        Self { place: place.map(ToOwned::to_owned), what: what.into() }
    }
}

/// The rows of a file.
#[derive(Debug)]
pub(crate) enum Rows {
    /// Of a CSV file.
    Csv(Box<Comma>),
    /// Of a JSON Lines file.
    Jsonl(Box<Customers>),
}

impl Rows {
    /// Opens a file, at its first row or where an earlier reading stopped.
    pub(crate) fn open(
        path: &Path,
        format: Format,
        mapping: &Mapping,
        from: Option<Place>,
    ) -> Result<Self, Error> {
        match format {
            Format::Csv => Ok(Self::Csv(Box::new(Comma::open(path, mapping, from)?))),
            Format::Jsonl => Ok(Self::Jsonl(Box::new(Customers::open(path, from)?))),
        }
    }

    /// The next row; none at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, Error> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::Jsonl(rows) => rows.next(),
        }
    }

    /// Where the next row begins, or the line end before it.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Csv(rows) => rows.place(),
            Self::Jsonl(rows) => rows.place(),
        }
    }

    /// What the file calls a field of a row.
    pub(crate) fn name_of(&self, field: &str) -> String {
        match self {
            Self::Csv(rows) => rows.columns().name_of(field),
            Self::Jsonl(_) => field.to_owned(),
        }
    }
}

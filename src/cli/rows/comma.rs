//! Customers in a CSV file.

use std::path::Path;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::Row;
use crate::cli::rows::columns::Columns;
use crate::cli::rows::columns::Mapping;
use crate::cli::rows::input::Place;
use crate::cli::rows::records::Records;
use crate::proto::v1;

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct Comma {
    records: Records,
    columns: Columns,
}

impl Comma {
    /// Reads the header, and goes to a row.
    pub(super) fn open(path: &Path, mapping: &Mapping, from: Option<Place>) -> Result<Self, Error> {
        let (mut records, header) = Records::open(path)?;
        let columns = Columns::of(&header, mapping)?;
        if let Some(from) = from {
            records.go_to(from)?;
        }
        Ok(Self { records, columns })
    }

    pub(super) const fn place(&self) -> Place {
        self.records.place()
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some(line) = self.records.next()? else { return Ok(None) };
        Ok(Some(Row { line, customer: self.customer() }))
    }

    fn customer(&self) -> Result<v1::CustomerRow, Vec<Problem>> {
        let (count, expected) = (self.records.count(), self.columns.count());
        if count != expected {
            let what = format!("has {count} fields, and the header has {expected}");
            return Err(vec![Problem::new(None, what)]);
        }
        let mut texts = Vec::with_capacity(count);
        let mut problems = Vec::new();
        for (position, bytes) in self.records.fields().enumerate() {
            match std::str::from_utf8(bytes) {
                Ok(text) => texts.push(text),
                Err(_details) => {
                    let column = self.columns.column(position);
                    problems.push(Problem::new(Some(column), "is no UTF-8"));
                }
            }
        }
        if problems.is_empty() { self.columns.customer(&texts) } else { Err(problems) }
    }
}

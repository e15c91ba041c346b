//! Customers in a CSV file.

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::Row;
use crate::cli::rows::columns::Columns;
use crate::cli::rows::input::Place;
use crate::cli::rows::list::List;
use crate::cli::rows::plan::Plan;
use crate::cli::rows::records::Records;
use crate::cli::rows::table::Lines;
use crate::cli::rows::table::no_utf_8;
use crate::proto::v1;

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct Comma {
    records: Records,
    columns: Columns,
}

impl Comma {
    /// Reads the header, and goes to a row.
    pub(super) fn open(list: &List, plan: &Plan, from: Option<Place>) -> Result<Self, Error> {
        let (mut records, header) = Records::open(list)?;
        let columns = Columns::of(&header, plan)?;
        if let Some(from) = from {
            records.go_to(from)?;
        }
        Ok(Self { records, columns })
    }

    pub(super) const fn place(&self) -> Place {
        self.records.place()
    }

    pub(super) const fn lines(&self) -> Lines {
        Lines { all: self.records.lines(), header: self.records.header_lines() }
    }

    pub(super) const fn take_empty_lines(&mut self) -> u64 {
        self.records.take_empty_lines()
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some(begun) = self.records.next()? else { return Ok(None) };
        let customer = match begun.problem {
            Some(problem) => Err(vec![Problem::new(None, problem)]),
            None => self.customer(),
        };
        Ok(Some(Row { line: begun.line, customer }))
    }

    fn customer(&self) -> Result<Option<v1::CustomerRow>, Vec<Problem>> {
        if self.records.is_blank() {
            return Ok(None);
        }
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
                Err(_details) => problems.push(no_utf_8(self.columns.column(position))),
            }
        }
        if problems.is_empty() { self.columns.customer(&texts) } else { Err(problems) }
    }
}

//! Customers in a file of objects whose fields have names of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::Row;
use crate::cli::rows::columns::Columns;
use crate::cli::rows::input::Place;
use crate::cli::rows::list::List;
use crate::cli::rows::plan::Plan;
use crate::cli::rows::table::Cells;
use crate::cli::rows::table::Lines;
use crate::cli::rows::table::Table;
use crate::proto::v1;

/// A file of objects that is being read. Its columns are the fields that its objects have had so
/// far.
#[derive(Debug)]
pub(crate) struct Mapped {
    table: Table,
    columns: Columns,
    positions: BTreeMap<Arc<str>, usize>,
}

impl Mapped {
    pub(super) fn open(list: &List, plan: &Plan, from: Option<Place>) -> Result<Self, Error> {
        let (table, columns) = (Table::open(list, from)?, Columns::new(plan));
        Ok(Self { table, columns, positions: BTreeMap::new() })
    }

    pub(super) const fn place(&self) -> Place {
        self.table.place()
    }

    pub(super) const fn lines(&self) -> Lines {
        self.table.lines()
    }

    pub(super) const fn take_empty_lines(&mut self) -> u64 {
        self.table.take_empty_lines()
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some(entry) = self.table.next()? else { return Ok(None) };
        let customer = entry.cells.and_then(|cells| self.customer(&cells));
        Ok(Some(Row { line: entry.line, customer }))
    }

    fn customer(&mut self, cells: &Cells) -> Result<Option<v1::CustomerRow>, Vec<Problem>> {
        let mut texts = vec![""; self.columns.count()];
        for (name, text) in &cells.0 {
            let position = match self.positions.get(name) {
                Some(position) => *position,
                None => {
                    let position = self.columns.count();
                    let added = self.columns.add(name);
                    added.map_err(|what| vec![Problem::new(None, what)])?;
                    self.positions.insert(Arc::clone(name), position);
                    texts.push("");
                    position
                }
            };
            if let Some(cell) = texts.get_mut(position) {
                *cell = text;
            }
        }
        self.columns.customer(&texts)
    }
}

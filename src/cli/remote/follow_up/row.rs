//! A row of a list by the names of its columns.

use std::sync::Arc;

use prost_types::Timestamp;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::table::Cells;
use crate::model::Instant;
use crate::rpc::convert::time::timestamp;

/// Names of the column that holds the customer's id.
pub(super) const ID_COLUMNS: [&str; 3] = ["customer_id", "customerId", "id"];

/// A row.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli::remote) struct Row<'a>(&'a Cells);

impl<'a> Row<'a> {
    pub(super) const fn of(cells: &'a Cells) -> Self {
        Self(cells)
    }

    /// The first of these columns that the row has, and its cell.
    pub(super) fn cell(self, names: &[String]) -> Option<(&'a str, &'a str)> {
        self.raw(names).map(|(name, cell)| (name, cell.trim()))
    }

    /// The column and its cell, with white space around the cell.
    fn raw(self, names: &[String]) -> Option<(&'a str, &'a str)> {
        let Cells(cells) = self.0;
        let position = |name: &String| cells.iter().position(|(known, _)| is_named(known, name));
        let (name, cell) = cells.get(names.iter().find_map(position)?)?;
        Some((name, cell))
    }

    /// The customer.
    pub(super) fn customer(self, names: &[String]) -> Result<String, Problem> {
        let name = names.first().map_or("", String::as_str);
        let Some((_, cell)) = self.raw(names) else {
            return Err(Problem::new(Some(name), "is empty: whose row is it?"));
        };
        Ok(cell.to_owned())
    }

    /// A text.
    pub(super) fn text(self, names: &[String]) -> Option<String> {
        self.cell(names).map(|(_, cell)| cell.to_owned())
    }

    /// A time.
    pub(super) fn time(self, names: &[String]) -> Result<Option<Timestamp>, Problem> {
        let Some((name, cell)) = self.cell(names) else { return Ok(None) };
        match Instant::parse(cell) {
            Ok(at) => Ok(Some(timestamp(at))),
            Err(error) => Err(Problem::new(Some(name), format!("is {error}"))),
        }
    }

    /// A yes or a no.
    pub(super) fn yes(self, names: &[String]) -> Result<Option<bool>, Problem> {
        let Some((name, cell)) = self.cell(names) else { return Ok(None) };
        match cell.to_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(Some(true)),
            "no" | "false" | "0" => Ok(Some(false)),
            _ => Err(Problem::new(Some(name), "is neither yes (true, 1) nor no (false, 0)")),
        }
    }
}

/// Names for a column: as the API's field is written, and as its JSON is.
pub(super) fn names(prefix: &str, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| format!("{prefix}{field}")).collect()
}

/// Whether a column has a name, exactly or as a spreadsheet writes it (`Request ID`).
fn is_named(column: &str, name: &str) -> bool {
    column == name || column.to_lowercase().replace([' ', '-'], "_") == name
}

/// Refuses a header that lacks a column.
pub(super) fn require(
    columns: &[Vec<String>],
    header: &[Arc<str>],
    file: &str,
) -> Result<(), Error> {
    for names in columns {
        let has = |name: &String| header.iter().any(|column| is_named(column, name));
        if let (false, Some(wanted)) = (names.iter().any(has), names.first()) {
            let listed: Vec<&str> = header.iter().map(AsRef::as_ref).collect();
            let way_out = match wanted.as_str() {
                "kind" => "--kind says it for all rows",
                name if name.ends_with("request_id") => {
                    "`courtesy clear --reserve` writes it, and --prefix says what its name begins \
                     with"
                }
                _ => "--id-column says which names the customer",
            };
            return Err(Error::Input(format!(
                "`{file}` has no column `{wanted}` among: {}; {way_out}",
                listed.join(", ")
            )));
        }
    }
    Ok(())
}

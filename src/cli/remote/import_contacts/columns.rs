//! The columns of a list of contacts.

use std::sync::Arc;

use super::Args;
use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::plan::Mapping;
use crate::cli::rows::table::Cells;
use crate::cli::rows::times::Times;
use crate::model::Label;
use crate::model::Name;
use crate::model::label::labels_of;
use crate::proto::v1;
use crate::words;

/// The fields that a column must hold.
const NEEDED: [(&str, Field); 4] = [
    ("customer_id", Field::Customer),
    ("contact_time", Field::Time),
    ("channel", Field::Channel),
    ("purpose", Field::Purpose),
];
/// The fields, beside labels, that a column can hold.
const OTHERS: [(&str, Field); 3] = [
    ("occasions", Field::Occasions),
    ("priority", Field::Priority),
    ("unanswered", Field::Unanswered),
];
/// Further names of columns.
const ALIASES: [(&str, Field); 7] = [
    ("id", Field::Customer),
    ("send_time", Field::Time),
    ("sent_at", Field::Time),
    ("time", Field::Time),
    ("customerid", Field::Customer),
    ("contacttime", Field::Time),
    ("-", Field::Passed),
];

/// The field of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Customer,
    Time,
    Channel,
    Purpose,
    Label(Label),
    Occasions,
    Priority,
    Unanswered,
    Passed,
}

/// The fields of a list's columns.
#[derive(Debug)]
pub(super) struct Columns {
    /// The columns of the header, in their order; `None` for JSON, each of whose rows has its own.
    header: Option<Vec<(Arc<str>, Field)>>,
    times: Times,
}

impl Columns {
    /// The fields of a header's columns.
    pub(super) fn of(args: &Args, header: Option<&[Arc<str>]>, file: &str) -> Result<Self, Error> {
        let times = Times { zone: args.time_zone.clone(), formats: args.time_format.clone() };
        let Some(names) = header else { return Ok(Self { header: None, times }) };
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let field = field(args, name).map_err(|what| {
                Error::Input(format!(
                    "`{file}` has {what}. --map renames a column: --map COLUMN=FIELD, COLUMN=- \
                     passes over it, and --ignore-other-columns over all that are no fields"
                ))
            })?;
            let twice = columns.iter().find(|(_, it)| *it == field && field != Field::Passed);
            if let Some((other, _)) = twice {
                let what = format!("the columns `{other}` and `{name}` hold the same field");
                return Err(Error::Input(what));
            }
            columns.push((Arc::clone(name), field));
        }
        let given =
            [(Field::Channel, args.channel.is_some()), (Field::Purpose, args.purpose.is_some())];
        for (what, wanted) in NEEDED {
            let has = columns.iter().any(|(_, field)| *field == wanted)
                || given.contains(&(wanted, true));
            if !has {
                let is_told = matches!(wanted, Field::Channel | Field::Purpose);
                let or = format!(", and --{what} says it for all rows");
                let or = if is_told { or } else { String::new() };
                return Err(Error::Input(format!(
                    "no column of `{file}` holds `{what}`; --map says which: --map NAME={what}{or}"
                )));
            }
        }
        Ok(Self { header: Some(columns), times })
    }

    /// The contact of a row, or what is wrong with it.
    pub(super) fn row(
        &self,
        args: &Args,
        row_number: u64,
        cells: &Cells,
    ) -> Result<v1::ContactRow, Vec<Problem>> {
        let text = |name: &Option<Name>| name.as_ref().map(Name::to_string).unwrap_or_default();
        let contact = v1::Contact {
            channel: text(&args.channel),
            purpose: text(&args.purpose),
            ..Default::default()
        };
        let mut row = v1::ContactRow { row_number, contact: Some(contact), unanswered: None };
        let mut problems = Vec::new();
        let Cells(cells) = cells;
        for (name, cell) in cells {
            let field = match &self.header {
                Some(columns) => {
                    let column = columns.iter().find(|(known, _)| Arc::ptr_eq(known, name));
                    Ok(column.map_or(Field::Passed, |(_, field)| *field))
                }
                None => field(args, name),
            };
            if let Err(what) = field.and_then(|field| self.put(field, cell, &mut row)) {
                problems.push(Problem::new(Some(name), what));
            }
        }
        if problems.is_empty() { Ok(row) } else { Err(problems) }
    }

    fn put(&self, field: Field, cell: &str, row: &mut v1::ContactRow) -> Result<(), String> {
        let contact = row.contact.get_or_insert_default();
        if field == Field::Customer {
            cell.clone_into(&mut contact.customer_id);
            return Ok(());
        }
        let cell = cell.trim();
        match field {
            Field::Customer | Field::Passed => {}
            Field::Time => {
                contact.contact_time = Some(self.times.timestamp(cell)?);
            }
            Field::Channel => cell.clone_into(&mut contact.channel),
            Field::Purpose => cell.clone_into(&mut contact.purpose),
            Field::Label(label) => *labels_of!(&mut contact).get(label) = Some(cell.to_owned()),
            Field::Occasions => contact.occasions = occasions(cell),
            Field::Priority => {
                let priority = cell.parse().map_err(|_error| "is not a number from 0 to 100")?;
                contact.priority = Some(priority);
            }
            Field::Unanswered => {
                row.unanswered = match cell.to_lowercase().as_str() {
                    "yes" | "true" | "1" => Some(true),
                    "no" | "false" | "0" => Some(false),
                    _ => return Err("is neither yes (true, 1) nor no (false, 0)".to_owned()),
                };
            }
        }
        Ok(())
    }
}

/// The field that a column holds.
fn field(args: &Args, name: &str) -> Result<Field, String> {
    let mut mapped = args.map.iter().flat_map(|Mapping(all)| all);
    if let Some(renamed) = mapped.find(|renamed| renamed.column.eq_ignore_ascii_case(name)) {
        let wanted = &renamed.field;
        return known(wanted).ok_or_else(|| format!("no field {}", unknown(wanted)));
    }
    let plain = name.to_lowercase().replace([' ', '-'], "_");
    match known(&plain) {
        Some(field) => Ok(field),
        None if args.ignore_other_columns => Ok(Field::Passed),
        None => Err(format!("a column {}", unknown(name))),
    }
}

/// The fields that messages list, by their names.
fn fields() -> impl Iterator<Item = (&'static str, Field)> {
    let labels = Label::ALL.map(|label| (label.as_str(), Field::Label(label)));
    NEEDED.into_iter().chain(labels).chain(OTHERS)
}

fn known(name: &str) -> Option<Field> {
    fields().chain(ALIASES).find(|(known, _)| *known == name).map(|(_, field)| field)
}

/// A name that is not a field, and what was probably meant.
fn unknown(name: &str) -> String {
    let names: Vec<&str> = fields().map(|(name, _)| name).collect();
    let meant = words::closest(name, &names);
    let meant = meant.map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default();
    format!("`{name}`, which is none of: {}{meant}", names.join(", "))
}

/// The parts of `christmas;new_year`, or of a JSON list.
fn occasions(cell: &str) -> Vec<String> {
    if let Ok(list) = serde_json::from_str::<Vec<String>>(cell) {
        return list;
    }
    let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(ToOwned::to_owned).collect()
}

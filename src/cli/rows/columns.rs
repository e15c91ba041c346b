//! The columns of a CSV file: which field of a customer each holds.

use std::str::FromStr;

use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::cells;
use crate::cli::rows::json::Json;
use crate::proto::v1;
use crate::words;

/// The fields that a column can hold, beside `attributes.KEY`.
const FIELDS: [(&str, Field); 18] = [
    ("customer_id", Field::CustomerId),
    ("time_zone", Field::TimeZone),
    ("time_zones", Field::TimeZones),
    ("jurisdictions", Field::Jurisdictions),
    ("locale", Field::Locale),
    ("segments", Field::Segments),
    ("attributes", Field::Json("attributes")),
    ("cadence", Field::Json("cadence")),
    ("quiet_times", Field::Json("quiet_times")),
    ("opt_out", Field::OptOut),
    ("opt_out_time", Field::OptOutTime),
    ("opt_out_until", Field::OptOutUntil),
    ("consent", Field::Consent),
    ("consent_time", Field::ConsentTime),
    ("evidence", Field::Evidence),
    ("suppressions", Field::Json("suppressions")),
    ("id", Field::CustomerId),
    ("-", Field::Ignored),
];
const ATTRIBUTE: &str = "attributes.";

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    CustomerId,
    TimeZone,
    TimeZones,
    Jurisdictions,
    Locale,
    Segments,
    Attribute(String),
    /// The JSON of a field.
    Json(&'static str),
    OptOut,
    OptOutTime,
    OptOutUntil,
    Consent,
    ConsentTime,
    Evidence,
    Ignored,
}

/// What a caller says about a column: `E-Mail-ID=customer_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    column: String,
    field: String,
}

impl FromStr for Renamed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (column, field) = text.rsplit_once('=').ok_or("write COLUMN=FIELD")?;
        Ok(Self { column: column.trim().to_owned(), field: field.trim().to_owned() })
    }
}

/// What a caller says about columns.
pub(crate) type Mapping = [Renamed];

/// The columns of a file, in their order.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    columns: Vec<(String, Field)>,
    json: Option<Json>,
}

impl Columns {
    /// What the columns of a header hold.
    pub(crate) fn of(header: &[String], mapping: &Mapping) -> Result<Self, Error> {
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        for renamed in mapping {
            if !names.contains(&renamed.column.as_str()) {
                let what = format!("--map names the column `{}`", renamed.column);
                return Err(unknown(&what, &renamed.column, &names));
            }
        }
        let mut columns: Vec<(String, Field)> = Vec::with_capacity(names.len());
        for name in names {
            let renamed = mapping.iter().find(|renamed| renamed.column == name);
            let field = match renamed {
                Some(renamed) => field(&renamed.field).ok_or_else(|| {
                    let what = format!("--map names the field `{}`", renamed.field);
                    unknown(&what, &renamed.field, &fields())
                })?,
                None => field(&plain(name)).or_else(|| field(name)).ok_or_else(|| {
                    let what = format!("there is a column `{name}`");
                    unknown(&what, &plain(name), &fields())
                })?,
            };
            let twice = columns.iter().find(|(_, it)| *it == field && field != Field::Ignored);
            if let Some((other, _)) = twice {
                let problem = format!("the columns `{other}` and `{name}` hold the same field");
                return Err(Error::Input(problem));
            }
            columns.push((name.to_owned(), field));
        }
        if !columns.iter().any(|(_, field)| *field == Field::CustomerId) {
            let problem = "no column holds `customer_id`; --map says which: --map NAME=customer_id";
            return Err(Error::Input(problem.to_owned()));
        }
        Ok(Self { columns, json: Some(Json::new()?) })
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.columns.len()
    }

    /// The name of a column.
    pub(crate) fn column(&self, position: usize) -> &str {
        self.columns.get(position).map_or("", |(name, _)| name)
    }

    /// The column that holds a field of a row, or the field's own name.
    pub(crate) fn name_of(&self, field: &str) -> String {
        let find = |wanted: Field| self.columns.iter().find(|(_, field)| *field == wanted);
        let first = field.split(['.', '[']).next().unwrap_or_default();
        let column = match first {
            "opt_outs" if field.ends_with("event_time") => find(Field::OptOutTime),
            "opt_outs" if field.ends_with("until_time") => find(Field::OptOutUntil),
            "consents" if field.ends_with("event_time") => find(Field::ConsentTime),
            _ if field.ends_with("evidence") => find(Field::Evidence),
            _ => None,
        };
        let column = column.or_else(|| match first {
            "opt_outs" => find(Field::OptOut),
            "consents" => find(Field::Consent),
            "customer_id" => find(Field::CustomerId),
            other => {
                FIELDS.iter().find(|(name, _)| *name == other).and_then(|it| find(it.1.clone()))
            }
        });
        column.map_or_else(|| field.to_owned(), |(name, _)| name.clone())
    }

    /// The customer of a row, or what is wrong with it. An empty cell says nothing.
    pub(crate) fn customer(&self, cells: &[&str]) -> Result<v1::CustomerRow, Vec<Problem>> {
        let mut row = v1::CustomerRow::default();
        let mut common = Common::default();
        let mut problems = Vec::new();
        for ((name, field), cell) in self.columns.iter().zip(cells) {
            if cell.trim().is_empty() {
                continue;
            }
            if let Err(what) = self.put(field, cell, &mut row, &mut common) {
                problems.push(Problem::new(Some(name), what));
            }
        }
        common.fill(&mut row);
        if problems.is_empty() { Ok(row) } else { Err(problems) }
    }

    fn put(
        &self,
        field: &Field,
        cell: &str,
        row: &mut v1::CustomerRow,
        common: &mut Common,
    ) -> Result<(), String> {
        match field {
            Field::CustomerId => cell.clone_into(&mut row.customer_id),
            Field::TimeZone => row.time_zone = Some(cell.trim().to_owned()),
            Field::TimeZones => row.time_zones = cells::list(cell),
            Field::Jurisdictions => row.jurisdictions = cells::list(cell),
            Field::Locale => row.locale = Some(cell.trim().to_owned()),
            Field::Segments => row.segments = cells::list(cell),
            Field::Attribute(key) => {
                row.attributes.insert(key.clone(), cell.to_owned());
            }
            Field::Json(name) => self.put_json(name, cell, row)?,
            Field::OptOut => row.opt_outs = cells::opt_outs(cell)?,
            Field::OptOutTime => common.opt_out_time = Some(cells::time(cell)?),
            Field::OptOutUntil => common.opt_out_until = Some(cells::time(cell)?),
            Field::Consent => row.consents = cells::consents(cell)?,
            Field::ConsentTime => common.consent_time = Some(cells::time(cell)?),
            Field::Evidence => common.evidence = Some(cell.to_owned()),
            Field::Ignored => {}
        }
        Ok(())
    }

    fn put_json(&self, name: &str, cell: &str, row: &mut v1::CustomerRow) -> Result<(), String> {
        let value: Value =
            serde_json::from_str(cell).map_err(|error| format!("is no JSON: {error}"))?;
        let object = Value::Object(Map::from_iter([(name.to_owned(), value)]));
        let json = self.json.as_ref().ok_or("cannot be read")?;
        let read = json.read(object.to_string().as_bytes())?;
        row.attributes.extend(read.attributes);
        row.cadence.extend(read.cadence);
        row.quiet_times.extend(read.quiet_times);
        row.suppressions.extend(read.suppressions);
        Ok(())
    }
}

/// What other columns say of all wishes of a row.
#[derive(Debug, Default)]
struct Common {
    opt_out_time: Option<prost_types::Timestamp>,
    opt_out_until: Option<prost_types::Timestamp>,
    consent_time: Option<prost_types::Timestamp>,
    evidence: Option<String>,
}

impl Common {
    fn fill(self, row: &mut v1::CustomerRow) {
        for opt_out in &mut row.opt_outs {
            opt_out.event_time = opt_out.event_time.or(self.opt_out_time);
            opt_out.until_time = opt_out.until_time.or(self.opt_out_until);
            opt_out.evidence = opt_out.evidence.take().or_else(|| self.evidence.clone());
        }
        for consent in &mut row.consents {
            consent.event_time = consent.event_time.or(self.consent_time);
            consent.evidence = consent.evidence.take().or_else(|| self.evidence.clone());
        }
    }
}

/// The field of this name.
fn field(name: &str) -> Option<Field> {
    if let Some(key) = name.strip_prefix(ATTRIBUTE).filter(|key| !key.is_empty()) {
        return Some(Field::Attribute(key.to_owned()));
    }
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| field.clone())
}

/// A column's name as a field's: `Time Zone` is `time_zone`.
fn plain(name: &str) -> String {
    if name.starts_with(ATTRIBUTE) {
        return name.to_owned();
    }
    name.to_lowercase().replace([' ', '-'], "_")
}

fn fields() -> Vec<&'static str> {
    FIELDS.iter().map(|(name, _)| *name).chain(["attributes.KEY"]).collect()
}

/// Something that nobody knows, and what was probably meant.
fn unknown(what: &str, written: &str, known: &[&str]) -> Error {
    let meant = words::closest(written, known);
    let meant = meant.map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default();
    let listed = known.join(", ");
    Error::Input(format!(
        "{what}, which is none of: {listed}{meant}. --map renames a column: --map COLUMN=FIELD, and \
         COLUMN=- passes over it"
    ))
}

/// The names of the columns in which a customer is written, for a header.
pub(crate) fn written() -> Vec<&'static str> {
    let not_written = ["id", "-", "opt_out_time", "opt_out_until", "consent_time", "evidence"];
    FIELDS.iter().map(|(name, _)| *name).filter(|name| !not_written.contains(name)).collect()
}

//! The columns of a CSV file: which field of a customer each holds.

mod common;

use serde_json::Map;
use serde_json::Value;

use self::common::Common;
use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::cells;
use crate::cli::rows::cells::Cell;
use crate::cli::rows::json::Json;
use crate::cli::rows::plan;
use crate::cli::rows::plan::Others;
use crate::cli::rows::plan::Plan;
use crate::cli::rows::says::Says;
use crate::cli::rows::spreadsheet::unescaped;
use crate::model::Profile;
use crate::model::profile::facts;
use crate::proto::v1;
use crate::words;

/// The fields that a column can hold, beside `attributes.KEY`, the id and the profile.
const FIELDS: [(&str, Field); 12] = [
    ("cadence", Field::Json("cadence")),
    ("quiet_times", Field::Json("quiet_times")),
    ("opt_out", Field::OptOut),
    ("opt_out_time", Field::OptOutTime),
    ("opt_out_until", Field::OptOutUntil),
    ("consent", Field::Consent),
    ("consent_time", Field::ConsentTime),
    ("evidence", Field::Evidence),
    ("suppressions", Field::Json("suppressions")),
    ("time", Field::Time),
    ("id", Field::CustomerId),
    ("-", Field::Ignored),
];
const ATTRIBUTE: &str = "attributes.";

/// The field of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    CustomerId,
    /// The customer's id, unless a column with a lower number holds one.
    Candidate(usize),
    /// The time of all facts in the row that have none of their own.
    Time,
    /// Wishes or events, by its words.
    Says(Box<Says>),
    /// A field of the profile.
    Fact(&'static str),
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
    /// A column without a name, which has no values either.
    Nameless,
}

/// The columns of a file, in their order.
#[derive(Debug)]
pub(crate) struct Columns {
    plan: Plan,
    columns: Vec<(String, Field)>,
    /// The reader of JSON cells, if there is a column of them.
    json: Option<Json>,
}

/// A cell whose word has a meaning.
struct Word<'a> {
    column: &'a str,
    /// The meaning of the column's words.
    says: &'a Says,
    cell: &'a str,
}

impl Columns {
    /// No columns yet.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { plan: plan.clone(), columns: Vec::new(), json: None }
    }

    /// The fields of a header's columns.
    pub(crate) fn of(header: &[String], plan: &Plan) -> Result<Self, Error> {
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let told = plan.mapped.iter().map(|it| ("--map", &it.column));
        // One of several ids is enough.
        let told = told.chain(
            (plan.ids.len() == 1).then(|| plan.ids.first()).flatten().map(|it| ("--id", it)),
        );
        for (flag, column) in told {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(column)) {
                let what = format!("{flag} names the column `{column}`");
                return Err(unknown(&what, column, &names));
            }
        }
        let mut columns = Self::new(plan);
        for name in names {
            columns.add(name).map_err(Error::Input)?;
        }
        let is_id = |field: &Field| matches!(field, Field::CustomerId | Field::Candidate(_));
        if !columns.columns.iter().any(|(_, field)| is_id(field)) {
            let problem = "no column holds `customer_id`; name it with --id NAME or --map \
                           NAME=customer_id";
            return Err(Error::Input(problem.to_owned()));
        }
        Ok(columns)
    }

    /// Adds a column by its name.
    pub(super) fn add(&mut self, name: &str) -> Result<(), String> {
        let field = self.held(name)?;
        let single = !matches!(field, Field::Ignored | Field::Nameless | Field::Says(_));
        let twice = self.columns.iter().find(|(_, it)| *it == field && single);
        if let Some((other, _)) = twice {
            return Err(format!("the columns `{other}` and `{name}` hold the same field"));
        }
        if matches!(field, Field::Json(_)) && self.json.is_none() {
            self.json = Some(Json::new().map_err(|error| error.to_string())?);
        }
        self.columns.push((name.to_owned(), field));
        Ok(())
    }

    /// The field of a column.
    fn held(&self, name: &str) -> Result<Field, String> {
        let plan = &self.plan;
        if let Some(renamed) = plan.mapped.iter().find(|it| it.column.eq_ignore_ascii_case(name)) {
            let what = || format!("--map names the field `{}`", renamed.field);
            return field(&renamed.field)
                .ok_or_else(|| unknown_text(&what(), &renamed.field, &fields()));
        }
        if let Some(rank) = plan.ids.iter().position(|it| it.eq_ignore_ascii_case(name)) {
            return Ok(Field::Candidate(rank));
        }
        if let Some(field) = plan.of(name) {
            return Ok(field);
        }
        if name.is_empty() {
            return Ok(Field::Nameless);
        }
        match &plan.others {
            Others::Ignored if plan.passes_over => Ok(Field::Ignored),
            Others::Say(says) => Ok(Field::Says(Box::new(says.of_column(name)))),
            Others::Named | Others::Ignored => {
                let known = field(&plain(name)).or_else(|| field(name));
                // An id that was told is the only one.
                let known = known.map(|it| {
                    let is_other_id = matches!(it, Field::CustomerId) && !plan.ids.is_empty();
                    if is_other_id { Field::Ignored } else { it }
                });
                match (known, &plan.others) {
                    (Some(known), _) => Ok(known),
                    (None, Others::Ignored) => Ok(Field::Ignored),
                    (None, _) => {
                        let what = format!("there is a column `{name}`");
                        Err(unknown_text(&what, &plain(name), &fields()))
                    }
                }
            }
        }
    }

    /// The number of columns.
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
            "customer_id" => find(Field::CustomerId).or_else(|| {
                self.columns.iter().find(|(_, field)| matches!(field, Field::Candidate(_)))
            }),
            other => named().find(|(name, _)| *name == other).and_then(|it| find(it.1)),
        });
        column.map_or_else(|| field.to_owned(), |(name, _)| name.clone())
    }

    /// The customer of a row, or the problems with it; `None` if the row has no statement and such
    /// rows are passed over. An empty cell is no statement.
    pub(crate) fn customer(&self, cells: &[&str]) -> Result<Option<v1::CustomerRow>, Vec<Problem>> {
        let mut row = v1::CustomerRow::default();
        let mut common = Common::default();
        let mut problems = Vec::new();
        for ((name, field), cell) in self.columns.iter().zip(cells) {
            if cell.trim().is_empty() {
                continue;
            }
            let put = if let Field::Says(says) = field {
                self.say(&Word { column: name, says, cell }, cells, &mut row)
            } else {
                self.put(field, cell, &mut row, &mut common)
            };
            if let Err(what) = put {
                problems.push(Problem::new(Some(name), what));
            }
        }
        if let Some((_, id)) = common.id.take() {
            row.customer_id = id;
        }
        let said = v1::CustomerRow { customer_id: row.customer_id.clone(), ..Default::default() };
        for meaning in &self.plan.each {
            meaning.put(None, None, &mut row);
        }
        if self.plan.passes_over && row == said && problems.is_empty() {
            return Ok(None);
        }
        common.fill(&mut row);
        if problems.is_empty() { Ok(Some(row)) } else { Err(problems) }
    }

    /// Adds what the word in a cell stands for.
    fn say(
        &self,
        word: &Word<'_>,
        cells: &[&str],
        row: &mut v1::CustomerRow,
    ) -> Result<(), String> {
        let Word { column: name, says, cell } = word;
        let channel = self.plan.channel.as_ref();
        let channel = channel.map(|it| it.named(self.cell(&it.column, cells)));
        let proof = says.proof.as_ref().map(|whose| format!("{whose}: {name} = {}", cell.trim()));
        for meaning in says.said(cell)? {
            let time = says.time_of(&meaning);
            let at = time.and_then(|column| self.cell(column, cells));
            let at = at.map(|at| self.plan.times.timestamp(at)).transpose();
            let at = at.map_err(|what| {
                format!("has its time in `{}`, which {what}", time.unwrap_or_default())
            })?;
            let meaning = meaning.filled("{word}", cell.trim());
            let meaning = meaning.filled("{channel}", channel.unwrap_or_default());
            meaning.put(at, proof.as_deref(), row);
        }
        Ok(())
    }

    /// The cell of a column, if the row has it.
    fn cell<'a>(&self, column: &str, cells: &[&'a str]) -> Option<&'a str> {
        let mut named = self.columns.iter().zip(cells);
        let found = named.find(|((name, _), _)| name.eq_ignore_ascii_case(column));
        found.map(|(_, cell)| *cell).filter(|cell| !cell.trim().is_empty())
    }

    fn put(
        &self,
        field: &Field,
        cell: &str,
        row: &mut v1::CustomerRow,
        common: &mut Common,
    ) -> Result<(), String> {
        let times = &self.plan.times;
        let is_id = matches!(field, Field::CustomerId | Field::Candidate(_));
        let cell = if is_id { cell } else { unescaped(cell) };
        match field {
            Field::CustomerId => cell.clone_into(&mut row.customer_id),
            Field::Candidate(rank) if common.id.as_ref().is_none_or(|(best, _)| rank < best) => {
                common.id = Some((*rank, cell.to_owned()));
            }
            Field::Candidate(_) | Field::Ignored | Field::Says(_) => {}
            Field::Fact(name) => {
                let facts = Profile::FIELDS.into_iter().zip(facts!([any(&mut row)]));
                let named = facts.filter(|(field, _)| field == name);
                named.for_each(|(_, fact)| fact.put(cell));
            }
            Field::Attribute(key) => {
                row.attributes.insert(key.clone(), cell.to_owned());
            }
            Field::Json(name) => self.put_json(name, cell, row)?,
            Field::OptOut => row.opt_outs.extend(cells::opt_outs(cell)?),
            Field::Consent => row.consents.extend(cells::consents(cell)?),
            Field::Time | Field::OptOutTime | Field::OptOutUntil | Field::ConsentTime => {
                common.time(field, cell, times)?;
            }
            Field::Evidence => common.evidence = Some(cell.to_owned()),
            Field::Nameless => return Err("stands in a column that has no name".to_owned()),
        }
        Ok(())
    }

    fn put_json(&self, name: &str, cell: &str, row: &mut v1::CustomerRow) -> Result<(), String> {
        let value: Value =
            serde_json::from_str(cell).map_err(|error| format!("is not JSON: {error}"))?;
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

fn any(fact: &mut impl Cell) -> &mut dyn Cell {
    fact
}

/// All fields, by their names.
fn named() -> impl Iterator<Item = (&'static str, Field)> {
    let facts = Profile::FIELDS.map(|name| match name {
        "attributes" => (name, Field::Json(name)),
        _ => (name, Field::Fact(name)),
    });
    [("customer_id", Field::CustomerId)].into_iter().chain(facts).chain(FIELDS)
}

/// The field of this name.
pub(super) fn field(name: &str) -> Option<Field> {
    if let Some(key) = name.strip_prefix(ATTRIBUTE).filter(|key| !key.is_empty()) {
        return Some(Field::Attribute(key.to_owned()));
    }
    if let Some(says) = plan::says(name) {
        return says.ok().map(|says| Field::Says(Box::new(says)));
    }
    named().find(|(known, _)| *known == name).map(|(_, field)| field)
}

/// A column's name as a field's: `Time Zone` is `time_zone`.
fn plain(name: &str) -> String {
    if name.starts_with(ATTRIBUTE) {
        return name.to_owned();
    }
    name.to_lowercase().replace([' ', '-'], "_")
}

fn fields() -> Vec<&'static str> {
    let more = ["attributes.KEY", "opt_out:SCOPE", "consent:SCOPE", "event:KIND"];
    named().map(|(name, _)| name).chain(more).collect()
}

/// The error for an unknown word, with the one that was probably meant.
fn unknown(what: &str, written: &str, known: &[&str]) -> Error {
    Error::Input(unknown_text(what, written, known))
}

fn unknown_text(what: &str, written: &str, known: &[&str]) -> String {
    let meant = words::closest(written, known);
    let meant = meant.map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default();
    let listed = known.join(", ");
    format!(
        "{what}, which is none of: {listed}{meant}. --map renames a column: --map COLUMN=FIELD, \
         and COLUMN=- passes over it; --ignore-other-columns passes over all that have no meaning"
    )
}

/// The names of the columns in which a customer is written, for a header.
pub(crate) fn written() -> Vec<&'static str> {
    let not_written =
        ["id", "-", "time", "opt_out_time", "opt_out_until", "consent_time", "evidence"];
    named().map(|(name, _)| name).filter(|name| !not_written.contains(name)).collect()
}

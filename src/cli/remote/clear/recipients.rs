//! The recipients of a file, row by row: the customer that a row names, and how its line in the
//! output begins.

use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::remote::clear::cells;
use crate::cli::rows::BYTE_ORDER_MARK;
use crate::cli::rows::Format;
use crate::cli::rows::List;
use crate::cli::rows::Place;
use crate::cli::rows::objects::Objects;
use crate::cli::rows::records::Records;
use crate::rpc::convert::violations::Path as Field;
use crate::rpc::convert::violations::Violations;

/// Names of the column that holds the customer's id.
const ID_COLUMNS: [&str; 3] = ["customer_id", "customerId", "id"];

/// One row.
#[derive(Debug)]
pub(super) struct Recipient {
    /// The customer, or why the row names none.
    pub(super) id: Result<String, String>,
    /// The row, as its line in the output begins.
    pub(super) begins: Vec<u8>,
}

/// The rows of a file.
#[derive(Debug)]
pub(super) enum Recipients {
    /// The rows of a CSV file.
    Csv(Box<RecipientTable>),
    /// The rows of a file of objects.
    Json(Box<Rows>),
}

/// A CSV file of recipients.
#[derive(Debug)]
pub(super) struct RecipientTable {
    records: Records,
    header: Vec<String>,
    id: usize,
}

/// A file of recipients as objects.
#[derive(Debug)]
pub(super) struct Rows {
    list: List,
    objects: Objects,
    id: Option<String>,
    added: Vec<String>,
}

impl Recipients {
    /// Opens a file. `id` is the column that names the customer, if it is given; `added` are the
    /// columns after the file's own.
    pub(super) fn open(list: &List, id: Option<&str>, added: Vec<String>) -> Result<Self, Error> {
        match list.format {
            Format::Csv => Ok(Self::Csv(Box::new(RecipientTable::open(list, id, &added)?))),
            Format::Jsonl | Format::Json => {
                let (objects, id) = (Objects::open(list, None)?, id.map(ToOwned::to_owned));
                Ok(Self::Json(Box::new(Rows { list: list.clone(), objects, id, added })))
            }
        }
    }

    /// Goes to a row.
    pub(super) fn go_to(&mut self, place: Place) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.records.go_to(place),
            Self::Json(rows) => {
                rows.objects = Objects::open(&rows.list, Some(place))?;
                Ok(())
            }
        }
    }

    /// The place at which the next row begins, or the line end before it.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Csv(table) => table.records.place(),
            Self::Json(rows) => rows.objects.place(),
        }
    }

    /// The next row; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Recipient>, Error> {
        match self {
            Self::Csv(table) => table.next(),
            Self::Json(rows) => rows.next(),
        }
    }

    /// The first line of the output, without the columns that are added; `None` if it has none.
    pub(super) fn header(&self) -> Option<Vec<u8>> {
        match self {
            Self::Csv(table) => Some(table.header_line()),
            Self::Json(_) => None,
        }
    }

    /// The separator of the output's cells; `None` for JSON.
    pub(super) fn separator(&self) -> Option<u8> {
        match self {
            Self::Csv(table) => Some(table.records.separator()),
            Self::Json(_) => None,
        }
    }
}

impl RecipientTable {
    fn open(list: &List, id: Option<&str>, added: &[String]) -> Result<Self, Error> {
        let (records, header) = Records::open(list)?;
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let position = |wanted: &str| names.iter().position(|name| *name == wanted);
        let plain = |wanted: &str| {
            names.iter().position(|name| name.to_lowercase().replace([' ', '-'], "_") == wanted)
        };
        let found = match id {
            Some(id) => position(id),
            None => ID_COLUMNS.iter().find_map(|name| position(name).or_else(|| plain(name))),
        };
        let Some(found) = found else {
            let wanted = id.unwrap_or("customer_id");
            let listed = names.join(", ");
            return Err(Error::Input(format!(
                "there is no column `{wanted}` among: {listed}; --id-column says which names the \
                 customer"
            )));
        };
        if let Some(taken) = added.iter().find(|name| names.contains(&name.as_str())) {
            return Err(Error::Input(format!("the file {}", is_taken(taken))));
        }
        Ok(Self { records, header, id: found })
    }

    fn header_line(&self) -> Vec<u8> {
        let mut line = Vec::new();
        if self.records.begins_with_mark() {
            line.extend(BYTE_ORDER_MARK);
        }
        for name in &self.header {
            cells::put(name.as_bytes(), self.records.separator(), &mut line);
        }
        line
    }

    /// A row that has too few or too many cells is written with as many as the header has, so that
    /// every row of the output can be read.
    fn next(&mut self) -> Result<Option<Recipient>, Error> {
        let Some(begun) = self.records.next()? else { return Ok(None) };
        let (count, expected) = (self.records.count(), self.header.len());
        let mut begins = Vec::new();
        let mut id = Vec::new();
        let cells = self.records.fields().chain(std::iter::repeat(b"".as_slice()));
        for (position, cell) in cells.take(expected).enumerate() {
            cells::put(cell, self.records.separator(), &mut begins);
            if position == self.id {
                id.extend(cell);
            }
        }
        let id = if let Some(problem) = begun.problem {
            Err(problem)
        } else if count == expected {
            let name = self.header.get(self.id).map_or("", |name| name.trim());
            checked(String::from_utf8(id).map_err(|_bytes| "is not UTF-8".to_owned()), name)
        } else {
            Err(format!("has {count} cells, and the header has {expected}"))
        };
        let id = id.map_err(|why| at(begun.line, &why));
        Ok(Some(Recipient { id, begins }))
    }
}

impl Rows {
    fn next(&mut self) -> Result<Option<Recipient>, Error> {
        let Some((line, text)) = self.objects.next()? else { return Ok(None) };
        let whole = text.map(|_text| ());
        // In a document, an object goes over lines; in the output it does not.
        let text: Vec<u8> = self.objects.text().iter().copied().map(on_one_line).collect();
        let text = text.as_slice();
        match whole.and_then(|()| self.id_of(text)) {
            Ok((id, is_empty)) => {
                let open = text.strip_suffix(b"}").unwrap_or(text).trim_ascii_end();
                let comma: &[u8] = if is_empty { b"" } else { b"," };
                let begins = [open, comma].concat();
                Ok(Some(Recipient { id: id.map_err(|why| at(line, &why)), begins }))
            }
            // A row that is not an object is kept as its text.
            Err(why) => {
                let text = Value::from(String::from_utf8_lossy(text).into_owned());
                let begins = format!("{{\"row\":{text},").into_bytes();
                Ok(Some(Recipient { id: Err(at(line, &why)), begins }))
            }
        }
    }

    /// The customer that an object names, and whether it is empty.
    fn id_of(&self, text: &[u8]) -> Result<(Result<String, String>, bool), String> {
        let object: Map<String, Value> = serde_json::from_slice(text)
            .map_err(|error| format!("is not a JSON object (at character {})", error.column()))?;
        if let Some(taken) = self.added.iter().find(|name| object.contains_key(*name)) {
            return Err(is_taken(taken));
        }
        let id = match &self.id {
            Some(name) => object.get(name).map(|value| (name.as_str(), value)),
            None => ID_COLUMNS.iter().find_map(|name| Some((*name, object.get(*name)?))),
        };
        let id = match id {
            Some((name, Value::String(id))) => checked(Ok(id.clone()), name),
            Some((_, Value::Number(id))) if !id.is_f64() => Ok(id.to_string()),
            Some((name, _)) => Err(format!("`{name}` is not text")),
            None => {
                let name = self.id.as_deref().unwrap_or("customer_id");
                Err(format!("has no `{name}`"))
            }
        };
        Ok((id, object.is_empty()))
    }
}

/// An id as the service takes it, or what is wrong with it.
fn checked(id: Result<String, String>, name: &str) -> Result<String, String> {
    let id = id.map_err(|what| format!("`{name}` {what}"))?;
    let mut violations = Violations::default();
    // The id is sent as it is written: the server knows other spellings of it.
    if violations.listed_customer_id(Field::ROOT, &id).is_some() {
        return Ok(id);
    }
    let what = violations.into_fields().pop().map(|it| it.description).unwrap_or_default();
    Err(format!("`{name}` {what}"))
}

/// Replaces a line end by a space, so that an object stands on one line.
const fn on_one_line(byte: u8) -> u8 {
    if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }
}

fn at(line: u64, why: &str) -> String {
    format!("line {line}: {why}")
}

fn is_taken(name: &str) -> String {
    format!("has a column `{name}` of its own; --prefix gives ours another name")
}

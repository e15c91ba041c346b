//! JSON Lines: on each line a customer, in the form in which the API writes and reads one.

use std::fmt;

use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use prost_reflect::MessageDescriptor;
use serde_json::Deserializer;
use serde_json::Map;
use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::Row;
use crate::cli::rows::input::Place;
use crate::cli::rows::list::List;
use crate::cli::rows::objects::Objects;
use crate::cli::rows::table::Lines;
use crate::proto;
use crate::proto::v1;

/// Writes and reads customers as JSON.
#[derive(Clone)]
pub(crate) struct Json(MessageDescriptor);

impl Json {
    pub(crate) fn new() -> Result<Self, Error> {
        let pool = DescriptorPool::decode(proto::DESCRIPTORS).ok();
        let row = pool.and_then(|pool| pool.get_message_by_name("courtesy.v1.CustomerRow"));
        row.map(Self).ok_or_else(|| Error::Input("the API's descriptors are damaged".to_owned()))
    }

    /// Reads a customer. The error is the reason why the text is not one.
    pub(crate) fn read(&self, text: &[u8]) -> Result<v1::CustomerRow, String> {
        let mut json = Deserializer::from_slice(text);
        let message = DynamicMessage::deserialize(self.0.clone(), &mut json);
        let message = message.and_then(|message| json.end().map(|()| message));
        let message = message.map_err(|error| without_line(&error))?;
        message.transcode_to().map_err(|error| error.to_string())
    }

    /// Writes a customer.
    pub(crate) fn write(&self, row: &v1::CustomerRow) -> Result<Value, Error> {
        let damaged = |error: &dyn fmt::Display| {
            Error::Input(format!("a customer cannot be written as JSON: {error}"))
        };
        let message = DynamicMessage::decode(self.0.clone(), row.encode_to_vec().as_slice());
        let message = message.map_err(|error| damaged(&error))?;
        let mut json = serde_json::to_value(&message).map_err(|error| damaged(&error))?;
        // The order of a map is random, and equal customers are equal lines.
        json.get_mut("attributes").and_then(Value::as_object_mut).map(Map::sort_keys);
        Ok(json)
    }
}

/// The error with the column alone; the reader of the file adds the line.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(what) if error.line() == 1 => format!("{what} (at character {})", error.column()),
        Some(_) | None => text,
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json")
    }
}

/// A file of customers as objects that is being read.
#[derive(Debug)]
pub(crate) struct Customers {
    objects: Objects,
    json: Json,
}

impl Customers {
    /// Opens a file, and goes to a row.
    pub(super) fn open(list: &List, from: Option<Place>) -> Result<Self, Error> {
        Ok(Self { objects: Objects::open(list, from)?, json: Json::new()? })
    }

    pub(super) const fn place(&self) -> Place {
        self.objects.place()
    }

    pub(super) const fn lines(&self) -> Lines {
        Lines { all: self.objects.lines(), header: 0 }
    }

    pub(super) const fn take_empty_lines(&mut self) -> u64 {
        self.objects.take_empty_lines()
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some((line, text)) = self.objects.next()? else { return Ok(None) };
        let customer = text.and_then(|text| self.json.read(text)).map(Some);
        Ok(Some(Row { line, customer: customer.map_err(|what| vec![Problem::new(None, what)]) }))
    }
}

//! Tables for people and JSON for programs.

use std::io;
use std::io::Write;

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Table;
use comfy_table::Width;
use comfy_table::presets;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use prost_reflect::ReflectMessage;
use prost_reflect::SerializeOptions;
use prost_reflect::Value as Part;
use serde_json::Value;

use crate::cli::Error;
use crate::proto;

/// An empty table with these columns, without lines, as wide as its content.
pub(crate) fn table<const N: usize>(columns: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns);
    table
}

/// Writes a table, without the spaces that fill its lines. Where it is wider than the screen, texts
/// go on on the next line and words stay whole.
pub(crate) fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table.clone();
    if let Some(width) = columns() {
        table.set_width(width);
    }
    let longest = longest_words(&table);
    for (column, word) in table.column_iter_mut().zip(longest) {
        // The space at both sides of a cell counts.
        column
            .set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(word.saturating_add(2))));
    }
    for line in table.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The columns of the screen, where the environment says them; otherwise the terminal is asked.
fn columns() -> Option<u16> {
    let said = std::env::var_os("COLUMNS")?;
    said.to_str()?.trim().parse().ok().filter(|columns| *columns > 0)
}

/// The length of the longest word of each column.
fn longest_words(table: &Table) -> Vec<u16> {
    let mut longest: Vec<u16> = Vec::new();
    for row in table.header().into_iter().chain(table.row_iter()) {
        for (column, cell) in row.cell_iter().enumerate() {
            let content = cell.content();
            let word = content.split_whitespace().map(|word| word.chars().count()).max();
            let word = u16::try_from(word.unwrap_or_default()).unwrap_or(u16::MAX);
            match longest.get_mut(column) {
                Some(known) => *known = (*known).max(word),
                None => longest.push(word),
            }
        }
    }
    longest
}

/// Writes one JSON value over several lines.
pub(crate) fn write_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{value:#}")
}

/// A message of the API as JSON, in the form in which the API itself writes and reads it.
pub(crate) fn message(name: &str, message: &impl Message) -> Result<Value, Error> {
    let damaged = |error: &dyn std::error::Error| {
        Error::Input(format!("the answer cannot be written as JSON: {error}"))
    };
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).map_err(|error| damaged(&error))?;
    let descriptor = pool
        .get_message_by_name(&format!("courtesy.v1.{name}"))
        .ok_or_else(|| Error::Input(format!("there is no message `{name}`")))?;
    let message = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|error| damaged(&error))?;
    let options = SerializeOptions::new().skip_default_fields(false);
    let value = message.serialize_with_options(serde_json::value::Serializer, &options);
    let mut value = value.map_err(|error| damaged(&error))?;
    complete(&mut value, &message);
    Ok(value)
}

/// Adds what is unset, as `null`, so that every field of a message is always there. Of a `oneof`
/// only the one that is set is.
fn complete(value: &mut Value, message: &DynamicMessage) {
    let Value::Object(fields) = value else { return };
    if message.descriptor().full_name().starts_with("google.protobuf.") {
        return;
    }
    for field in message.descriptor().fields() {
        let choice = field.containing_oneof().is_some_and(|it| !it.is_synthetic());
        let name = field.json_name();
        if !message.has_field(&field) {
            if field.supports_presence() && !choice {
                fields.entry(name).or_insert(Value::Null);
            }
            continue;
        }
        let Some(value) = fields.get_mut(name) else { continue };
        match (message.get_field(&field).as_ref(), value) {
            (Part::Message(part), value) => complete(value, part),
            (Part::List(parts), Value::Array(values)) => {
                for (part, value) in parts.iter().zip(values) {
                    if let Part::Message(part) = part {
                        complete(value, part);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_told_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(super::grouped(number), text);
        }
    }
}

//! Tables for people and JSON for programs.

use std::io;
use std::io::Write;

use comfy_table::ContentArrangement;
use comfy_table::Table;
use comfy_table::presets;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
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

/// Writes a table, without the spaces that fill its lines.
pub(crate) fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    for line in table.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
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
    serde_json::to_value(&message).map_err(|error| damaged(&error))
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

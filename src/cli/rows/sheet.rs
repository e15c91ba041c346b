//! Writes customers as CSV, in the form in which an import reads them.

use std::io::Write;

use serde_json::Value;

use crate::cli::Error;
use crate::cli::rows::cells;
use crate::cli::rows::cells::Cell;
use crate::cli::rows::columns;
use crate::cli::rows::escaped;
use crate::cli::rows::json::Json;
use crate::model::Profile;
use crate::model::profile::facts;
use crate::proto::v1;

/// A CSV file that is being written.
#[derive(Debug)]
pub(crate) struct Sheet {
    json: Json,
}

impl Sheet {
    /// Writes the header.
    pub(crate) fn start(out: &mut dyn Write) -> Result<Self, Error> {
        write(&columns::written(), out)?;
        Ok(Self { json: Json::new()? })
    }

    /// Writes a customer.
    pub(crate) fn put(&self, row: &v1::CustomerRow, out: &mut dyn Write) -> Result<(), Error> {
        let json = self.json.write(row)?;
        let cells: Vec<String> = columns::written()
            .into_iter()
            .map(|name| match name {
                "customer_id" => row.customer_id.clone(),
                name => escaped(&cell(name, row, &json)).into_owned(),
            })
            .collect();
        write(&cells, out)
    }
}

fn cell(name: &str, row: &v1::CustomerRow, json: &Value) -> String {
    let mut facts = Profile::FIELDS.into_iter().zip(facts!([any(&row)]));
    if let Some(text) = facts.find(|(field, _)| *field == name).and_then(|(_, it)| it.text()) {
        return text;
    }
    match name {
        "opt_out" => cells::of_opt_outs(&row.opt_outs),
        "consent" => cells::of_consents(&row.consents),
        "quiet_times" => json.get("quietTimes").map(Value::to_string).unwrap_or_default(),
        other => json.get(other).map(Value::to_string).unwrap_or_default(),
    }
}

fn any(fact: &impl Cell) -> &dyn Cell {
    fact
}

fn write<T: AsRef<[u8]>>(cells: &[T], out: &mut dyn Write) -> Result<(), Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(std::io::Error::other)?;
    let line = writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(out.write_all(&line)?)
}

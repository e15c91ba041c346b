//! `courtesy calendar`: which days are what, where.

use std::io::Write;

use serde_json::json;

use crate::calendar;
use crate::calendar::Entry;
use crate::calendar::Kind;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The year, from 1970 to 2199
    #[arg(long, value_parser = clap::value_parser!(i16).range(1970..=2199))]
    year: i16,
    /// The country, or its part, by its ISO code: GB, US-PA
    #[arg(long, value_name = "CODE")]
    country: String,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    if !calendar::is_jurisdiction(&args.country) {
        let country = &args.country;
        return Err(Error::Input(format!(
            "`{country}` is no ISO 3166 code; write one in capitals, such as GB or US-PA"
        )));
    }
    let entries = calendar::year(&args.country, args.year);
    if args.json {
        let rows: Vec<_> = entries.iter().map(to_json).collect();
        output::write_json(&json!(rows), out)?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table(["DATE", "DAY", "NAME", "WHAT"]);
    for entry in &entries {
        let first = entry.days.first;
        let date = if first == entry.days.last {
            first.to_string()
        } else {
            format!("{first} to {}", entry.days.last)
        };
        let what = if entry.observed {
            format!("{} (observed)", entry.title)
        } else {
            entry.title.to_owned()
        };
        table.add_row([date, first.strftime("%a").to_string(), entry.name.to_owned(), what]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

fn to_json(entry: &Entry) -> serde_json::Value {
    json!({
        "first": entry.days.first.to_string(),
        "last": entry.days.last.to_string(),
        "name": entry.name,
        "title": entry.title,
        "kind": match entry.kind {
            Kind::Occasion => "occasion",
            Kind::Holiday => "holiday",
        },
        "observed": entry.observed,
    })
}

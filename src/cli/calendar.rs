//! `courtesy calendar`: which days are what, where.

use std::io::Write;

use serde_json::json;

use crate::calendar;
use crate::calendar::Entry;
use crate::calendar::HolidaySet;
use crate::calendar::Kind;
use crate::calendar::Occasion;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The year, from 1970 to 2199
    #[arg(long, requires = "country", value_parser = clap::value_parser!(i16).range(1970..=2199))]
    year: Option<i16>,
    /// The country, or its part, by its ISO code: GB, US-PA; without it, the names of all
    /// occasions and of all sets of public holidays are listed
    #[arg(long, requires = "year", value_name = "CODE")]
    country: Option<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (Some(country), Some(year)) = (&args.country, args.year) else {
        return names(args.json, out);
    };
    if !calendar::is_jurisdiction(country) {
        let help = match calendar::meant_jurisdiction(country) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "write one in capitals, such as GB or US-PA".to_owned(),
        };
        return Err(Error::Input(format!("`{country}` is not an ISO 3166 code; {help}")));
    }
    let entries = calendar::year(country, year);
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

/// The names that policies can use.
fn names(json: bool, out: &mut dyn Write) -> Result<Outcome, Error> {
    if json {
        let occasions: Vec<_> = Occasion::all().iter().map(Occasion::name).collect();
        let sets: Vec<_> = HolidaySet::all().iter().map(HolidaySet::name).collect();
        output::write_json(&json!({"occasions": occasions, "holidaySets": sets}), out)?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table(["NAME", "KIND", "WHAT", "KNOWN UNTIL"]);
    for it in Occasion::all() {
        let until = it.known_until().map_or_else(String::new, |year| year.to_string());
        table.add_row([it.name().to_owned(), "occasion".to_owned(), it.title().to_owned(), until]);
    }
    for set in HolidaySet::all() {
        table.add_row([set.name(), "holiday set", set.source(), ""]);
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

//! `courtesy policy presets`: laws' hours and limits, ready to be included.

use std::io::Write;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::policy::preset;
use crate::words::closest;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The preset to print; without one, all are listed
    name: Option<String>,
    /// List them as JSON
    #[arg(long, conflicts_with = "name")]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Some(name) = &args.name else {
        return list(args.json, out);
    };
    let preset = preset::find(name).ok_or_else(|| {
        let names: Vec<&str> = preset::all().iter().map(|preset| preset.name).collect();
        let meant = closest(name, &names).map(|it| format!("did you mean `{it}`? "));
        let meant = meant.unwrap_or_default();
        Error::Input(format!("there is no preset `{name}`; {meant}There are: {}", names.join(", ")))
    })?;
    out.write_all(preset.text.as_bytes())?;
    Ok(Outcome::Yes)
}

fn list(json: bool, out: &mut dyn Write) -> Result<Outcome, Error> {
    if json {
        let rows: Vec<_> = preset::all()
            .iter()
            .map(|preset| json!({"name": preset.name, "description": preset.description()}))
            .collect();
        output::write_json(&json!(rows), out)?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table(["PRESET", "WHAT"]);
    for preset in preset::all() {
        table.add_row([preset.name.to_owned(), preset.description()]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

//! `courtesy config`: what holds, and where it came from.

use std::io::Write;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output::write_json;
use crate::cli::serve;
use crate::config::Effective;
use crate::config::Origin;

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[group(id = "effective")]
pub(crate) struct Args {
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: serve::Args,
}

/// Writes the effective settings as a file that `--config` reads.
pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (_config, effective) = args.settings.resolve()?;
    if args.json {
        let settings: Vec<_> = effective.iter().map(to_json).collect();
        write_json(&json!({"settings": settings}), out)?;
        return Ok(Outcome::Yes);
    }
    let settings: Vec<String> = effective.iter().map(line).collect();
    let width = settings.iter().map(|it| it.chars().count()).max().unwrap_or_default();
    for (setting, effective) in settings.iter().zip(&effective) {
        writeln!(out, "{setting:width$}  # {}", origin(effective))?;
    }
    Ok(Outcome::Yes)
}

fn line(it: &Effective) -> String {
    format!("{} = {}", it.key, it.value)
}

const fn origin(it: &Effective) -> &'static str {
    match it.origin {
        Origin::Given => "flag or environment",
        Origin::File => "file",
        Origin::Default => "default",
    }
}

/// A value as a program has it. A setting that cannot be read as the file writes it is a text.
fn to_json(it: &Effective) -> serde_json::Value {
    let read = toml::from_str::<serde_json::Map<String, serde_json::Value>>(&line(it));
    let value = read.ok().and_then(|mut read| read.remove(it.key));
    json!({"key": it.key, "value": value.unwrap_or_else(|| json!(it.value)), "origin": origin(it)})
}

//! `courtesy policy presets`: laws' hours and limits, ready to be included.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::policy::preset;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The preset to print; without one, all are listed
    name: Option<String>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Some(name) = &args.name else {
        for preset in preset::all() {
            writeln!(out, "{}", preset.name)?;
        }
        return Ok(Outcome::Yes);
    };
    let preset = preset::find(name).ok_or_else(|| {
        Error::Input(format!("there is no preset `{name}`; `courtesy policy presets` lists them"))
    })?;
    out.write_all(preset.text.as_bytes())?;
    Ok(Outcome::Yes)
}

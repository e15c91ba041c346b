//! `courtesy policy`: documents, before anybody applies them.

mod presets;

use std::io::Write;

use clap::Subcommand;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::zone::Zones;

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the presets that ship, or print one
    Presets(presets::Args),
}

pub(crate) fn run(
    command: Command,
    _zones: Zones,
    out: &mut dyn Write,
    _err: &mut dyn Write,
) -> Result<Outcome, Error> {
    match command {
        Command::Presets(args) => presets::run(&args, out),
    }
}

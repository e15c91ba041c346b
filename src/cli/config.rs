//! `courtesy config`: what holds, and where it came from.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::serve;
use crate::config::Origin;

/// Writes the effective settings as a file that `--config` reads.
pub(crate) fn run(args: serve::Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (_config, effective) = args.resolve()?;
    let settings: Vec<String> =
        effective.iter().map(|it| format!("{} = {}", it.key, it.value)).collect();
    let width = settings.iter().map(|it| it.chars().count()).max().unwrap_or_default();
    for (setting, effective) in settings.iter().zip(&effective) {
        let origin = match effective.origin {
            Origin::Given => "flag or environment",
            Origin::File => "file",
            Origin::Default => "default",
        };
        writeln!(out, "{setting:width$}  # {origin}")?;
    }
    Ok(Outcome::Yes)
}

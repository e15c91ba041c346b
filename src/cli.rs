//! The command line: one file for each command. Commands write to the writers they are given,
//! readable tables for people and JSON with `--json`, and end with one of three codes.

mod calendar;
mod decision;
mod files;
mod output;
mod policy;

use std::ffi::OsString;
use std::io;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use clap::Subcommand;

use crate::zone;
use crate::zone::Zones;

/// May we contact this customer, on this channel, for this purpose, now?
#[derive(Debug, Parser)]
#[command(name = "courtesy", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    /// A directory of compiled time zones newer than the bundled ones, such as
    /// /usr/share/zoneinfo; it must hold a `tzdata.zi` or a `+VERSION` that names its release
    #[arg(long, global = true, env = "COURTESY_TZDB", value_name = "DIRECTORY")]
    tzdb: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 yes (allowed, valid, passed), 1 no (denied, invalid, \
failed), 2 the command could not do what it was asked.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check, test and explain policies
    #[command(subcommand)]
    Policy(policy::Command),
    /// Print the occasions and public holidays of a country
    Calendar(calendar::Args),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Yes: allowed, valid, passed.
    Yes,
    /// No: denied, invalid, failed.
    No,
    /// The command could not do what it was asked.
    CouldNot,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Yes => Self::from(0),
            Outcome::No => Self::from(1),
            Outcome::CouldNot => Self::from(2),
        }
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// What the command line or a file said, which the message quotes.
    #[error("{0}")]
    Input(String),
    /// A file that cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read { path: String, source: io::Error },
    /// The output is gone.
    #[error("cannot write the output: {0}")]
    Write(#[from] io::Error),
    /// A directory that is no time-zone database.
    #[error("cannot use the time zones in `{path}`: {source}")]
    Zones { path: String, source: zone::Error },
}

/// Runs the command that `args` describe, the program's name first.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, out, err),
    };
    match dispatch(cli, out, err) {
        Ok(outcome) => outcome,
        // Whoever reads has seen enough, as `head` does.
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Yes,
        Err(error) => {
            // Where standard error is gone too, the exit code is all that is left to say.
            writeln!(err, "error: {error}").map_or(Outcome::CouldNot, |()| Outcome::CouldNot)
        }
    }
}

fn dispatch(cli: Cli, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let zones = match &cli.tzdb {
        None => Zones::bundled(),
        Some(directory) => Zones::from_dir(directory).map_err(|source| {
            let path = directory.display().to_string();
            Error::Zones { path, source }
        })?,
    };
    match cli.command {
        Command::Policy(command) => policy::run(command, &Arc::new(zones), out, err),
        Command::Calendar(args) => calendar::run(&args, out),
    }
}

/// Help and versions are answers; anything else is a mistake in the command line.
fn usage(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let text = error.render();
    let (outcome, written) = if error.use_stderr() {
        (Outcome::CouldNot, write!(err, "{text}"))
    } else {
        (Outcome::Yes, write!(out, "{text}"))
    };
    written.map_or(Outcome::CouldNot, |()| outcome)
}

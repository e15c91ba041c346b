//! The command line: one file for each command. Commands write to the writers they are given,
//! readable tables for people and JSON with `--json`, and end with one of three codes.

mod calendar;
mod clocks;
mod colour;
mod compact;
mod config;
mod contact;
mod copy;
mod credentials;
mod decision;
mod demo;
mod doctor;
mod failure;
mod files;
mod help;
mod inbound;
mod labels;
mod manual;
mod merge_ids;
mod outcome;
mod output;
mod place;
mod policy;
mod printable;
mod remote;
mod rows;
mod run;
mod serve;
mod signals;
mod values;
mod variables;
mod wide;

pub use outcome::Outcome;

use std::ffi::OsString;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::CommandFactory;
use clap::FromArgMatches;
use clap::Parser;
use clap::Subcommand;

use crate::cli::printable::Printable;
use crate::config::Error as ConfigError;
use crate::files::Unreadable;
use crate::policy::Problems;
use crate::secret::redacted;
use crate::server;
use crate::zone;
use crate::zone::Zones;

/// May we contact this customer, on this channel, for this purpose, now?
#[derive(Debug, Parser)]
#[command(name = "courtesy", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Which time zones a command decides by.
#[derive(Debug, clap::Args)]
struct Tzdb {
    /// A directory of compiled time zones newer than the bundled ones, such as
    /// /usr/share/zoneinfo; it must hold a `tzdata.zi` or a `+VERSION` that names its release
    #[arg(long, env = "COURTESY_TZDB", value_name = "DIRECTORY")]
    tzdb: Option<PathBuf>,
}

impl Tzdb {
    /// The zones in the directory, or the bundled ones.
    fn zones(&self) -> Result<Zones, Error> {
        zones(self.tzdb.as_deref())
    }
}

/// The command line with its defaults and examples.
fn command() -> clap::Command {
    help::completed(Cli::command())
}

const EXIT_CODES: &str = "Exit codes: 0 yes (allowed, valid, passed), 1 no (denied, invalid, \
failed), 2 the command could not do what it was asked.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    Serve(serve::Args),
    /// Start a server with an empty store and a clock that can be set, run a command beside it,
    /// such as a test suite, and end with its exit code
    Run(run::Args),
    /// Make a shop with customers, a policy and eight weeks of history, and serve it, to look at
    Demo(demo::Args),
    /// Set the clock of a server that `courtesy run` has started
    #[command(subcommand)]
    Clock(remote::clock::Command),
    /// Ask whether a contact may be made
    Check(remote::check::Args),
    /// Ask, and reserve the contact if it may be made
    Reserve(remote::reserve::Args),
    /// Check every recipient in a file, and write the file with the answers
    Clear(Box<remote::clear::Args>),
    /// Ask again about a reserved contact, before it is sent
    Recheck(Box<remote::recheck::Args>),
    /// Confirm that a reserved contact was sent, or the contacts of a list
    Confirm(Box<remote::settle::Confirm>),
    /// Release a reserved contact that was not sent, or the contacts of a list
    Release(Box<remote::settle::Release>),
    /// Record what a customer did, or the customers of a list: bounces, complaints, clicks
    Engage(Box<remote::follow_up::Engage>),
    /// Record a contact that was made without asking
    Record(Box<remote::record::Args>),
    /// Show when a contact may be made, on each channel
    Plan(remote::plan::Args),
    /// Show a customer's contacts
    History(remote::history::Args),
    /// Show and record what a customer wants
    #[command(subcommand)]
    Customer(remote::customer::Command),
    /// Make a link for a customer: to unsubscribe, or to choose what, how and how often
    Link(Box<remote::link::Args>),
    /// List the messages of customers that a human has to look at, and resolve them
    #[command(subcommand)]
    Unclear(remote::unclear::Command),
    /// List the customers whose wishes have changed, or follow them
    Changes(remote::changes::Args),
    /// List the customers whose answers are late, and record that one was answered
    #[command(subcommand)]
    Replies(remote::replies::Command),
    /// Import customers from CSV or JSON Lines files
    Import(Box<remote::import::Args>),
    /// Import contacts that were made before, so that budgets are right on the first day
    ImportContacts(Box<remote::import_contacts::Args>),
    /// Export all customers, in a form that can be imported again
    Export(remote::export::Args),
    /// Copy everything from one store to another, such as from a directory to a Redis
    Copy(Box<copy::Args>),
    /// Rewrite the files of an embedded store or a journal at once, so that no data of erased
    /// customers is left in them
    Compact(Box<compact::Args>),
    /// Merge the records of one customer under several spellings of an id, and change how ids are
    /// kept
    MergeIds(Box<merge_ids::Args>),
    /// Check, test, explain and apply policies
    #[command(subcommand)]
    Policy(policy::Command),
    /// Show how many contacts customers get, who is at a limit, and what came before opt-outs
    Pressure(remote::pressure::Args),
    /// Stop all contacts, or some, at once
    Pause(Box<remote::pause::Pause>),
    /// End pauses
    Resume(remote::pause::Resume),
    /// List what is paused
    Pauses(remote::pause::Pauses),
    /// Make tenants
    #[command(subcommand)]
    Tenant(remote::tenant::Command),
    /// Accept the loss of data in a store, or upgrade the store
    #[command(subcommand)]
    Store(remote::store::Command),
    /// Show the state of webhooks, try one out, and send one its missed events again
    #[command(subcommand)]
    Webhooks(remote::webhooks::Command),
    /// Show who changed what, and check that the log was not changed
    #[command(subcommand)]
    Audit(remote::audit::Command),
    /// Check whether a server is serving: exit code 0 if it is
    Health(remote::health::Args),
    /// Make, revoke and list the API keys of callers
    #[command(subcommand)]
    Credentials(credentials::Command),
    /// Print the occasions and public holidays of a country
    Calendar(calendar::Args),
    /// Record what a customer wrote to us, or show how it is understood
    Inbound(Box<inbound::Inbound>),
    /// Print the effective configuration of `serve`, as a file that it reads
    Config(Box<config::Args>),
    /// Check a set-up for faults, and show how to correct them
    Doctor(doctor::Args),
    /// Print a script that completes commands
    Completions(manual::Completions),
    /// Print the manual, or write a page for each command
    Man(manual::Man),
}

impl Command {
    /// Whether programs read the standard output of the command, so that it must not be altered.
    fn writes_data(&self) -> bool {
        if let Self::Clear(args) = self {
            return args.writes_data();
        }
        matches!(self, Self::Export(_) | Self::Completions(_) | Self::Man(_) | Self::Serve(_))
    }
}

/// The reason why a command could not do its work.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// A mistake in the command line or in a file; the message quotes it.
    #[error("{0}")]
    Input(String),
    /// A file that cannot be read.
    #[error("cannot read `{path}`")]
    Read { path: String, source: io::Error },
    /// A file that cannot be written.
    #[error("cannot write to `{path}`")]
    WriteFile { path: String, source: io::Error },
    /// The API's error instead of an answer.
    #[error("{}", remote::describe(.0))]
    Api(Box<tonic::Status>),
    /// The named thing does not exist, according to the API.
    #[error("{}", remote::describe(.0))]
    Missing(Box<tonic::Status>),
    /// The named thing does not exist; the message lists those that do.
    #[error("{0}")]
    NoSuch(String),
    /// Documents with mistakes.
    #[error("{0}")]
    Problems(Problems),
    /// A document that cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server does not run.
    #[error(transparent)]
    Server(#[from] server::Error),
    /// The output is gone.
    #[error("cannot write the output")]
    Write(#[from] io::Error),
    /// A command that `run` cannot start.
    #[error("cannot start `{program}`")]
    Start { program: String, source: io::Error },
    /// A directory that is not a time-zone database.
    #[error("cannot use the time zones in `{path}`")]
    Zones { path: String, source: zone::Error },
}

/// Runs the command that `args` describe, the program's name first.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let args: Vec<OsString> = args.into_iter().collect();
    let program = args.first().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let given = given(&args);
    let parsed = command().try_get_matches_from(args);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &given, out, err),
    };
    let err = &mut Printable::coloured(err, colour::is_wanted(&io::stderr()));
    // On a terminal a person reads it, and what customers wrote must not steer that.
    let outcome = if cli.command.writes_data() && !io::stdout().is_terminal() {
        dispatch(cli, &program, out, err)
    } else {
        let out = &mut Printable::coloured(out, colour::is_wanted(&io::stdout()));
        let outcome = dispatch(cli, &program, out, err);
        outcome.and_then(|outcome| out.flush().map(|()| outcome).map_err(Error::Write))
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        // The reader has seen enough, as `head` does.
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Yes,
        Err(error) => failure::tell(&error, &given, err),
    };
    err.flush().map_or(outcome, |()| outcome)
}

fn dispatch(
    cli: Cli,
    program: &str,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    match cli.command {
        Command::Serve(args) => serve::run(args, program, out),
        Command::Run(args) => run::run(&args),
        Command::Demo(args) => demo::run(args, program, out),
        Command::Clock(command) => remote::clock::run(&command, out),
        Command::Check(args) => remote::check::run(&args, out),
        Command::Reserve(args) => remote::reserve::run(&args, out),
        Command::Clear(args) => remote::clear::run(&args, out, err),
        Command::Recheck(args) => remote::recheck::run(&args, out),
        Command::Confirm(args) => remote::settle::confirm(&args, out, err),
        Command::Release(args) => remote::settle::release(&args, out, err),
        Command::Engage(args) => remote::follow_up::engage(&args, out, err),
        Command::Record(args) => remote::record::run(&args, out),
        Command::Plan(args) => remote::plan::run(&args, out),
        Command::History(args) => remote::history::run(&args, out),
        Command::Customer(command) => remote::customer::run(&command, out),
        Command::Link(args) => remote::link::run(&args, out),
        Command::Unclear(command) => remote::unclear::run(&command, out),
        Command::Changes(args) => remote::changes::run(&args, out, err),
        Command::Replies(command) => remote::replies::run(&command, out),
        Command::Import(args) => remote::import::run(&args, out, err),
        Command::ImportContacts(args) => remote::import_contacts::run(&args, out, err),
        Command::Export(args) => remote::export::run(&args, out, err),
        Command::Copy(args) => copy::run(*args, out, err),
        Command::Compact(args) => compact::run(*args, out),
        Command::MergeIds(args) => merge_ids::run(*args, out),
        Command::Policy(command) => policy::run(command, out, err),
        Command::Pressure(args) => remote::pressure::run(&args, out, err),
        Command::Pause(args) => remote::pause::pause(&args, out),
        Command::Resume(args) => remote::pause::resume(&args, out, err),
        Command::Pauses(args) => remote::pause::pauses(&args, out),
        Command::Tenant(command) => remote::tenant::run(&command, out),
        Command::Store(command) => remote::store::run(&command, out),
        Command::Webhooks(command) => remote::webhooks::run(&command, out),
        Command::Audit(command) => remote::audit::run(&command, out),
        Command::Health(args) => remote::health::run(&args, out),
        Command::Credentials(command) => credentials::run(&command, out, err),
        Command::Calendar(args) => calendar::run(&args, out),
        Command::Inbound(args) => inbound::run(&args, out),
        Command::Config(args) => config::run(*args, out),
        Command::Doctor(args) => doctor::run(args, out),
        Command::Completions(args) => manual::completions(&args, out),
        Command::Man(args) => manual::man(&args, out),
    }
}

/// The time zones in a directory, or the bundled ones.
fn zones(directory: Option<&Path>) -> Result<Zones, Error> {
    let Some(directory) = directory else { return Ok(Zones::bundled()) };
    Zones::from_dir(directory)
        .map_err(|source| Error::Zones { path: directory.display().to_string(), source })
}

/// An error and its causes, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

/// The texts that a message might repeat: the command line, and our variables.
fn given(args: &[OsString]) -> Vec<String> {
    let ours = |(name, value): (OsString, OsString)| {
        name.to_string_lossy().starts_with("COURTESY_").then_some(value)
    };
    let values = args.iter().cloned().chain(std::env::vars_os().filter_map(ours));
    values.map(|value| value.to_string_lossy().into_owned()).collect()
}

fn texts(given: &[String]) -> Vec<&str> {
    given.iter().map(String::as_str).collect()
}

/// Help and versions are answers; anything else is a mistake in the command line.
fn usage(
    error: &clap::Error,
    given: &[String],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let rendered = |coloured: bool| {
        let text = error.render();
        let text = if coloured { text.ansi().to_string() } else { text.to_string() };
        redacted(&text, &texts(given))
    };
    let (outcome, written) = if !error.use_stderr() {
        (Outcome::Yes, write!(out, "{}", rendered(colour::is_wanted(&io::stdout()))))
    } else if failure::wants_json(given) {
        (Outcome::CouldNot, failure::tell_usage(&rendered(false), err))
    } else {
        (Outcome::CouldNot, write!(err, "{}", rendered(colour::is_wanted(&io::stderr()))))
    };
    written.map_or(Outcome::CouldNot, |()| outcome)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_can_be_built() {
        super::command().debug_assert();
    }
}

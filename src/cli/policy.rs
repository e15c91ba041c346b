//! `courtesy policy`: documents, before they are applied.

mod explain;
mod presets;
mod schema;
mod test;
mod validate;

pub(crate) use presets::day_of;

use std::io::Write;

use clap::Subcommand;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::remote;

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read documents and show every mistake in them, with its place and a way out
    Validate(validate::Args),
    /// Ask a policy questions and compare its answers with those that were expected
    Test(test::Args),
    /// Decide on one contact and show every rule's result
    Explain(explain::Args),
    /// Print the JSON Schema of documents, for editors
    Schema(schema::Args),
    /// Put documents in force on a running server, as one new revision
    Apply(remote::policy::Apply),
    /// Cancel a scheduled revision
    Cancel(remote::policy::Cancel),
    /// Print the policy that a running server decides by, or an older revision
    Show(remote::policy::Show),
    /// List the revisions of a running server's policy: who, when, why, and what was different
    History(remote::policy::History),
    /// Show what documents would change on a running server, or what changed between revisions
    Diff(remote::policy::Diff),
    /// Put the documents of an older revision in force again, as a new one
    Rollback(remote::policy::Rollback),
    /// Show what documents would have done with the contacts of the last days, or what is in shadow
    Simulate(remote::policy::Simulate),
    /// List the presets that ship, or print one
    Presets(presets::Args),
}

pub(crate) fn run(
    command: Command,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    match command {
        Command::Validate(args) => validate::run(&args, out, err),
        Command::Explain(args) => explain::run(&args, out),
        Command::Test(args) => test::run(&args, out, err),
        Command::Apply(args) => remote::policy::apply(&args, out, err),
        Command::Cancel(args) => remote::policy::cancel(&args, out),
        Command::Show(args) => remote::policy::show(&args, out),
        Command::History(args) => remote::policy::history(&args, out),
        Command::Diff(args) => remote::policy::diff(&args, out, err),
        Command::Rollback(args) => remote::policy::rollback(&args, out, err),
        Command::Simulate(args) => remote::policy::simulate(&args, out, err),
        Command::Schema(args) => schema::run(&args, out),
        Command::Presets(args) => presets::run(&args, out),
    }
}

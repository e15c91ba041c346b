//! `courtesy policy apply`, `cancel`, `diff`, `history`, `rollback`, `show` and `simulate`: the
//! policy that a server decides by, and what it was before.

mod apply;
mod cancel;
mod diff;
mod history;
mod rollback;
mod simulate;

pub(crate) use apply::Apply;
pub(crate) use apply::apply;
pub(crate) use cancel::Cancel;
pub(crate) use cancel::cancel;
pub(crate) use diff::Diff;
pub(crate) use diff::diff;
pub(crate) use history::History;
pub(crate) use history::history;
pub(crate) use rollback::Rollback;
pub(crate) use rollback::rollback;
pub(crate) use simulate::Simulate;
pub(crate) use simulate::simulate;

use std::io;
use std::io::IsTerminal;
use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::failure::or_missing;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::policy::Source;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// An older revision; without it, the one in force
    #[arg(long, value_name = "NUMBER")]
    revision: Option<u64>,
    #[command(flatten)]
    remote: Remote,
}

/// Who changes a policy, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Words {
    /// The author; kept with the revision
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    /// The reason; kept with the revision
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(crate) fn show(args: &Show, out: &mut dyn Write) -> Result<Outcome, Error> {
    let policy = get(&args.remote, args.revision).map_err(no_revision)?;
    if args.remote.json {
        output::write_json(&output::message("Policy", &policy)?, out)?;
        return Ok(Outcome::Yes);
    }
    for (position, document) in policy.documents.iter().enumerate() {
        // Documents of YAML follow each other behind this line.
        if position > 0 {
            writeln!(out, "---")?;
        }
        let end = if document.text.ends_with('\n') { "" } else { "\n" };
        write!(out, "{}{end}", document.text)?;
    }
    Ok(Outcome::Yes)
}

/// The error about a revision that does not exist.
fn no_revision(error: Error) -> Error {
    let error = or_missing(error);
    let Error::Missing(status) = &error else { return error };
    let what = status.message();
    Error::NoSuch(format!("{what}; `courtesy policy history` lists those there are"))
}

/// The policy in force, or an older revision.
fn get(remote: &Remote, revision: Option<u64>) -> Result<v1::Policy, Error> {
    let request = v1::GetPolicyRequest { tenant: remote.tenant(), revision };
    let response = remote
        .call(async move |channel| PolicyServiceClient::new(channel).get_policy(request).await)?;
    Ok(response.policy.unwrap_or_default())
}

/// The documents of some texts.
fn documents(sources: &[Source]) -> Vec<v1::PolicyDocument> {
    let document =
        |it: &Source| v1::PolicyDocument { text: it.text().to_owned(), name: String::new() };
    sources.iter().map(document).collect()
}

/// Writes what is different, a line for each thing.
fn write_changes(changes: &[v1::PolicyChange], out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return writeln!(out, "nothing is different");
    }
    changes.iter().try_for_each(|change| output::write_prose(&change.text, out))
}

fn write_warnings(warnings: &[v1::PolicyProblem], err: &mut dyn Write) -> io::Result<()> {
    warnings.iter().try_for_each(|it| {
        let v1::PolicyProblem { document, line, column, message, help } = it;
        let warning = format!("warning: {document}:{line}:{column}: {message}; {help}");
        output::write_prose(&warning, err)
    })
}

/// Fails without a terminal at which a change could be confirmed.
fn must_be_watched() -> Result<(), Error> {
    if io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Error::Input(
        "the change cannot be confirmed, because standard input is not a terminal: give \
         --yes to apply it, or --dry-run to see what would change"
            .to_owned(),
    ))
}

/// Asks whether a revision is meant.
fn is_meant(revision: u64, when: &str, err: &mut dyn Write) -> Result<bool, Error> {
    write!(err, "put this in force{when} as revision {revision}? [y/N] ")?;
    err.flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(matches!(typed.trim().to_lowercase().as_str(), "y" | "yes"))
}

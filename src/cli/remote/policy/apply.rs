//! New documents for a server.

use std::io::Write;
use std::path::PathBuf;

use tonic::Code;

use super::Words;
use super::documents;
use super::is_meant;
use super::must_be_watched;
use super::simulate;
use super::simulate::Customers;
use super::simulate::Edit;
use super::simulate::Extent;
use super::write_changes;
use super::write_warnings;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Instant;
use crate::policy::Source;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::rpc::convert::time::timestamp;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The documents to add or to replace
    #[arg(value_name = "FILE|DIRECTORY", required_unless_present = "remove")]
    files: Vec<PathBuf>,
    /// A document to remove, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// Remove all documents that are not among the files
    #[arg(long, requires = "files", conflicts_with = "remove")]
    prune: bool,
    /// The revision that this one replaces, so that no other change is overwritten; without it, the
    /// one in force when the command starts
    #[arg(long, value_name = "NUMBER")]
    expected_revision: Option<u64>,
    #[command(flatten)]
    words: Words,
    /// Only report whether the documents could be applied, and what would change
    #[arg(long)]
    dry_run: bool,
    /// When the revision comes into force, such as 2026-12-01T00:00:00Z; without it, at once
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// Do not ask for confirmation. Without it, the command shows the changes and what they would
    /// have done lately, and needs a terminal to ask
    #[arg(long)]
    yes: bool,
    /// The number of past days to simulate before asking
    #[arg(long, value_name = "DAYS", default_value = "28d", value_parser = values::days)]
    days: u16,
    /// The number of customers to simulate with, or `all`
    #[arg(long, value_name = "NUMBER", default_value = "1000")]
    sample: Customers,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn apply(
    args: &Apply,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let sources = files::read_all(&args.files)?.map_err(Error::Problems)?;
    let asks = !args.yes && !args.dry_run;
    let expected = match args.expected_revision {
        Some(revision) => revision,
        None => revision(&args.remote)?,
    };
    let when = args.at.map(|at| format!(" from {at} on")).unwrap_or_default();
    if asks {
        let tried = send(args, &sources, expected, true)?;
        if tried.revision == expected {
            return told(args, &tried, expected, out);
        }
        must_be_watched()?;
        write_warnings(&tried.warnings, err)?;
        write_effect(args, &sources, err)?;
        // The differences stand last: a long report must not push them off the screen.
        write_changes(&tried.changes, err)?;
        if !is_meant(tried.revision, &when, err)? {
            writeln!(err, "nothing was applied")?;
            return Ok(Outcome::No);
        }
    }
    let applied = send(args, &sources, expected, args.dry_run)?;
    if !asks && !args.remote.json {
        write_warnings(&applied.warnings, err)?;
        if applied.revision != expected {
            write_changes(&applied.changes, out)?;
        }
    }
    told(args, &applied, expected, out)
}

/// Prints the outcome.
fn told(
    args: &Apply,
    applied: &v1::ApplyPolicyResponse,
    expected: u64,
    out: &mut dyn Write,
) -> Result<Outcome, Error> {
    if args.remote.json {
        output::write_json(&output::message("ApplyPolicyResponse", applied)?, out)?;
        return Ok(Outcome::Yes);
    }
    let revision = applied.revision;
    let when = args.at.map(|at| format!(" from {at} on")).unwrap_or_default();
    if revision == expected {
        writeln!(out, "nothing is different: revision {revision} is in force already")?;
    } else if args.dry_run {
        writeln!(out, "it could be applied, as revision {revision}")?;
    } else if args.at.is_some() {
        writeln!(out, "revision {revision} will be in force{when}")?;
    } else {
        writeln!(out, "revision {revision} is in force")?;
    }
    Ok(Outcome::Yes)
}

/// The revision in force; 0 for a tenant that this makes.
fn revision(remote: &Remote) -> Result<u64, Error> {
    let request = v1::GetPolicyRequest { tenant: remote.tenant(), revision: None };
    let policy = remote.try_call(async move |channel| {
        PolicyServiceClient::new(channel).get_policy(request).await
    })?;
    match policy {
        Ok(response) => Ok(response.policy.unwrap_or_default().revision),
        Err(status) if status.code() == Code::NotFound => Ok(0),
        Err(status) => Err(Error::Api(Box::new(status))),
    }
}

/// Shows what it would have done lately. A failure to show it does not hold up the change.
fn write_effect(args: &Apply, sources: &[Source], err: &mut dyn Write) -> Result<(), Error> {
    writeln!(err)?;
    let edit = Edit { sources, remove: &args.remove, prune: args.prune };
    let extent = Extent { days: args.days, sample: args.sample };
    match simulate::ask(&args.remote, edit, extent, err) {
        Ok(report) => simulate::write_report(&report, err)?,
        Err(error) => writeln!(err, "what it would have done is not known: {error}")?,
    }
    Ok(writeln!(err)?)
}

fn send(
    args: &Apply,
    sources: &[Source],
    expected: u64,
    validate_only: bool,
) -> Result<v1::ApplyPolicyResponse, Error> {
    let request = v1::ApplyPolicyRequest {
        documents: documents(sources),
        remove_documents: args.remove.clone(),
        expected_revision: Some(expected),
        validate_only: Some(validate_only),
        tenant: args.remote.tenant(),
        author: args.words.author.clone(),
        note: args.words.note.clone(),
        effective_time: args.at.map(timestamp),
        prune: Some(args.prune),
    };
    args.remote
        .call(async move |channel| PolicyServiceClient::new(channel).apply_policy(request).await)
}

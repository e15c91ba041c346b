//! Back to an older revision.

use std::io::Write;

use super::Words;
use super::get;
use super::is_meant;
use super::must_be_watched;
use super::no_revision;
use super::write_changes;
use super::write_warnings;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Rollback {
    /// The revision to restore; `courtesy policy history` lists revisions
    #[arg(value_name = "REVISION")]
    revision: u64,
    /// The revision to replace; without it, the one in force when the command starts
    #[arg(long, value_name = "NUMBER")]
    expected_revision: Option<u64>,
    #[command(flatten)]
    words: Words,
    /// Only report whether the rollback is possible, and what would change
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation. Without it, the command shows the changes, and needs a terminal
    /// to ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn rollback(
    args: &Rollback,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let asks = !args.yes && !args.dry_run;
    if asks {
        must_be_watched()?;
    }
    let expected = match args.expected_revision {
        Some(revision) => revision,
        None => get(&args.remote, None)?.revision,
    };
    if asks {
        let tried = send(args, expected, true)?;
        if tried.revision == expected {
            writeln!(out, "nothing is different: revision {expected} is in force already")?;
            return Ok(Outcome::Yes);
        }
        write_warnings(&tried.warnings, err)?;
        write_changes(&tried.changes, err)?;
        if !is_meant(tried.revision, "", err)? {
            writeln!(err, "nothing was rolled back")?;
            return Ok(Outcome::No);
        }
    }
    let done = send(args, expected, args.dry_run)?;
    if args.remote.json {
        output::write_json(&output::message("RollbackPolicyResponse", &done)?, out)?;
        return Ok(Outcome::Yes);
    }
    if !asks {
        write_warnings(&done.warnings, err)?;
        write_changes(&done.changes, out)?;
    }
    let (revision, older) = (done.revision, args.revision);
    if revision == expected {
        writeln!(out, "nothing is different: revision {revision} is in force already")?;
    } else if args.dry_run {
        writeln!(out, "it could be done, as revision {revision}")?;
    } else {
        writeln!(out, "revision {revision} is in force, with the documents of revision {older}")?;
    }
    Ok(Outcome::Yes)
}

fn send(
    args: &Rollback,
    expected: u64,
    validate_only: bool,
) -> Result<v1::RollbackPolicyResponse, Error> {
    let request = v1::RollbackPolicyRequest {
        revision: Some(args.revision),
        expected_revision: Some(expected),
        validate_only: Some(validate_only),
        author: args.words.author.clone(),
        note: args.words.note.clone(),
        tenant: args.remote.tenant(),
    };
    let rolled_back = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).rollback_policy(request).await
    });
    rolled_back.map_err(no_revision)
}

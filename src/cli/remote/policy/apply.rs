//! New documents for a server.

use std::io::Write;
use std::path::PathBuf;

use super::Words;
use super::documents;
use super::get;
use super::is_meant;
use super::is_watched;
use super::write_changes;
use super::write_warnings;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::policy::Source;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The documents to add or to replace
    #[arg(value_name = "FILE", required_unless_present = "remove")]
    files: Vec<PathBuf>,
    /// A document to remove, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// The revision that this one replaces, so that nobody's change is overwritten; without it, the
    /// one in force when the command starts
    #[arg(long, value_name = "NUMBER")]
    expected_revision: Option<u64>,
    #[command(flatten)]
    words: Words,
    /// Only say whether it could be applied, and what would be different
    #[arg(long)]
    dry_run: bool,
    /// Do not ask whether this is meant; nobody is asked who is not at a terminal
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn apply(
    args: &Apply,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let sources = match files::read_all(&args.files)? {
        Ok(sources) => sources,
        Err(problems) => {
            write!(err, "{problems}")?;
            return Ok(Outcome::CouldNot);
        }
    };
    let expected = match args.expected_revision {
        Some(revision) => revision,
        None => get(&args.remote, None)?.revision,
    };
    if is_watched() && !args.yes && !args.dry_run && !args.remote.json {
        let tried = send(args, &sources, expected, true)?;
        write_warnings(&tried.warnings, err)?;
        write_changes(&tried.changes, out)?;
        if !is_meant(tried.revision, out)? {
            writeln!(out, "nothing was applied")?;
            return Ok(Outcome::No);
        }
        let applied = send(args, &sources, expected, false)?;
        writeln!(out, "revision {} is in force", applied.revision)?;
        return Ok(Outcome::Yes);
    }
    let applied = send(args, &sources, expected, args.dry_run)?;
    if args.remote.json {
        output::write_json(&output::message("ApplyPolicyResponse", &applied)?, out)?;
        return Ok(Outcome::Yes);
    }
    write_warnings(&applied.warnings, err)?;
    write_changes(&applied.changes, out)?;
    if args.dry_run {
        writeln!(out, "it could be applied, as revision {}", applied.revision)?;
    } else {
        writeln!(out, "revision {} is in force", applied.revision)?;
    }
    Ok(Outcome::Yes)
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
    };
    args.remote
        .call(async move |channel| PolicyServiceClient::new(channel).apply_policy(request).await)
}

//! Shows the differences between revisions, or those that documents would make.

use std::io::Write;
use std::path::PathBuf;

use super::documents;
use super::get;
use super::write_changes;
use super::write_warnings;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::policy::Source;
use crate::policy::diff::changes;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// Documents to add or replace; they are compared with the policy in force
    #[arg(value_name = "FILE|DIRECTORY", required_unless_present_any = ["from", "remove"])]
    files: Vec<PathBuf>,
    /// A document to remove, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// Remove all documents that are not among the files
    #[arg(long, requires = "files", conflicts_with = "remove")]
    prune: bool,
    /// An older revision to compare with, instead of documents
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["files", "remove", "prune"])]
    from: Option<u64>,
    /// The revision to compare with; without it, the one in force
    #[arg(long, value_name = "REVISION", requires = "from")]
    to: Option<u64>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn diff(
    args: &Diff,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let compared = match args.from {
        Some(from) => between(args, from)?,
        None => {
            let sources = files::read_all(&args.files)?.map_err(Error::Problems)?;
            with_documents(args, &sources)?
        }
    };
    // Documents that make no policy differ from nothing: a script must not take them for a change.
    let outcome = match (compared.errors.is_empty(), compared.changes.is_empty()) {
        (false, _) => Outcome::CouldNot,
        (true, true) => Outcome::Yes,
        (true, false) => Outcome::No,
    };
    if args.remote.json {
        output::write_json(&output::message("ValidatePolicyResponse", &compared)?, out)?;
        return Ok(outcome);
    }
    write_warnings(&compared.warnings, err)?;
    for it in &compared.errors {
        let v1::PolicyProblem { document, line, column, message, help } = it;
        let error = format!("error: {document}:{line}:{column}: {message}; {help}");
        output::write_prose(&error, err)?;
    }
    if compared.errors.is_empty() {
        write_changes(&compared.changes, out)?;
    }
    Ok(outcome)
}

/// The differences that documents would make.
fn with_documents(args: &Diff, sources: &[Source]) -> Result<v1::ValidatePolicyResponse, Error> {
    let request = v1::ValidatePolicyRequest {
        documents: documents(sources),
        remove_documents: args.remove.clone(),
        tenant: args.remote.tenant(),
        prune: Some(args.prune),
    };
    args.remote
        .call(async move |channel| PolicyServiceClient::new(channel).validate_policy(request).await)
}

/// The differences between two revisions.
fn between(args: &Diff, from: u64) -> Result<v1::ValidatePolicyResponse, Error> {
    let (old, new) = (get(&args.remote, Some(from))?, get(&args.remote, args.to)?);
    let changes = changes(&sources(&old), &sources(&new)).into_iter();
    let changes =
        changes.map(|it| v1::PolicyChange { subject: it.subject, text: it.text }).collect();
    Ok(v1::ValidatePolicyResponse { changes, revision: new.revision, ..Default::default() })
}

fn sources(policy: &v1::Policy) -> Vec<Source> {
    policy.documents.iter().map(|it| Source::new(&it.name, &it.text)).collect()
}

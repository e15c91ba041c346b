//! `courtesy policy apply` and `show`: the policy that a server decides by.

use std::io::Write;
use std::path::PathBuf;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments of `apply`.
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
    /// Only say whether it could be applied
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
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
    let document = |text: &str| v1::PolicyDocument { text: text.to_owned(), name: String::new() };
    let request = v1::ApplyPolicyRequest {
        documents: sources.iter().map(|source| document(source.text())).collect(),
        remove_documents: args.remove.clone(),
        expected_revision: Some(match args.expected_revision {
            Some(revision) => revision,
            None => get(&args.remote)?.revision,
        }),
        validate_only: Some(args.dry_run),
        tenant: args.remote.tenant(),
    };
    let response = args
        .remote
        .call(async move |channel| PolicyServiceClient::new(channel).apply_policy(request).await)?;
    if args.remote.json {
        output::write_json(&output::message("ApplyPolicyResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    for it in &response.warnings {
        let v1::PolicyProblem { document, line, column, message, help } = it;
        writeln!(err, "warning: {document}:{line}:{column}: {message}; {help}")?;
    }
    let revision = response.revision;
    if args.dry_run {
        writeln!(out, "it could be applied, as revision {revision}")?;
    } else {
        writeln!(out, "revision {revision} is in force")?;
    }
    Ok(Outcome::Yes)
}

pub(crate) fn show(args: &Show, out: &mut dyn Write) -> Result<Outcome, Error> {
    let policy = get(&args.remote)?;
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

fn get(remote: &Remote) -> Result<v1::Policy, Error> {
    let request = v1::GetPolicyRequest { tenant: remote.tenant() };
    let response = remote
        .call(async move |channel| PolicyServiceClient::new(channel).get_policy(request).await)?;
    Ok(response.policy.unwrap_or_default())
}

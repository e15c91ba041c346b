//! The revisions of a server's policy.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision::time;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    /// How many revisions, the newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: u32,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn history(args: &History, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::ListPolicyRevisionsRequest {
        page_size: Some(args.limit),
        page_token: None,
        tenant: args.remote.tenant(),
    };
    let listed = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).list_policy_revisions(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ListPolicyRevisionsResponse", &listed)?, out)?;
        return Ok(Outcome::Yes);
    }
    if listed.revisions.is_empty() {
        writeln!(out, "the starter policy runs; none has been applied")?;
        return Ok(Outcome::Yes);
    }
    for it in &listed.revisions {
        let when = time(it.apply_time).unwrap_or_default();
        let by = it.author.iter().map(|author| format!(" by {author}")).collect::<String>();
        let force = if it.in_force { ", in force" } else { "" };
        writeln!(out, "revision {}, {when}{by}{force}", it.revision)?;
        if let Some(note) = &it.note {
            writeln!(out, "  “{note}”")?;
        }
        if let Some(older) = it.restored_revision {
            writeln!(out, "  the documents of revision {older}")?;
        }
        for change in &it.changes {
            writeln!(out, "  {}", change.text)?;
        }
    }
    Ok(Outcome::Yes)
}

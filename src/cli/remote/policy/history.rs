//! The revisions of a server's policy.

use std::io::Write;

use prost_types::Timestamp;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::zone::Round;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    /// The number of revisions, the newest first
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
        writeln!(out, "revision {}, {when}{by}{}", it.revision, state(it))?;
        if let Some(note) = &it.note {
            writeln!(out, "  “{note}”")?;
        }
        if let Some(older) = it.restored_revision {
            writeln!(out, "  the documents of revision {older}")?;
        }
        for change in &it.changes {
            output::write_prose(&format!("  {}", change.text), out)?;
        }
    }
    let sum = output::Listed {
        shown: listed.revisions.len(),
        all: listed.revisions.first().map(|it| it.revision),
        is_more: !listed.next_page_token.is_empty(),
        what: "revision",
    };
    sum.write(out)?;
    Ok(Outcome::Yes)
}

/// A time, also on this machine's clock.
fn time(timestamp: Option<Timestamp>) -> Option<String> {
    Clocks::here().time(timestamp, Round::Down)
}

/// Whether it is in force, and since or from when.
fn state(revision: &v1::PolicyRevision) -> String {
    let effective = time(revision.effective_time);
    if let Some(cancelled) = time(revision.cancel_time) {
        let for_when = effective.map(|it| format!(" for {it}")).unwrap_or_default();
        return format!(", was scheduled{for_when} and cancelled {cancelled}");
    }
    let since = effective.map(|it| format!(" since {it}")).unwrap_or_default();
    match (revision.scheduled, revision.in_force) {
        (true, _) => {
            format!(", scheduled for {}", time(revision.effective_time).unwrap_or_default())
        }
        (false, true) => format!(", in force{since}"),
        (false, false) => String::new(),
    }
}

//! Putting a stop to a revision that is scheduled.

use std::io::Write;

use super::Words;
use super::no_revision;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Cancel {
    /// The revision that is scheduled; `courtesy policy history` lists it
    #[arg(value_name = "REVISION")]
    revision: u64,
    #[command(flatten)]
    words: Words,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn cancel(args: &Cancel, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::CancelPolicyRequest {
        revision: Some(args.revision),
        author: args.words.author.clone(),
        note: args.words.note.clone(),
        tenant: args.remote.tenant(),
    };
    let cancelled = args
        .remote
        .call(async move |channel| PolicyServiceClient::new(channel).cancel_policy(request).await);
    let cancelled = cancelled.map_err(no_revision)?;
    if args.remote.json {
        output::write_json(&output::message("CancelPolicyResponse", &cancelled)?, out)?;
        return Ok(Outcome::Yes);
    }
    let (stopped, stays) = (args.revision, cancelled.revision);
    writeln!(out, "revision {stopped} will not be in force; revision {stays} stays")?;
    Ok(Outcome::Yes)
}

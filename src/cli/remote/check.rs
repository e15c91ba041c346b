//! `courtesy check`: a decision that spends nothing.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The channel of the contact, one that the policy declares
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    #[command(flatten)]
    contact: ContactArgs,
    /// Show every rule's result, and the contacts that count
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    // People are shown the customer's own time, and it is the details that name the clock.
    let full = args.explain || !args.remote.json;
    let detail = if full { v1::DetailLevel::Full } else { v1::DetailLevel::Brief };
    let request = v1::CheckContactRequest {
        contact: Some(args.contact.to_message(&args.customer, Some(&args.channel))),
        detail: i32::from(detail),
        tenant: args.remote.tenant(),
        ..v1::CheckContactRequest::default()
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).check_contact(request).await
    })?;
    let decision = response.decision.clone().unwrap_or_default();
    if args.remote.json {
        output::write_json(&output::message("CheckContactResponse", &response)?, out)?;
    } else {
        decision::write(&decision, out)?;
        if args.explain {
            decision::write_trace(&decision, out)?;
        }
    }
    Ok(decision::outcome(&decision))
}

//! `courtesy recheck`: whether what was reserved earlier may still be sent.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::remote::reserve::write_reservation;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The channel of the contact; describe the contact as it was reserved
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    #[command(flatten)]
    contact: ContactArgs,
    /// The request that reserved the contact
    #[arg(long, value_name = "ID")]
    request_id: String,
    /// If the contact is refused, end the reservation and refund its budgets
    #[arg(long)]
    release_if_denied: bool,
    /// Show every rule's result, and the contacts that count
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let detail = if args.explain { v1::DetailLevel::Full } else { v1::DetailLevel::Brief };
    let request = v1::RecheckContactRequest {
        contact: Some(args.contact.to_message(&args.customer, Some(&args.channel))),
        request_id: args.request_id.clone(),
        release_if_denied: args.release_if_denied,
        detail: i32::from(detail),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).recheck_contact(request).await
    })?;
    let decision = response.decision.clone().unwrap_or_default();
    if args.remote.json {
        output::write_json(&output::message("RecheckContactResponse", &response)?, out)?;
    } else {
        decision::write(&decision, out)?;
        decision::write_trace(&decision, out)?;
        writeln!(out)?;
        write_reservation(response.reservation_state(), response.expire_time, out)?;
    }
    Ok(decision::outcome(&decision))
}

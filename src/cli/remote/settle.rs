//! `courtesy confirm` and `courtesy release`: what became of a reservation.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision::time;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The arguments of `confirm`.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    #[command(flatten)]
    which: Args,
    /// Nobody answered: it was an attempt
    #[arg(long)]
    unanswered: bool,
}

/// The arguments of either command.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whom: the organisation's id for the customer
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The request that reserved the contact
    #[arg(long, value_name = "ID")]
    request_id: String,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn confirm(confirm: &Confirm, out: &mut dyn Write) -> Result<Outcome, Error> {
    let args = &confirm.which;
    let request = v1::ConfirmContactRequest {
        customer_id: args.customer.clone(),
        request_id: args.request_id.clone(),
        send_time: None,
        unanswered: Some(confirm.unanswered),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).confirm_contact(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ConfirmContactResponse", &response)?, out)?;
    } else {
        let sent = time(response.send_time).unwrap_or_default();
        let late = if response.late { ", after its reservation had expired" } else { "" };
        writeln!(out, "sent at {sent}{late}")?;
    }
    Ok(Outcome::Yes)
}

pub(crate) fn release(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::ReleaseContactRequest {
        customer_id: args.customer.clone(),
        request_id: args.request_id.clone(),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).release_contact(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ReleaseContactResponse", &response)?, out)?;
    } else if response.expired {
        writeln!(out, "it had expired, and was given back then")?;
    } else {
        writeln!(out, "given back")?;
    }
    Ok(Outcome::Yes)
}

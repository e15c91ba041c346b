//! `courtesy record`: a contact that was made without asking.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The organisation's id for the customer
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The channel of the contact, one that the policy declares
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    #[command(flatten)]
    contact: ContactArgs,
    /// This contact's own id: repeating it records nothing more; without it, a new one
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// The call was not answered: it was an attempt
    #[arg(long)]
    unanswered: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request_id = args.request_id.clone().unwrap_or_else(remote::request_id);
    let request = v1::RecordContactRequest {
        contact: Some(args.contact.to_message(&args.customer, Some(&args.channel))),
        request_id: request_id.clone(),
        tenant: args.remote.tenant(),
        unanswered: Some(args.unanswered),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).record_contact(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("RecordContactResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    writeln!(out, "on record as request {request_id}; asked for, it would have been answered:")?;
    decision::write(&response.decision.unwrap_or_default(), out)?;
    Ok(Outcome::Yes)
}

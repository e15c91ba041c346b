//! `courtesy reserve`: a decision that spends what it grants.

use std::io;
use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Name;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::ReservationState;
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
    /// This message's own id: repeating it reserves nothing more, and asks whether it may still be
    /// sent; without it, a new one
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// The time that the reservation waits for `courtesy confirm`, such as 10m; without it, for
    /// ever
    #[arg(long, value_name = "LENGTH", value_parser = values::span)]
    hold: Option<Span>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request_id = args.request_id.clone().unwrap_or_else(remote::request_id);
    let request = v1::ReserveContactRequest {
        contact: Some(args.contact.to_message(&args.customer, Some(&args.channel))),
        request_id: request_id.clone(),
        hold: args.hold.map(values::message),
        tenant: args.remote.tenant(),
        ..v1::ReserveContactRequest::default()
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).reserve_contact(request).await
    })?;
    let decision = response.decision.clone().unwrap_or_default();
    if args.remote.json {
        let mut json = output::message("ReserveContactResponse", &response)?;
        if let Some(fields) = json.as_object_mut() {
            fields.insert("requestId".to_owned(), request_id.into());
        }
        output::write_json(&json, out)?;
        return Ok(decision::outcome(&decision));
    }
    decision::write(&decision, out)?;
    let outcome = decision::outcome(&decision);
    if outcome == Outcome::Yes || response.reservation_state() != ReservationState::Unspecified {
        writeln!(out)?;
        writeln!(out, "request id         {request_id}")?;
        write_reservation(response.reservation_state(), response.expire_time, out)?;
    }
    if outcome == Outcome::Yes && response.replayed {
        writeln!(
            out,
            "reserved before: an earlier attempt may have sent it without confirming it"
        )?;
    }
    Ok(outcome)
}

/// Writes what has become of a reservation.
pub(crate) fn write_reservation(
    state: ReservationState,
    expires: Option<prost_types::Timestamp>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let state = state.word().to_lowercase();
    writeln!(out, "reservation        {state}")?;
    if let Some(expires) = decision::time(expires) {
        writeln!(out, "expires            {expires} unless it is confirmed")?;
    }
    Ok(())
}

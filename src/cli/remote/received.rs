//! `courtesy inbound`: what a customer wrote to us is taken note of.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision::time;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::remote::customer::but_for;
use crate::cli::remote::customer::words;
use crate::cli::values;
use crate::model::Instant;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::rpc::convert::time::timestamp;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What the customer wrote; `-` is standard input
    #[arg(value_name = "TEXT", required = true)]
    text: Option<String>,
    /// The customer who wrote it, by the organisation's id
    #[arg(long, value_name = "ID", required = true)]
    customer: Option<String>,
    /// The channel it came by, one that the policy declares
    #[arg(long, value_parser = Name::new, required = true)]
    channel: Option<Name>,
    /// The time at which it came; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// The message's own id: repeating it does nothing more; without it, a new one
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// The brand whose number or address the customer wrote to
    #[arg(long, value_parser = Name::new)]
    brand: Option<Name>,
    /// The topic of the list whose number or address the customer wrote to
    #[arg(long, value_parser = Name::new)]
    topic: Option<Name>,
    /// The customer had been asked for an opt-in, so that a bare YES is one
    #[arg(long)]
    asked_for_opt_in: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let text = files::text(args.text.as_deref().unwrap_or_default())?;
    let name = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    let request = v1::HandleInboundMessageRequest {
        customer_id: args.customer.clone().unwrap_or_default(),
        channel: name(&args.channel).unwrap_or_default(),
        text,
        event_time: args.at.map(timestamp),
        request_id: args.request_id.clone().unwrap_or_else(remote::request_id),
        asked_for_opt_in: Some(args.asked_for_opt_in),
        tenant: args.remote.tenant(),
        brand: name(&args.brand),
        topic: name(&args.topic),
        provider_meaning: None,
    };
    let heard = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).handle_inbound_message(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("HandleInboundMessageResponse", &heard)?, out)?;
        return Ok(Outcome::Yes);
    }
    writeln!(out, "{}", heard.meaning().word())?;
    if !heard.phrase.is_empty() {
        writeln!(out, "because of   {} ({})", heard.phrase, heard.language)?;
    }
    for scope in &heard.opted_out_scopes {
        writeln!(out, "opted out    {}", words(Some(scope)))?;
    }
    if heard.opted_in {
        writeln!(out, "opted in")?;
        for it in &heard.opt_outs {
            writeln!(out, "still out of {}", but_for(it))?;
        }
    }
    if heard.superseded {
        writeln!(out, "no change    the customer said otherwise later")?;
    }
    if let Some(until) = time(heard.suppressed_until_time) {
        writeln!(out, "suppressed   until {until}, or until a human has looked at it")?;
    }
    if let Some(until) = time(heard.reply_until_time) {
        let reply = heard.reply().word();
        writeln!(out, "reply        {reply}, until {until}")?;
    }
    Ok(Outcome::Yes)
}

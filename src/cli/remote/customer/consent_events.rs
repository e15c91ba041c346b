//! Lists the customer's statements about being contacted.

use std::io::Write;

use super::words;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote::Remote;
use crate::model::Ground;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    // A record keeps fewer than fit on the longest page.
    let request = v1::ListConsentEventsRequest {
        customer_id: args.customer.clone(),
        page_size: Some(1_000),
        page_token: None,
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).list_consent_events(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ListConsentEventsResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    if response.consent_events.is_empty() {
        writeln!(out, "nothing is on record")?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table(["SAID", "WHAT", "ABOUT", "UNTIL", "HEARD", "SOURCE", "PROOF"]);
    let clocks = Clocks::of(&args.customer, &args.remote);
    for it in &response.consent_events {
        table.add_row([
            clocks.past(it.event_time),
            kind(it),
            words(it.scope.as_ref()),
            clocks.past(it.until_time),
            clocks.past(it.hear_time),
            one_line(it.source.as_deref().unwrap_or_default()),
            one_line(it.evidence.as_deref().unwrap_or_default()),
        ]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

/// The kind of statement, and the ground of a yes that is not the customer's own word.
fn kind(event: &v1::ConsentEvent) -> String {
    let kind = event.kind().word();
    if let Some(doubt) = event.doubt.as_deref() {
        let resolved = if event.resolve_time.is_some() { ", resolved" } else { "" };
        return format!("{kind} ({doubt}{resolved})");
    }
    match event.ground.as_deref() {
        Some(ground) if ground != Ground::EXPRESS.as_str() => format!("{kind} ({ground})"),
        Some(_) | None => kind.to_owned(),
    }
}

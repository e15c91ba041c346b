//! `courtesy history`: the contacts on record.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// How many contacts at most, the newest first
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..=1_000)
    )]
    limit: u32,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::ListContactsRequest {
        customer_id: args.customer.clone(),
        page_size: Some(args.limit),
        page_token: None,
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).list_contacts(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ListContactsResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    if response.contacts.is_empty() {
        writeln!(out, "no contact is on record")?;
        return Ok(Outcome::Yes);
    }
    let mut table =
        output::table(["AT", "CHANNEL", "PURPOSE", "TOPIC", "CAMPAIGN", "STATE", "REQUEST"]);
    let clocks = Clocks::of(&args.customer, &args.remote);
    for contact in &response.contacts {
        let mut state = contact.state().word().to_lowercase();
        if contact.unanswered {
            state += ", unanswered";
        }
        for reason in &contact.expire_reasons {
            state = format!("{state} {}", reason.code().word());
        }
        table.add_row([
            clocks.past(contact.contact_time),
            contact.channel.clone(),
            contact.purpose.clone(),
            contact.topic.clone().unwrap_or_default(),
            contact.campaign.clone().unwrap_or_default(),
            state,
            contact.request_id.clone().unwrap_or_default(),
        ]);
    }
    output::write_table(&table, out)?;
    let sum = output::Listed {
        shown: response.contacts.len(),
        all: None,
        is_more: !response.next_page_token.is_empty(),
        what: "contact",
    };
    sum.write(out)?;
    Ok(Outcome::Yes)
}

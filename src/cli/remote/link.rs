//! `courtesy link`: a link for a customer, to try.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::model::Name;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::rpc::convert::time::duration;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// A link by which the customer opts out with one click
    #[arg(long, conflicts_with = "preferences")]
    unsubscribe: bool,
    /// A link to the page on which the customer chooses (the default)
    #[arg(long)]
    preferences: bool,
    /// The channel on which the link will be sent
    #[arg(long, value_parser = Name::new)]
    channel: Option<Name>,
    /// The brand that the message is from
    #[arg(long, value_parser = Name::new)]
    brand: Option<Name>,
    /// The number of days for which it works; without it, 400
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3_650))]
    valid_for: Option<u16>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    let (customer_id, tenant) = (args.customer.clone(), args.remote.tenant());
    let (channel, brand) = (text(&args.channel), text(&args.brand));
    let valid_for = args.valid_for.map(|days| duration(Span::from_days(u32::from(days))));
    if args.unsubscribe {
        let scope = Some(v1::Scope { channel, brand, ..Default::default() });
        let request = v1::IssueUnsubscribeLinkRequest { customer_id, scope, valid_for, tenant };
        let issued = args.remote.call(async move |channel| {
            CustomerServiceClient::new(channel).issue_unsubscribe_link(request).await
        })?;
        return print(args, (&issued.url, "IssueUnsubscribeLinkResponse", &issued), out);
    }
    let request = v1::IssuePreferenceLinkRequest { customer_id, channel, valid_for, tenant, brand };
    let issued = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).issue_preference_link(request).await
    })?;
    print(args, (&issued.url, "IssuePreferenceLinkResponse", &issued), out)
}

fn print(
    args: &Args,
    (url, name, issued): (&str, &str, &impl prost::Message),
    out: &mut dyn Write,
) -> Result<Outcome, Error> {
    if args.remote.json {
        output::write_json(&output::message(name, issued)?, out)?;
    } else {
        writeln!(out, "{url}")?;
    }
    Ok(Outcome::Yes)
}

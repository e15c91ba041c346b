//! `courtesy plan`: when a contact is next allowed, on each channel.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;
use crate::zone::Round;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// A channel; may be repeated; without any, all channels that the policy declares
    #[arg(long = "channel", value_name = "CHANNEL", value_parser = Name::new)]
    channels: Vec<Name>,
    #[command(flatten)]
    contact: ContactArgs,
    /// The number of days to look ahead
    #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = values::days)]
    days: u16,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let horizon = prost_types::Duration { seconds: i64::from(args.days) * 86_400, nanos: 0 };
    let request = v1::PlanContactRequest {
        contact: Some(args.contact.to_message(&args.customer, None)),
        channels: args.channels.iter().map(ToString::to_string).collect(),
        horizon: Some(horizon),
        tenant: args.remote.tenant(),
        all_stretches: false,
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).plan_contact(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("PlanContactResponse", &response)?, out)?;
    } else {
        let clocks = Clocks::of(&args.customer, &args.remote);
        write(&response, (args.days, &clocks), out)?;
    }
    let any = response.plans.iter().any(|plan| plan.next_allowed_time.is_some());
    Ok(if any { Outcome::Yes } else { Outcome::No })
}

fn write(
    response: &v1::PlanContactResponse,
    (days, clocks): (u16, &Clocks),
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut table = output::table(["CHANNEL", "ALLOWED FROM", "UNTIL", "DENIED NOW BY"]);
    for plan in &response.plans {
        let reasons = plan.decision.iter().flat_map(|decision| &decision.reasons);
        let mut codes: Vec<&str> = reasons.map(|it| it.code().word()).collect();
        codes.dedup();
        let (from, until) = match clocks.time(plan.next_allowed_time, Round::Up) {
            Some(from) => (from, decision::open(plan.valid_until_time, clocks)),
            None => (format!("not within {days} days"), String::new()),
        };
        table.add_row([plan.channel.clone(), from, until, codes.join(", ")]);
    }
    output::write_table(&table, out)
}

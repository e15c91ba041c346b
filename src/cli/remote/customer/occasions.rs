//! The occasions that a customer can opt out of.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The number of countries that a line names.
const COUNTRIES_MAX: usize = 4;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The organisation's id for the customer; without it, the occasions of all customers
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    // A policy knows fewer than fit on the longest page.
    let request = v1::ListOccasionsRequest {
        customer_id: args.customer.clone(),
        page_size: Some(1_000),
        page_token: None,
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).list_occasions(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ListOccasionsResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    let mut table =
        output::table(["NAME", "WHAT", "NEXT", "WHERE", "OPTED OUT", "AN OPT-OUT REFUSES"]);
    for it in &response.occasions {
        let next = it.next_days.iter().min_by_key(|days| &days.first_date);
        let opted_out = match (it.opted_out, it.opt_outs.is_empty()) {
            (true, _) => "yes",
            (false, false) => "in part",
            (false, true) => "",
        };
        let refused = if it.keeps_days_quiet() { "its days" } else { "what declares it" };
        table.add_row([
            it.name.clone(),
            it.title.clone().unwrap_or_default(),
            next.map(|days| days.first_date.clone()).unwrap_or_default(),
            next.map(|days| countries(&days.countries)).unwrap_or_default(),
            opted_out.to_owned(),
            refused.to_owned(),
        ]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

/// The countries, if they are few enough to be read.
fn countries(codes: &[String]) -> String {
    if codes.len() <= COUNTRIES_MAX {
        return codes.join(" ");
    }
    format!("{} countries", codes.len())
}

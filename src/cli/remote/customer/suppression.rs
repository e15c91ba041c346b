//! The operator's refusals.

use std::io::Write;

use super::ScopeArgs;
use super::words;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Instant;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::rpc::convert::time::timestamp;
use crate::zone::Round;

/// The arguments of `suppress`.
#[derive(Debug, clap::Args)]
pub(crate) struct Suppress {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Why: a code of your own, such as `open_case`
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// When it ends; without it, when it is lifted
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    until: Option<Instant>,
    /// The system or person that sets it
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `unsuppress`.
#[derive(Debug, clap::Args)]
pub(crate) struct Unsuppress {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Only what has this reason code
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Everything; needed where neither a scope nor a reason is given
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn suppress(args: &Suppress, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::SuppressCustomerRequest {
        customer_id: args.customer.clone(),
        scope: Some(args.scope.to_message()),
        reason_code: args.reason.clone(),
        until_time: args.until.map(timestamp),
        source: Some(args.source.clone().unwrap_or_else(|| "cli".to_owned())),
        request_id: Some(remote::request_id()),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).suppress_customer(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("SuppressCustomerResponse", &response)?, out)?;
    } else {
        write(&response.suppressions, &Clocks::here(), out)?;
    }
    Ok(Outcome::Yes)
}

pub(super) fn unsuppress(args: &Unsuppress, out: &mut dyn Write) -> Result<Outcome, Error> {
    if args.scope.is_empty() && args.reason.is_none() && !args.all {
        return Err(Error::Input(
            "say what to lift: a scope such as --channel, a --reason, or --all".to_owned(),
        ));
    }
    let request = v1::UnsuppressCustomerRequest {
        customer_id: args.customer.clone(),
        scope: Some(args.scope.to_message()),
        reason_code: args.reason.clone(),
        request_id: Some(remote::request_id()),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).unsuppress_customer(request).await
    })?;
    let is_done = args.all || !response.lifted.is_empty();
    let outcome = if is_done { Outcome::Yes } else { Outcome::No };
    if args.remote.json {
        output::write_json(&output::message("UnsuppressCustomerResponse", &response)?, out)?;
        return Ok(outcome);
    }
    writeln!(out, "lifted: {}", response.lifted.len())?;
    write(&response.suppressions, &Clocks::here(), out)?;
    Ok(outcome)
}

pub(super) fn write(
    suppressions: &[v1::Suppression],
    clocks: &Clocks,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if suppressions.is_empty() {
        return writeln!(out, "no suppression is in force");
    }
    let mut table = output::table(["SUPPRESSED", "REASON", "SINCE", "UNTIL", "SOURCE"]);
    for it in suppressions {
        table.add_row([
            words(it.scope.as_ref()),
            it.reason_code.clone().unwrap_or_default(),
            clocks.past(it.set_time),
            clocks.time(it.until_time, Round::Down).unwrap_or_else(|| "it is lifted".to_owned()),
            it.source.clone().unwrap_or_default(),
        ]);
    }
    output::write_table(&table, out)
}

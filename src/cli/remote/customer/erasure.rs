//! The rights of a customer: to see the data that we have, and to have it erased.

use std::io;
use std::io::IsTerminal;
use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;

/// The arguments of `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `erase`.
#[derive(Debug, clap::Args)]
pub(crate) struct Erase {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn export(args: &Export, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (customer_id, tenant) = (args.customer.clone(), args.remote.tenant());
    let request = v1::ExportCustomerRequest { customer_id, tenant };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).export_customer(request).await
    })?;
    output::write_json(&output::message("ExportCustomerResponse", &response)?, out)?;
    Ok(Outcome::Yes)
}

pub(super) fn erase(args: &Erase, out: &mut dyn Write) -> Result<Outcome, Error> {
    if !args.yes && !is_meant(&args.customer, out)? {
        writeln!(out, "nothing was erased")?;
        return Ok(Outcome::No);
    }
    let (customer_id, tenant) = (args.customer.clone(), args.remote.tenant());
    let request = v1::EraseCustomerRequest { customer_id, tenant, request_id: None };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).erase_customer(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("EraseCustomerResponse", &response)?, out)?;
    } else if response.erased {
        writeln!(out, "erased; the opt-outs stay, under a hash")?;
    } else {
        writeln!(out, "nothing was on record")?;
    }
    Ok(Outcome::Yes)
}

/// Asks at the terminal to type the id once more.
fn is_meant(customer: &str, out: &mut dyn Write) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        let why = "an erasure cannot be undone, and there is no terminal to ask at; give --yes";
        return Err(Error::Input(why.to_owned()));
    }
    write!(out, "this cannot be undone; type the customer's id to go on: ")?;
    out.flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\r', '\n']) == customer)
}

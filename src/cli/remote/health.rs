//! `courtesy health`: whether a server serves, for probes that have neither a shell nor curl. It
//! needs no key.

use std::io::Write;

use serde_json::json;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Of which service, such as courtesy.v1.ContactService; otherwise of the whole server
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = HealthCheckRequest { service: args.service.clone().unwrap_or_default() };
    let response =
        args.remote.call(async move |channel| HealthClient::new(channel).check(request).await)?;
    let serves = response.status() == ServingStatus::Serving;
    let says = response.status().as_str_name();
    if args.remote.json {
        output::write_json(&json!({ "status": says }), out)?;
    } else {
        writeln!(out, "{says}")?;
    }
    Ok(if serves { Outcome::Yes } else { Outcome::No })
}

//! `courtesy tenant`: whose customers there are.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Create a tenant; the starter policy decides until another policy is applied
    Create(Create),
}

/// The arguments of `create`.
#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// The tenant's name
    name: String,
    /// The author of the change
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Command::Create(args) = command;
    let Create { name, author, remote } = args;
    let request = v1::CreateTenantRequest { tenant: name.clone(), author: author.clone() };
    let response = remote.call(async move |channel| {
        PolicyServiceClient::new(channel).create_tenant(request).await
    })?;
    if remote.json {
        output::write_json(&output::message("CreateTenantResponse", &response)?, out)?;
    } else if response.created {
        writeln!(out, "there is a tenant `{name}` now; the starter policy governs it")?;
    } else {
        writeln!(out, "there was a tenant `{name}` already; nothing is changed")?;
    }
    Ok(Outcome::Yes)
}

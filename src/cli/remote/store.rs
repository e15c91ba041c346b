//! `courtesy store`: what concerns the store as a whole.

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
    /// Accept that the store has lost data, and use it again; lost data stays lost, and the audit
    /// log keeps the reason
    Accept(Accept),
    /// Upgrade the store's format, once all instances run this release; older releases refuse to
    /// start afterwards
    Upgrade(Upgrade),
}

/// The arguments of `accept`.
#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// The reason; the audit log keeps it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The author of the change
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `upgrade`.
#[derive(Debug, clap::Args)]
pub(crate) struct Upgrade {
    /// The author of the change
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::Accept(args) => accept(args, out),
        Command::Upgrade(args) => upgrade(args, out),
    }
}

fn accept(args: &Accept, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (reason, author) = (args.reason.clone(), args.author.clone());
    let request = v1::AcceptStoreRequest { reason, author };
    let response = args
        .remote
        .call(async move |channel| PolicyServiceClient::new(channel).accept_store(request).await)?;
    if args.remote.json {
        output::write_json(&output::message("AcceptStoreResponse", &response)?, out)?;
    } else if response.lost.is_empty() {
        writeln!(out, "the store has lost nothing; nothing is changed")?;
    } else {
        writeln!(out, "accepted: {}", response.lost)?;
        if response.policies_put_back > 0 {
            let count = response.policies_put_back;
            writeln!(out, "policies of {count} tenants were put back as the server knew them")?;
        }
    }
    Ok(Outcome::Yes)
}

fn upgrade(args: &Upgrade, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::UpgradeStoreRequest { author: args.author.clone() };
    let response = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).upgrade_store(request).await
    })?;
    let v1::UpgradeStoreResponse { previous_format, format } = response;
    if args.remote.json {
        output::write_json(&output::message("UpgradeStoreResponse", &response)?, out)?;
    } else if previous_format == format {
        writeln!(out, "the store has the format {format} already; nothing is changed")?;
    } else {
        writeln!(out, "the store has the format {format} now, before it had {previous_format}")?;
    }
    Ok(Outcome::Yes)
}

//! `courtesy webhooks`: how those of the operator's file stand.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Instant;
use crate::proto::v1;
use crate::proto::v1::WebhookState;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::rpc::convert::time::timestamp;
use crate::words::closest;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the webhooks of the server's file, and the state of each
    List(List),
    /// Send one event to a webhook, and show its response; the exit code is 0 if it accepts the
    /// event
    Test(Test),
    /// Send a webhook the changes since a time again, and turn it on if it is off
    Replay(Replay),
}

/// The arguments of `webhooks list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `webhooks test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// The webhook
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `webhooks replay`.
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// The webhook
    #[arg(value_name = "NAME")]
    name: String,
    /// The time to start from, such as `2026-11-29T08:00:00Z`; at most seven days ago
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    since: Instant,
    /// The author of the change; the audit log keeps it
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::List(args) => list(args, out),
        Command::Test(args) => test(args, out),
        Command::Replay(args) => replay(args, out),
    }
}

fn all(remote: &Remote) -> Result<v1::ListWebhooksResponse, Error> {
    let request = v1::ListWebhooksRequest {};
    remote.call(async move |channel| PolicyServiceClient::new(channel).list_webhooks(request).await)
}

/// Fails if no webhook has the name, and lists the names that exist.
fn must_be_there(name: &str, remote: &Remote) -> Result<(), Error> {
    let all = all(remote)?.webhooks;
    let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let help = match closest(name, &names) {
        Some(meant) => format!("did you mean `{meant}`? There are: {there}"),
        None => format!("there are: {there}"),
    };
    Err(Error::NoSuch(format!("there is no webhook `{name}`; {help}")))
}

fn list(args: &List, out: &mut dyn Write) -> Result<Outcome, Error> {
    let response = all(&args.remote)?;
    if args.remote.json {
        output::write_json(&output::message("ListWebhooksResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    if response.webhooks.is_empty() {
        writeln!(out, "the server has no webhooks; `serve --webhooks-file` names their file")?;
        return Ok(Outcome::Yes);
    }
    let mut table =
        output::table(["NAME", "STATE", "SINCE", "LAST TOLD", "URL", "TENANTS", "KINDS", "WHY"]);
    let clocks = Clocks::here();
    for it in &response.webhooks {
        let state = match it.state() {
            WebhookState::Delivering => "delivering",
            WebhookState::Failing => "failing",
            WebhookState::Off => "off",
            WebhookState::Unspecified => "unknown",
        };
        let tenants = if it.tenants.is_empty() { "all".to_owned() } else { it.tenants.join(" ") };
        table.add_row([
            one_line(&it.name),
            state.to_owned(),
            clocks.past(it.failing_since_time),
            clocks.past(it.delivery_time),
            one_line(&it.url),
            one_line(&tenants),
            it.kinds.join(" "),
            one_line(&it.problem),
        ]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

fn test(args: &Test, out: &mut dyn Write) -> Result<Outcome, Error> {
    must_be_there(&args.name, &args.remote)?;
    let request = v1::TestWebhookRequest { name: args.name.clone() };
    let response = args
        .remote
        .call(async move |channel| PolicyServiceClient::new(channel).test_webhook(request).await)?;
    let is_taken = response.problem.is_empty();
    if args.remote.json {
        output::write_json(&output::message("TestWebhookResponse", &response)?, out)?;
    } else if is_taken {
        writeln!(out, "taken: it answers {}", response.status.unwrap_or_default())?;
    } else {
        writeln!(out, "not taken: {}", one_line(&response.problem))?;
    }
    Ok(if is_taken { Outcome::Yes } else { Outcome::No })
}

fn replay(args: &Replay, out: &mut dyn Write) -> Result<Outcome, Error> {
    must_be_there(&args.name, &args.remote)?;
    let request = v1::ReplayWebhookRequest {
        name: args.name.clone(),
        since_time: Some(timestamp(args.since)),
        author: args.author.clone(),
    };
    let response = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).replay_webhook(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("ReplayWebhookResponse", &response)?, out)?;
    } else {
        writeln!(out, "what has changed since {} is told again", args.since)?;
    }
    Ok(Outcome::Yes)
}

//! `courtesy unclear`: messages of customers that a human has to look at.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;

/// The number of customers that are looked at for one page.
const PAGE: u32 = 1_000;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the unresolved messages, the oldest first
    List(List),
    /// Take a message from the list, and lift what was suppressed because of it; record first what
    /// the customer wants
    Resolve(Resolve),
}

/// The arguments of `unclear list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `unclear resolve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Resolve {
    /// The customer who wrote it, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The message, as `unclear list` names it
    #[arg(value_name = "MESSAGE", required_unless_present = "all")]
    message: Option<String>,
    /// All messages of this customer
    #[arg(long, conflicts_with = "message")]
    all: bool,
    /// The person who resolved it; the audit log keeps the name
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::List(args) => list(args, out),
        Command::Resolve(args) => resolve(args, out),
    }
}

/// All messages that are open.
fn all(remote: &Remote) -> Result<v1::ListUnclearMessagesResponse, Error> {
    let tenant = remote.tenant();
    remote.call(async move |channel| {
        let mut client = CustomerServiceClient::new(channel);
        let mut all = v1::ListUnclearMessagesResponse::default();
        let mut page_token = None;
        loop {
            let request = v1::ListUnclearMessagesRequest {
                page_size: Some(PAGE),
                page_token,
                tenant: tenant.clone(),
            };
            let page = client.list_unclear_messages(request).await?.into_inner();
            all.messages.extend(page.messages);
            all.unreadable_customer_ids.extend(page.unreadable_customer_ids);
            if page.next_page_token.is_empty() {
                return Ok(tonic::Response::new(all));
            }
            page_token = Some(page.next_page_token);
        }
    })
}

fn list(args: &List, out: &mut dyn Write) -> Result<Outcome, Error> {
    let mut all = all(&args.remote)?;
    let messages = &mut all.messages;
    messages.sort_by_key(|it| {
        let heard = it.hear_time.unwrap_or_default();
        (heard.seconds, heard.nanos, it.customer_id.clone(), it.message_id.clone())
    });
    // A customer may come twice where the store moves things about meanwhile.
    messages.dedup_by(|one, other| {
        (&one.customer_id, &one.message_id) == (&other.customer_id, &other.message_id)
    });
    if args.remote.json {
        output::write_json(&output::message("ListUnclearMessagesResponse", &all)?, out)?;
        return Ok(Outcome::Yes);
    }
    for id in &all.unreadable_customer_ids {
        writeln!(out, "the record of {} cannot be read", one_line(id))?;
    }
    let messages = &all.messages;
    if messages.is_empty() {
        writeln!(out, "nothing is unclear")?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table([
        "WRITTEN",
        "CUSTOMER",
        "MESSAGE",
        "CHANNEL",
        "WHY",
        "SUPPRESSED UNTIL",
        "TEXT",
    ]);
    let clocks = Clocks::here();
    for it in messages {
        table.add_row([
            clocks.past(it.event_time),
            one_line(&it.customer_id),
            one_line(&it.message_id),
            one_line(&it.channel),
            it.doubt.clone(),
            clocks.past(it.suppressed_until_time),
            one_line(&it.text),
        ]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

fn resolve(args: &Resolve, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::ResolveUnclearMessageRequest {
        customer_id: args.customer.clone(),
        message_id: args.message.clone(),
        request_id: None,
        tenant: args.remote.tenant(),
        author: args.author.clone(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).resolve_unclear_message(request).await
    })?;
    let is_done = response.resolved > 0 || args.message.is_none();
    let outcome = if is_done { Outcome::Yes } else { Outcome::No };
    if args.remote.json {
        output::write_json(&output::message("ResolveUnclearMessageResponse", &response)?, out)?;
        return Ok(outcome);
    }
    match response.resolved {
        0 => {
            let open = open_of(&args.customer, &args.remote)?;
            let open = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
            writeln!(out, "no such message is open, and nothing is changed; open are: {open}")?;
        }
        1 => writeln!(out, "resolved one message")?,
        count => writeln!(out, "resolved {count} messages")?,
    }
    if !response.lifted.is_empty() {
        writeln!(out, "what was suppressed because of it may be sent again")?;
    }
    Ok(outcome)
}

/// The messages of a customer that are open.
fn open_of(customer: &str, remote: &Remote) -> Result<Vec<String>, Error> {
    let all = all(remote)?.messages.into_iter();
    Ok(all.filter(|it| it.customer_id == customer).map(|it| one_line(&it.message_id)).collect())
}

//! `courtesy replies`: customers who wait for an answer that is late.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the customers whose answers are late, longest wait first
    Overdue(Overdue),
    /// Record that a customer was answered outside courtesy, or needs no answer
    Answered(Answered),
}

/// The arguments of `replies overdue`.
#[derive(Debug, clap::Args)]
pub(crate) struct Overdue {
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `replies answered`.
#[derive(Debug, clap::Args)]
pub(crate) struct Answered {
    /// The organisation's id for the customer
    #[arg(value_name = "ID")]
    customer: String,
    /// The channel; without it, all channels
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::Overdue(args) => overdue(args, out),
        Command::Answered(args) => answered(args, out),
    }
}

fn overdue(args: &Overdue, out: &mut dyn Write) -> Result<Outcome, Error> {
    let tenant = args.remote.tenant();
    let all = args.remote.call(async move |channel| {
        let mut client = CustomerServiceClient::new(channel);
        let mut all = v1::ListOverdueRepliesResponse::default();
        let mut page_token = None;
        loop {
            let tenant = tenant.clone();
            let request =
                v1::ListOverdueRepliesRequest { page_size: Some(1_000), page_token, tenant };
            let page = client.list_overdue_replies(request).await?.into_inner();
            all.replies.extend(page.replies);
            all.unreadable_customer_ids.extend(page.unreadable_customer_ids);
            if page.next_page_token.is_empty() {
                return Ok(tonic::Response::new(all));
            }
            page_token = Some(page.next_page_token);
        }
    })?;
    if args.remote.json {
        output::write_json(&output::message("ListOverdueRepliesResponse", &all)?, out)?;
        return Ok(Outcome::Yes);
    }
    for id in &all.unreadable_customer_ids {
        writeln!(out, "the record of {} cannot be read", one_line(id))?;
    }
    if all.replies.is_empty() {
        writeln!(out, "no answer is late")?;
        return Ok(Outcome::Yes);
    }
    let mut table = output::table(["WRITTEN", "LATE SINCE", "CUSTOMER", "CHANNEL", "MESSAGE"]);
    let clocks = Clocks::here();
    for it in &all.replies {
        table.add_row([
            clocks.past(it.event_time),
            clocks.past(it.due_time),
            one_line(&it.customer_id),
            one_line(&it.channel),
            one_line(&it.message_id),
        ]);
    }
    output::write_table(&table, out)?;
    Ok(Outcome::Yes)
}

fn answered(args: &Answered, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::MarkAnsweredRequest {
        customer_id: args.customer.clone(),
        channel: args.channel.clone(),
        request_id: None,
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).mark_answered(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("MarkAnsweredResponse", &response)?, out)?;
        return Ok(if response.answered == 0 { Outcome::No } else { Outcome::Yes });
    }
    if response.answered == 0 {
        let whose = one_line(&args.customer);
        writeln!(
            out,
            "no message of `{whose}` waits for an answer; `courtesy replies overdue` lists late \
             ones"
        )?;
        return Ok(Outcome::No);
    }
    writeln!(out, "the customer waits no more")?;
    Ok(Outcome::Yes)
}

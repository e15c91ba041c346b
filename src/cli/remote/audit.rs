//! `courtesy audit`: who changed what, and whether the log is as it was written.

use std::io::Write;

use clap::Subcommand;
use prost_reflect::DescriptorPool;
use serde_json::json;

use crate::audit::Broken;
use crate::audit::DAMAGED;
use crate::audit::Link;
use crate::audit::VIEWED;
use crate::audit::Verifier;
use crate::audit::hash;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Instant;
use crate::proto::DESCRIPTORS;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::rpc::convert::time::timestamp;
use crate::words::closest;

/// The number of characters of an event's details that a list shows.
const SUMMARY_MAX: usize = 80;
/// The number of breaks that are reported one by one.
const BROKEN_MAX: usize = 20;

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List events, the newest first
    List(List),
    /// Show one event with all its details
    Show(Show),
    /// Check that no event was changed, removed or moved
    Verify(Verify),
}

/// The arguments of `list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only this call, such as ApplyPolicy; may be repeated, as any of these
    #[arg(long, value_name = "NAME")]
    action: Vec<String>,
    /// Only this caller
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Only from this time on
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    from: Option<Instant>,
    /// Only before this time
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    until: Option<Instant>,
    /// The largest number of events
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Its number, as `courtesy audit list` shows it
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    number: u64,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// An event that must be there as it was: a number and a hash that an earlier `verify` printed,
    /// and that were kept elsewhere since
    #[arg(long, value_name = "NUMBER:HASH")]
    known: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::List(args) => list(args, out),
        Command::Show(args) => show(args, out),
        Command::Verify(args) => verify(args, out),
    }
}

fn list(args: &List, out: &mut dyn Write) -> Result<Outcome, Error> {
    args.action.iter().try_for_each(|action| must_be_a_call(action))?;
    let mut request = v1::ListAuditEventsRequest {
        actions: args.action.clone(),
        actor: args.actor.clone(),
        start_time: args.from.map(timestamp),
        end_time: args.until.map(timestamp),
        page_size: None,
        page_token: None,
        tenant: args.remote.tenant(),
    };
    let mut listed = v1::ListAuditEventsResponse::default();
    loop {
        let page = ask(&args.remote, request.clone())?;
        listed.events.extend(page.events);
        (listed.head_sequence, listed.end_damage) = (page.head_sequence, page.end_damage);
        listed.next_page_token = page.next_page_token;
        if listed.next_page_token.is_empty() || listed.events.len() >= args.limit {
            break;
        }
        request.page_token = Some(listed.next_page_token.clone());
    }
    let is_more = listed.events.len() > args.limit || !listed.next_page_token.is_empty();
    listed.events.truncate(args.limit);
    if args.remote.json {
        output::write_json(&output::message("ListAuditEventsResponse", &listed)?, out)?;
        return Ok(Outcome::Yes);
    }
    if listed.events.is_empty() {
        writeln!(out, "no event")?;
        return Ok(Outcome::Yes);
    }
    if let Some(damage) = &listed.end_damage {
        writeln!(out, "BROKEN  {damage}")?;
    }
    let mut table = output::table(["EVENT", "TIME", "CALLER", "CALL", "DETAILS"]);
    let clocks = Clocks::here();
    for it in &listed.events {
        table.add_row([
            it.sequence.to_string(),
            clocks.past(it.event_time),
            caller(it),
            it.action.clone(),
            summary(it),
        ]);
    }
    output::write_table(&table, out)?;
    write_sum(args, (&listed, is_more), out)?;
    Ok(Outcome::Yes)
}

/// Prints how many more events there are than are shown, where their numbers tell.
fn write_sum(
    args: &List,
    (listed, is_more): (&v1::ListAuditEventsResponse, bool),
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let is_all = args.action.is_empty()
        && args.actor.is_none()
        && args.from.is_none()
        && args.until.is_none();
    // All that fit are shown, which says nothing of how many there are.
    if !is_all && !is_more {
        return Ok(());
    }
    let sum = output::Listed {
        shown: listed.events.len(),
        all: is_all.then_some(listed.head_sequence),
        is_more,
        what: "event",
    };
    sum.write(out)
}

fn show(args: &Show, out: &mut dyn Write) -> Result<Outcome, Error> {
    let mut request = v1::ListAuditEventsRequest {
        page_size: Some(1_000),
        tenant: args.remote.tenant(),
        ..Default::default()
    };
    let mut newest = 0;
    let event = loop {
        let page = ask(&args.remote, request.clone())?;
        newest = newest.max(page.head_sequence);
        let found = page.events.into_iter().find(|it| it.sequence == args.number);
        if found.is_some() || page.next_page_token.is_empty() {
            break found;
        }
        request.page_token = Some(page.next_page_token);
    };
    let Some(event) = event else {
        let number = args.number;
        return Err(Error::NoSuch(format!(
            "there is no event {number}; the newest is {newest}, and `courtesy audit list` lists \
             them"
        )));
    };
    if args.remote.json {
        output::write_json(&output::message("AuditEvent", &event)?, out)?;
        return Ok(Outcome::Yes);
    }
    writeln!(out, "event     {}", event.sequence)?;
    writeln!(out, "time      {}", Clocks::here().past(event.event_time))?;
    writeln!(out, "caller    {}", caller(&event))?;
    writeln!(out, "call      {}", event.action)?;
    if let Some((from, to)) = event.from_revision.zip(event.to_revision) {
        writeln!(out, "revision  {from} → {to}")?;
    }
    writeln!(out, "hash      {}", hexadecimal(&event.hash))?;
    for detail in details(&event).split("; ").filter(|detail| !detail.is_empty()) {
        output::write_prose(&format!("  {detail}"), out)?;
    }
    Ok(Outcome::Yes)
}

/// Fails where the API has no call of a name, which is then not in the log either.
fn must_be_a_call(name: &str) -> Result<(), Error> {
    let pool = DescriptorPool::decode(DESCRIPTORS)
        .map_err(|error| Error::Input(format!("the API's descriptors are damaged: {error}")))?;
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let calls: Vec<String> = methods.map(|method| method.name().to_owned()).collect();
    if [DAMAGED, VIEWED].contains(&name) || calls.iter().any(|call| call == name) {
        return Ok(());
    }
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    let meant = match closest(name, &calls) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`courtesy audit list` shows their names".to_owned(),
    };
    Err(Error::NoSuch(format!("there is no call `{name}`; {meant}")))
}

/// The revisions that an event is about, the first of its details, and how many more there are.
fn summary(event: &v1::AuditEvent) -> String {
    let details = details(event);
    let mut parts = details.split("; ");
    let first: String = parts.next().unwrap_or_default().chars().take(SUMMARY_MAX).collect();
    let more = match parts.count() {
        0 => String::new(),
        more => format!("(and {more} more)"),
    };
    let told = [revisions(event), first, more];
    told.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

fn caller(event: &v1::AuditEvent) -> String {
    let author = event.author.iter().map(|author| format!(" for {author}"));
    format!("{}{}", event.actor, author.collect::<String>())
}

fn revisions(event: &v1::AuditEvent) -> String {
    let revisions = event.from_revision.zip(event.to_revision);
    revisions.map(|(from, to)| format!("revision {from} → {to}:")).unwrap_or_default()
}

fn details(event: &v1::AuditEvent) -> String {
    match (&event.damage, &event.failure) {
        (Some(damage), _) => format!("cannot be read: {damage}"),
        (None, Some(failure)) => format!("not done: {failure} ({})", event.details),
        (None, None) => event.details.clone(),
    }
}

fn verify(args: &Verify, out: &mut dyn Write) -> Result<Outcome, Error> {
    let known = args.known.as_deref().map(parse_known).transpose()?;
    let tenant = args.remote.tenant().unwrap_or_else(|| "default".to_owned());
    let mut walk: Option<Verifier> = None;
    let mut broken: Vec<String> = Vec::new();
    let (mut head, mut found) = (String::new(), 0_u64);
    let mut is_known = known.is_none();
    let mut request = v1::ListAuditEventsRequest {
        page_size: Some(1_000),
        tenant: args.remote.tenant(),
        ..Default::default()
    };
    loop {
        let page = ask(&args.remote, request.clone())?;
        let newest = page.head_sequence;
        let verifier = walk.get_or_insert_with(|| {
            broken.extend(page.end_damage.iter().cloned());
            Verifier::new(&tenant, newest)
        });
        for event in &page.events {
            let link = link(event);
            let digits = link.as_ref().map(|link| hexadecimal(&link.hash)).unwrap_or_default();
            if found == 0 {
                head = format!("{}:{digits}", event.sequence);
            }
            is_known |= known.as_ref() == Some(&(event.sequence, digits));
            found = found.saturating_add(1);
            let breaks = verifier.look(event.sequence, link.as_ref());
            broken.extend(breaks.iter().map(Broken::to_string));
            if event.action == DAMAGED {
                broken.push(format!("before event {}: {}", event.sequence, event.details));
            }
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = Some(page.next_page_token);
    }
    let breaks = walk.map(Verifier::finish).unwrap_or_default();
    broken.extend(breaks.iter().map(Broken::to_string));
    if let (Some((number, _)), false) = (&known, is_known) {
        broken.push(format!("event {number} does not have the hash that was kept"));
    }
    if args.remote.json {
        let newest = Some(head).filter(|_| found > 0);
        let verified = json!({"events": found, "newest": newest, "broken": broken});
        output::write_json(&verified, out)?;
        return Ok(if broken.is_empty() { Outcome::Yes } else { Outcome::No });
    }
    if broken.is_empty() {
        writeln!(out, "{found} events, all as they were written")?;
        if found > 0 {
            writeln!(out, "the newest is {head}; keep this elsewhere, for --known")?;
        }
        return Ok(Outcome::Yes);
    }
    for sentence in broken.iter().take(BROKEN_MAX) {
        writeln!(out, "BROKEN  {sentence}")?;
    }
    let more = broken.len().saturating_sub(BROKEN_MAX);
    if more > 0 {
        writeln!(out, "BROKEN  and {more} more")?;
    }
    Ok(Outcome::No)
}

/// The link of an event; `None` if it cannot be read.
fn link(event: &v1::AuditEvent) -> Option<Link> {
    Some(Link {
        event: event.encoded_event.clone().into(),
        previous_hash: hash(&event.previous_hash)?,
        hash: hash(&event.hash)?,
    })
}

fn parse_known(text: &str) -> Result<(u64, String), Error> {
    let known = text.split_once(':').and_then(|(number, digits)| {
        let is_hash = digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        Some((number.parse().ok()?, digits.to_lowercase())).filter(|_| is_hash)
    });
    known.ok_or_else(|| {
        Error::Input(format!(
            "`{text}` is not an event: write a number, `:` and 64 hexadecimal digits"
        ))
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ask(
    remote: &Remote,
    request: v1::ListAuditEventsRequest,
) -> Result<v1::ListAuditEventsResponse, Error> {
    remote.call(async move |channel| {
        PolicyServiceClient::new(channel).list_audit_events(request).await
    })
}

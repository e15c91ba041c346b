//! `courtesy pause`, `resume` and `pauses`: what operators have paused.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::labels::LabelListArgs;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::clock;
use crate::model::Instant;
use crate::model::Label;
use crate::model::Span;
use crate::model::label::label_lists_of;
use crate::model::pause::in_words;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::rpc::convert::time::timestamp;
use crate::words::closest;
use crate::zone::Round;

/// The arguments of `pause`.
#[derive(Debug, clap::Args)]
pub(crate) struct Pause {
    /// The pause's name; one that has it already is replaced
    name: String,
    /// Why; it shows in every answer
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    selector: SelectorArgs,
    /// When it begins; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    from: Option<Instant>,
    /// When it is over; without it, when `courtesy resume` ends it
    #[arg(long, value_name = "TIME", value_parser = values::instant, conflicts_with = "lasts")]
    until: Option<Instant>,
    /// How long it lasts, such as 90m or 2d
    #[arg(long = "for", value_name = "LENGTH", value_parser = values::span)]
    lasts: Option<Span>,
    /// The author of the change
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

/// Which contacts are meant; without any of these, all.
#[derive(Debug, clap::Args)]
struct SelectorArgs {
    /// Only this channel; may be repeated, as all of these
    #[arg(long, value_name = "NAME")]
    channel: Vec<String>,
    /// Only this purpose
    #[arg(long, value_name = "NAME")]
    purpose: Vec<String>,
    #[command(flatten)]
    labels: LabelListArgs,
    /// Only messages about this occasion
    #[arg(long, value_name = "NAME")]
    occasion: Vec<String>,
    /// Only customers under this law, such as US-FL
    #[arg(long, value_name = "CODE")]
    jurisdiction: Vec<String>,
    /// Only customers of this segment
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// Only contacts of at least this priority
    #[arg(long, value_name = "0-100")]
    priority_at_least: Option<u32>,
    /// Only contacts below this priority
    #[arg(long, value_name = "1-100")]
    priority_below: Option<u32>,
}

impl SelectorArgs {
    fn message(&self) -> v1::ContactSelector {
        let mut message = v1::ContactSelector {
            channels: self.channel.clone(),
            purposes: self.purpose.clone(),
            occasions: self.occasion.clone(),
            jurisdictions: self.jurisdiction.clone(),
            segments: self.segment.clone(),
            priority_at_least: self.priority_at_least,
            priority_below: self.priority_below,
            ..v1::ContactSelector::default()
        };
        label_lists_of!(message) = self.labels.lists();
        message
    }
}

/// The arguments of `resume`.
#[derive(Debug, clap::Args)]
pub(crate) struct Resume {
    /// The pauses to end; where one of them is not there, the exit code is 1
    #[arg(value_name = "NAME", required_unless_present = "all")]
    names: Vec<String>,
    /// All pauses
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// The author of the change
    #[arg(long, env = "COURTESY_AUTHOR", value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `pauses`.
#[derive(Debug, clap::Args)]
pub(crate) struct Pauses {
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn pause(args: &Pause, out: &mut dyn Write) -> Result<Outcome, Error> {
    let after = |lasts: Span| args.from.unwrap_or_else(clock::now).plus(lasts);
    let selector = args.selector.message();
    let request = v1::PauseContactsRequest {
        name: args.name.clone(),
        selector: Some(selector),
        reason: args.reason.clone(),
        start_time: args.from.map(timestamp),
        end_time: args.until.or_else(|| args.lasts.map(after)).map(timestamp),
        author: args.author.clone(),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).pause_contacts(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("PauseContactsResponse", &response)?, out)?;
    } else {
        write(response.pause.as_slice(), out)?;
    }
    Ok(Outcome::Yes)
}

pub(crate) fn resume(
    args: &Resume,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let names = if args.all {
        list(&args.remote)?.pauses.into_iter().map(|it| it.name).collect()
    } else {
        args.names.clone()
    };
    if names.is_empty() {
        if args.remote.json {
            let response = v1::ResumeContactsResponse::default();
            output::write_json(&output::message("ResumeContactsResponse", &response)?, out)?;
        } else {
            writeln!(out, "nothing is paused")?;
        }
        return Ok(Outcome::Yes);
    }
    let (author, tenant) = (args.author.clone(), args.remote.tenant());
    let request = v1::ResumeContactsRequest { names: names.clone(), author, tenant };
    let response = args.remote.call(async move |channel| {
        PolicyServiceClient::new(channel).resume_contacts(request).await
    })?;
    let is_ended = |name: &String| response.ended.iter().any(|it| it.name == *name);
    let unknown: Vec<&String> = names.iter().filter(|name| !is_ended(name)).collect();
    let outcome = if unknown.is_empty() { Outcome::Yes } else { Outcome::No };
    if args.remote.json {
        output::write_json(&output::message("ResumeContactsResponse", &response)?, out)?;
    } else {
        writeln!(out, "ended: {}", response.ended.len())?;
        write(&response.pauses, out)?;
    }
    let there: Vec<&str> = response.pauses.iter().map(|it| it.name.as_str()).collect();
    for name in unknown {
        let meant = closest(name, &there).map(|it| format!("; did you mean `{it}`?"));
        let listed = if there.is_empty() { "nothing".to_owned() } else { there.join(", ") };
        let meant = meant.unwrap_or_else(|| format!("; what is paused: {listed}"));
        writeln!(err, "there is no pause `{name}`{meant}")?;
    }
    Ok(outcome)
}

pub(crate) fn pauses(args: &Pauses, out: &mut dyn Write) -> Result<Outcome, Error> {
    let response = list(&args.remote)?;
    if args.remote.json {
        output::write_json(&output::message("ListPausesResponse", &response)?, out)?;
    } else {
        write(&response.pauses, out)?;
    }
    Ok(Outcome::Yes)
}

/// All pauses: a tenant has fewer than fit on the longest page.
fn list(remote: &Remote) -> Result<v1::ListPausesResponse, Error> {
    let request =
        v1::ListPausesRequest { page_size: Some(1_000), page_token: None, tenant: remote.tenant() };
    remote.call(async move |channel| PolicyServiceClient::new(channel).list_pauses(request).await)
}

fn write(pauses: &[v1::Pause], out: &mut dyn Write) -> std::io::Result<()> {
    if pauses.is_empty() {
        return writeln!(out, "nothing is paused");
    }
    let mut table = output::table(["PAUSE", "WHAT", "FROM", "UNTIL", "REASON", "AUTHOR"]);
    let clocks = Clocks::here();
    for it in pauses {
        table.add_row([
            it.name.clone(),
            what(it.selector.as_ref()),
            clocks.past(it.start_time.or(it.set_time)),
            clocks.time(it.end_time, Round::Up).unwrap_or_else(|| "it is resumed".to_owned()),
            it.reason.clone(),
            it.author.clone().unwrap_or_default(),
        ]);
    }
    output::write_table(&table, out)
}

/// The contacts that are stopped, in words.
fn what(selector: Option<&v1::ContactSelector>) -> String {
    let Some(it) = selector else { return "everything".to_owned() };
    let first = [("channels", texts(&it.channels)), ("purposes", texts(&it.purposes))];
    let labels = Label::ALL.zip(label_lists_of!(&it)).map(|(it, all)| (it.list(), texts(all)));
    let last = [
        ("occasions", texts(&it.occasions)),
        ("jurisdictions", texts(&it.jurisdictions)),
        ("segments", texts(&it.segments)),
    ];
    let bounds = (it.priority_at_least, it.priority_below);
    in_words(first.into_iter().chain(labels).chain(last), bounds)
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

//! `courtesy customer`: what a customer wants.

mod consent_events;
mod erasure;
mod occasions;
mod shown;
mod suppression;
mod update;

use std::io::Write;

use clap::Subcommand;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::profile::texts;
use crate::model::scope::parts;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::rpc::convert::time::duration;
use crate::rpc::convert::time::timestamp;
use crate::zone::Round;

/// What to do with a customer.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show everything on record about a customer, except contacts
    Show(Show),
    /// Change what is known of a customer: time zone, laws, segments, cadence, quiet times
    Update(Box<update::Update>),
    /// Record that a customer does not want to be contacted
    OptOut(OptOut),
    /// Record that a customer wants to be contacted
    OptIn(OptIn),
    /// Stop contacts with a customer for a reason of your own, such as an open case
    Suppress(suppression::Suppress),
    /// Lift what `suppress` has set
    Unsuppress(suppression::Unsuppress),
    /// List what a customer said about being contacted, with what proves it
    ConsentEvents(consent_events::Args),
    /// List the occasions that a customer can opt out of, and when they come next
    Occasions(occasions::Args),
    /// Write everything on record about a customer, as JSON
    Export(erasure::Export),
    /// Erase a customer, except for the opt-outs
    Erase(erasure::Erase),
}

/// The arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    remote: Remote,
}

/// What a wish is about; without any of these, everything.
#[derive(Debug, clap::Args)]
struct ScopeArgs {
    /// The channel that it covers; without it, all channels
    #[arg(long, value_parser = Name::new)]
    channel: Option<Name>,
    /// The purpose that it covers; without it, all purposes
    #[arg(long, value_parser = Name::new)]
    purpose: Option<Name>,
    /// The topic that it covers; without it, all topics
    #[arg(long, value_parser = Name::new)]
    topic: Option<Name>,
    /// The brand that it covers; without it, all brands
    #[arg(long, value_parser = Name::new)]
    brand: Option<Name>,
    /// The occasion that it covers; without it, all occasions
    #[arg(long, value_parser = Name::new)]
    occasion: Option<Name>,
    /// Only marketing, including purposes that the policy will declare later
    #[arg(long, conflicts_with = "purpose")]
    marketing: bool,
}

/// The arguments of `opt-out`.
#[derive(Debug, clap::Args)]
pub(crate) struct OptOut {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    scope: ScopeArgs,
    /// When the customer said so; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// When the opt-out ends; without it, never
    #[arg(long, value_name = "TIME", value_parser = values::instant, conflicts_with = "snooze")]
    until: Option<Instant>,
    /// How long the opt-out lasts, such as 30d or 12h; a number alone counts days; without it, for
    /// good
    #[arg(long, value_name = "LENGTH", value_parser = values::days_or_span)]
    snooze: Option<Span>,
    /// The system or form that it came from, such as crm
    #[arg(long)]
    source: Option<String>,
    /// The evidence, such as the customer's words
    #[arg(long)]
    evidence: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `opt-in`.
#[derive(Debug, clap::Args)]
pub(crate) struct OptIn {
    /// The customer, by the organisation's id
    #[arg(long, value_name = "ID")]
    customer: String,
    #[command(flatten)]
    scope: ScopeArgs,
    /// When the customer said so; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// The system or form that it came from, such as crm
    #[arg(long)]
    source: Option<String>,
    /// The evidence: the words, a form's name, a message id
    #[arg(long)]
    evidence: String,
    /// The ground of the consent; without it, `express`: the customer said so
    #[arg(long)]
    ground: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    match command {
        Command::Show(args) => show(args, out),
        Command::Update(args) => update::run(args, out),
        Command::OptOut(args) => opt_out(args, out),
        Command::OptIn(args) => opt_in(args, out),
        Command::Suppress(args) => suppression::suppress(args, out),
        Command::Unsuppress(args) => suppression::unsuppress(args, out),
        Command::ConsentEvents(args) => consent_events::run(args, out),
        Command::Occasions(args) => occasions::run(args, out),
        Command::Export(args) => erasure::export(args, out),
        Command::Erase(args) => erasure::erase(args, out),
    }
}

fn show(args: &Show, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request =
        v1::GetCustomerRequest { customer_id: args.customer.clone(), tenant: args.remote.tenant() };
    let response = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).get_customer(request).await
    })?;
    let customer = response.customer.clone().unwrap_or_default();
    let is_known = !customer.version.is_empty();
    if args.remote.json {
        output::write_json(&output::message("GetCustomerResponse", &response)?, out)?;
    } else if is_known {
        shown::write(&customer, out)?;
    } else {
        writeln!(out, "nothing is on record of `{}`", one_line(&args.customer))?;
    }
    Ok(if is_known { Outcome::Yes } else { Outcome::No })
}

fn opt_out(args: &OptOut, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::OptOutRequest {
        customer_id: args.customer.clone(),
        scope: Some(args.scope.to_message()),
        event_time: args.at.map(timestamp),
        until_time: args.until.map(timestamp),
        source: Some(args.source.clone().unwrap_or_else(|| "cli".to_owned())),
        evidence: args.evidence.clone(),
        request_id: Some(remote::request_id()),
        tenant: args.remote.tenant(),
        snooze: args.snooze.map(duration),
    };
    let response = args
        .remote
        .call(async move |channel| CustomerServiceClient::new(channel).opt_out(request).await)?;
    if args.remote.json {
        output::write_json(&output::message("OptOutResponse", &response)?, out)?;
    } else {
        write_opt_outs(&response.opt_outs, &Clocks::here(), out)?;
    }
    Ok(Outcome::Yes)
}

fn opt_in(args: &OptIn, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::OptInRequest {
        customer_id: args.customer.clone(),
        scope: Some(args.scope.to_message()),
        event_time: args.at.map(timestamp),
        source: Some(args.source.clone().unwrap_or_else(|| "cli".to_owned())),
        evidence: args.evidence.clone(),
        pending: None,
        ground: args.ground.clone(),
        request_id: Some(remote::request_id()),
        tenant: args.remote.tenant(),
    };
    let response = args
        .remote
        .call(async move |channel| CustomerServiceClient::new(channel).opt_in(request).await)?;
    if args.remote.json {
        output::write_json(&output::message("OptInResponse", &response)?, out)?;
        return Ok(Outcome::Yes);
    }
    let consents: Vec<String> = response.consents.iter().map(consent_in_words).collect();
    if !consents.is_empty() {
        writeln!(out, "consent to: {}", consents.join(", "))?;
    }
    write_opt_outs(&response.opt_outs, &Clocks::here(), out)?;
    Ok(Outcome::Yes)
}

fn consent_in_words(consent: &v1::Consent) -> String {
    if consent.ground == Ground::EXPRESS.as_str() {
        return consent.channel.clone();
    }
    format!("{} (by {})", consent.channel, consent.ground)
}

fn write_opt_outs(
    opt_outs: &[v1::OptedOut],
    clocks: &Clocks,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if opt_outs.is_empty() {
        return writeln!(out, "no opt-out is in force");
    }
    let mut table = output::table(["OPTED OUT OF", "SINCE", "UNTIL", "SOURCE"]);
    for it in opt_outs {
        let until = clocks.time(it.until_time, Round::Down);
        let until = until.unwrap_or_else(|| "for good".to_owned());
        let source = it.source.clone().unwrap_or_default();
        table.add_row([but_for(it), clocks.past(it.event_time), until, source]);
    }
    output::write_table(&table, out)
}

/// The scope of an opt-out, and the parts that have been taken back.
pub(super) fn but_for(opt_out: &v1::OptedOut) -> String {
    let except = opt_out.except_scopes.iter().map(|it| format!(", but for {}", words(Some(it))));
    words(opt_out.scope.as_ref()) + &except.collect::<String>()
}

pub(super) fn words(scope: Option<&v1::Scope>) -> String {
    let Some(scope) = scope else { return "everything".to_owned() };
    let marketing = scope.marketing.unwrap_or_default().then(|| "all marketing".to_owned());
    let parts = parts!(&scope).into_iter();
    let named = parts.filter_map(|(what, name)| Some(format!("{what} {}", name.as_ref()?)));
    let named: Vec<String> = marketing.into_iter().chain(named).collect();
    if named.is_empty() { "everything".to_owned() } else { named.join(", ") }
}

impl ScopeArgs {
    /// Whether nothing narrows the scope.
    fn is_empty(&self) -> bool {
        self.to_message() == v1::Scope::default()
    }

    fn to_message(&self) -> v1::Scope {
        parts!(v1::Scope { texts(&self), marketing: self.marketing.then_some(true) })
    }
}

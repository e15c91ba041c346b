//! The simulation of a policy with the contacts of the last days: with progress if there is script,
//! and otherwise as a page that takes its time.

use std::convert::Infallible;

use axum::response::IntoResponse;
use axum::response::Sse;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::stream;
use jiff::civil::Date;
use maud::Markup;
use maud::html;
use tonic::Code;
use tonic::Status;
use tonic::Streaming;

use super::AT;
use super::draft::DAYS;
use super::draft::Draft;
use super::lines;
use crate::console::draw;
use crate::console::draw::Bars;
use crate::console::draw::Category;
use crate::console::draw::Layout;
use crate::console::draw::Series;
use crate::console::draw::Tone;
use crate::console::session::Whose;
use crate::console::table::table;
use crate::console::visit::Screened;
use crate::console::visit::Visit;
use crate::proto::v1;
use crate::proto::v1::ReasonCode;
use crate::proto::v1::simulate_policy_response::Part;

type SimulationStream = Streaming<v1::SimulatePolicyResponse>;

async fn begin(visit: &Visit, draft: &Draft) -> Result<SimulationStream, Status> {
    let days = match draft.days.trim() {
        "" => DAYS,
        days => days.parse().map_err(|error| {
            Status::invalid_argument(format!("`{days}` is not a number of days: {error}"))
        })?,
    };
    let request = v1::SimulatePolicyRequest {
        documents: draft.sent(),
        prune: Some(true),
        days: Some(days),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    Ok(visit.api.policies().simulate_policy(request).await?.into_inner())
}

/// The report, once there is one.
pub(super) async fn whole(visit: &Visit, draft: &Draft) -> Result<Markup, Status> {
    let mut answers = begin(visit, draft).await?;
    while let Some(answer) = answers.message().await? {
        if let Some(Part::Report(it)) = answer.part {
            return Ok(report(visit, &it));
        }
    }
    Err(Status::unavailable("the simulation ended without a report"))
}

/// The progress and then the report, as server-sent events.
pub(super) async fn live(visit: &Visit, draft: &Draft) -> Screened {
    match begin(visit, draft).await {
        Ok(answers) => {
            let events = events(visit.clone(), answers);
            Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
        }
        Err(status) if status.code() == Code::PermissionDenied => {
            Err(visit.refused(AT, &status).await)
        }
        Err(status) => {
            let last = stream::iter([Ok::<_, Infallible>(result(refused(&status)))]);
            Ok(Sse::new(last).into_response())
        }
    }
}

fn events(
    visit: Visit,
    answers: SimulationStream,
) -> impl Stream<Item = Result<Event, Infallible>> {
    answers.filter_map(move |answer| {
        let event = match answer.map(|it| it.part) {
            Ok(Some(Part::Progress(it))) => {
                Some(Event::default().event("progress").data(it.customers_seen.to_string()))
            }
            Ok(Some(Part::Report(it))) => Some(result(report(&visit, &it))),
            Ok(None) => None,
            Err(status) => Some(result(refused(&status))),
        };
        std::future::ready(event.map(Ok))
    })
}

/// The event that replaces the result. An event has no carriage return, and HTML needs none.
fn result(says: Markup) -> Event {
    Event::default().event("result").data(says.into_string().replace('\r', ""))
}

/// The reason why there is no result.
pub(super) fn refused(status: &Status) -> Markup {
    html! { p class="told bad" role="alert" { (status.message()) } }
}

fn report(visit: &Visit, it: &v1::SimulationReport) -> Markup {
    html! {
        h2 { "What it would have done" }
        (outcome(it))
        h3 { "By day" }
        (by_day(it))
        h3 { "By rule" }
        (by_rule(it))
        h3 { "By channel" }
        (by_channel(it))
        @if !it.shadow_rules.is_empty() {
            h3 { "Rules in shadow" }
            (in_shadow(it))
        }
        h3 { "Most affected" }
        (most_affected(visit, it))
        h3 { "What is different" }
        (lines::changes(&it.changes))
    }
}

/// The outcome in a sentence.
fn outcome(it: &v1::SimulationReport) -> Markup {
    let effect = it.effect.unwrap_or_default();
    html! {
        p class="told" role="status" {
            "Of " strong { (it.contacts) } " contacts of the last " (it.days.len())
            " days, this policy refuses "
            strong { (effect.refused_then) } ", the one in force " (effect.refused_now) ": "
            strong class="deny" { (effect.newly_refused) " newly refused" } ", "
            strong class="allow" { (effect.newly_allowed) " newly allowed" } ". "
            "That touches " strong { (it.customers_affected) } " of " (it.customers_simulated)
            " customers."
            @if it.customers_unreadable > 0 {
                " The records of " (it.customers_unreadable) " cannot be read."
            }
        }
    }
}

/// Both refuse, only the new one refuses, only the old one refuses, and none does.
const OUTCOMES: [Series<'static>; 4] = [
    Series { label: "allowed by both", tone: Tone::Allowed },
    Series { label: "newly allowed", tone: Tone::Other(0) },
    Series { label: "refused by both", tone: Tone::Other(1) },
    Series { label: "newly refused", tone: Tone::Refused },
];

fn outcomes(contacts: u64, effect: v1::SimulatedEffect) -> [u64; 4] {
    let v1::SimulatedEffect { refused_now, newly_refused, newly_allowed, .. } = effect;
    let both = refused_now.saturating_sub(newly_allowed);
    let changed = newly_refused.saturating_add(refused_now);
    [contacts.saturating_sub(changed), newly_allowed, both, newly_refused]
}

fn by_day(it: &v1::SimulationReport) -> Markup {
    let values: Vec<[u64; 4]> =
        it.days.iter().map(|day| outcomes(day.contacts, day.effect.unwrap_or_default())).collect();
    let labels: Vec<String> = it.days.iter().map(|day| short(&day.date)).collect();
    let categories: Vec<Category<'_>> =
        labels.iter().zip(&values).map(|(label, values)| Category { label, values }).collect();
    draw::bars(&Bars {
        id: "by-day",
        title: "Contacts by day",
        layout: Layout::Columns,
        of: "Day",
        series: &OUTCOMES,
        categories: &categories,
    })
}

/// `22 Nov` of `2026-11-22`.
fn short(date: &str) -> String {
    let day = date.parse::<Date>();
    day.map_or_else(|_| date.to_owned(), |day| day.strftime("%-d %b").to_string())
}

fn by_rule(it: &v1::SimulationReport) -> Markup {
    let labels: Vec<String> = it.causes.iter().map(label).collect();
    let values: Vec<[u64; 2]> = it
        .causes
        .iter()
        .map(|cause| {
            let effect = cause.effect.unwrap_or_default();
            let before = effect.refused_then.saturating_sub(effect.newly_refused);
            [effect.newly_refused, before]
        })
        .collect();
    let categories: Vec<Category<'_>> =
        labels.iter().zip(&values).map(|(label, values)| Category { label, values }).collect();
    draw::bars(&Bars {
        id: "by-rule",
        title: "Refusals by what refuses",
        layout: Layout::Rows,
        of: "Rule or wish",
        series: &[
            Series { label: "newly refused", tone: Tone::Refused },
            Series { label: "refused by both", tone: Tone::Other(1) },
        ],
        categories: &categories,
    })
}

/// A rule's name, or the cause in words.
fn label(cause: &v1::SimulatedCause) -> String {
    match (&cause.rule, cause.code) {
        (Some(rule), _) => rule.clone(),
        (None, Some(_)) => words(cause.code()),
        (None, None) => "not declared".to_owned(),
    }
}

fn words(code: ReasonCode) -> String {
    code.word().to_lowercase().replace('_', " ")
}

fn by_channel(it: &v1::SimulationReport) -> Markup {
    let rows: Vec<Vec<Markup>> = it
        .channels
        .iter()
        .map(|it| {
            let effect = it.effect.unwrap_or_default();
            let numbers = [
                it.contacts,
                effect.refused_now,
                effect.refused_then,
                effect.newly_refused,
                effect.newly_allowed,
            ];
            let numbers = numbers.into_iter().map(|it| html! { (it) });
            std::iter::once(html! { (it.channel) }).chain(numbers).collect()
        })
        .collect();
    let heads =
        ["Channel", "Contacts", "Refused now", "Refused then", "Newly refused", "Newly allowed"];
    table("By channel", &heads, &rows, "No contact was made.")
}

fn in_shadow(it: &v1::SimulationReport) -> Markup {
    let row = |it: &v1::ShadowRule| {
        let rule = it.rule.clone().unwrap_or_else(|| words(it.code()));
        vec![html! { (rule) }, html! { (it.contacts) }]
    };
    let rows: Vec<Vec<Markup>> = it.shadow_rules.iter().map(row).collect();
    table("Rules in shadow", &["Rule", "Would refuse"], &rows, "")
}

/// The customers who would get fewer contacts. An address has no id; the id is shown to users who
/// may look it up.
fn most_affected(visit: &Visit, it: &v1::SimulationReport) -> Markup {
    let may = visit.may("CustomerService/GetCustomer");
    let row = |(index, it): (usize, &v1::AffectedCustomer)| {
        let whose = Whose { tenant: visit.tenant.clone(), customer_id: it.customer_id.clone() };
        let token = visit.console.parts.seals.customer(&whose);
        let mut cells = vec![
            html! { @if may { (it.customer_id) } @else { "no. " (index.saturating_add(1)) } },
            html! { (it.newly_refused) },
        ];
        if may {
            cells.push(html! { a class="nowrap" href={ "/customers/" (token) } { "Look up" } });
        }
        cells
    };
    let rows: Vec<Vec<Markup>> = it.most_affected.iter().enumerate().map(row).collect();
    let heads = ["Customer", "Newly refused", "Record"];
    let heads = heads.iter().take(if may { 3 } else { 2 }).copied().collect::<Vec<_>>();
    html! {
        (table("Most affected", &heads, &rows, "No customer would hear less."))
        @if !may && !rows.is_empty() {
            p class="soft" { "Who may look customers up sees who they are." }
        }
    }
}

//! Decisions as they are made on this instance, and how many there were.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Query;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::Sse;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use axum::routing::get;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::stream;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;
use tonic::Streaming;

use super::Console;
use super::choice;
use super::draw;
use super::draw::Bars;
use super::draw::Category;
use super::draw::Layout;
use super::draw::Series;
use super::draw::Tone;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use super::when::Clock;
use super::when::instant;
use crate::proto::v1;
use crate::proto::v1::Effect;
use crate::proto::v1::ReasonCode;

const AT: &str = "/decisions";
/// The number of past decisions that are shown.
const BACKLOG: u32 = 200;
/// The number of reasons with a colour of their own.
const REASONS_MAX: usize = 5;

pub(super) fn routes() -> Router<Console> {
    Router::new().route("/decisions", get(show)).route("/decisions/live", get(live))
}

/// The decisions that are shown.
#[derive(Clone, Debug, Default, Deserialize)]
struct DecisionsQuery {
    #[serde(default)]
    effect: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    rule: String,
}

impl DecisionsQuery {
    fn request(&self, visit: &Visit, backlog: u32) -> v1::WatchDecisionsRequest {
        let named = |it: &str| Some(it.trim().to_owned()).filter(|it| !it.is_empty());
        let effect = match &*self.effect {
            "allowed" => Effect::Allow,
            "refused" => Effect::Deny,
            _ => Effect::Unspecified,
        };
        v1::WatchDecisionsRequest {
            tenant: visit.of_tenant(),
            effect: effect.into(),
            channel: named(&self.channel),
            purpose: named(&self.purpose),
            rule: named(&self.rule),
            backlog: Some(backlog),
            ..Default::default()
        }
    }
}

async fn watch(
    visit: &Visit,
    asked: &DecisionsQuery,
    backlog: u32,
) -> Result<Streaming<v1::WatchDecisionsResponse>, Status> {
    let request = asked.request(visit, backlog);
    visit.api.policies().watch_decisions(request).await.map(tonic::Response::into_inner)
}

async fn show(visit: Visit, Query(asked): Query<DecisionsQuery>) -> Screened {
    let seen = async {
        let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
        let declared = visit.api.policies().describe_policy(request).await?.into_inner();
        // The first answer is the past; it comes at once, also where there is none.
        let past = watch(&visit, &asked, BACKLOG).await?.message().await?;
        Ok::<_, Status>((declared, past.unwrap_or_default().decisions))
    };
    match seen.await {
        Ok((declared, decisions)) => {
            let body = html! {
                (form(&asked, &declared))
                p class="soft" { "Of this instance alone, the newest first. Times are UTC." }
                (newest_first(&visit, &decisions))
            };
            Ok(visit.page((AT, "Decisions"), body).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

fn form(asked: &DecisionsQuery, declared: &v1::DescribePolicyResponse) -> Markup {
    let any = || [String::new()].into_iter();
    let effects: Vec<String> = any().chain(["allowed", "refused"].map(str::to_owned)).collect();
    let channels: Vec<String> =
        any().chain(declared.channels.iter().map(|it| it.name.clone())).collect();
    let purposes: Vec<String> =
        any().chain(declared.purposes.iter().map(|it| it.name.clone())).collect();
    html! {
        form method="get" class="ask" role="search" {
            (choice::select("Answer", "effect", &effects, &asked.effect))
            (choice::select("Channel", "channel", &channels, &asked.channel))
            (choice::select("Purpose", "purpose", &purposes, &asked.purpose))
            label { "Rule" input name="rule" size="20" value=(asked.rule); }
            button { "Show" }
        }
    }
}

fn newest_first(visit: &Visit, decisions: &[v1::ObservedDecision]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Decisions" {
            table {
                thead { tr {
                    @for head in
                        ["When", "Answer", "Channel", "Purpose", "Reasons", "Revision", "Customer"]
                        {
                        th scope="col" { (head) }
                    }
                } }
                tbody data-live="/decisions/live" data-most=(BACKLOG) {
                    @for it in decisions.iter().rev() { (row(&visit.utc(), it)) }
                }
            }
        }
        @if decisions.is_empty() { p class="empty" { "No such decision was made yet." } }
    }
}

fn row(clock: &Clock, it: &v1::ObservedDecision) -> Markup {
    let at = it.decide_time.as_ref().map(instant);
    let hash: String = it.customer_hash.chars().take(8).collect();
    html! {
        tr {
            td { @if let Some(at) = at { time datetime=(at) { (clock.seconds(at)) } } }
            td {
                @if it.effect() == Effect::Allow { span class="allow" { "allowed" } }
                @else { span class="deny" { "refused" } }
                @if it.degraded { span class="soft" { " (store away)" } }
            }
            td { (it.channel) }
            td { (it.purpose) }
            td {
                @for (index, reason) in it.reasons.iter().enumerate() {
                    @if index > 0 { ", " }
                    (reason.code().word())
                    @if let Some(rule) = &reason.rule { " (" (rule) ")" }
                }
                @if it.reasons.is_empty() { "–" }
            }
            td { (it.policy_revision) }
            td { code title=(it.customer_hash) { (hash) } }
        }
    }
}

/// The rows of what is decided from now on, as server-sent events.
async fn live(visit: Visit, Query(asked): Query<DecisionsQuery>) -> Response {
    match watch(&visit, &asked, 0).await {
        Ok(watched) => {
            Sse::new(rows(visit.utc(), watched)).keep_alive(KeepAlive::default()).into_response()
        }
        Err(status) => visit.refused(AT, &status).await,
    }
}

fn rows(
    clock: Clock,
    watched: Streaming<v1::WatchDecisionsResponse>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    // An error ends the stream; the browser then asks again, with its session as it is.
    let answers = watched.take_while(|it| std::future::ready(it.is_ok()));
    answers.flat_map(move |answer| {
        let decisions = answer.map(|it| it.decisions).unwrap_or_default();
        let rows = decisions.iter().map(|it| row(&clock, it).into_string());
        let rows: Vec<Result<Event, Infallible>> =
            rows.map(|row| Ok(Event::default().data(row))).collect();
        stream::iter(rows)
    })
}

/// The last day in numbers; nothing for a caller who may not see them.
pub(super) async fn summary(visit: &Visit) -> Markup {
    if !visit.may("PolicyService/DescribeDecisions") {
        return html! {};
    }
    let request = v1::DescribeDecisionsRequest { tenant: visit.of_tenant() };
    match visit.api.policies().describe_decisions(request).await {
        Ok(described) => counted(visit, &described.into_inner()),
        Err(status) => html! { p class="told bad" role="alert" { (status.message()) } },
    }
}

fn counted(visit: &Visit, described: &v1::DescribeDecisionsResponse) -> Markup {
    let hours = &described.hours;
    let reasons = most_frequent(hours);
    let names: Vec<&str> = reasons.iter().map(|it| it.word()).collect();
    let shown =
        names.iter().enumerate().map(|(index, label)| Series { label, tone: Tone::Other(index) });
    let series: Vec<Series<'_>> =
        shown.chain([Series { label: "other reasons", tone: Tone::Other(REASONS_MAX) }]).collect();
    let labels: Vec<String> = hours
        .iter()
        .map(|it| {
            it.start_time.as_ref().map(|at| visit.utc().time(instant(at))).unwrap_or_default()
        })
        .collect();
    let values: Vec<Vec<u64>> = hours.iter().map(|it| by_reason(it, &reasons)).collect();
    let categories: Vec<Category<'_>> =
        labels.iter().zip(&values).map(|(label, values)| Category { label, values }).collect();
    let total = |of: fn(&v1::HourOfDecisions) -> u64| hours.iter().map(of).sum::<u64>();
    let last = hours.last();
    let rows = [
        ("this hour", last.map_or(0, |it| it.allowed), last.map_or(0, |it| it.refused)),
        ("the last 24 hours", total(|it| it.allowed), total(|it| it.refused)),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .into_iter()
        .map(|(when, allowed, refused)| {
            vec![
                html! { (when) },
                html! { span class="allow" { (allowed) } },
                html! { span class="deny" { (refused) } },
            ]
        })
        .collect();
    html! {
        h2 { "Decisions of the last day" }
        p class="soft" {
            "Of this instance"
            @if let Some(at) = &described.start_time {
                ", since " (visit.utc().shown(instant(at))) " UTC"
            }
            ". The metric " code { "courtesy_decisions_total" } " has those of all."
        }
        (table("Decisions", &["", "Allowed", "Refused"], &rows, ""))
        (draw::bars(&Bars {
            id: "reasons",
            title: "Refusals by reason and hour (UTC)",
            layout: Layout::Columns,
            of: "Hour",
            series: &series,
            categories: &categories,
        }))
    }
}

/// The reasons with the most refusals.
fn most_frequent(hours: &[v1::HourOfDecisions]) -> Vec<ReasonCode> {
    let mut counts: Vec<(ReasonCode, u64)> = Vec::new();
    for it in hours.iter().flat_map(|it| &it.reasons) {
        match counts.iter_mut().find(|(code, _)| *code == it.code()) {
            Some((_, count)) => *count = count.saturating_add(it.count),
            None => counts.push((it.code(), it.count)),
        }
    }
    counts.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code as i32));
    counts.into_iter().map(|(code, _)| code).take(REASONS_MAX).collect()
}

/// An hour's refusals for each of the reasons, and for all others together.
fn by_reason(hour: &v1::HourOfDecisions, reasons: &[ReasonCode]) -> Vec<u64> {
    let of = |code: &ReasonCode| {
        hour.reasons.iter().filter(|it| it.code() == *code).map(|it| it.count).sum()
    };
    let mut values: Vec<u64> = reasons.iter().map(of).collect();
    let others = hour.reasons.iter().filter(|it| !reasons.contains(&it.code()));
    values.push(others.map(|it| it.count).sum());
    values
}

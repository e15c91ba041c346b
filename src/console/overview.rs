//! Overview: how the service stands, what is in force, who waits, and what comes. As a board for
//! the wall with `?wall=1`.

use axum::extract::Query;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::frame;
use super::replies;
use super::replies::Board;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use super::when::between;
use super::when::instant;
use super::when::length;
use crate::model::Day;
use crate::proto::v1;

/// The number of days ahead for which occasions are shown.
const AHEAD_DAYS: i32 = 30;
/// The number of bars on a board on the wall.
const WALL_WAITS: usize = 12;

/// The form of the screen.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OverviewQuery {
    #[serde(default)]
    wall: Option<String>,
}

/// The data of the screen.
struct Seen {
    board: Board,
    policy: Option<Policy>,
    pauses: Vec<v1::Pause>,
    occasions: Vec<v1::OfferedOccasion>,
}

/// The policy in force.
struct Policy {
    revision: u64,
    scheduled: Option<v1::PolicyRevision>,
    in_force: Option<v1::PolicyRevision>,
}

pub(super) async fn show(visit: Visit, Query(asked): Query<OverviewQuery>) -> Screened {
    let seen = match look(&visit).await {
        Ok(seen) => seen,
        Err(status) => return Err(visit.refused("/", &status).await),
    };
    if asked.wall.is_some() {
        return Ok(frame::wall("Overview", &wall(&visit, &seen)));
    }
    let body = html! {
        div class="cards" {
            (health(&visit))
            (policy(&visit, seen.policy.as_ref()))
            (waiting(&visit, &seen.board))
        }
        (super::decisions::summary(&visit).await)
        (coming(&visit, &seen.occasions))
        p class="soft" { a href="/?wall=1" { "As a board for the wall" } }
    };
    Ok(visit.page(("/", "Overview"), body).await)
}

async fn look(visit: &Visit) -> Result<Seen, Status> {
    let tenant = visit.of_tenant();
    let occasions = if visit.may("PolicyService/ListOccasions") {
        let request = v1::ListOccasionsRequest { tenant: tenant.clone(), ..Default::default() };
        visit.api.policies().list_occasions(request).await?.into_inner().occasions
    } else {
        Vec::new()
    };
    let pauses = if visit.may("PolicyService/ListPauses") {
        let request = v1::ListPausesRequest { tenant, ..Default::default() };
        visit.api.policies().list_pauses(request).await?.into_inner().pauses
    } else {
        Vec::new()
    };
    let (board, policy) = (replies::board(visit).await?, in_force(visit).await?);
    Ok(Seen { board, policy, pauses, occasions })
}

async fn in_force(visit: &Visit) -> Result<Option<Policy>, Status> {
    let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
    let revision = visit.api.policies().describe_policy(request).await?.into_inner().revision;
    if !visit.may("PolicyService/ListPolicyRevisions") {
        return Ok(Some(Policy { revision, scheduled: None, in_force: None }));
    }
    let request =
        v1::ListPolicyRevisionsRequest { tenant: visit.of_tenant(), ..Default::default() };
    let listed = visit.api.policies().list_policy_revisions(request).await?.into_inner();
    let mut scheduled: Vec<v1::PolicyRevision> =
        listed.revisions.iter().filter(|it| it.scheduled).cloned().collect();
    scheduled.sort_by_key(|it| it.effective_time.as_ref().map(instant));
    let in_force = listed.revisions.into_iter().find(|it| it.in_force);
    Ok(Some(Policy { revision, scheduled: scheduled.into_iter().next(), in_force }))
}

fn card(title: &str, class: &str, body: &Markup) -> Markup {
    html! { section class={ "card " (class) } { h2 { (title) } (body) } }
}

/// The service, in the words of its probe.
fn health(visit: &Visit) -> Markup {
    let (is_ready, says) = (visit.console.parts.ready)();
    let class = match (is_ready, &*says) {
        (true, "ready") => "good",
        (true, _) => "warn",
        (false, _) => "bad",
    };
    card("Service", class, &html! { p class="large" { (says) } })
}

fn policy(visit: &Visit, policy: Option<&Policy>) -> Markup {
    let utc = visit.utc();
    let Some(policy) = policy else { return html! {} };
    let body = html! {
        p class="large" {
            @if policy.revision == 0 { "the starter policy" } @else {
                "revision " (policy.revision)
            }
        }
        @if let Some(it) = &policy.in_force {
            p { "applied " (utc.optional(it.apply_time.as_ref())) " UTC"
                @if let Some(author) = &it.author { " by " (author) }
                @if let Some(note) = &it.note { ": " (note) } }
        }
        @if let Some(it) = &policy.scheduled {
            p {
                strong { "Revision " (it.revision) } " takes effect "
                    (utc.optional(it.effective_time.as_ref())) " UTC"
            }
        }
        @if visit.may("PolicyService/GetPolicy") { p { a href="/policy" { "Policy" } } }
    };
    card("Policy", "", &body)
}

fn waiting(visit: &Visit, board: &Board) -> Markup {
    if !visit.may("CustomerService/ListUnclearMessages") {
        return html! {};
    }
    let class = if board.replies.is_empty() && board.unclear.is_empty() { "good" } else { "warn" };
    let body = html! {
        p class="large" { (count(board.replies.len(), board.more)) " overdue" }
        @if let Some(longest) = board.replies.first().and_then(|it| it.event_time.as_ref()) {
            p { "the longest waits for " (length(between(instant(longest), visit.now).millis())) }
        }
        p { (count(board.unclear.len(), board.more)) " not understood" }
        p { a href="/replies" { "Replies" } }
    };
    card("Customers who wait for us", class, &body)
}

fn count(number: usize, more: bool) -> String {
    if more { format!("{number} or more") } else { number.to_string() }
}

/// The occasions of the next days that keep messages back.
fn coming(visit: &Visit, occasions: &[v1::OfferedOccasion]) -> Markup {
    let today = visit.utc().zone().day(visit.now);
    let last = today.plus(AHEAD_DAYS);
    let mut rows: Vec<(Day, Vec<Markup>)> = Vec::new();
    for it in occasions {
        for days in &it.next_days {
            let (Some(first), Some(end)) = (day(&days.first_date), day(&days.last_date)) else {
                continue;
            };
            if end < today || first > last {
                continue;
            }
            let until = (end > first).then(|| visit.utc().day(end));
            rows.push((first, vec![
                html! { (visit.utc().day(first)) @if let Some(until) = until { " to " (until) } },
                html! { (it.title.as_deref().unwrap_or(&it.name)) },
                html! { (days.countries.join(", ")) },
                html! {
                    @if it.keeps_days_quiet == Some(true) { "quiet for all" } @else {
                        "quiet for those who asked"
                    }
                },
            ]));
        }
    }
    rows.sort_by_key(|(first, _)| *first);
    let rows: Vec<Vec<Markup>> = rows.into_iter().map(|(_, row)| row).collect();
    html! {
        h2 { "The next " (AHEAD_DAYS) " days" }
        (table(
            "What comes",
            &["When", "Occasion", "Countries", "Effect"],
            &rows,
            "No occasion of the policy is near.",
        ))
    }
}

fn day(text: &str) -> Option<Day> {
    text.parse::<jiff::civil::Date>().ok().map(Day::from)
}

/// The board for the wall.
fn wall(visit: &Visit, seen: &Seen) -> Markup {
    let (is_ready, says) = (visit.console.parts.ready)();
    let board = &seen.board;
    let first = board.replies.get(..WALL_WAITS).unwrap_or(&board.replies);
    html! {
        div class="numbers" {
            p class=(if board.replies.is_empty() { "good" } else { "bad" }) {
                strong { (count(board.replies.len(), board.more)) } " overdue"
            }
            p class=(if board.unclear.is_empty() { "good" } else { "warn" }) {
                strong { (count(board.unclear.len(), board.more)) } " not understood"
            }
            p { strong { (visit.utc().time(visit.now)) } " UTC" }
        }
        @if !is_ready || says != "ready" { p class="told bad" { (says) } }
        @if !seen.pauses.is_empty() { p class="told bad" { (seen.pauses.len()) " paused" } }
        (replies::against_target(visit, first))
    }
}

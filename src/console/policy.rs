//! The policy: what is in force, what was, and what is to be.

mod draft;
mod edit;
mod lines;
mod presets;
mod revisions;
mod simulation;

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use axum::routing::post;
use http::StatusCode;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use self::lines::LinePlace;
use self::lines::Places;
use super::Console;
use super::visit::Screened;
use super::visit::Visit;
use crate::proto::v1;

/// The address of the screen.
const AT: &str = "/policy";

pub(super) fn routes() -> Router<Console> {
    Router::new()
        .route("/policy", get(show))
        .route("/policy/edit", get(edit::begin).post(edit::act))
        .route("/policy/cancel", post(revisions::cancel))
        .route("/policy/roll-back", post(revisions::roll_back))
        .route("/policy/presets", get(presets::show))
}

/// The parts of the policy that are shown.
#[derive(Clone, Debug, Default, Deserialize)]
struct PolicyQuery {
    /// A rule that is marked.
    #[serde(default)]
    rule: String,
    /// A revision whose documents are shown.
    revision: Option<u64>,
    /// The page of revisions.
    #[serde(default)]
    page: String,
}

async fn show(visit: Visit, Query(asked): Query<PolicyQuery>) -> Screened {
    screen(&visit, &asked, StatusCode::OK, html! {}).await
}

/// The screen, below what was `told`.
async fn screen(visit: &Visit, asked: &PolicyQuery, status: StatusCode, told: Markup) -> Screened {
    match drawn(visit, asked, told).await {
        Ok(body) => Ok(visit.page_of(status, (AT, "Policy"), body).await),
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

async fn drawn(visit: &Visit, asked: &PolicyQuery, told: Markup) -> Result<Markup, Status> {
    let policy = of_revision(visit, asked.revision).await?;
    let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
    let declared = visit.api.policies().describe_policy(request).await?.into_inner();
    let is_in_force = declared.revision == policy.revision;
    let places = Places::of(&policy.documents);
    let marked = places.of_rule(&asked.rule);
    let may_edit = visit.may("PolicyService/ValidatePolicy");
    Ok(html! {
        (told)
        (about(visit, &policy, is_in_force))
        p class="links" {
            @if is_in_force && may_edit {
                a class="button" href="/policy/edit" { "Edit, check and simulate" }
            }
            @if !is_in_force { a href=(AT) { "What is in force" } }
            a href="#rules" { "Rules" }
            a href="#revisions" { "Revisions" }
            a href="/policy/presets" { "Presets" }
        }
        @if !asked.rule.is_empty() { (asked_for(&asked.rule, &declared, marked)) }
        @if is_in_force { (rules(&declared, &places, &asked.rule)) }
        h2 id="documents" { "Documents" }
        @for it in &policy.documents {
            @let line = marked.filter(|marked| marked.document == it.name).map(|it| it.line);
            (document(it, line))
        }
        (revisions::section(visit, asked, declared.revision).await?)
    })
}

/// A revision, or the one that is in force.
async fn of_revision(visit: &Visit, revision: Option<u64>) -> Result<v1::Policy, Status> {
    let request = v1::GetPolicyRequest { tenant: visit.of_tenant(), revision };
    let answer = visit.api.policies().get_policy(request).await?;
    Ok(answer.into_inner().policy.unwrap_or_default())
}

/// The revision, its author, its time and the reason.
fn about(visit: &Visit, policy: &v1::Policy, is_in_force: bool) -> Markup {
    let utc = visit.utc();
    let since = policy.effective_time.as_ref().or(policy.apply_time.as_ref());
    html! {
        p class="facts-line" {
            @if policy.revision == 0 {
                span { strong { "The starter policy" } ", until you apply one of your own" }
            } @else {
                span { strong { "Revision " (policy.revision) } }
                @if is_in_force { span class="allow" { "in force" } }
                @if policy.cancel_time.is_some() {
                    span class="deny" {
                        "cancelled " (utc.optional(policy.cancel_time.as_ref())) " UTC"
                    }
                } @else if since.is_some() {
                    span {
                        @if is_in_force { "since " } @else { "from " } (utc.optional(since)) " UTC"
                    }
                }
                @if let Some(author) = &policy.author { span { "by " (author) } }
                @if let Some(restored) = policy.restored_revision {
                    span { "as revision " (restored) " was" }
                }
                @if let Some(note) = &policy.note { span { "“" (note) "”" } }
            }
        }
    }
}

/// The rule that was asked for, and where the documents say it.
fn asked_for(
    rule: &str,
    declared: &v1::DescribePolicyResponse,
    place: Option<LinePlace<'_>>,
) -> Markup {
    let found = declared.rules.iter().find(|it| it.name == rule);
    html! {
        p class="told" {
            @match (found, place) {
                (_, Some(place)) => {
                    "The rule " strong { (rule) } " is on "
                    a href={ "#" (place.id()) } { "line " (place.line) " of " (place.document) } "."
                }
                (Some(_), None) => {
                    "The rule " strong { (rule) } " comes from a preset that a document includes: "
                    a href="/policy/presets" { "presets" } "."
                }
                (None, None) => { "The policy in force has no rule " strong { (rule) } "." }
            }
        }
    }
}

/// The rules, each with a link to its line.
fn rules(declared: &v1::DescribePolicyResponse, places: &Places<'_>, marked: &str) -> Markup {
    // A quiet period around any occasion is several rules of one name.
    let mut seen = BTreeSet::new();
    let rules: Vec<&v1::DeclaredRule> =
        declared.rules.iter().filter(|it| seen.insert(&it.name)).collect();
    html! {
        h2 id="rules" { "Rules " span class="count" { (rules.len()) } }
        details open[rules.len() <= 40 || !marked.is_empty()] {
            summary { "Every rule, and where it is written" }
            div class="scroll" tabindex="0" role="region" aria-label="Rules" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Rule" } th scope="col" { "Family" } th scope="col" {
                                "Source"
                            }
                        }
                    }
                    tbody {
                        @for it in rules {
                            tr class=[(it.name == marked).then_some("marked")] {
                                td {
                                    @match places.of_rule(&it.name) {
                                        Some(place) => a href={ "#" (place.id()) } { (it.name) },
                                        None => (it.name),
                                    }
                                    @if it.shadow { " " span class="tag" { "shadow" } }
                                }
                                td { (it.family.replace('_', " ")) }
                                td { (it.source.as_deref().unwrap_or("–")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn document(it: &v1::PolicyDocument, marked: Option<usize>) -> Markup {
    html! {
        h3 { (it.name) }
        (lines::numbered(&it.name, &it.text, |line| {
            if marked == Some(line) { lines::Line::Marked } else { lines::Line::Plain }
        }))
    }
}

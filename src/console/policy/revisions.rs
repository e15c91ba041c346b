//! The revisions: who applied what, when and why; the one that is scheduled; and the way back.

use axum::extract::Form;
use http::StatusCode;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Code;
use tonic::Status;

use super::AT;
use super::PolicyQuery;
use super::lines;
use crate::console::visit::Screened;
use crate::console::visit::Visit;
use crate::console::when::Clock;
use crate::proto::v1;

/// The number of revisions on a page.
const PAGE: u32 = 20;

/// The revision that is meant, and why.
#[derive(Debug, Deserialize)]
pub(super) struct Meant {
    revision: u64,
    #[serde(default)]
    expected_revision: u64,
    #[serde(default)]
    note: String,
}

/// The list of revisions. `in_force` is the one in force.
pub(super) async fn section(
    visit: &Visit,
    asked: &PolicyQuery,
    in_force: u64,
) -> Result<Markup, Status> {
    let request = v1::ListPolicyRevisionsRequest {
        page_size: Some(PAGE),
        page_token: Some(asked.page.clone()).filter(|it| !it.is_empty()),
        tenant: visit.of_tenant(),
    };
    let listed = visit.api.policies().list_policy_revisions(request).await?.into_inner();
    Ok(html! {
        h2 id="revisions" { "Revisions" }
        @if listed.revisions.is_empty() {
            p class="empty" { "No policy has been applied yet." }
        }
        @for it in &listed.revisions { (revision(visit, it, in_force)) }
        @if !listed.next_page_token.is_empty() {
            p { a href={ "?page=" (listed.next_page_token) "#revisions" } { "Older revisions" } }
        }
    })
}

fn revision(visit: &Visit, it: &v1::PolicyRevision, in_force: u64) -> Markup {
    let utc = visit.utc();
    let was_in_force = !it.in_force && !it.scheduled && it.cancel_time.is_none();
    html! {
        article class=[it.in_force.then_some("now")] {
            h3 {
                a href={ "/policy?revision=" (it.revision) } { "Revision " (it.revision) }
                " " (state(&utc, it))
            }
            p class="facts-line" {
                span { (utc.optional(it.apply_time.as_ref())) " UTC" }
                span { "by " (it.author.as_deref().unwrap_or("unknown author")) }
                @if let Some(restored) = it.restored_revision {
                    span { "as revision " (restored) " was" }
                }
                @if let Some(note) = &it.note { span { "“" (note) "”" } }
            }
            details {
                summary {
                    (it.changes.len()) @if it.changes.len() == 1 { " change" } @else { " changes" }
                }
                (lines::changes(&it.changes))
            }
            @if it.scheduled && visit.may("PolicyService/CancelPolicy") {
                form method="post" action="/policy/cancel" {
                    input type="hidden" name="revision" value=(it.revision);
                    button class="plain" { "Cancel" }
                }
            }
            @if was_in_force && visit.may("PolicyService/RollbackPolicy") {
                (way_back(it, in_force))
            }
        }
    }
}

fn state(utc: &Clock, it: &v1::PolicyRevision) -> Markup {
    html! {
        @if it.in_force {
            span class="tag good" { "in force" }
        } @else if it.scheduled {
            span class="tag" { "scheduled for " (utc.optional(it.effective_time.as_ref())) " UTC" }
        } @else if it.cancel_time.is_some() {
            span class="tag" { "cancelled " (utc.optional(it.cancel_time.as_ref())) " UTC" }
        }
    }
}

fn way_back(it: &v1::PolicyRevision, in_force: u64) -> Markup {
    html! {
        details {
            summary { "Roll back to this…" }
            form method="post" action="/policy/roll-back" class="ask" {
                input type="hidden" name="revision" value=(it.revision);
                input type="hidden" name="expected_revision" value=(in_force);
                label { "Why" input name="note" required maxlength="1024" size="40"; }
                button class="danger" { "Roll back to revision " (it.revision) }
            }
        }
    }
}

/// Cancels the scheduled revision.
pub(super) async fn cancel(visit: Visit, Form(meant): Form<Meant>) -> Screened {
    let request = v1::CancelPolicyRequest {
        revision: Some(meant.revision),
        author: super::edit::author(&visit),
        note: None,
        tenant: visit.of_tenant(),
    };
    let done = visit.api.policies().cancel_policy(request).await;
    let done = done.map(|it| it.into_inner().revision);
    let says = |in_force| {
        html! {
            "Revision " (meant.revision) " is cancelled and never comes into force. "
            @if in_force == 0 { "The starter policy" } @else { "Revision " (in_force) }
            " stays in force."
        }
    };
    shown(&visit, done.map(says)).await
}

/// Puts the documents of an older revision in force again.
pub(super) async fn roll_back(visit: Visit, Form(meant): Form<Meant>) -> Screened {
    let request = v1::RollbackPolicyRequest {
        revision: Some(meant.revision),
        expected_revision: Some(meant.expected_revision),
        author: super::edit::author(&visit),
        note: Some(meant.note.trim().to_owned()).filter(|it| !it.is_empty()),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    let done = visit.api.policies().rollback_policy(request).await;
    let says = |it: tonic::Response<v1::RollbackPolicyResponse>| {
        let it = it.into_inner();
        html! {
            "What revision " (meant.revision) " said is in force again, as revision " (it.revision)
            "."
        }
    };
    shown(&visit, done.map(says)).await
}

/// The screen, with what became of what was asked.
async fn shown(visit: &Visit, done: Result<Markup, Status>) -> Screened {
    let (status, told) = match &done {
        Ok(says) => (StatusCode::OK, html! { p class="told" role="status" { (says) } }),
        Err(status) if status.code() == Code::PermissionDenied => {
            return Err(visit.refused(AT, status).await);
        }
        Err(status) => {
            let says = html! { p class="told bad" role="alert" { (status.message()) } };
            (StatusCode::CONFLICT, says)
        }
    };
    super::screen(visit, &PolicyQuery::default(), status, told).await
}

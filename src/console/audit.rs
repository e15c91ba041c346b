//! The audit log: who did what, and whether the log is whole.

use std::fmt::Write;

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use maud::Markup;
use maud::html;
use serde::Deserialize;

use super::Console;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use crate::proto::v1;

const AT: &str = "/audit";
/// The number of events on a page.
const PAGE: u32 = 100;

pub(super) fn routes() -> Router<Console> {
    Router::new().route("/audit", get(show))
}

/// The events that are asked for.
#[derive(Debug, Default, Deserialize)]
struct AuditQuery {
    #[serde(default)]
    action: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    page: String,
}

async fn show(visit: Visit, Query(asked): Query<AuditQuery>) -> Screened {
    let named = |it: &str| Some(it.trim().to_owned()).filter(|it| !it.is_empty());
    let request = v1::ListAuditEventsRequest {
        actions: named(&asked.action).into_iter().collect(),
        actor: named(&asked.actor),
        page_size: Some(PAGE),
        page_token: named(&asked.page),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    match visit.api.policies().list_audit_events(request).await {
        Ok(listed) => {
            let listed = listed.into_inner();
            let body = html! {
                (form(&asked))
                (wholeness(&visit, &listed))
                (events(&visit, &listed.events))
                @if !listed.next_page_token.is_empty() {
                    form method="get" {
                        input type="hidden" name="action" value=(asked.action);
                        input type="hidden" name="actor" value=(asked.actor);
                        input type="hidden" name="page" value=(listed.next_page_token);
                        button class="plain" { "Older events" }
                    }
                }
            };
            Ok(visit.page((AT, "Audit"), body).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

fn form(asked: &AuditQuery) -> Markup {
    html! {
        form method="get" class="ask" role="search" {
            label {
                "Action" input name="action" value=(asked.action) size="18"
                placeholder="ApplyPolicy";
            }
            label {
                "Caller" input name="actor" value=(asked.actor) size="24" placeholder="key:grace";
            }
            button { "Show" }
        }
    }
}

/// Whether every event follows from the one before.
fn wholeness(visit: &Visit, listed: &v1::ListAuditEventsResponse) -> Markup {
    let damage = listed.events.iter().find_map(|it| it.damage.as_ref());
    let damage = listed.end_damage.as_ref().or(damage);
    let newest = listed.events.iter().find(|it| it.sequence == listed.head_sequence);
    let head = newest.map(|it| hex(&it.hash));
    html! {
        @match damage {
            Some(damage) => {
                p class="told bad" role="alert" { strong { "The log is damaged: " } (damage) }
            },
            None => {
                p class="soft" {
                    "Verified up to event " (listed.head_sequence) " at "
                    (visit.utc().time(visit.now)) " UTC, for the events "
                    "on this page."
                    @if let Some(head) = head { " The newest hash: " code class="link" { (head) } }
                }
            },
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _written = write!(text, "{byte:02x}");
        text
    })
}

fn events(visit: &Visit, events: &[v1::AuditEvent]) -> Markup {
    let utc = visit.utc();
    let row = |it: &v1::AuditEvent| {
        vec![
            html! { (it.sequence) },
            utc.optional(it.event_time.as_ref()),
            html! { strong { (it.action) } },
            html! {
                (it.actor) @if let Some(author) = &it.author { br; span class="soft" { (author) } }
            },
            html! {
                span class="details" { (it.details) }
                @if let Some(failure) = &it.failure {
                    br; span class="deny" { "failed: " (failure) }
                }
            },
            match (it.from_revision, it.to_revision) {
                (Some(from), Some(to)) => html! { (from) " → " (to) },
                (None, Some(to)) => html! { (to) },
                (Some(from), None) => html! { (from) },
                (None, None) => html! { "–" },
            },
        ]
    };
    let rows: Vec<Vec<Markup>> = events.iter().map(row).collect();
    let heads = ["Event", "When (UTC)", "Action", "By", "Details", "Revision"];
    table("Audit events", &heads, &rows, "There is no such event.")
}

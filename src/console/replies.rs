//! Replies: customers who wait for an answer of ours, and messages that were not understood.

use axum::Router;
use axum::extract::Form;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::routing::get;
use axum::routing::post;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::Console;
use super::draw;
use super::draw::AgainstTarget;
use super::draw::Wait;
use super::session::Whose;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use super::when::between;
use super::when::instant;
use super::when::length;
use crate::model::Instant;
use crate::proto::v1;

const AT: &str = "/replies";
/// The number of each that are shown, the longest waiting first.
const SHOWN: u32 = 100;

pub(super) fn routes() -> Router<Console> {
    Router::new()
        .route("/replies", get(show))
        .route("/replies/answered", post(answered))
        .route("/replies/resolved", post(resolved))
}

/// A customer, sealed, and what is settled.
#[derive(Debug, Deserialize)]
struct Settled {
    token: String,
    what: String,
}

/// The messages that wait for people.
pub(super) struct Board {
    /// Customers whose answer is overdue, the longest first.
    pub(super) replies: Vec<v1::OverdueReply>,
    /// Messages that were not understood.
    pub(super) unclear: Vec<v1::UnclearMessage>,
    /// Whether there are more.
    pub(super) more: bool,
}

/// Asks for what waits.
pub(super) async fn board(visit: &Visit) -> Result<Board, Status> {
    let mut board = Board { replies: Vec::new(), unclear: Vec::new(), more: false };
    let (page_size, tenant) = (Some(SHOWN), visit.of_tenant());
    if visit.may("CustomerService/ListOverdueReplies") {
        let request =
            v1::ListOverdueRepliesRequest { page_size, tenant: tenant.clone(), page_token: None };
        let listed = visit.api.customers().list_overdue_replies(request).await?.into_inner();
        board.more |= !listed.next_page_token.is_empty();
        board.replies = listed.replies;
        board.replies.sort_by_key(|it| it.event_time.as_ref().map(instant));
    }
    if visit.may("CustomerService/ListUnclearMessages") {
        let request = v1::ListUnclearMessagesRequest { page_size, tenant, page_token: None };
        let listed = visit.api.customers().list_unclear_messages(request).await?.into_inner();
        board.more |= !listed.next_page_token.is_empty();
        board.unclear = listed.messages;
    }
    Ok(board)
}

async fn show(visit: Visit) -> Screened {
    match board(&visit).await {
        Ok(board) => {
            let body = html! {
                (waiting(&visit, &board))
                (unclear(&visit, &board.unclear))
                @if board.more {
                    p class="soft" { "There are more; the first " (SHOWN) " are shown." }
                }
            };
            Ok(visit.page((AT, "Replies"), body).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

/// The waiting time of each reply, against the target.
pub(super) fn against_target(visit: &Visit, replies: &[v1::OverdueReply]) -> Markup {
    let labels: Vec<String> = replies
        .iter()
        .enumerate()
        .map(|(index, it)| format!("{}. {}", index + 1, it.channel))
        .collect();
    let waits: Vec<Wait<'_>> = replies
        .iter()
        .zip(&labels)
        .filter_map(|(it, label)| {
            let wrote = it.event_time.as_ref().map(instant)?;
            let due = it.due_time.as_ref().map(instant)?;
            Some(Wait { label, waited: between(wrote, visit.now), target: between(wrote, due) })
        })
        .collect();
    draw::against_target(&AgainstTarget {
        id: "waits",
        title: "How long customers have waited, against the target",
        waits: &waits,
    })
}

fn waiting(visit: &Visit, board: &Board) -> Markup {
    let may = visit.may("CustomerService/MarkAnswered");
    let row = |(index, it): (usize, &v1::OverdueReply)| {
        let whose = whose(visit, &it.customer_id);
        vec![
            html! { (index + 1) },
            html! { (it.channel) },
            visit.utc().optional(it.event_time.as_ref()),
            html! { strong { (age(visit.now, it.event_time.as_ref())) } },
            visit.utc().optional(it.due_time.as_ref()),
            html! { (look_up(visit, &whose)) },
            html! { @if may { (settle("answered", "Answered", &whose, &it.channel)) } },
        ]
    };
    let rows: Vec<Vec<Markup>> = board.replies.iter().enumerate().map(row).collect();
    let heads = ["", "Channel", "Wrote (UTC)", "Waits for", "Was due (UTC)", "Customer", ""];
    html! {
        h2 { "Customers who wait for an answer" }
        @if !rows.is_empty() { (against_target(visit, &board.replies)) }
        (table("Customers who wait", &heads, &rows, "No answer is overdue."))
    }
}

fn unclear(visit: &Visit, messages: &[v1::UnclearMessage]) -> Markup {
    let may = visit.may("CustomerService/ResolveUnclearMessage");
    let row = |it: &v1::UnclearMessage| {
        let whose = whose(visit, &it.customer_id);
        vec![
            html! { (it.channel) },
            visit.utc().optional(it.event_time.as_ref()),
            html! { q { (it.text) } },
            html! { (it.doubt) },
            visit.utc().optional(it.suppressed_until_time.as_ref()),
            html! { (look_up(visit, &whose)) },
            html! { @if may { (settle("resolved", "Resolved", &whose, &it.message_id)) } },
        ]
    };
    let rows: Vec<Vec<Markup>> = messages.iter().map(row).collect();
    let heads = ["Channel", "Wrote (UTC)", "Message", "Doubt", "Held until (UTC)", "Customer", ""];
    html! {
        h2 { "Messages that were not understood" }
        p class="soft" {
            "Read each, record what the customer wants on the customer’s screen, and resolve it \
             here."
        }
        (table("Unclear messages", &heads, &rows, "Every message was understood."))
    }
}

fn age(now: Instant, at: Option<&prost_types::Timestamp>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| length(between(instant(at), now).millis()))
}

fn whose(visit: &Visit, customer_id: &str) -> String {
    let (tenant, customer_id) = (visit.tenant.clone(), customer_id.to_owned());
    visit.console.parts.seals.customer(&Whose { tenant, customer_id })
}

fn look_up(visit: &Visit, token: &str) -> Markup {
    html! {
        @if visit.may("CustomerService/GetCustomer") {
            a href={ "/customers/" (token) } { "Look up" }
        }
        @else { "–" }
    }
}

fn settle(path: &str, label: &str, token: &str, what: &str) -> Markup {
    html! {
        form method="post" action={ (AT) "/" (path) } {
            input type="hidden" name="token" value=(token);
            input type="hidden" name="what" value=(what);
            button class="plain small" { (label) }
        }
    }
}

async fn answered(visit: Visit, Form(it): Form<Settled>) -> Screened {
    let done = async {
        let whose = opened(&visit, &it)?;
        let request = v1::MarkAnsweredRequest {
            customer_id: whose.customer_id,
            channel: Some(it.what.clone()).filter(|it| !it.is_empty()),
            request_id: None,
            tenant: Some(whose.tenant),
        };
        visit.api.customers().mark_answered(request).await.map(drop)
    };
    back(&visit, done.await).await
}

async fn resolved(visit: Visit, Form(it): Form<Settled>) -> Screened {
    let done = async {
        let whose = opened(&visit, &it)?;
        let request = v1::ResolveUnclearMessageRequest {
            customer_id: whose.customer_id,
            message_id: Some(it.what.clone()),
            tenant: Some(whose.tenant),
            ..Default::default()
        };
        visit.api.customers().resolve_unclear_message(request).await.map(drop)
    };
    back(&visit, done.await).await
}

fn opened(visit: &Visit, it: &Settled) -> Result<Whose, Status> {
    let whose = visit.console.parts.seals.customer_of(&it.token);
    whose.ok_or_else(|| Status::not_found("this form is not whole; load the screen again"))
}

async fn back(visit: &Visit, done: Result<(), Status>) -> Screened {
    match done {
        Ok(()) => Ok(Redirect::to(AT).into_response()),
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

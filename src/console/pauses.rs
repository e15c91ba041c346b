//! Pauses: stopping contacts at once, and resuming them.

use axum::Router;
use axum::extract::Form;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use http::StatusCode;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::Console;
use super::choice;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use super::visit::outcome;
use super::when::instant;
use super::when::timestamp;
use crate::model::Span;
use crate::proto::v1;

const AT: &str = "/pauses";
/// The word that has to be typed to pause everything.
const TYPED: &str = "pause";
/// The default length of a pause, in hours.
const HOURS: &str = "2";

pub(super) fn routes() -> Router<Console> {
    Router::new().route("/pauses", get(show).post(pause)).route("/pauses/resume", post(resume))
}

/// The pause that is wanted: its contacts, its length, and the reason.
#[derive(Debug, Deserialize)]
struct PausesQuery {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    typed: String,
}

/// The pause that is to end.
#[derive(Debug, Deserialize)]
struct Ended {
    name: String,
}

async fn show(visit: Visit) -> Screened {
    drawn(&visit, (StatusCode::OK, html! {})).await
}

async fn drawn(visit: &Visit, (status, told): (StatusCode, Markup)) -> Screened {
    let screen = async {
        let request = v1::ListPausesRequest { tenant: visit.of_tenant(), ..Default::default() };
        let listed = visit.api.policies().list_pauses(request).await?.into_inner().pauses;
        let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
        let declared = visit.api.policies().describe_policy(request).await?.into_inner();
        Ok::<_, Status>((listed, declared))
    };
    match screen.await {
        Ok((listed, declared)) => {
            let body = html! {
                (told)
                (holding(visit, &listed))
                @if visit.may("PolicyService/PauseContacts") { (forms(&declared)) }
            };
            Ok(visit.page_of(status, (AT, "Pauses"), body).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

fn holding(visit: &Visit, listed: &[v1::Pause]) -> Markup {
    let utc = visit.utc();
    let may = visit.may("PolicyService/ResumeContacts");
    let row = |it: &v1::Pause| {
        let is_to_come = it.start_time.as_ref().is_some_and(|at| instant(at) > visit.now);
        vec![
            html! { strong class="deny" { (choice::selected(it.selector.as_ref())) } },
            html! { (it.reason) },
            html! {
                (utc.optional(it.start_time.as_ref().or(it.set_time.as_ref()))) @if is_to_come {
                    " (to come)"
                }
            },
            match &it.end_time {
                Some(at) => utc.shown(instant(at)),
                None => html! { "it is resumed" },
            },
            html! { (it.author.as_deref().unwrap_or("–")) },
            html! {
                @if may {
                    form method="post" action="/pauses/resume" {
                        input type="hidden" name="name" value=(it.name);
                        button class="plain small" { "Resume" }
                    }
                }
            },
        ]
    };
    let rows: Vec<Vec<Markup>> = listed.iter().map(row).collect();
    let heads = ["What", "Why", "From (UTC)", "Until (UTC)", "By", ""];
    table("Pauses", &heads, &rows, "Nothing is paused.")
}

/// A form for each channel and purpose, which opens with one click and pauses with the next.
fn forms(declared: &v1::DescribePolicyResponse) -> Markup {
    html! {
        h2 { "Stop a channel" }
        div class="stops" {
            @for it in &declared.channels { (form("channel", &it.name)) }
        }
        h2 { "Stop a purpose" }
        div class="stops" {
            @for it in &declared.purposes { (form("purpose", &it.name)) }
        }
        h2 { "Stop everything" }
        div class="stops" {
            details name="stop" class="stop" {
                summary { "everything" }
                form method="post" action="/pauses" class="stack" {
                    (why_and_how_long())
                    label { "Type " code { (TYPED) }
                        input name="typed" required pattern=(TYPED) size="8" autocomplete="off";
                    }
                    button class="danger big" { "Stop everything" }
                }
            }
        }
    }
}

fn form(field: &str, name: &str) -> Markup {
    html! {
        details name="stop" class="stop" {
            summary { (name) }
            form method="post" action="/pauses" class="stack" {
                input type="hidden" name=(field) value=(name);
                (why_and_how_long())
                button class="danger big" { "Stop " (name) }
            }
        }
    }
}

fn why_and_how_long() -> Markup {
    html! {
        label { "Why"
            input name="reason" required maxlength="256" size="40" autocomplete="off"
                placeholder="the carrier is down";
        }
        label { "For how many hours"
            input name="hours" inputmode="decimal" size="6" value=(HOURS)
                placeholder="until resumed";
        }
    }
}

async fn pause(visit: Visit, Form(asked): Form<PausesQuery>) -> Screened {
    match paused(&visit, &asked).await {
        Ok(()) => Ok(Redirect::to(AT).into_response()),
        Err(status) => {
            let says = html! { p class="told bad" role="alert" { (status.message()) } };
            drawn(&visit, (outcome(&status).0, says)).await
        }
    }
}

async fn paused(visit: &Visit, asked: &PausesQuery) -> Result<(), Status> {
    let is_everything = asked.channel.is_empty() && asked.purpose.is_empty();
    if is_everything && asked.typed.trim() != TYPED {
        return Err(Status::invalid_argument("to stop everything, type `pause`"));
    }
    let hours = match asked.hours.trim() {
        "" => None,
        hours => {
            let hours = hours.parse::<u32>().ok().filter(|it| (1..=9_600).contains(it));
            Some(hours.ok_or_else(|| {
                Status::invalid_argument("the number of hours is a whole number from 1 to 9600")
            })?)
        }
    };
    let list = |it: &String| Some(it.clone()).filter(|it| !it.is_empty()).into_iter().collect();
    let what = [&*asked.channel, &*asked.purpose].concat();
    let what = if what.is_empty() { "everything" } else { &what };
    // A name of its own, so that it takes the place of no other pause.
    let name = format!("{what}-{}", visit.now.millis());
    let request = v1::PauseContactsRequest {
        name,
        selector: Some(v1::ContactSelector {
            channels: list(&asked.channel),
            purposes: list(&asked.purpose),
            ..Default::default()
        }),
        reason: asked.reason.trim().to_owned(),
        end_time: hours.map(|it| timestamp(visit.now.plus(Span::from_hours(it)))),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    visit.api.policies().pause_contacts(request).await.map(drop)
}

async fn resume(visit: Visit, Form(ended): Form<Ended>) -> Result<Response, Response> {
    let request = v1::ResumeContactsRequest {
        names: vec![ended.name],
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    match visit.api.policies().resume_contacts(request).await {
        Ok(_ended) => Ok(Redirect::to(AT).into_response()),
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

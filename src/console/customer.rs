//! One customer: whether a contact is allowed, the reasons, the next allowed time, and the people
//! who can change that.

mod act;
mod answer;
mod pictures;
mod record;
mod ribbon;
mod ways;

use std::sync::Arc;

use axum::Router;
use axum::extract::Form;
use axum::extract::Path;
use axum::extract::Query;
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
use super::View;
use super::session::Whose;
use super::visit::Screened;
use super::visit::Visit;
use super::when::Clock;
use crate::model::Name;
use crate::model::Profile;
use crate::model::profile::facts;
use crate::model::profile::listed;
use crate::proto::v1;
use crate::zone::Zone;

/// The address of the screen.
const AT: &str = "/customers";
/// The method that shows a customer.
const GET: &str = "CustomerService/GetCustomer";
/// The facts that have a place of their own, or none.
const PLACED: [&str; 5] = ["time_zone", "time_zones", "jurisdictions", "segments", "attributes"];

pub(super) fn routes() -> Router<Console> {
    Router::new()
        .route("/customers", get(ask).post(look_up))
        .route("/customers/{token}", get(show))
        .route("/customers/{token}/opt-out", post(act::opt_out))
        .route("/customers/{token}/suppress", post(act::suppress))
        .route("/customers/{token}/unsuppress", post(act::unsuppress))
        .route("/customers/{token}/link", post(act::link))
        .route("/customers/{token}/export", post(act::export))
        .route("/customers/{token}/erase", post(act::erase))
}

/// The customer to look up.
#[derive(Deserialize)]
struct LookUp {
    customer_id: String,
}

/// The question about the customer.
#[derive(Clone, Debug, Default, Deserialize)]
struct Question {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    topic: String,
    /// The time on the customer's clock, as browsers write it: `2026-12-01T09:00`.
    #[serde(default)]
    at: String,
    /// The page of contacts.
    #[serde(default)]
    page: String,
}

/// A customer who is looked at.
struct Look<'a> {
    visit: &'a Visit,
    token: &'a str,
    customer: &'a v1::Customer,
    /// The customer's own clock, as far as it is known.
    clock: Clock,
    declared: &'a v1::DescribePolicyResponse,
}

async fn ask(visit: Visit) -> Response {
    visit.page((AT, "Customers"), html! { (look_up_form()) (hint()) }).await
}

fn hint() -> Markup {
    html! {
        p class="soft" {
            "A look at a customer is written to the audit log. Customers are never listed: you \
             type the id of the one you are asked about."
        }
    }
}

fn look_up_form() -> Markup {
    html! {
        form method="post" action="/customers" class="ask" role="search" {
            label { "Customer’s id"
                input name="customer_id" required maxlength="256" size="32" autofocus
                    autocomplete="off" spellcheck="false";
            }
            button { "Look up" }
        }
    }
}

/// Leads to the customer's screen, whose address does not tell the id.
async fn look_up(visit: Visit, Form(asked): Form<LookUp>) -> Response {
    let whose =
        Whose { tenant: visit.tenant.clone(), customer_id: asked.customer_id.trim().to_owned() };
    let token = visit.console.parts.seals.customer(&whose);
    Redirect::to(&format!("{AT}/{token}")).into_response()
}

/// The customer of an address, or the screen for an address without one.
async fn whose(visit: &Visit, token: &str) -> Result<Whose, Response> {
    match visit.console.parts.seals.customer_of(token) {
        Some(whose) => Ok(whose),
        None => {
            let says = html! {
                p { "This address is not whole, or of another installation. Look the customer up:" }
                (look_up_form())
            };
            Err(visit.page_of(StatusCode::NOT_FOUND, (AT, "Not found"), says).await)
        }
    }
}

async fn show(
    visit: Visit,
    Path(token): Path<String>,
    Query(question): Query<Question>,
) -> Screened {
    let mut visit = visit;
    let whose = whose(&visit, &token).await?;
    visit.tenant.clone_from(&whose.tenant);
    let of = Addressed { token: &token, whose: &whose };
    screen(&visit, of, &question, Outcome { status: StatusCode::OK, says: html! {} }).await
}

/// A customer, and the token in the address of the screen.
#[derive(Clone, Copy)]
struct Addressed<'a> {
    token: &'a str,
    whose: &'a Whose,
}

/// The result of an action, and the status of the answer.
struct Outcome {
    status: StatusCode,
    says: Markup,
}

/// The customer's screen, below an outcome.
async fn screen(
    visit: &Visit,
    of: Addressed<'_>,
    question: &Question,
    outcome: Outcome,
) -> Screened {
    let (whose, Outcome { status, says }) = (of.whose, outcome);
    if let Err(why) = noted(visit, whose).await {
        return Err(visit.refused(AT, &Status::unavailable(why)).await);
    }
    match drawn(visit, of, question).await {
        Ok(body) => {
            let body = html! { h1 { (whose.customer_id) } (says) (body) };
            Ok(visit.headed(status, (AT, "Customer"), body).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

/// Notes the look in the audit log before anything is shown.
async fn noted(visit: &Visit, whose: &Whose) -> Result<(), String> {
    let Ok(tenant) = Name::new(&whose.tenant) else { return Ok(()) };
    // A user who may not look sees nothing, and so there is nothing to note.
    if !visit.may(GET) || !visit.identity.is_for(&tenant) {
        return Ok(());
    }
    let actor = visit.identity.name.to_string();
    let view = View { actor, tenant, customer_id: whose.customer_id.clone() };
    (visit.console.parts.note)(view).await.map_err(|why| {
        format!(
            "the audit log cannot record that you looked at this customer, so nothing is shown: \
             {why}"
        )
    })
}

async fn drawn(
    visit: &Visit,
    Addressed { token, whose }: Addressed<'_>,
    question: &Question,
) -> Result<Markup, Status> {
    let customer = record(visit, whose).await?;
    let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
    let declared = visit.api.policies().describe_policy(request).await?.into_inner();
    let clock = Clock::new(zone(visit, &customer), visit.now);
    let look = Look { visit, token, customer: &customer, clock, declared: &declared };
    let question = look.completed(question);
    let may_ask = visit.may("ContactService/CheckContact");
    Ok(html! {
        (look.facts())
        @if may_ask {
            (answer::form(&look, &question))
            (answer::section(&look, &question).await?)
            (ways::section(&look).await?)
            (ribbon::section(&look, &question.purpose).await?)
        }
        @if visit.may(GET) {
            (record::wishes(&look).await?)
            (record::contacts(&look, &question.page).await?)
        }
        (act::section(&look))
    })
}

/// The data of the customer. A caller who may export but not look sees the forms alone.
async fn record(visit: &Visit, whose: &Whose) -> Result<v1::Customer, Status> {
    let customer_id = whose.customer_id.clone();
    if !visit.may(GET) && visit.may("CustomerService/ExportCustomer") {
        return Ok(v1::Customer { customer_id, ..v1::Customer::default() });
    }
    let request = v1::GetCustomerRequest { customer_id, tenant: visit.of_tenant() };
    let answered = visit.api.customers().get_customer(request).await?.into_inner();
    Ok(answered.customer.unwrap_or_default())
}

/// The zone of a customer's clock; UTC if none is known.
fn zone(visit: &Visit, customer: &v1::Customer) -> Arc<Zone> {
    let name = customer.time_zone.as_ref().or_else(|| customer.time_zones.first());
    let found = name.and_then(|it| visit.console.parts.zones.find(it));
    found.unwrap_or_else(|| Arc::new(Zone::fixed("UTC", 0)))
}

impl Look<'_> {
    /// The question, completed with the first channel and the first marketing purpose.
    fn completed(&self, question: &Question) -> Question {
        let mut question = question.clone();
        if question.channel.is_empty() {
            question.channel =
                self.declared.channels.first().map(|it| it.name.clone()).unwrap_or_default();
        }
        if question.purpose.is_empty() {
            let purposes = &self.declared.purposes;
            let first = purposes.iter().find(|it| it.marketing).or_else(|| purposes.first());
            question.purpose = first.map(|it| it.name.clone()).unwrap_or_default();
        }
        question
    }

    /// A contact that is asked about.
    fn contact(&self, channel: &str, purpose: &str) -> v1::Contact {
        v1::Contact {
            customer_id: self.customer.customer_id.clone(),
            channel: channel.to_owned(),
            purpose: purpose.to_owned(),
            ..v1::Contact::default()
        }
    }

    /// The facts about the customer, in a line.
    fn facts(&self) -> Markup {
        let Self { customer, clock, visit, .. } = self;
        let is_known = customer.time_zone.is_some() || !customer.time_zones.is_empty();
        let facts = Profile::FIELDS.into_iter().zip(facts!([listed(&customer)]));
        let others = facts.filter(|(field, _)| !PLACED.contains(field)).flat_map(|(_, it)| it);
        html! {
            p class="facts-line" {
                @if is_known {
                    span { (clock.name()) " (" (clock.time(visit.now)) " there)" }
                } @else {
                    span { "no time zone on record; times are UTC" }
                }
                @for it in &customer.jurisdictions { span { (it) } }
                @for it in &customer.segments { span class="tag" { (it) } }
                @for it in others { span { (it) } }
                @if !visit.may(GET) {
                    span { "your role does not show the record" }
                } @else if customer.version.is_empty() || customer.version == "0" {
                    span { "nothing is on record" }
                }
            }
        }
    }
}

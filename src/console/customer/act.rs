//! Actions for a customer: a link to the preferences, an opt-out, a suppression, an export of the
//! record, and an erasure.

use axum::extract::Form;
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::AT;
use super::Addressed;
use super::Look;
use super::Outcome;
use super::Question;
use crate::console::session::Whose;
use crate::console::visit::Screened;
use crate::console::visit::Visit;
use crate::console::visit::outcome;
use crate::console::when::instant;
use crate::console::when::timestamp;
use crate::html::Loads;
use crate::html::guard;
use crate::model::Span;
use crate::proto::json;
use crate::proto::v1;

/// The word that has to be typed to erase a customer.
const ERASE: &str = "erase";

/// The scope of a form, and until when, why and by what proof.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    typed: String,
}

impl Asked {
    /// The scope; unset is everything.
    fn scope(&self) -> Option<v1::Scope> {
        let named = |it: &String| Some(it.clone()).filter(|it| !it.is_empty());
        let scope = v1::Scope {
            channel: named(&self.channel),
            purpose: named(&self.purpose),
            ..v1::Scope::default()
        };
        (scope != v1::Scope::default()).then_some(scope)
    }

    /// The end of the opt-out or suppression; unset for never. Fails if the text is not a number of
    /// days from 1 to 400.
    fn until(&self, visit: &Visit) -> Result<Option<prost_types::Timestamp>, Status> {
        match self.days.trim() {
            "" => Ok(None),
            days => {
                let days = days.parse::<u32>().ok().filter(|it| (1..=400).contains(it));
                let days = days.ok_or_else(|| {
                    Status::invalid_argument("the number of days is from 1 to 400")
                })?;
                Ok(Some(timestamp(visit.now.plus(Span::from_days(days)))))
            }
        }
    }
}

/// The forms, those that the caller may send.
pub(super) fn section(look: &Look<'_>) -> Markup {
    let may = |method: &str| look.visit.may(method);
    html! {
        h2 id="act" { "Do" }
        div class="acts" {
            @if may("CustomerService/IssuePreferenceLink") {
                form method="post" action=(look.path("link")) {
                    button class="plain" { "Preference link" }
                }
            }
            @if may("CustomerService/OptOut") { (opt_out_form(look)) }
            @if may("CustomerService/SuppressCustomer") { (suppress_form(look)) }
            @if may("CustomerService/ExportCustomer") {
                form method="post" action=(look.path("export")) {
                    button class="plain" { "Export" }
                }
            }
            @if may("CustomerService/EraseCustomer") { (erase_form(look)) }
        }
    }
}

fn opt_out_form(look: &Look<'_>) -> Markup {
    html! {
        details { summary { "Opt out…" }
            form method="post" action=(look.path("opt-out")) class="stack" {
                (scope_fields(look))
                label {
                    "For how many days" input name="days" inputmode="numeric" size="5"
                    placeholder="for good";
                }
                label { "What proves it" input name="evidence" size="32" maxlength="1024"
                    placeholder="the customer’s words"; }
                button { "Opt the customer out" }
            }
        }
    }
}

fn suppress_form(look: &Look<'_>) -> Markup {
    html! {
        details { summary { "Suppress…" }
            form method="post" action=(look.path("suppress")) class="stack" {
                (scope_fields(look))
                label { "Reason" input name="reason" required size="20" maxlength="128"
                    placeholder="open_case"; }
                label {
                    "For how many days" input name="days" inputmode="numeric" size="5"
                    placeholder="for good";
                }
                button { "Suppress" }
            }
        }
    }
}

fn erase_form(look: &Look<'_>) -> Markup {
    html! {
        details { summary { "Erase…" }
            form method="post" action=(look.path("erase")) class="stack" {
                p {
                    "All that is on record is forgotten, but for opt-outs. It cannot be taken back."
                }
                label {
                    "Type " code { (ERASE) } input name="typed" required pattern=(ERASE) size="8"
                    autocomplete="off";
                }
                button class="danger" { "Erase the customer" }
            }
        }
    }
}

fn scope_fields(look: &Look<'_>) -> Markup {
    html! {
        label { "Channel" select name="channel" {
            option value="" { "all" }
            @for it in &look.declared.channels { option { (it.name) } }
        } }
        label { "Purpose" select name="purpose" {
            option value="" { "all" }
            @for it in &look.declared.purposes { option { (it.name) } }
        } }
    }
}

/// The form that lifts a suppression.
pub(super) fn lift(look: &Look<'_>, it: &v1::Suppression) -> Markup {
    let scope = it.scope.clone().unwrap_or_default();
    // A scope that the form cannot express is lifted elsewhere.
    let says = v1::Scope {
        channel: scope.channel.clone(),
        purpose: scope.purpose.clone(),
        ..v1::Scope::default()
    };
    if says != scope || super::record::is_past(look, it.until_time.as_ref()) {
        return html! {};
    }
    html! {
        form method="post" action=(look.path("unsuppress")) {
            @if let Some(channel) = &scope.channel {
                input type="hidden" name="channel" value=(channel);
            }
            @if let Some(purpose) = &scope.purpose {
                input type="hidden" name="purpose" value=(purpose);
            }
            @if let Some(reason) = &it.reason_code {
                input type="hidden" name="reason" value=(reason);
            }
            button class="plain small" { "Lift" }
        }
    }
}

pub(super) async fn opt_out(
    visit: Visit,
    Path(token): Path<String>,
    Form(asked): Form<Asked>,
) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    let done = async {
        let request = v1::OptOutRequest {
            customer_id: whose.customer_id.clone(),
            scope: asked.scope(),
            until_time: asked.until(&visit)?,
            source: Some("console".to_owned()),
            evidence: Some(asked.evidence.trim().to_owned()).filter(|it| !it.is_empty()),
            tenant: visit.of_tenant(),
            ..Default::default()
        };
        visit.api.customers().opt_out(request).await
    };
    let done = done.await.map(|_| html! { "The opt-out is on record." });
    shown(&visit, Addressed { token: &token, whose: &whose }, done).await
}

pub(super) async fn suppress(
    visit: Visit,
    Path(token): Path<String>,
    Form(asked): Form<Asked>,
) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    let done = async {
        let request = v1::SuppressCustomerRequest {
            customer_id: whose.customer_id.clone(),
            scope: asked.scope(),
            reason_code: Some(asked.reason.trim().to_owned()).filter(|it| !it.is_empty()),
            until_time: asked.until(&visit)?,
            source: Some("console".to_owned()),
            tenant: visit.of_tenant(),
            ..Default::default()
        };
        visit.api.customers().suppress_customer(request).await
    };
    let done = done.await.map(|_| html! { "The suppression is on record." });
    shown(&visit, Addressed { token: &token, whose: &whose }, done).await
}

pub(super) async fn unsuppress(
    visit: Visit,
    Path(token): Path<String>,
    Form(asked): Form<Asked>,
) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    let request = v1::UnsuppressCustomerRequest {
        customer_id: whose.customer_id.clone(),
        scope: asked.scope(),
        reason_code: Some(asked.reason.clone()).filter(|it| !it.is_empty()),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    let done = visit.api.customers().unsuppress_customer(request).await;
    let done = done.map(|_| html! { "The suppression is lifted." });
    shown(&visit, Addressed { token: &token, whose: &whose }, done).await
}

pub(super) async fn link(visit: Visit, Path(token): Path<String>) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    let request = v1::IssuePreferenceLinkRequest {
        customer_id: whose.customer_id.clone(),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    let issued = visit.api.customers().issue_preference_link(request).await;
    let told = issued.map(tonic::Response::into_inner).map(|it| {
        let until = it.expire_time.as_ref().map(instant);
        html! {
            "The customer’s own link"
            @if let Some(until) = until { ", good until " (visit.utc().shown(until)) " UTC" }
            ": " code class="link" { (it.url) }
        }
    });
    shown(&visit, Addressed { token: &token, whose: &whose }, told).await
}

pub(super) async fn export(visit: Visit, Path(token): Path<String>) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    let request = v1::ExportCustomerRequest {
        customer_id: whose.customer_id.clone(),
        tenant: visit.of_tenant(),
    };
    let exported = visit.api.customers().export_customer(request).await;
    let exported = match exported {
        Ok(exported) => exported.into_inner(),
        Err(status) => return Err(visit.refused(AT, &status).await),
    };
    match json::message("ExportCustomerResponse", &exported) {
        Ok(value) => {
            let mut response =
                guard(format!("{value:#}").into_response(), Loads::Script, "application/json");
            let named = HeaderValue::from_static("attachment; filename=\"customer.json\"");
            response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
            Ok(response)
        }
        Err(error) => Err(visit.refused(AT, &Status::unavailable(error)).await),
    }
}

pub(super) async fn erase(
    visit: Visit,
    Path(token): Path<String>,
    Form(asked): Form<Asked>,
) -> Screened {
    let whose = of(&visit, &token).await?;
    let visit = at(visit, &whose);
    if asked.typed.trim() != ERASE {
        let status = Status::invalid_argument("to erase the customer, type `erase`");
        return Err(visit.refused(AT, &status).await);
    }
    let request = v1::EraseCustomerRequest {
        customer_id: whose.customer_id.clone(),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    match visit.api.customers().erase_customer(request).await {
        Ok(_erased) => {
            let says = html! { p class="told" role="status" { "The customer is forgotten." } };
            Ok(visit.page_of(StatusCode::OK, (AT, "Erased"), says).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

async fn of(visit: &Visit, token: &str) -> Result<Whose, Response> {
    super::whose(visit, token).await
}

/// The visit, at the tenant of the customer.
fn at(mut visit: Visit, whose: &Whose) -> Visit {
    visit.tenant.clone_from(&whose.tenant);
    visit
}

/// The customer's screen, with what became of what was asked.
async fn shown(visit: &Visit, of: Addressed<'_>, done: Result<Markup, Status>) -> Screened {
    let (status, says) = match &done {
        Ok(says) => (StatusCode::OK, html! { p class="told" role="status" { (says) } }),
        Err(status) => {
            let says = html! { p class="told bad" role="alert" { (status.message()) } };
            (outcome(status).0, says)
        }
    };
    super::screen(visit, of, &Question::default(), Outcome { status, says }).await
}

impl Look<'_> {
    /// The address of something that is done for the customer.
    fn path(&self, what: &str) -> String {
        format!("{AT}/{}/{what}", self.token)
    }
}

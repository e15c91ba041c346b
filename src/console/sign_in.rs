//! Signing in with a key, signing out, and the tenant that is looked at.

use axum::extract::Form;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use maud::Markup;
use maud::html;
use serde::Deserialize;

use super::Console;
use super::frame;
use super::session::Kept;
use super::visit;
use super::visit::Visit;
use crate::access::Session;
use crate::access::key;
use crate::model::Name;

/// The pasted key.
#[derive(Deserialize)]
pub(super) struct Pasted {
    key: String,
}

/// The tenant that is to be looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    tenant: String,
}

/// Asks for a key, if one is needed.
pub(super) async fn ask(State(console): State<Console>, headers: HeaderMap) -> Response {
    let now = console.parts.clock.now();
    let kept = Kept::of(&headers, &console.parts.seals, console.parts.secure, now);
    if visit::who(&console, &headers, kept.as_ref(), now).is_ok() {
        return Redirect::to("/").into_response();
    }
    form(StatusCode::OK, &html! {})
}

/// Opens a session for a good key.
pub(super) async fn sign_in(
    State(console): State<Console>,
    Form(pasted): Form<Pasted>,
) -> Response {
    let now = console.parts.clock.now();
    let secret = pasted.key.trim();
    let mut shown = HeaderMap::new();
    if let Ok(bearer) = HeaderValue::from_str(&format!("Bearer {secret}")) {
        shown.insert(header::AUTHORIZATION, bearer);
    }
    if !secret.starts_with(key::PREFIX) || visit::who(&console, &shown, None, now).is_err() {
        let says = "This key is not valid here: it is unknown or revoked, or not copied whole.";
        return form(StatusCode::FORBIDDEN, &html! { p class="told bad" role="alert" { (says) } });
    }
    let mut response = Redirect::to("/").into_response();
    let kept = Kept::new(Some(Session(key::hash(secret))), "default", now);
    kept.keep(&console.parts.seals, console.parts.secure, &mut response);
    response
}

/// Ends the session.
pub(super) async fn sign_out(State(console): State<Console>) -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    Kept::forget(console.parts.secure, &mut response);
    response
}

/// Looks at another tenant.
pub(super) async fn choose_tenant(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    let tenant = chosen.tenant.trim();
    if Name::new(tenant).is_err() {
        let says = html! { p class="told bad" role="alert" { "That is not a tenant's name." } };
        return visit.page_of(StatusCode::BAD_REQUEST, ("", "No such tenant"), says).await;
    }
    visit.with_tenant(tenant, Redirect::to("/").into_response())
}

fn form(status: StatusCode, told: &Markup) -> Response {
    let says = html! {
        (told)
        form method="post" class="stack" {
            label { "Your key"
                input type="password" name="key" required autocomplete="current-password"
                    autofocus placeholder="courtesy_…" size="40";
            }
            p class="soft" {
                "It begins with " code { "courtesy_" } ". An operator makes one with "
                code { "courtesy credentials create" } "."
            }
            button { "Sign in" }
        }
    };
    frame::plain(status, "Sign in", &says)
}

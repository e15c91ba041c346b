//! One request to the console: the user, the tenant, and the rights.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use http::request;
use maud::Markup;
use maud::html;
use tonic::Code;
use tonic::Status;

use super::Console;
use super::api::Caller;
use super::frame;
use super::frame::Head;
use super::frame::SCREENS;
use super::frame::Screen;
use super::session::Kept;
use super::when::Clock;
use super::when::instant;
use crate::access::Identity;
use crate::access::Refused;
use crate::access::Shown;
use crate::access::Tenants;
use crate::access::method;
use crate::model::Instant;
use crate::proto::v1;

/// The tenant of users who never chose one.
const TENANT_DEFAULT: &str = "default";

/// A request by a user who has signed in.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) console: Console,
    pub(super) identity: Arc<Identity>,
    pub(super) tenant: String,
    pub(super) now: Instant,
    pub(super) api: Caller,
    kept: Option<Kept>,
}

/// A screen, or why it cannot be shown.
pub(super) type Screened = Result<Response, Response>;

/// The user of a request, by the session of its cookie or by a proxy's headers.
pub(super) fn who(
    console: &Console,
    headers: &HeaderMap,
    kept: Option<&Kept>,
    now: Instant,
) -> Result<Arc<Identity>, Refused> {
    let session = kept.and_then(Kept::session);
    let shown = Shown { headers, peer: None, session };
    console.parts.access.load().who(shown, now)
}

impl FromRequestParts<Console> for Visit {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut request::Parts,
        console: &Console,
    ) -> Result<Self, Response> {
        let now = console.parts.clock.now();
        let headers = &parts.headers;
        let kept = Kept::of(headers, &console.parts.seals, console.parts.secure, now);
        let Ok(identity) = who(console, headers, kept.as_ref(), now) else {
            return Err(Redirect::to("/sign-in").into_response());
        };
        let chosen = kept.as_ref().map_or(TENANT_DEFAULT, |it| &it.tenant);
        let tenant = match &identity.tenants {
            Tenants::Only(own) if !own.iter().any(|it| **it == *chosen) => {
                own.first().map(ToString::to_string).unwrap_or_default()
            }
            Tenants::Only(_) | Tenants::All => chosen.to_owned(),
        };
        let session = kept.as_ref().and_then(Kept::session);
        let authorization = headers.get(header::AUTHORIZATION).cloned();
        let api = Caller::new(console.parts.api.clone(), session, authorization);
        let visit = Self { console: console.clone(), identity, tenant, now, api, kept };
        let path = parts.uri.path();
        let is_hidden = |it: &&Screen| it.path == path && !visit.sees(it);
        match SCREENS.iter().find(is_hidden) {
            Some(screen) => {
                let needed = screen.needs.iter().flat_map(|it| method::named(it).roles);
                let needed: Vec<&str> = needed.map(|role| role.as_str()).collect();
                let says = format!("this screen takes one of these roles: {}", needed.join(", "));
                Err(visit.refused("", &Status::permission_denied(says)).await)
            }
            None => Ok(visit),
        }
    }
}

impl Visit {
    /// Whether the caller may call a method.
    pub(super) fn may(&self, method: &str) -> bool {
        self.identity.check_role(method::named(method).roles).is_ok()
    }

    /// Whether the caller may call one of the methods of a screen.
    fn sees(&self, screen: &Screen) -> bool {
        screen.needs.iter().any(|it| self.may(it))
    }

    /// The tenant, for a request.
    pub(super) fn of_tenant(&self) -> Option<String> {
        Some(self.tenant.clone())
    }

    /// A clock that shows UTC.
    pub(super) fn utc(&self) -> Clock {
        Clock::utc(self.now)
    }

    /// A screen, by its address in the menu and its title.
    pub(super) async fn page(&self, at: (&'static str, &str), body: Markup) -> Response {
        self.page_of(StatusCode::OK, at, body).await
    }

    /// A page with a status.
    pub(super) async fn page_of(
        &self,
        status: StatusCode,
        (at, title): (&'static str, &str),
        body: Markup,
    ) -> Response {
        self.headed(status, (at, title), html! { h1 { (title) } (body) }).await
    }

    /// A page with a heading of its own; the title is what browsers keep of a screen.
    pub(super) async fn headed(
        &self,
        status: StatusCode,
        (at, title): (&'static str, &str),
        body: Markup,
    ) -> Response {
        let screens = SCREENS.iter().filter(|it| self.sees(it)).collect();
        let head = Head { pauses: self.pauses().await, screens, at, who: self.header() };
        self.renewed(frame::screen(status, Some(&head), title, &body))
    }

    /// A screen for the API's refusal.
    pub(super) async fn refused(&self, at: &'static str, status: &Status) -> Response {
        let (code, title) = outcome(status);
        let says = html! {
            p class="told bad" role="alert" { (status.message()) }
            p { a href=(if at.is_empty() { "/" } else { at }) { "Back" } }
        };
        self.page_of(code, (at, title), says).await
    }

    /// Has the browser keep the session for longer, now and then.
    fn renewed(&self, mut response: Response) -> Response {
        if let Some(kept) = self.kept.as_ref().filter(|it| it.is_old(self.now)) {
            let (seals, secure) = (&self.console.parts.seals, self.console.parts.secure);
            Kept::new(kept.session(), &self.tenant, self.now).keep(seals, secure, &mut response);
        }
        response
    }

    /// Goes on with another tenant.
    pub(super) fn with_tenant(&self, tenant: &str, mut response: Response) -> Response {
        let session = self.kept.as_ref().and_then(Kept::session);
        let (seals, secure) = (&self.console.parts.seals, self.console.parts.secure);
        Kept::new(session, tenant, self.now).keep(seals, secure, &mut response);
        response
    }

    /// The user, and the tenant that is looked at.
    fn header(&self) -> Markup {
        let roles: Vec<&str> = self.identity.roles.iter().map(|role| role.as_str()).collect();
        let signed_in = self.kept.as_ref().and_then(Kept::session).is_some();
        let own = match &self.identity.tenants {
            Tenants::Only(own) => own.iter().map(ToString::to_string).collect(),
            Tenants::All => Vec::new(),
        };
        html! {
            form method="post" action="/tenant" class="tenant" {
                label { span class="visually-hidden" { "Tenant" }
                    @if own.is_empty() {
                        input name="tenant" value=(self.tenant) size="10" required maxlength="128"
                            autocomplete="off" spellcheck="false";
                    } @else {
                        select name="tenant" {
                            @for it in &own { option selected[*it == self.tenant] { (it) } }
                        }
                    }
                }
                button class="plain small" { "Switch" }
            }
            span class="soft" { (self.identity.name) " (" (roles.join(", ")) ")" }
            @if signed_in {
                form method="post" action="/sign-out" { button class="plain small" { "Sign out" } }
            }
        }
    }

    /// The pauses that hold, above every screen.
    async fn pauses(&self) -> Markup {
        if !self.may("PolicyService/ListPauses") {
            return html! {};
        }
        let request = v1::ListPausesRequest { tenant: self.of_tenant(), ..Default::default() };
        let Ok(listed) = self.api.policies().list_pauses(request).await else {
            return html! {};
        };
        let listed = listed.into_inner().pauses;
        let holds = |it: &&v1::Pause| {
            it.start_time.as_ref().is_none_or(|start| instant(start) <= self.now)
                && it.end_time.as_ref().is_none_or(|end| instant(end) > self.now)
        };
        let holding: Vec<&v1::Pause> = listed.iter().filter(holds).collect();
        let Some(first) = holding.first() else { return html! {} };
        let utc = self.utc();
        let what = super::choice::selected(first.selector.as_ref());
        html! {
            aside class="pause" aria-label="Pauses" {
                strong { "Paused: " (what) } " – " (first.reason)
                @if let Some(end) = &first.end_time { ", until " (utc.shown(instant(end))) " UTC" }
                ". "
                @if holding.len() > 1 { "And " (holding.len() - 1) " more. " }
                a href="/pauses" { "Pauses" }
            }
        }
    }
}

/// The status of an answer that the API refused, and what it is called.
pub(super) fn outcome(status: &Status) -> (StatusCode, &'static str) {
    match status.code() {
        Code::PermissionDenied | Code::Unauthenticated => {
            (StatusCode::FORBIDDEN, "You may not do this")
        }
        Code::NotFound => (StatusCode::NOT_FOUND, "Not found"),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            (StatusCode::BAD_REQUEST, "That is not possible")
        }
        Code::AlreadyExists | Code::Aborted => (StatusCode::CONFLICT, "That was done before"),
        Code::ResourceExhausted => (StatusCode::TOO_MANY_REQUESTS, "Too many questions"),
        Code::Ok
        | Code::Cancelled
        | Code::Unknown
        | Code::DeadlineExceeded
        | Code::Unimplemented
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss => (StatusCode::SERVICE_UNAVAILABLE, "That cannot be shown now"),
    }
}

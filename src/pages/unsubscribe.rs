//! One-click unsubscription (RFC 8058): the messages that stop, those that still come, a way to get
//! fewer instead, and ten minutes to take the click back.

use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use maud::Markup;
use maud::html;
use tokio::time::timeout;

use super::BODY_MAX;
use super::Frame;
use super::Pages;
use super::promise::Promise;
use super::words::Text;
use super::words::Words;
use crate::gate::Active;
use crate::gate::Change;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Scope;
use crate::model::customer_id::CustomerId;
use crate::operation;
use crate::operation::Context;
use crate::operation::wish::Undo;
use crate::store::Version;
use crate::unsubscribe::Click;
use crate::unsubscribe::Link;

/// The field that a one-click unsubscribe posts, and its value (RFC 8058, section 3.1).
const FIELD: (&str, &str) = ("List-Unsubscribe", "One-Click");
/// The field with which a click is taken back.
const UNDO: &str = "undo";

/// A visit to a page: the link, and the language.
struct Visit<'a> {
    token: &'a str,
    link: &'a Link,
    active: &'a Active,
    words: Words,
}

impl Visit<'_> {
    fn scope(&self) -> Scope {
        operation::wish::scope_of(&self.link.scope, &self.active.policy)
    }

    fn promise(&self) -> Promise {
        Promise::of(&self.scope(), &self.active.policy)
    }

    fn frame(&self) -> Frame<'_> {
        let brand = self.link.scope.brand.as_ref();
        let sender = self.active.policy.pages.sender(brand);
        Frame { words: self.words, sender, brand, depth: 1 }
    }

    /// The messages that stop, the sender, and the messages that still come.
    fn says(&self, sentence: Text, is_done: bool) -> Markup {
        let promise = self.promise();
        let sentence = self.words.with(sentence, &promise.stops(self.words));
        let sender = self.active.policy.pages.sender(self.link.scope.brand.as_ref()).name;
        html! {
            // A completed action looks different from an offered one.
            @if is_done { p class="told" role="status" { (sentence) } } @else { p { (sentence) } }
            @if let Some(name) = sender { p { (self.words.with(Text::AboutSender, &name)) } }
            p { (promise.comes(self.words).join(" ")) }
        }
    }

    /// The button.
    fn button(&self) -> Markup {
        let (name, value) = FIELD;
        html! {
            form method="post" {
                input type="hidden" name=(name) value=(value);
                button type="submit" { (self.words.say(Text::Button)) }
            }
        }
    }

    /// The way to get fewer instead.
    fn fewer(&self) -> Markup {
        if self.active.policy.pages.purposes.is_empty() {
            return html! {};
        }
        html! {
            div class="ends" {
                h2 { (self.words.say(Text::Fewer)) }
                p { a href={ (self.token) "/preferences" } { (self.words.say(Text::Choose)) } }
            }
        }
    }

    fn ask(&self, pages: &Pages, status: StatusCode) -> Response {
        let body = html! { (self.says(Text::Ask, false)) (self.button()) (self.fewer()) };
        pages.page(status, &self.frame(), (self.words.say(Text::AskTitle), body))
    }

    /// Whether there are no messages left of which there could be fewer.
    fn is_all_stopped(&self, record: &Record, now: Instant) -> bool {
        let context = Context { policy: &self.active.policy, now };
        let brand = self.link.scope.brand.as_ref();
        let form = operation::preference::form(context, record, brand);
        !form.purposes.iter().any(|it| it.state == operation::preference::State::Wanted)
    }

    fn done(&self, pages: &Pages, record: &Record, click: Option<&Click>) -> Response {
        let undo = html! { @if let Some(click) = click {
            form method="post" class="ends" {
                p { (self.words.say(Text::UndoHint)) }
                input type="hidden" name=(UNDO) value=(pages.sealer.seal_click(click));
                button class="plain" type="submit" { (self.words.say(Text::Undo)) }
            }
        } };
        let fewer = !self.is_all_stopped(record, pages.gate.clock().now());
        let body = html! {
            (self.says(Text::Done, true)) (undo) @if fewer { (self.fewer()) }
        };
        pages.page(StatusCode::OK, &self.frame(), (self.words.say(Text::DoneTitle), body))
    }

    fn failed(&self, pages: &Pages) -> Response {
        pages.gate.metrics().page("unsubscribe", "failed");
        let body = html! {
            p class="told" role="status" { (self.words.say(Text::Failed)) }
            (self.button())
        };
        let title = self.words.say(Text::FailedTitle);
        pages.page(StatusCode::SERVICE_UNAVAILABLE, &self.frame(), (title, body))
    }

    /// The page after a click was taken back, or could not be.
    fn undone(&self, pages: &Pages, is_undone: bool) -> Response {
        pages.gate.metrics().page("unsubscribe", if is_undone { "undone" } else { "not_undone" });
        let (status, title, sentence) = match is_undone {
            true => (StatusCode::OK, Text::UndoneTitle, Text::Undone),
            false => (StatusCode::CONFLICT, Text::NotUndoneTitle, Text::NotUndone),
        };
        let body = html! {
            p class="told" role="status" { (self.words.say(sentence)) }
            (self.fewer())
        };
        pages.page(status, &self.frame(), (self.words.say(title), body))
    }
}

/// Shows the button.
pub(super) async fn ask(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let asked = super::asked_language(request.uri());
    let link = match pages.sealer.open(&token, pages.gate.clock().now()) {
        Ok(link) => link,
        Err(refused) => return pages.refuse("unsubscribe", refused, &headers, 1),
    };
    pages.gate.metrics().page("unsubscribe", "shown");
    let (active, words) = words(&pages, &link, (asked, &headers)).await;
    Visit { token: &token, link: &link, active: &active, words }.ask(&pages, StatusCode::OK)
}

/// Opts out, or takes that back.
pub(super) async fn post(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let asked = super::asked_language(request.uri());
    let link = match pages.sealer.open(&token, pages.gate.clock().now()) {
        Ok(link) => link,
        Err(refused) => return pages.refuse("unsubscribe", refused, &headers, 1),
    };
    let fields = timeout(BODY_MAX, fields(request)).await.unwrap_or_default();
    let (active, words) = words(&pages, &link, (asked, &headers)).await;
    let visit = Visit { token: &token, link: &link, active: &active, words };
    if let Some((_, sealed)) = fields.iter().find(|(name, _)| name == UNDO) {
        return match take_back(&pages, &visit, sealed).await {
            Ok(is_undone) => visit.undone(&pages, is_undone),
            Err(failure) => {
                tracing::error!(%failure, "a customer's one-click opt-out was not taken back");
                visit.failed(&pages)
            }
        };
    }
    if !fields.iter().any(|(name, value)| (name.as_str(), value.trim()) == FIELD) {
        // A request with another body may come from a person's browser: show the button.
        return visit.ask(&pages, StatusCode::BAD_REQUEST);
    }
    match take(&pages, &visit).await {
        Ok((record, version)) if operation::wish::stands(&record, &visit.scope()) => {
            pages.gate.metrics().page("unsubscribe", "saved");
            let click = click(&pages, &visit, &record, version);
            visit.done(&pages, &record, click.as_ref())
        }
        Ok(_) => {
            tracing::error!("a customer's one-click opt-out was not there when it was read back");
            visit.failed(&pages)
        }
        Err(failure) => {
            tracing::error!(%failure, "a customer's one-click opt-out was not recorded");
            visit.failed(&pages)
        }
    }
}

/// The policy, and the words: what the address asks for, then the customer's own, if the record can
/// be read, else the browser's.
async fn words(
    pages: &Pages,
    link: &Link,
    (asked, headers): (Option<Words>, &HeaderMap),
) -> (std::sync::Arc<Active>, Words) {
    let active = pages.gate.policy(&link.tenant);
    let looked = pages.gate.read(&key(pages, link), &active.policy, pages.gate.clock().now()).await;
    let words = || super::words_for(looked.ok().map(|it| it.record).as_ref(), headers);
    (active, asked.unwrap_or_else(words))
}

fn key(pages: &Pages, link: &Link) -> Customer {
    Customer::new(&link.tenant, &CustomerId::new(&link.customer_id, pages.gate.spelling()))
}

/// The fields of a form, in either encoding.
async fn fields(request: Request) -> Vec<(String, String)> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
        return form.map(|form| form.0).unwrap_or_default();
    }
    let mut fields = Vec::new();
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return fields };
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(value) = field.text().await else { break };
        fields.push((name, value));
    }
    fields
}

/// Records the opt-out, and reads it back.
async fn take(pages: &Pages, visit: &Visit<'_>) -> Result<(Record, Option<Version>), Failure> {
    let gate = &pages.gate;
    let active = gate.in_force(&visit.link.tenant)?;
    let policy = &active.policy;
    let now = gate.clock().now();
    let key = key(pages, visit.link);
    let scope = visit.scope();
    let durability = gate.settings().wishes;
    let change =
        Change { key: &key, policy, now, durability, expected: None, is_wish: true, request: None };
    let context = Context { policy, now };
    let evidence = format!("{}={}", FIELD.0, FIELD.1);
    gate.change(&change, |record| operation::wish::click(context, record, &scope, &evidence))
        .await?;
    let kept = gate.read(&key, policy, gate.clock().now()).await?;
    Ok((kept.record, kept.version))
}

/// The click, if it can be taken back.
fn click(
    pages: &Pages,
    visit: &Visit<'_>,
    record: &Record,
    version: Option<Version>,
) -> Option<Click> {
    let Undo { scope, heard } =
        operation::wish::undo_of(record, &visit.scope(), pages.gate.clock().now())?;
    let expires = Undo { scope: scope.clone(), heard }.expires();
    let Link { tenant, customer_id, .. } = visit.link.clone();
    Some(Click { tenant, customer_id, scope, heard, version: version?.to_string(), expires })
}

/// Takes a click back, if the record is as the click has left it.
async fn take_back(pages: &Pages, visit: &Visit<'_>, sealed: &str) -> Result<bool, Failure> {
    let gate = &pages.gate;
    let now = gate.clock().now();
    let Ok(click) = pages.sealer.open_click(sealed, now) else { return Ok(false) };
    let Link { tenant, customer_id, .. } = visit.link;
    if (&click.tenant, &click.customer_id, &click.scope) != (tenant, customer_id, &visit.scope()) {
        return Ok(false);
    }
    let active = gate.in_force(tenant)?;
    let policy = &active.policy;
    let key = key(pages, visit.link);
    let durability = gate.settings().wishes;
    let Some(expected) = Version::parse(&click.version) else { return Ok(false) };
    let expected = Some(expected);
    let change =
        Change { key: &key, policy, now, durability, expected, is_wish: true, request: None };
    let undo = Undo { scope: click.scope, heard: click.heard };
    match gate.change(&change, |record| operation::wish::undo(record, &undo)).await {
        Ok((is_undone, _)) => Ok(is_undone),
        Err(Failure::VersionMoved) => Ok(false),
        Err(failure) => Err(failure),
    }
}

//! The pages that customers see: one click, and no more of our messages; and what, how and how
//! often.
//!
//! GET changes nothing, because scanners of mail follow every link. Customers do not log in,
//! nothing is redirected, no cookie is set, and no page shows a customer's id, name or address.

mod limits;
mod logos;
mod preferences;
mod promise;
mod unsubscribe;
mod words;

pub use logos::Error as LogoError;
pub use logos::Logos;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use maud::Markup;
use maud::html;

use crate::gate::Gate;
use crate::html;
use crate::html::Page;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::pages::limits::Limits;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::rules::Sender;
use crate::unsubscribe::Refused;
use crate::unsubscribe::Sealer;

/// The longest body; a form with every choice has some hundred bytes for each.
const BODY_BYTES_MAX: usize = 16 << 10;
/// The longest time in which a body arrives.
const BODY_MAX: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
struct Pages {
    gate: Arc<Gate>,
    sealer: Sealer,
    logos: Logos,
    limits: Limits,
}

/// The frame of a page.
struct Frame<'a> {
    words: Words,
    sender: Sender,
    brand: Option<&'a Name>,
    /// The number of names before the last one of the page's address.
    depth: usize,
}

/// The pages, for a port that customers reach.
pub fn router(gate: &Arc<Gate>, sealer: Sealer, logos: Logos) -> Router {
    let pages = Pages { gate: Arc::clone(gate), sealer, logos, limits: Limits::new() };
    Router::new()
        .route("/unsubscribe/{token}", get(unsubscribe::ask).post(unsubscribe::post))
        .route(
            "/unsubscribe/{token}/preferences",
            get(preferences::look_for_less).post(preferences::save_less),
        )
        .route("/preferences/{token}", get(preferences::look).post(preferences::save))
        .route("/favicon.ico", get(async || html::no_picture()))
        .route("/style.css", get(async || found(html::stylesheet(None))))
        .route("/style/{colour}", get(style))
        .route("/logo/{name}", get(logo))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(pages.clone(), only_pages))
        .with_state(pages)
}

/// Makes a page of the library's own answers, to a path or a method that does not exist.
async fn only_pages(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let depth = request.uri().path().matches('/').count().saturating_sub(1);
    let answer = next.run(request).await;
    if answer.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
        return answer;
    }
    let notice = Notice { status: answer.status(), ..Notice::UNKNOWN };
    let mut page = pages.short(&headers, depth, &notice);
    if let Some(allowed) = answer.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}

/// A resource, or nothing, which becomes a page.
fn found(resource: Option<Response>) -> Response {
    resource.unwrap_or_else(|| {
        let mut nothing = Response::default();
        *nothing.status_mut() = StatusCode::NOT_FOUND;
        nothing
    })
}

async fn style(Path(colour): Path<String>) -> Response {
    found(colour.strip_suffix(".css").and_then(|colour| html::stylesheet(Some(colour))))
}

async fn logo(State(pages): State<Pages>, Path(name): Path<String>) -> Response {
    let logo = name.strip_suffix(".png").and_then(|name| pages.logos.get(name));
    found(logo.map(|bytes| html::resource("image/png", bytes)))
}

/// A page of one sentence.
struct Notice {
    status: StatusCode,
    title: Text,
    sentence: Text,
}

impl Notice {
    /// There is no such page or link.
    const UNKNOWN: Self =
        Self { status: StatusCode::NOT_FOUND, title: Text::UnknownTitle, sentence: Text::Unknown };
    /// The link has expired.
    const EXPIRED: Self =
        Self { status: StatusCode::GONE, title: Text::ExpiredTitle, sentence: Text::Expired };
}

impl Pages {
    /// A page with a title and a body.
    fn page(
        &self,
        status: StatusCode,
        frame: &Frame<'_>,
        (title, body): (&str, Markup),
    ) -> Response {
        let Frame { words, sender, brand, depth } = frame;
        let up = "../".repeat(*depth);
        let style = match sender.colour.as_deref().and_then(|it| it.strip_prefix('#')) {
            Some(colour) => format!("{up}style/{colour}.css"),
            None => format!("{up}style.css"),
        };
        let logo = self.logos.of(*brand).map(|name| format!("{up}logo/{name}.png"));
        let privacy = words.say(Text::Privacy);
        let Sender { name, address, privacy_url, .. } = sender;
        let says = address.is_some() || privacy_url.is_some();
        let foot = says.then(|| html! {
            p { @if let Some(name) = name { (name) }
                @if let Some(address) = address { @if name.is_some() { ", " } (address) } }
            @if let Some(url) = privacy_url { p { a href=(url) rel="noreferrer" { (privacy) } } }
        });
        let (language, site) = (words.language(), name.as_deref());
        html::answer(
            status,
            &Page { language, title, site, style: &style, logo: logo.as_deref(), body, foot },
        )
    }

    /// A page that is equal for all visitors.
    fn short(&self, headers: &HeaderMap, depth: usize, notice: &Notice) -> Response {
        let Notice { status, title, sentence } = *notice;
        let words = words_for(None, headers);
        let frame = Frame { words, sender: Sender::default(), brand: None, depth };
        let body = html! { p class="told" role="status" { (words.say(sentence)) } };
        self.page(status, &frame, (words.say(title), body))
    }

    /// A link that does nothing.
    fn refuse(
        &self,
        page: &'static str,
        refused: Refused,
        headers: &HeaderMap,
        depth: usize,
    ) -> Response {
        self.gate.metrics().page(page, "refused");
        let notice = match refused {
            Refused::Forged => Notice::UNKNOWN,
            Refused::Expired => Notice::EXPIRED,
        };
        self.short(headers, depth, &notice)
    }
}

/// The language that an address asks for: `?lang=de`.
fn asked_language(uri: &http::Uri) -> Option<Words> {
    let query = uri.query().unwrap_or_default();
    query.split('&').find_map(|it| Words::named(it.strip_prefix("lang=")?))
}

/// The words of a customer, if we know the customer's language, else those of the browser.
fn words_for(record: Option<&Record>, headers: &HeaderMap) -> Words {
    let locale = record.and_then(|it| it.profile.locale.as_ref());
    locale.and_then(|it| Words::named(it)).unwrap_or_else(|| {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        Words::asked(asked.unwrap_or_default())
    })
}

/// The day of an instant, on a clock in UTC.
fn day_of(at: Instant) -> Day {
    let day = at.millis().div_euclid(86_400_000);
    Day::from_number(i32::try_from(day).unwrap_or_default())
}

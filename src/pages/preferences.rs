//! The preference page: purposes, channels, frequency and breaks. Its link opens it; with an
//! unsubscribe link, choices can only refuse more.

mod days;
mod history;
mod news;
mod posted;
mod said;
mod view;
mod write;

use axum::extract::FromRequest;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::StatusCode;
use maud::Markup;
use maud::html;
use tokio::time::timeout;

use self::history::History;
use self::news::News;
use self::news::news;
use self::posted::Posted;
use self::view::View;
use self::write::Submission;
use self::write::evidence;
use self::write::write;
use super::BODY_MAX;
use super::Frame;
use super::Pages;
use super::words::Text;
use super::words::Words;
use crate::gate::Active;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::model::Name;
use crate::model::Record;
use crate::model::customer_id::CustomerId;
use crate::operation::Context;
use crate::operation::preference;
use crate::operation::preference::Repeated;
use crate::operation::preference::Saved;
use crate::operation::preference::Saving;
use crate::store::Version;
use crate::unsubscribe::Refused;
use crate::unsubscribe::Shown;

/// A visit of a customer, by a link.
struct Visit {
    token: String,
    tenant: Name,
    customer_id: Box<str>,
    /// The channel on which the link was sent.
    proven: Option<Name>,
    brand: Option<Name>,
    /// Whether the customer may allow more than now.
    allows: bool,
    headers: HeaderMap,
    /// The language that the address asks for.
    language: Option<Words>,
}

/// `GET /preferences/…`
pub(super) async fn look(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match visit(&pages, token, &request, true) {
        Ok(visit) => show(&pages, &visit).await,
        Err(refused) => pages.refuse("preferences", refused, request.headers(), 1),
    }
}

/// `GET /unsubscribe/…/preferences`
pub(super) async fn look_for_less(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match visit(&pages, token, &request, false) {
        Ok(visit) => show(&pages, &visit).await,
        Err(refused) => pages.refuse("preferences", refused, request.headers(), 2),
    }
}

/// `POST /preferences/…`
pub(super) async fn save(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match visit(&pages, token, &request, true) {
        Ok(visit) => take(&pages, &visit, request).await,
        Err(refused) => pages.refuse("preferences", refused, request.headers(), 1),
    }
}

/// `POST /unsubscribe/…/preferences`
pub(super) async fn save_less(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match visit(&pages, token, &request, false) {
        Ok(visit) => take(&pages, &visit, request).await,
        Err(refused) => pages.refuse("preferences", refused, request.headers(), 2),
    }
}

fn visit(pages: &Pages, token: String, request: &Request, allows: bool) -> Result<Visit, Refused> {
    let now = pages.gate.clock().now();
    let headers = request.headers().clone();
    let language = super::asked_language(request.uri());
    if allows {
        let link = pages.sealer.open_preferences(&token, now)?;
        let (tenant, customer_id, proven, brand) =
            (link.tenant, link.customer_id, link.channel, link.brand);
        return Ok(Visit { token, tenant, customer_id, proven, brand, allows, headers, language });
    }
    let link = pages.sealer.open(&token, now)?;
    let (tenant, customer_id, brand) = (link.tenant, link.customer_id, link.scope.brand);
    Ok(Visit { token, tenant, customer_id, proven: None, brand, allows, headers, language })
}

impl Visit {
    fn customer(&self, pages: &Pages) -> Customer {
        Customer::new(&self.tenant, &CustomerId::new(&self.customer_id, pages.gate.spelling()))
    }

    /// The language: what the address asks for, then the customer's own, then the browser's.
    fn words(&self, record: Option<&Record>) -> Words {
        self.language.unwrap_or_else(|| super::words_for(record, &self.headers))
    }

    const fn depth(&self) -> usize {
        if self.allows { 1 } else { 2 }
    }

    fn frame(&self, active: &Active, words: Words) -> Frame<'_> {
        Frame {
            words,
            sender: active.policy.pages.sender(self.brand.as_ref()),
            brand: self.brand.as_ref(),
            depth: self.depth(),
        }
    }
}

async fn show(pages: &Pages, visit: &Visit) -> Response {
    let active = match pages.gate.in_force(&visit.tenant) {
        Ok(active) => active,
        Err(failure) => return away(pages, visit, &failure),
    };
    let (key, now) = (visit.customer(pages), pages.gate.clock().now());
    match pages.gate.read(&key, &active.policy, now).await {
        Ok(snapshot) => {
            pages.gate.metrics().page("preferences", "shown");
            let words = visit.words(Some(&snapshot.record));
            let status = vec![words.say(Text::Now).to_owned()];
            let (record, version) = (&snapshot.record, snapshot.version);
            let above = Above { code: StatusCode::OK, status: &status, is_news: false };
            answer(pages, visit, &Stand { active: &active, record, version }, &above)
        }
        Err(failure) => away(pages, visit, &failure),
    }
}

/// The store cannot be asked.
fn away(pages: &Pages, visit: &Visit, failure: &Failure) -> Response {
    tracing::error!(%failure, "a preference page was not shown");
    pages.gate.metrics().page("preferences", "failed");
    let words = visit.words(None);
    let active = pages.gate.policy(&visit.tenant);
    let body = told(&[words.say(Text::Failed).to_owned()], false);
    let title = words.say(Text::FailedTitle);
    pages.page(StatusCode::SERVICE_UNAVAILABLE, &visit.frame(&active, words), (title, body))
}

/// The state of a customer's record.
struct Stand<'a> {
    active: &'a Active,
    record: &'a Record,
    version: Option<Version>,
}

/// The text above the form.
struct Above<'a> {
    code: StatusCode,
    status: &'a [String],
    /// Whether the text is about a form that was posted.
    is_news: bool,
}

/// The page with a status.
fn answer(pages: &Pages, visit: &Visit, stand: &Stand<'_>, above: &Above<'_>) -> Response {
    let Stand { active, record, version } = *stand;
    let Above { code, status, is_news } = *above;
    let now = pages.gate.clock().now();
    let policy = &active.policy;
    let form = preference::form(Context { policy, now }, record, visit.brand.as_ref());
    let words = visit.words(Some(record));
    let proven = visit.proven.as_ref();
    let view = View { policy, form: &form, words, allows: visit.allows, proven, now };
    let shown = Shown {
        tenant: visit.tenant.to_string(),
        customer_id: visit.customer_id.to_string(),
        version: version.map(|it| it.to_string()).unwrap_or_default(),
        ..view.shown()
    };
    let sealed = pages.sealer.seal_shown(&shown);
    // An unsubscribe link proves no more than a forwarded message does.
    let history = visit.allows.then_some(History { policy, words, record });
    let body = html! {
        (told(status, is_news)) (view.html(&sealed)) @if let Some(it) = history { (it.html()) }
    };
    pages.page(code, &visit.frame(active, words), (words.say(Text::Title), body))
}

/// The text that a screen reader reads first. After a form was posted it has the focus.
fn told(status: &[String], is_news: bool) -> Markup {
    html! {
        div class="told" role="status" tabindex=[is_news.then_some("-1")] autofocus[is_news] {
            @for line in status { p { (line) } }
        }
    }
}

async fn take(pages: &Pages, visit: &Visit, request: Request) -> Response {
    let active = match pages.gate.in_force(&visit.tenant) {
        Ok(active) => active,
        Err(failure) => return away(pages, visit, &failure),
    };
    let read = axum::Form::<Vec<(String, String)>>::from_request(request, &());
    let fields = timeout(BODY_MAX, read).await.ok().and_then(Result::ok).map(|form| form.0);
    let (key, now) = (visit.customer(pages), pages.gate.clock().now());
    let looked = pages.gate.read(&key, &active.policy, now).await;
    let snapshot = match looked {
        Ok(snapshot) => snapshot,
        Err(failure) => {
            return kept(pages, visit, &active, (&fields.unwrap_or_default(), &failure));
        }
    };
    let words = visit.words(Some(&snapshot.record));
    let refuse = |code, text, result| {
        pages.gate.metrics().page("preferences", result);
        let status = vec![words.say(text).to_owned()];
        let (record, version) = (&snapshot.record, snapshot.version);
        let above = Above { code, status: &status, is_news: true };
        answer(pages, visit, &Stand { active: &active, record, version }, &above)
    };
    let Some(fields) = fields else {
        return refuse(StatusCode::BAD_REQUEST, Text::Misunderstood, "misunderstood");
    };
    let posted = Posted(&fields);
    let shown = match shown(pages, visit, &posted) {
        Ok(shown) => shown,
        Err((code, text, result)) => return refuse(code, text, result),
    };
    let context = Context { policy: &active.policy, now };
    let form = preference::form(context, &snapshot.record, visit.brand.as_ref());
    let stopped = preference::stopped_last(context, &snapshot.record, visit.brand.as_ref());
    let mut chosen = posted.chosen(&shown, (&form, stopped));
    let allows_more = chosen.allows_more();
    // Choices that allow more are not accepted from a link that saves too often; those that refuse
    // always are.
    let is_heard = !allows_more || pages.limits.admits(pages.sealer.hash(visit.token.as_bytes()));
    if !(visit.allows && is_heard) {
        chosen.refuse_only();
    }
    let chosen = Saving {
        brand: visit.brand.clone(),
        proven: visit.proven.clone(),
        evidence: evidence(context, words, visit, (&form, &chosen)).into(),
        source: Name::new("preference-page").ok(),
        repeated: Repeated::RefusesAgain,
        ..chosen
    };
    let names_no_date = posted.own_date().is_some_and(|it| it.is_err());
    let submission = Submission { shown: &shown, fields: &fields, chosen: &chosen };
    match write(pages, visit, &active, submission).await {
        Ok(written) => {
            let news = news(&active, words, &chosen, &written.record, written.now);
            let heard = Heard { is_heard, names_no_date };
            let (result, status) = status(news, words, written.saved, heard);
            pages.gate.metrics().page("preferences", result);
            let code = if is_heard { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
            let (record, version) = (&written.record, written.version);
            let above = Above { code, status: &status, is_news: true };
            answer(pages, visit, &Stand { active: &active, record, version }, &above)
        }
        Err(failure) => kept(pages, visit, &active, (&fields, &failure)),
    }
}

/// The extent to which a form was accepted.
struct Heard {
    /// Whether choices that allow more were accepted: they are not if the customer saves too often.
    is_heard: bool,
    /// Whether it names a date that does not exist.
    names_no_date: bool,
}

/// The result of a form, for the metric and for the customer.
fn status(
    news: News,
    words: Words,
    saved: Saved,
    Heard { is_heard, names_no_date }: Heard,
) -> (&'static str, Vec<String>) {
    let outdated = saved.outdated || news.is_outdated;
    let result = match saved {
        Saved { widened: true, .. } => "widened",
        Saved { .. } if !is_heard => "too_often",
        Saved { .. } if outdated => "outdated",
        Saved { .. } => "saved",
    };
    let mut status = news.lines;
    if outdated && !saved.no_room {
        status = vec![words.say(Text::Outdated).to_owned()];
    }
    let more = [
        (saved.no_room, Text::NoRoom),
        (names_no_date && !outdated, Text::NoSuchDate),
        (!is_heard, Text::TooOften),
    ];
    status.extend(more.iter().filter(|it| it.0).map(|it| words.say(it.1).to_owned()));
    (result, status)
}

/// The content that the page had shown, if the form is ours and may be saved.
fn shown(
    pages: &Pages,
    visit: &Visit,
    posted: &Posted<'_>,
) -> Result<Shown, (StatusCode, Text, &'static str)> {
    let shown = posted.one("shown").and_then(|sealed| pages.sealer.open_shown(sealed));
    let is_own =
        |it: &Shown| it.tenant == visit.tenant.as_str() && *it.customer_id == *visit.customer_id;
    // To stop all of it needs nothing else on the page, and is never put off.
    let stops = posted.one("do") == Some("stop");
    let shown = shown.filter(is_own).or_else(|| stops.then(Shown::default));
    shown.ok_or((StatusCode::BAD_REQUEST, Text::Misunderstood, "misunderstood"))
}

/// The form was not saved: it is shown again, as it was posted, behind one button.
fn kept(
    pages: &Pages,
    visit: &Visit,
    active: &Active,
    (fields, failure): (&[(String, String)], &Failure),
) -> Response {
    tracing::error!(%failure, "a customer's preferences were not recorded");
    pages.gate.metrics().page("preferences", "failed");
    let words = visit.words(None);
    let body = html! {
        (told(&[words.say(Text::Failed).to_owned()], true))
        @if !fields.is_empty() {
            form method="post" class="ends" {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button type="submit" { (words.say(Text::Save)) }
            }
        }
    };
    let title = words.say(Text::FailedTitle);
    pages.page(StatusCode::SERVICE_UNAVAILABLE, &visit.frame(active, words), (title, body))
}

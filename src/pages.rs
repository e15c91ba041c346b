//! The pages that customers see: one click, and no more of our messages (RFC 8058).
//!
//! GET shows a button and changes nothing, because scanners of mail follow every link. POST opts
//! out: by a mail program on its own, or by the button. There is no login, nothing is redirected,
//! no cookie is set, and no page says anything about a customer.

mod page;
mod promise;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use tokio::time::timeout;

use crate::gate::Change;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::customer_id::CustomerId;
use crate::operation;
use crate::operation::Context;
use crate::pages::page::page;
use crate::pages::promise::Promise;
use crate::pages::words::Text;
use crate::unsubscribe::Link;
use crate::unsubscribe::Refused;
use crate::unsubscribe::Sealer;

/// Where links lead, before their token.
pub const PATH: &str = "/unsubscribe/";

/// The field that a one-click unsubscribe posts, and its value (RFC 8058, section 3.1).
const FIELD: (&str, &str) = ("List-Unsubscribe", "One-Click");
/// The longest body; a form with this one field has some hundred bytes.
const BODY_BYTES_MAX: usize = 16 << 10;
/// How long a body may take to arrive.
const BODY_MAX: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
struct Pages {
    gate: Arc<Gate>,
    sealer: Sealer,
}

/// The pages, for a port that customers reach.
pub fn router(gate: &Arc<Gate>, sealer: Sealer) -> Router {
    let pages = Pages { gate: Arc::clone(gate), sealer };
    Router::new()
        .route("/unsubscribe/{token}", get(ask).post(opt_out))
        .fallback(async |headers: HeaderMap| page(StatusCode::NOT_FOUND, &headers, Text::Unknown))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(only_pages))
        .with_state(pages)
}

/// Makes a page of what the library answers by itself, to a path or a method that is none.
async fn only_pages(request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let answer = next.run(request).await;
    if answer.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
        return answer;
    }
    let mut page = page(answer.status(), &headers, Text::Unknown);
    if let Some(allowed) = answer.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}

/// Shows the button.
async fn ask(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    match pages.sealer.open(&token, pages.gate.clock().now()) {
        Ok(link) => page(StatusCode::OK, &headers, Text::Ask(&promise(&pages.gate, &link))),
        Err(refused) => refuse(refused, &headers),
    }
}

/// Opts out.
async fn opt_out(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let link = match pages.sealer.open(&token, pages.gate.clock().now()) {
        Ok(link) => link,
        Err(refused) => return refuse(refused, &headers),
    };
    match timeout(BODY_MAX, is_one_click(request)).await {
        Ok(true) => {}
        // Somebody who posts something else may be a person whose program did: show the button.
        Ok(false) | Err(_) => {
            let promise = promise(&pages.gate, &link);
            return page(StatusCode::BAD_REQUEST, &headers, Text::Ask(&promise));
        }
    }
    match take(&pages.gate, &link).await {
        Ok(Some(promise)) => page(StatusCode::OK, &headers, Text::Done(&promise)),
        Ok(None) => {
            tracing::error!("a customer's one-click opt-out was not there when it was read back");
            page(StatusCode::SERVICE_UNAVAILABLE, &headers, Text::Failed)
        }
        Err(failure) => {
            tracing::error!(%failure, "a customer's one-click opt-out was not recorded");
            page(StatusCode::SERVICE_UNAVAILABLE, &headers, Text::Failed)
        }
    }
}

/// What a link stops under the policy in force.
fn promise(gate: &Gate, link: &Link) -> Promise {
    let active = gate.policy(&link.tenant);
    Promise::of(&operation::wish::scope_of(&link.scope, &active.policy), &active.policy)
}

fn refuse(refused: Refused, headers: &HeaderMap) -> Response {
    match refused {
        Refused::Forged => page(StatusCode::NOT_FOUND, headers, Text::Unknown),
        Refused::Expired => page(StatusCode::GONE, headers, Text::Expired),
    }
}

/// Whether the form says `List-Unsubscribe=One-Click`, in either encoding of forms.
async fn is_one_click(request: Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|it| it.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("multipart/form-data") {
        let Ok(mut form) = Multipart::from_request(request, &()).await else { return false };
        while let Ok(Some(field)) = form.next_field().await {
            if field.name() == Some(FIELD.0) {
                return field.text().await.is_ok_and(|text| text.trim() == FIELD.1);
            }
        }
        return false;
    }
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    form.is_ok_and(|form| form.0.iter().any(|(name, value)| (name.as_str(), value.trim()) == FIELD))
}

/// Records the opt-out, and reads it back: what it stops, if it stands.
async fn take(gate: &Gate, link: &Link) -> Result<Option<Promise>, Failure> {
    let active = gate.in_force(&link.tenant)?;
    let policy = &active.policy;
    let now = gate.clock().now();
    let key = Customer::new(&link.tenant, &CustomerId::new(&link.customer_id, gate.spelling()));
    let scope = operation::wish::scope_of(&link.scope, policy);
    let durability = gate.settings().wishes;
    let change =
        Change { key: &key, policy, now, durability, expected: None, is_wish: true, request: None };
    let context = Context { policy, now };
    let evidence = format!("{}={}", FIELD.0, FIELD.1);
    gate.change(&change, |record| operation::wish::click(context, record, &scope, &evidence))
        .await?;
    let kept = gate.look(&key, policy, gate.clock().now()).await?;
    let stands = operation::wish::stands(&kept.record, &scope);
    Ok(stands.then(|| Promise::of(&scope, policy)))
}

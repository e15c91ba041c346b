//! The console: what operators and those who answer customers look at, in a browser.
//!
//! The console decides nothing and reads no store: each screen asks the API within this process, as
//! its caller, so that rights, audit and errors are the API's. All screens are drawn on the server,
//! and work without script, apart from live parts. No customer's id is in an address, a title or a
//! log.

mod api;
mod audit;
mod calendar;
mod choice;
mod customer;
mod decisions;
pub mod draw;
mod frame;
mod guard;
mod overview;
mod pauses;
mod policy;
mod pressure;
mod replies;
mod session;
mod sign_in;
mod table;
mod visit;
mod when;

pub use api::Api;
pub use guard::Hosts;
pub use session::Seals;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::routing::post;
use http::StatusCode;
use maud::html;

use crate::access::Access;
use crate::clock::Clock;
use crate::html::Loads;
use crate::html::guard as guarded;
use crate::html::no_picture;
use crate::model::Name;
use crate::zone::Zones;

/// The longest form: a policy of many documents.
const BODY_BYTES_MAX: usize = 2 << 20;

/// Whether the service is ready, and the words that describe its state.
pub type Ready = Arc<dyn Fn() -> (bool, String) + Send + Sync>;

/// A look at a customer, which is noted before anything is shown.
#[derive(Clone, Debug)]
pub struct View {
    /// The user of the console.
    pub actor: String,
    /// The tenant of the customer.
    pub tenant: Name,
    /// The customer, by the organisation's id.
    pub customer_id: String,
}

/// Notes a look in the audit log, or returns the reason why it cannot.
pub type Note =
    Arc<dyn Fn(View) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// The parts of the console.
#[derive(Clone)]
pub struct Parts {
    /// The API.
    pub api: Api,
    /// The credentials of callers.
    pub access: Arc<ArcSwap<Access>>,
    /// The seals of cookies and addresses.
    pub seals: Seals,
    /// The source of the time.
    pub clock: Clock,
    /// The time zones in which customers' times are shown.
    pub zones: Arc<Zones>,
    /// The names under which it may be asked for.
    pub hosts: Hosts,
    /// Whether it is served over TLS.
    pub secure: bool,
    /// Whether the service is ready.
    pub ready: Ready,
    /// The function that notes looks at customers.
    pub note: Note,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
struct Console {
    parts: Arc<Parts>,
}

/// The console, for a port that operators reach.
pub fn router(parts: Parts) -> Router {
    let console = Console { parts: Arc::new(parts) };
    Router::new()
        .route("/", get(overview::show))
        .route("/sign-in", get(sign_in::ask).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/tenant", post(sign_in::choose_tenant))
        .merge(customer::routes())
        .merge(pauses::routes())
        .merge(replies::routes())
        .merge(decisions::routes())
        .merge(pressure::routes())
        .merge(audit::routes())
        .merge(policy::routes())
        .merge(calendar::routes())
        .fallback(async |visit: visit::Visit| {
            let says =
                html! { p { "There is no such screen. The menu lists those that there are." } };
            visit.page_of(StatusCode::NOT_FOUND, ("", "Not found"), says).await
        })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .route("/favicon.ico", get(async || no_picture()))
        .route("/console.css", get(async || file(CSS, "text/css; charset=utf-8")))
        .route("/console.js", get(async || file(SCRIPT, "text/javascript; charset=utf-8")))
        .layer(from_fn_with_state(console.clone(), guard::guard))
        .with_state(console)
}

const CSS: &str = concat!(
    include_str!("console/base.css"),
    include_str!("console/draw.css"),
    include_str!("console/policy.css"),
);
const SCRIPT: &str = concat!(include_str!("console/console.js"), include_str!("console/policy.js"));

fn file(text: &'static str, content_type: &'static str) -> axum::response::Response {
    guarded(text.into_response(), Loads::Script, content_type)
}

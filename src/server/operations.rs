//! The operations port: probes, metrics and the version, in plain HTTP, for those who run the
//! service. It is apart from the API's port, so that neither is ever exposed for the other's sake.

use std::borrow::Cow;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use http::header;
use serde::Serialize;
use tokio::sync::watch;

use crate::server::reload::Freshness;
use crate::store::Health;
use crate::telemetry::Metrics;

/// The content type of the metrics for Prometheus.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The state that the operations port reports.
#[derive(Clone, Debug)]
pub(super) struct Operations {
    pub(super) metrics: Metrics,
    pub(super) draining: watch::Receiver<bool>,
    pub(super) store_health: watch::Receiver<Health>,
    pub(super) tzdb_version: String,
    /// The files that are read again while the server runs.
    pub(super) files: Vec<Freshness>,
}

#[derive(Serialize)]
struct Version {
    version: &'static str,
    tzdb_version: String,
}

impl Operations {
    /// The pages of the operations port.
    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/livez", get(async || "alive\n"))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .route("/version", get(version))
            .with_state(self)
    }

    /// Whether the service is ready, and the text of the answer.
    pub(super) fn readiness(&self) -> (bool, Cow<'static, str>) {
        if *self.draining.borrow() {
            return (false, "going down\n".into());
        }
        if self.store_health.has_changed().is_err() {
            return (false, "the store's writing thread has ended; start courtesy again\n".into());
        }
        match &*self.store_health.borrow() {
            Health::Well => match self.files.iter().find_map(Freshness::trouble) {
                None => (true, "ready\n".into()),
                Some(trouble) => (true, format!("ready, but {trouble}\n").into()),
            },
            Health::Impaired(why) => {
                (true, format!("ready, but the store is in trouble: {why}\n").into())
            }
            Health::ReadOnly(why) => {
                (true, format!("ready, but the store accepts no changes: {why}\n").into())
            }
            Health::Away(why) => (false, format!("the store has stopped: {why}\n").into()),
        }
    }
}

async fn ready(State(operations): State<Operations>) -> (StatusCode, Cow<'static, str>) {
    let (is_ready, says) = operations.readiness();
    (if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, says)
}

async fn metrics(State(operations): State<Operations>) -> impl IntoResponse {
    match operations.metrics.encode() {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!("metrics cannot be written: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn version(State(operations): State<Operations>) -> Json<Version> {
    let version = env!("CARGO_PKG_VERSION");
    Json(Version { version, tzdb_version: operations.tzdb_version })
}

//! The files that are read again while the server runs.

use std::convert::Infallible;
use std::future::pending;
use std::path::PathBuf;

use rustls::ServerConfig;
use tokio::sync::watch;

use super::Error;
use super::Service;
use super::events::Events;
use super::policy_directory::PolicyDirectory;
use super::reload::Freshness;
use super::reload::Looks;
use super::reload::Reload;
use super::tls::Files;
use crate::access::Access;
use crate::access::credentials::Credentials;
use crate::telemetry::Metrics;

/// Whether the files that are read again while the server runs are up to date.
pub(super) fn fresh(
    access: Option<&Reload<Access>>,
    tls: Option<&Reload<ServerConfig>>,
    service: &Service,
) -> Vec<Freshness> {
    let files = [access.map(Reload::freshness), tls.map(Reload::freshness)];
    let Service { events, policies, .. } = service;
    let events = events.as_ref().map(Events::freshness);
    let policies = policies.as_ref().map(PolicyDirectory::freshness);
    files.into_iter().chain([events, policies]).flatten().collect()
}

/// The file of callers' credentials, for metrics and logs.
pub(super) const CREDENTIALS: &str = "the credentials";
/// The files of the API's TLS, for metrics and logs.
pub(super) const CERTIFICATES: &str = "the certificates";

/// The callers' credentials, read again when their file changes.
pub(super) fn credentials(path: PathBuf) -> Result<Reload<Access>, Error> {
    let load = move |before: Option<&Access>| {
        let before = match before {
            Some(Access::Closed(before)) => Some(&**before),
            Some(Access::Open) | None => None,
        };
        let loaded = Credentials::load_after(&path, before).map_err(|error| error.to_string());
        let watched = loaded.as_ref().map(|it| it.files().to_vec()).unwrap_or_default();
        Ok((Access::Closed(Box::new(loaded?)), watched))
    };
    Reload::begin(CREDENTIALS, load).map_err(Error::Setting)
}

/// The API's TLS, read again when its files change.
pub(super) fn certificates(files: Files) -> Result<Reload<ServerConfig>, Error> {
    let load = move |_before: Option<&ServerConfig>| Ok((files.load()?, files.paths()));
    Reload::begin(CERTIFICATES, load).map_err(Error::Setting)
}

/// Reads again what changes, if there is anything that can.
async fn keep<T>(
    files: Option<Reload<T>>,
    asked: &watch::Sender<()>,
    metrics: &Metrics,
) -> Infallible {
    match files {
        Some(files) => files.run(Looks::new(asked), metrics.clone()).await,
        None => pending().await,
    }
}

/// Puts policies in force when their files change, if there are any.
async fn keep_policies(
    policies: Option<PolicyDirectory>,
    asked: &watch::Sender<()>,
    metrics: &Metrics,
) -> Infallible {
    match policies {
        Some(policies) => policies.run(Looks::new(asked), metrics.clone()).await,
        None => pending().await,
    }
}

/// Reads all of them again, those that there are.
pub(super) async fn keep_all(
    (access, tls, policies): (
        Option<Reload<Access>>,
        Option<Reload<ServerConfig>>,
        Option<PolicyDirectory>,
    ),
    asked: &watch::Sender<()>,
    metrics: &Metrics,
) -> Infallible {
    tokio::select! {
        never = keep(access, asked, metrics) => never,
        never = keep(tls, asked, metrics) => never,
        never = keep_policies(policies, asked, metrics) => never,
    }
}

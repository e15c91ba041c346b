//! Sends changes to other systems, according to a file that may change while it is in use.

use std::convert::Infallible;
use std::future::pending;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::agenda::Keeper;
use super::reload::Freshness;
use super::reload::Looks;
use super::reload::Reload;
use crate::gate::Gate;
use crate::rpc;
use crate::rpc::Hooks;
use crate::telemetry::Metrics;
use crate::webhooks::Deliveries;
use crate::webhooks::Sender;
use crate::webhooks::Webhooks;

/// The content of the file, for metrics and logs.
const WHAT: &str = "the webhooks";

/// The webhooks of a file.
pub struct Events {
    file: Reload<Webhooks>,
    sender: Sender,
}

impl Events {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// If it does not load, or no version of TLS can be spoken.
    pub fn begin(path: PathBuf, metrics: &Metrics) -> Result<Self, String> {
        let load = move |_before: Option<&Webhooks>| {
            let webhooks = Webhooks::load(&path).map_err(|error| error.to_string())?;
            let files = webhooks.files.clone();
            Ok((webhooks, files))
        };
        metrics.reload_failed(WHAT, false);
        let sender = Sender::new().map_err(|error| error.to_string())?;
        Ok(Self { file: Reload::begin(WHAT, load)?, sender })
    }

    /// The parts that are needed to answer for webhooks.
    #[must_use]
    pub fn hooks(&self) -> Hooks {
        Hooks { webhooks: self.file.current(), sender: Some(self.sender.clone()) }
    }

    pub(super) fn freshness(&self) -> Freshness {
        self.file.freshness()
    }

    async fn run(self, gate: Arc<Gate>, asked: &watch::Sender<()>) -> Infallible {
        let metrics = gate.metrics().clone();
        let (webhooks, sender) = (self.file.current(), self.sender);
        let deliveries = Deliveries { gate, webhooks, sender, describe: rpc::describe };
        tokio::select! {
            never = self.file.run(Looks::new(asked), metrics) => never,
            never = deliveries.run() => never,
        }
    }
}

/// Looks after the agenda, and reports changes to webhooks, if there are any.
pub(super) async fn tell(
    events: Option<Events>,
    gate: Arc<Gate>,
    asked: &watch::Sender<()>,
) -> Infallible {
    let kept = Keeper::new(Arc::clone(&gate));
    let told = async {
        match events {
            Some(events) => events.run(gate, asked).await,
            None => pending().await,
        }
    };
    tokio::select! {
        never = kept.run() => never,
        never = told => never,
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Events")
    }
}

//! Sending spans: a thread of its own speaks to the collector, so that no call ever waits for it.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use opentelemetry_otlp::SpanExporter;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace;
use opentelemetry_sdk::trace::SpanData;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::Error;
use crate::telemetry::Metrics;

/// The longest time for the collector to accept one batch.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sends spans, and counts what became of them.
pub(super) struct Counted {
    exporter: SpanExporter,
    metrics: Metrics,
    failing: AtomicBool,
    /// Ends the thread when it is dropped.
    _thread: oneshot::Sender<()>,
}

/// An exporter whose connection lives on a thread of its own.
pub(super) fn start(endpoint: &str, metrics: &Metrics) -> Result<Counted, Error> {
    let wrong = |why: String| Error::Endpoint(endpoint.to_owned(), why);
    if !endpoint.starts_with("http://") {
        return Err(wrong("a collector nearby is spoken to without TLS, over http://".to_owned()));
    }
    let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Thread)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let (made, making) = mpsc::channel();
    let address = endpoint.to_owned();
    let run = move || {
        runtime.block_on(async {
            let exporter = SpanExporter::builder().with_tonic();
            let exporter = exporter.with_endpoint(address).with_timeout(PATIENCE).build();
            if made.send(exporter).is_ok() {
                // Resolves when the exporter is dropped.
                drop(stopped.await);
            }
        });
    };
    thread::Builder::new().name("traces".to_owned()).spawn(run).map_err(Error::Thread)?;
    let exporter = making.recv().map_err(|error| wrong(error.to_string()))?;
    let exporter = exporter.map_err(|error| wrong(error.to_string()))?;
    let (metrics, failing) = (metrics.clone(), AtomicBool::new(false));
    Ok(Counted { exporter, metrics, failing, _thread: stop })
}

impl trace::SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        let exported = self.exporter.export(batch).await;
        self.metrics.spans(count, exported.is_ok());
        let was_failing = self.failing.swap(exported.is_err(), Ordering::Relaxed);
        match &exported {
            Err(error) if !was_failing => tracing::warn!(%error, "traces cannot be sent"),
            Ok(()) if was_failing => tracing::info!("traces can be sent again"),
            Ok(()) | Err(_) => {}
        }
        exported
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counted")
    }
}

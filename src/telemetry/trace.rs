//! Traces: spans of calls and of what the store did for them, sent over OTLP to a collector nearby.
//!
//! It is decided at the beginning whether a call is traced, so that other calls cost nothing. No
//! attribute of a span has anything of a customer.

mod export;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::KeyValue;
use opentelemetry::propagation::Extractor;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::Span;
use opentelemetry::trace::SpanKind;
use opentelemetry::trace::Status;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::trace::TraceId;
use opentelemetry::trace::Tracer;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tonic::Code;

use super::Metrics;
use super::call::Call;
use crate::model::SampleRate;

/// The longest time for sending the last spans.
const STOP_MAX: Duration = Duration::from_secs(2);

/// The receiver of spans. Clones share it.
#[derive(Clone, Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    rate: SampleRate,
}

/// The reason why there are no traces.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No thread can be started for them.
    #[error("no thread for traces")]
    Thread(#[source] std::io::Error),
    /// The text is not the address of a collector.
    #[error("traces cannot be sent to `{0}`: {1}")]
    Endpoint(String, String),
}

impl Traces {
    /// Sends spans to the collector at `endpoint`, `http://host:4317`: those of calls that belong
    /// to a trace which their callers trace, and `rate` of the calls that belong to none.
    ///
    /// # Errors
    /// If the address is not valid. Whether a collector is there turns out later, and is logged.
    pub fn start(endpoint: &str, rate: SampleRate, metrics: &Metrics) -> Result<Self, Error> {
        let exporter = export::start(endpoint, metrics)?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource =
            Resource::builder().with_service_name("courtesy").with_attribute(version).build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_batch_exporter(exporter)
            .build();
        let tracer = provider.tracer("courtesy");
        Ok(Self { provider, tracer, rate })
    }

    /// The span of a call, if it is to be traced. `number` is spread evenly over all calls.
    /// `headers` are those of a caller who may choose; without them the call belongs to no trace
    /// yet.
    #[must_use]
    pub fn call(
        &self,
        (service, method): (&str, &str),
        headers: Option<&HeaderMap>,
        number: u64,
    ) -> Option<Traced> {
        let propagator = TraceContextPropagator::new();
        let remote = headers.map_or_else(Context::new, |it| propagator.extract(&Headers(it)));
        let parent = remote.span().span_context().clone();
        let is_traced =
            if parent.is_valid() { parent.is_sampled() } else { self.rate.holds(number) };
        if !is_traced {
            return None;
        }
        let attributes = [
            KeyValue::new("rpc.system", "grpc"),
            KeyValue::new("rpc.service", service.to_owned()),
            KeyValue::new("rpc.method", method.to_owned()),
        ];
        let span = self
            .tracer
            .span_builder(format!("{service}/{method}"))
            .with_kind(SpanKind::Server)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, &remote);
        let context = Context::new().with_span(span);
        Some(Traced(Arc::new(Parent { tracer: self.tracer.clone(), context })))
    }

    /// Sends what is left.
    pub fn stop(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(STOP_MAX) {
            tracing::warn!(%error, "the last spans of traces were not sent");
        }
    }
}

/// The span of a call. Clones are the same span.
#[derive(Clone)]
pub struct Traced(Arc<Parent>);

struct Parent {
    tracer: SdkTracer,
    context: Context,
}

impl Traced {
    /// The trace that it belongs to.
    pub(super) fn trace_id(&self) -> TraceId {
        self.0.context.span().span_context().trace_id()
    }

    /// Ends it.
    pub(super) fn end(&self, code: Code) {
        let span = self.0.context.span();
        span.set_attribute(KeyValue::new("rpc.grpc.status_code", i64::from(i32::from(code))));
        let ours = [Code::Unknown, Code::DeadlineExceeded, Code::Unimplemented, Code::Internal];
        if ours.contains(&code) || [Code::Unavailable, Code::DataLoss].contains(&code) {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

impl fmt::Debug for Traced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Traced({})", self.trace_id())
    }
}

/// Waits for the store, in a span of its own if the call is traced.
pub async fn store<T, E>(
    operation: &'static str,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let span = Call::traced().map(|Traced(parent)| {
        let builder = parent.tracer.span_builder(operation).with_kind(SpanKind::Client);
        builder.start_with_context(&parent.tracer, &parent.context)
    });
    let result = answer.await;
    if let Some(mut span) = span {
        if result.is_err() {
            span.set_status(Status::error(""));
        }
        span.end();
    }
    result
}

/// Headers, as the propagator reads them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

//! Counts of calls by method and status, under the names that dashboards for gRPC expect.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tonic::Code;

use super::histogram::Histogram;

type Labels<const N: usize> = [(&'static str, String); N];

/// The names of the seventeen codes, in the order of their numbers, as other servers label them.
const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

/// The families that the metrics of every method belong to.
pub(super) struct RpcFamilies {
    handled: Family<Labels<3>, Counter>,
    seconds: Family<Labels<2>, Histogram>,
    in_flight: Gauge,
    overloaded: Family<[(&'static str, &'static str); 1], Counter>,
}

impl RpcFamilies {
    /// Registers them.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let handled: Family<Labels<3>, Counter> = Family::default();
        let seconds = Family::new_with_constructor(Histogram::calls as fn() -> Histogram);
        registry.register(
            "grpc_server_handled",
            "Calls that have ended, by method and status, in whichever dialect they came",
            handled.clone(),
        );
        registry.register(
            "grpc_server_handling_seconds",
            "Time from the head of a call to the head of its answer, or to the end of a stream",
            seconds.clone(),
        );
        let (in_flight, overloaded) = (Gauge::default(), Family::default());
        let help = "Calls and streams that are being answered";
        registry.register("courtesy_calls_in_flight", help, Gauge::clone(&in_flight));
        let help = "Calls that were refused because there are too many, by cause: places, behind, \
                    streams, probes, memory, rate";
        let family: Family<[(&'static str, &'static str); 1], Counter> = overloaded;
        registry.register("courtesy_overloaded", help, family.clone());
        for cause in ["places", "behind", "streams", "probes", "memory", "rate"] {
            drop(family.get_or_create(&[("cause", cause)]));
        }
        Self { handled, seconds, in_flight, overloaded: family }
    }

    /// The metrics of one method.
    pub(super) fn of(&self, service: &str, method: &str) -> Rpc {
        let labels = [("grpc_service", service.to_owned()), ("grpc_method", method.to_owned())];
        Rpc {
            service: service.to_owned(),
            method: Arc::from(method),
            handled: self.handled.clone(),
            seconds: self.seconds.get_or_create_owned(&labels),
            in_flight: self.in_flight.clone(),
            overloaded: self.overloaded.clone(),
            by_code: [const { OnceLock::new() }; CODES.len()],
        }
    }
}

/// Counts the calls of one method. Each series is looked up once and kept.
pub struct Rpc {
    service: String,
    method: Arc<str>,
    handled: Family<Labels<3>, Counter>,
    seconds: Histogram,
    in_flight: Gauge,
    overloaded: Family<[(&'static str, &'static str); 1], Counter>,
    by_code: [OnceLock<Counter>; CODES.len()],
}

impl Rpc {
    /// The service's and the method's name.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        (&self.service, &self.method)
    }

    /// The method's name, shared.
    #[must_use]
    pub fn method(&self) -> Arc<str> {
        Arc::clone(&self.method)
    }

    /// Notes that a call is being answered.
    pub fn begun(&self) {
        self.in_flight.inc();
    }

    /// Notes that one is not any more.
    pub fn ended(&self) {
        self.in_flight.dec();
    }

    /// Counts a call that is refused because there are too many.
    pub fn overloaded(&self, cause: &'static str) {
        self.overloaded.get_or_create(&[("cause", cause)]).inc();
    }

    /// Counts a call that ended with `code` after `elapsed`.
    pub fn handled(&self, code: Code, elapsed: Duration) {
        self.seconds.observe(elapsed);
        // Every code has a place in both tables; a stranger one would count as `Unknown`.
        let number = usize::try_from(i32::from(code)).unwrap_or(2);
        if let Some((kept, name)) = self.by_code.get(number).zip(CODES.get(number)) {
            kept.get_or_init(|| self.counter(name)).inc();
        }
    }

    fn counter(&self, code: &str) -> Counter {
        self.handled.get_or_create_owned(&[
            ("grpc_service", self.service.clone()),
            ("grpc_method", self.method.to_string()),
            ("grpc_code", code.to_owned()),
        ])
    }
}

impl fmt::Debug for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rpc({}/{})", self.service, self.method)
    }
}

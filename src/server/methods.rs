//! Every method that is served, by its path: what it takes and gives, how it is treated and where
//! it is counted. Built once from the descriptors, so that nothing has to be kept in step by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use prost_reflect::DescriptorError;
use prost_reflect::DescriptorPool;
use prost_reflect::MessageDescriptor;
use prost_reflect::MethodDescriptor;

use crate::access::method;
pub(super) use crate::access::method::Priority;
use crate::access::role::Role;
use crate::proto::DESCRIPTORS;
use crate::rpc::REQUEST_BYTES_MAX;
use crate::rpc::SINGLE_BYTES_MAX;
use crate::telemetry::Metrics;
use crate::telemetry::Rpc;

/// The package of the API's own services.
const PACKAGE: &str = "courtesy.v1.";

/// The service that only operators call.
pub(super) const ADMIN: &str = "courtesy.v1.PolicyService";

/// The service that moves the clock of a server for tests.
pub(super) const CLOCK: &str = "courtesy.v1.ClockService";

/// The services that tell what there is.
pub(super) const REFLECTION: [&str; 2] =
    ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

/// The services that are served, beside those of the API itself.
const STANDARD: [&str; 3] = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
];

/// The methods, and the types that they and the details of errors speak of.
#[derive(Debug)]
pub(super) struct Methods {
    by_path: BTreeMap<String, Arc<Method>>,
    pool: DescriptorPool,
    /// Counts the calls of what is not a method.
    pub(super) unknown: Rpc,
}

/// One method.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) kind: Kind,
    /// The roles that may call it; one is enough. Unset if every caller may.
    pub(super) needed: Option<&'static [Role]>,
    pub(super) input: MessageDescriptor,
    pub(super) output: MessageDescriptor,
    /// The priority by which it is refused if there is too much to do.
    pub(super) priority: Priority,
    /// Whether it waits for an event. Then it takes no place of other calls, and has a deadline of
    /// its own.
    pub(super) waits: bool,
    /// The longest request, in bytes.
    pub(super) request_bytes_max: usize,
    pub(super) rpc: Rpc,
}

impl Priority {
    /// The number of `most` places that the calls of a priority may take: three quarters, seven
    /// eighths, or all.
    pub(super) const fn places(self, most: usize) -> usize {
        let eighths = match self {
            Self::Check => 6,
            Self::Change => 7,
            Self::Refusal => 8,
        };
        most / 8 * eighths
    }
}

/// The treatment of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Answered once and bounded in number.
    Call,
    /// Asks whether we are alive; answered also when there is too much to do.
    Probe,
    /// Answers for as long as the caller listens.
    Stream,
}

impl Methods {
    /// The methods of the services that are not `hidden`.
    pub(super) fn new(metrics: &Metrics, hidden: &[&str]) -> Result<Self, DescriptorError> {
        let mut pool = DescriptorPool::new();
        for descriptors in [
            DESCRIPTORS,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
            tonic_types::pb::FILE_DESCRIPTOR_SET,
        ] {
            pool.decode_file_descriptor_set(descriptors)?;
        }
        let mut by_path = BTreeMap::new();
        let is_served = |name: &str| is_served(name) && !hidden.contains(&name);
        for service in pool.services().filter(|service| is_served(service.full_name())) {
            for method in service.methods() {
                let path = format!("/{}/{}", service.full_name(), method.name());
                by_path.insert(path, Arc::new(Method::new(&method, metrics)));
            }
        }
        Ok(Self { by_path, pool, unknown: metrics.rpc("unknown", "unknown") })
    }

    pub(super) fn at(&self, path: &str) -> Option<&Arc<Method>> {
        self.by_path.get(path)
    }

    /// The type of a message by its full name.
    pub(super) fn message(&self, name: &str) -> Option<MessageDescriptor> {
        self.pool.get_message_by_name(name)
    }
}

impl Method {
    fn new(method: &MethodDescriptor, metrics: &Metrics) -> Self {
        let service = method.parent_service().full_name();
        let streams = method.is_client_streaming() || method.is_server_streaming();
        let kind = match (streams, STANDARD.contains(&service)) {
            (true, _) => Kind::Stream,
            (false, true) => Kind::Probe,
            (false, false) => Kind::Call,
        };
        let own = format!("{}/{}", service.trim_start_matches(PACKAGE), method.name());
        let own = method::named(&own);
        Self {
            kind,
            needed: (!STANDARD.contains(&service)).then_some(own.roles),
            input: method.input(),
            output: method.output(),
            priority: own.priority,
            waits: own.is_waiting,
            request_bytes_max: if own.is_large { REQUEST_BYTES_MAX } else { SINGLE_BYTES_MAX },
            rpc: metrics.rpc(service, method.name()),
        }
    }
}

fn is_served(service: &str) -> bool {
    service.starts_with(PACKAGE) || STANDARD.contains(&service)
}

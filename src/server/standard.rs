//! The standard services that tools expect beside the API: health and reflection.

use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::HealthReporter;
use tonic_health::server::HealthService;
use tonic_reflection::server::Builder;
use tonic_reflection::server::Error;

use crate::proto::DESCRIPTORS;

/// The services whose health can be asked for; the empty name is the server as a whole.
const SERVICES: [&str; 4] =
    ["", "courtesy.v1.ContactService", "courtesy.v1.CustomerService", "courtesy.v1.PolicyService"];

/// The package of stored messages. They are not part of the API, and reflection does not show them.
const INTERNAL_PACKAGE: &str = "courtesy.store.v1";

/// The file of the service that moves the clock.
const CLOCK_FILE: &str = "clock_service.proto";

/// The service whose calls change customers. It is of no use where nothing can be changed.
const CHANGES: &str = "courtesy.v1.CustomerService";

/// Sets the health status of all services, and that of CustomerService, which changes customers.
pub(super) async fn report(health: &HealthReporter, status: ServingStatus, changes: ServingStatus) {
    for service in SERVICES {
        let status = if service == CHANGES { changes } else { status };
        health.set_service_status(service, status).await;
    }
}

/// Adds health and both versions of reflection to `routes`. The service that moves the clock is
/// only shown to callers who may use it.
pub(super) fn add_to(
    routes: Routes,
    health: &HealthReporter,
    moves_clock: bool,
) -> Result<Routes, Error> {
    let health = HealthServer::new(HealthService::from_health_reporter(health.clone()));
    let routes = routes.add_service(health);
    let routes = routes.add_service(reflection(moves_clock)?.build_v1()?);
    Ok(routes.add_service(reflection(moves_clock)?.build_v1alpha()?))
}

fn reflection(moves_clock: bool) -> Result<Builder<'static>, Error> {
    let mut files = FileDescriptorSet::decode(DESCRIPTORS)?;
    files.file.retain(|file| file.package() != INTERNAL_PACKAGE);
    files.file.retain(|file| moves_clock || !file.name().ends_with(CLOCK_FILE));
    Ok(Builder::configure()
        .register_file_descriptor_set(files)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET))
}

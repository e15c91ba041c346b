//! Tenants and the store as a whole.

use tonic::Status;

use super::NOTE_BYTES_MAX;
use super::words;
use crate::gate::Accepted;
use crate::gate::Attribution;
use crate::gate::Gate;
use crate::gate::Upgraded;
use crate::proto::v1;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::own_tenant;
use crate::rpc::decide::refuse;
use crate::rpc::identity;
use crate::rpc::status;

const ROOT: Path = Path::ROOT;

/// Answers `CreateTenant`.
pub(super) async fn create_tenant(
    gate: &Gate,
    request: &v1::CreateTenantRequest,
) -> Result<v1::CreateTenantResponse, Status> {
    let mut violations = Violations::default();
    let name = violations.name(ROOT, "tenant", &request.tenant);
    let words = words(&mut violations, request.author.as_deref(), None);
    let name = violations.finish(name)?;
    let tenant = own_tenant(Some(&name))?;
    let created = gate.create_tenant(&tenant, &words).await;
    Ok(v1::CreateTenantResponse { created: created.map_err(|failure| refuse(&failure))? })
}

/// Answers `AcceptStore`.
pub(super) async fn accept(
    gate: &Gate,
    request: &v1::AcceptStoreRequest,
) -> Result<v1::AcceptStoreResponse, Status> {
    for_all_tenants()?;
    let mut violations = Violations::default();
    let reason = violations.text(ROOT, "reason", &request.reason, NOTE_BYTES_MAX);
    let words = words(&mut violations, request.author.as_deref(), None);
    let reason = violations.finish(reason)?;
    let words = Attribution { note: Some(reason), ..words };
    let accepted = gate.accept_store(&words).await;
    let Accepted { lost, policies } = accepted.map_err(|failure| refuse(&failure))?;
    let policies_put_back = u32::try_from(policies).unwrap_or(u32::MAX);
    Ok(v1::AcceptStoreResponse { lost: lost.unwrap_or_default(), policies_put_back })
}

/// Answers `UpgradeStore`.
pub(super) async fn upgrade(
    gate: &Gate,
    request: &v1::UpgradeStoreRequest,
) -> Result<v1::UpgradeStoreResponse, Status> {
    for_all_tenants()?;
    let mut violations = Violations::default();
    let words = words(&mut violations, request.author.as_deref(), None);
    violations.finish(Some(()))?;
    let upgraded = gate.upgrade_store(&words).await;
    let Upgraded { before, now } = upgraded.map_err(|failure| refuse(&failure))?;
    Ok(v1::UpgradeStoreResponse { previous_format: before, format: now })
}

/// Refuses callers who may not act for every tenant: the store belongs to all tenants.
pub(super) fn for_all_tenants() -> Result<(), Status> {
    let identity = identity::caller();
    if identity.is_for_all() {
        return Ok(());
    }
    Err(status::not_for_all(&identity))
}

//! Changes of wishes, for systems that follow them.

use std::time::Duration;

use tokio::time::timeout;
use tonic::Status;

use crate::clock::Stopwatch;
use crate::gate::ChangedSince;
use crate::gate::Changes;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::model::Span;
use crate::model::agenda::Topic;
use crate::proto::v1;
use crate::rpc::convert::changed::changed_customer;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::ending;

/// The longest time that a call waits.
const WAIT_MAX: Span = Span::from_secs(20);

/// Answers `ListChangedCustomers`.
pub(super) async fn list(
    gate: &Gate,
    request: v1::ListChangedCustomersRequest,
) -> Result<v1::ListChangedCustomersResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let size = violations.page_size(request.page_size);
    let wait = violations.wait("wait", request.wait.as_ref(), WAIT_MAX);
    let token = request.page_token.as_deref().filter(|token| !token.is_empty());
    let since = token.map(Changes::parse);
    if since == Some(None) {
        violations.add(Path::ROOT, "page_token", "is not one that an earlier answer gave");
    }
    violations.finish(Some(()))?;
    let wait = Duration::from_millis(u64::try_from(wait.millis()).unwrap_or_default());
    let found = changed(gate, &caller, since.flatten(), (size, wait)).await?;
    answer(gate, &caller, found).await
}

/// The next changes of wishes; an empty list if none comes within the wait.
async fn changed(
    gate: &Gate,
    caller: &Caller,
    mut since: Option<Changes>,
    (size, wait): (usize, Duration),
) -> Result<ChangedSince, Status> {
    let (begun, mut changes) = (Stopwatch::start(), gate.changed());
    loop {
        changes.mark_unchanged();
        let now = gate.clock().now();
        let found = gate.changed_since(&caller.tenant, since.as_ref(), (size, now)).await;
        let mut found = found.map_err(|failure| refuse(&failure))?;
        let is_more = found.told.len() >= size;
        found.told.retain(|it| it.topic == Topic::Wishes);
        let left = wait.saturating_sub(begun.elapsed());
        if !found.told.is_empty() || found.full || (left.is_zero() && !is_more) || ending::begun() {
            return Ok(found);
        }
        since = Some(found.next);
        if is_more {
            continue;
        }
        let _changed_or_not = timeout(left.min(gate.unheard_max()), async {
            tokio::select! {
                changed = changes.changed() => drop(changed),
                () = ending::wait() => {}
            }
        })
        .await;
    }
}

async fn answer(
    gate: &Gate,
    caller: &Caller,
    found: ChangedSince,
) -> Result<v1::ListChangedCustomersResponse, Status> {
    let whose = TenantPolicy { tenant: &caller.tenant, policy: &caller.active.policy };
    let ids: Vec<Box<str>> = found.told.iter().map(|it| it.entry.customer.clone()).collect();
    let looked = gate.look_at_changed(whose, &ids, gate.clock().now()).await;
    let customers = looked.iter().zip(&found.told).map(|((id, looked), told)| {
        changed_customer(id, told.entry.due, looked).map_err(|failure| refuse(&failure))
    });
    Ok(v1::ListChangedCustomersResponse {
        customers: customers.collect::<Result<_, _>>()?,
        next_page_token: found.next.to_string(),
        full: found.full,
    })
}

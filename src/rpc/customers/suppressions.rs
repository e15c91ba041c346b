//! The operator's refusals.

use tonic::Status;

use super::changing;
use super::shown;
use crate::audit::Event;
use crate::gate::Change;
use crate::gate::Gate;
use crate::model::Name;
use crate::model::Record;
use crate::operation;
use crate::operation::suppress::Suppress;
use crate::operation::suppress::Unsuppress;
use crate::proto::v1;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse_naming;

const ROOT: Path = Path::ROOT;

/// Answers `SuppressCustomer`.
pub(super) async fn suppress(
    gate: &Gate,
    request: v1::SuppressCustomerRequest,
) -> Result<v1::SuppressCustomerResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(ROOT, &request.customer_id);
    let until = request.until_time.as_ref();
    let suppress = Suppress {
        request: violations.optional_key(ROOT, request.request_id.as_deref(), &request),
        scope: violations.suppressed(ROOT, request.scope.as_ref(), &caller.active.policy),
        reason: violations.optional(ROOT, "reason_code", request.reason_code.as_deref()),
        until: violations.time(ROOT, "until_time", until, Within::Future.at(caller.now)),
        source: violations.optional(ROOT, "source", request.source.as_deref()),
    };
    let (id, undeclared) = violations.finish_bounds(id)?;

    let key = caller.key(&id);
    let change = Change { request: suppress.request.as_ref(), ..caller.wish(gate, &key) };
    let changed = gate.change(&change, |record| {
        changing(record, |record| {
            operation::suppress::suppress(caller.context(), record, &suppress)
        })
    });
    let until = suppress.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let reason = suppress.reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
    let details = format!("{}{until}{reason}", suppress.scope);
    let event = Event {
        author: suppress.source.as_ref().map(Name::to_string),
        ..Caller::event("SuppressCustomer", details)
    };
    let changed = gate.audited(&caller.tenant, event, changed).await;
    let ((record, changed), version) =
        changed.map_err(|failure| refuse_naming(&failure, undeclared))?;
    Ok(v1::SuppressCustomerResponse {
        suppressions: suppressions(&record),
        version: shown(version),
        changed: Some(changed),
    })
}

/// Answers `UnsuppressCustomer`.
pub(super) async fn unsuppress(
    gate: &Gate,
    request: v1::UnsuppressCustomerRequest,
) -> Result<v1::UnsuppressCustomerResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(ROOT, &request.customer_id);
    if request.scope.is_none() && request.reason_code.is_none() {
        violations.add(ROOT, "scope", "must be set where `reason_code` is not");
    }
    let unsuppress = Unsuppress {
        request: violations.optional_key(ROOT, request.request_id.as_deref(), &request),
        scope: violations.suppressed(ROOT, request.scope.as_ref(), &caller.active.policy),
        reason: violations.optional(ROOT, "reason_code", request.reason_code.as_deref()),
    };
    let (id, undeclared) = violations.finish_bounds(id)?;

    let key = caller.key(&id);
    let change = Change { request: unsuppress.request.as_ref(), ..caller.wish(gate, &key) };
    let changed = gate.change(&change, |record| {
        let lifted = operation::suppress::unsuppress(caller.context(), record, &unsuppress)?;
        let lifted: Vec<v1::Suppression> = lifted.iter().map(wish::suppression).collect();
        Ok((lifted, suppressions(record)))
    });
    let reason = unsuppress.reason.iter().map(|reason| format!(": {reason}")).collect::<String>();
    let details = format!("{}{reason}", unsuppress.scope);
    let event = Caller::event("UnsuppressCustomer", details);
    let changed = gate.audited(&caller.tenant, event, changed).await;
    let ((lifted, suppressions), version) =
        changed.map_err(|failure| refuse_naming(&failure, undeclared))?;
    let changed = Some(!lifted.is_empty());
    Ok(v1::UnsuppressCustomerResponse { lifted, suppressions, version: shown(version), changed })
}

fn suppressions(record: &Record) -> Vec<v1::Suppression> {
    record.suppressions.iter().map(wish::suppression).collect()
}

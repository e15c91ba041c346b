//! Answers to customers that are late.

use tonic::Status;

use super::shown;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::Listed;
use crate::gate::TenantPolicy;
use crate::model::Scope;
use crate::operation::reply::MarkAnswered;
use crate::operation::reply::mark_answered;
use crate::proto::v1;
use crate::rpc::convert::changed::overdue_replies;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::decide::refuse_naming;

const ROOT: Path = Path::ROOT;

/// Answers `ListOverdueReplies`.
pub(super) async fn list(
    gate: &Gate,
    request: v1::ListOverdueRepliesRequest,
) -> Result<v1::ListOverdueRepliesResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let size = violations.page_size(request.page_size);
    violations.finish(Some(()))?;
    let cursor = request.page_token.as_deref().filter(|token| !token.is_empty());
    let (policy, now) = (&caller.active.policy, caller.now);
    let found =
        gate.overdue(TenantPolicy { tenant: &caller.tenant, policy }, cursor, size, now).await;
    let (listed, next) = found.map_err(|failure| refuse(&failure))?;
    let mut replies = Vec::new();
    let mut unreadable_customer_ids = Vec::new();
    for Listed { id, looked, items } in listed {
        match looked {
            Ok(snapshot) => {
                let late = overdue_replies(&id, &snapshot.record, (policy, now)).into_iter();
                replies.extend(late.filter(|(item, _)| items.contains(item)).map(|(_, it)| it));
            }
            Err(Failure::Unreadable(_)) => unreadable_customer_ids.push(id.to_string()),
            Err(failure) => return Err(refuse(&failure)),
        }
    }
    replies.sort_by_key(|reply| reply.event_time.map(|it| (it.seconds, it.nanos)));
    let next_page_token = next.unwrap_or_default();
    Ok(v1::ListOverdueRepliesResponse { replies, next_page_token, unreadable_customer_ids })
}

/// Answers `MarkAnswered`.
pub(super) async fn mark(
    gate: &Gate,
    request: v1::MarkAnsweredRequest,
) -> Result<v1::MarkAnsweredResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(ROOT, &request.customer_id);
    let channel = violations.optional(ROOT, "channel", request.channel.as_deref());
    let scope = Scope { channel: channel.clone(), ..Scope::default() };
    violations.declared(ROOT, &scope, &caller.active.policy);
    let key = violations.optional_key(ROOT, request.request_id.as_deref(), &request);
    let mark = MarkAnswered { request: key, channel };
    let (id, undeclared) = violations.finish_bounds(id)?;

    let key = caller.key(&id);
    let change = caller.change(&key, gate.settings().wishes);
    let marked = gate.change(&change, |record| mark_answered(caller.context(), record, &mark));
    let (answered, version) =
        marked.await.map_err(|failure| refuse_naming(&failure, undeclared))?;
    let answered = u32::try_from(answered).unwrap_or(u32::MAX);
    Ok(v1::MarkAnsweredResponse { answered, version: shown(version) })
}

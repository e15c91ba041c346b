//! Messages that a human has to look at.

use tonic::Status;

use super::shown;
use crate::audit::Event;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::Listed;
use crate::gate::TenantPolicy;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::unclear::Unclear;
use crate::operation;
use crate::operation::Draft;
use crate::operation::inbound::UNCLEAR;
use crate::operation::unclear::Resolve;
use crate::proto::v1;
use crate::rpc::convert::consent::unclear_message;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

const ROOT: Path = Path::ROOT;

/// Answers `ListUnclearMessages`.
pub(super) async fn list(
    gate: &Gate,
    request: v1::ListUnclearMessagesRequest,
) -> Result<v1::ListUnclearMessagesResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let size = violations.page_size(request.page_size);
    violations.finish(Some(()))?;
    let cursor = request.page_token.as_deref().filter(|token| !token.is_empty());
    let whose = TenantPolicy { tenant: &caller.tenant, policy: &caller.active.policy };
    let found = gate.unclear(whose, cursor, size, caller.now).await;
    let (listed, next) = found.map_err(|failure| refuse(&failure))?;
    let mut messages = Vec::new();
    let mut unreadable_customer_ids = Vec::new();
    for Listed { id, looked, items } in listed {
        let record = match looked {
            Ok(snapshot) => snapshot.record,
            Err(Failure::Unreadable(_)) => {
                unreadable_customer_ids.push(id.to_string());
                continue;
            }
            Err(failure) => return Err(refuse(&failure)),
        };
        let listed = |it: &&Unclear| it.is_open() && items.contains(&it.entry().item);
        let listed = record.unclear.iter().filter(listed);
        messages.extend(listed.map(|it| unclear_message(&id, it, suppressed_until(&record, it))));
    }
    let next_page_token = next.unwrap_or_default();
    Ok(v1::ListUnclearMessagesResponse { messages, next_page_token, unreadable_customer_ids })
}

/// The unresolved messages of a customer.
pub(in crate::rpc) fn messages(id: &str, record: &Record) -> Vec<v1::UnclearMessage> {
    let open = record.unclear.iter().filter(|it| it.is_open());
    open.map(|it| unclear_message(id, it, suppressed_until(record, it))).collect()
}

fn suppressed_until(record: &Record, message: &Unclear) -> Option<Instant> {
    let is_own = |scope: &Scope| Scope { marketing: false, ..scope.clone() } == message.scope;
    let mut suppressions = record.suppressions.iter();
    let own = suppressions.find(|it| {
        it.reason.as_ref().is_some_and(|it| it.as_str() == UNCLEAR) && is_own(&it.scope)
    });
    own?.until
}

/// Answers `ResolveUnclearMessage`.
pub(super) async fn resolve(
    gate: &Gate,
    request: v1::ResolveUnclearMessageRequest,
) -> Result<v1::ResolveUnclearMessageResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(ROOT, &request.customer_id);
    let message = request.message_id.as_deref();
    let resolve = Resolve {
        request: violations.optional_key(ROOT, request.request_id.as_deref(), &request),
        id: message.and_then(|id| violations.request_id(ROOT, "message_id", id)),
    };
    let author = violations.optional(ROOT, "author", request.author.as_deref());
    let id = violations.finish(id)?;

    let key = caller.key(&id);
    let change = caller.wish(gate, &key);
    let resolve =
        |record: &mut Draft<'_>| operation::unclear::resolve(caller.context(), record, &resolve);
    let changed = gate.change(&change, resolve);
    let which =
        if request.message_id.is_some() { "one message" } else { "all messages of a customer" };
    let event = Event {
        author: author.as_ref().map(Name::to_string),
        ..Caller::event("ResolveUnclearMessage", which.to_owned())
    };
    let changed = gate.audited(&caller.tenant, event, changed).await;
    let (resolved, version) = changed.map_err(|failure| refuse(&failure))?;
    Ok(v1::ResolveUnclearMessageResponse {
        resolved: u32::try_from(resolved.messages.len()).unwrap_or(u32::MAX),
        lifted: resolved.lifted.iter().map(wish::suppression).collect(),
        version: shown(version),
    })
}

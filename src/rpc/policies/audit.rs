//! The audit log.

use prost::Message;
use tonic::Status;

use super::AUTHOR_BYTES_MAX;
use super::PAGE_BYTES;
use crate::audit::Event;
use crate::audit::Link;
use crate::audit::Placed;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::Name;
use crate::proto::v1;
use crate::rpc::convert::time::instant;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

const ROOT: Path = Path::ROOT;
const ACTIONS_MAX: usize = 32;

/// The events that are wanted.
struct EventFilter {
    actions: Vec<Name>,
    actor: Option<Box<str>>,
    from: Option<Instant>,
    until: Option<Instant>,
}

/// Answers `ListAuditEvents`. A token is the number of the next event.
pub(super) async fn list(
    gate: &Gate,
    request: &v1::ListAuditEventsRequest,
) -> Result<v1::ListAuditEventsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let actor = request.actor.as_deref();
    let wanted = EventFilter {
        actions: violations.names(ROOT, "actions", &request.actions, ACTIONS_MAX),
        actor: violations.optional_text(ROOT, "actor", actor, AUTHOR_BYTES_MAX),
        from: violations.any_time("start_time", request.start_time.as_ref()),
        until: violations.any_time("end_time", request.end_time.as_ref()),
    };
    let size = violations.page_size(request.page_size);
    let newest = violations.page_number(request.page_token.as_deref());
    violations.finish(Some(()))?;
    let limit = u64::try_from(size).unwrap_or(u64::MAX);
    let trail = gate.trail(&caller.tenant, newest, limit).await;
    let trail = trail.map_err(|failure| refuse(&failure))?;
    let mut events = Vec::new();
    let mut next = trail.next;
    let mut bytes = 0;
    for (sequence, link) in &trail.links {
        if bytes >= PAGE_BYTES {
            next = Some(*sequence);
            break;
        }
        let placed = link.as_ref().and_then(Link::placed);
        if placed.as_ref().is_some_and(|placed| !wanted.has(placed)) {
            continue;
        }
        let event = message(*sequence, link.as_ref(), placed);
        bytes += event.encoded_len();
        events.push(event);
    }
    let next_page_token = next.map(|next| next.to_string()).unwrap_or_default();
    let (head_sequence, end_damage) = (trail.head, trail.damage.map(str::to_owned));
    Ok(v1::ListAuditEventsResponse { events, next_page_token, head_sequence, end_damage })
}

impl Violations {
    fn any_time(&mut self, field: &str, time: Option<&prost_types::Timestamp>) -> Option<Instant> {
        let at = instant(time?);
        if at.is_none() {
            self.add(ROOT, field, "is not a time between 1970 and 2199");
        }
        at
    }
}

impl EventFilter {
    fn has(&self, placed: &Placed) -> bool {
        let Event { action, actor, .. } = &placed.event;
        (self.actions.is_empty() || self.actions.iter().any(|it| it.as_str() == action))
            && self.actor.as_ref().is_none_or(|it| **it == **actor)
            && self.from.is_none_or(|from| placed.at >= from)
            && self.until.is_none_or(|until| placed.at < until)
    }
}

/// The message of an event. An unreadable event is shown as such, whatever is wanted.
fn message(sequence: u64, link: Option<&Link>, placed: Option<Placed>) -> v1::AuditEvent {
    let mut message = v1::AuditEvent { sequence, ..Default::default() };
    if let Some(link) = link {
        message.encoded_event = link.event.to_vec();
        message.previous_hash = link.previous_hash.to_vec();
        message.hash = link.hash.to_vec();
    }
    let Some(Placed { at, event, .. }) = placed else {
        message.damage = Some("it is not as it was written".to_owned());
        return message;
    };
    message.event_time = Some(timestamp(at));
    message.actor = event.actor;
    message.action = event.action;
    message.details = event.details;
    message.author = event.author;
    message.from_revision = event.revisions.map(|(from, _)| from);
    message.to_revision = event.revisions.map(|(_, to)| to);
    message.failure = event.failure;
    message
}

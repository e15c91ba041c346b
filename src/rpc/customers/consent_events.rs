//! What the customer said about being contacted.

use tonic::Status;

use super::look;
use crate::gate::Gate;
use crate::model::Record;
use crate::model::consent_event::ConsentEvent;
use crate::proto::v1;
use crate::rpc::convert::page::List;
use crate::rpc::convert::page::Place;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::store::Key;

/// Answers `ListConsentEvents`.
pub(super) async fn list(
    gate: &Gate,
    request: v1::ListConsentEventsRequest,
) -> Result<v1::ListConsentEventsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let key = caller.key(&id.clone().unwrap_or_default());
    let token = request.page_token.as_deref();
    let page = violations.page(List::ConsentEvents, Key::clone(&key), request.page_size, token);
    violations.finish(id)?;

    let record = look(gate, &caller, &key).await?;
    let (events, next_page_token) = page.take(places(&record));
    let consent_events = events.into_iter().map(wish::consent_event).collect();
    Ok(v1::ListConsentEventsResponse { consent_events, next_page_token })
}

/// Each event and its place: those that were heard at the same time are numbered, so that a page which
/// ends among them is continued behind the last one.
fn places(record: &Record) -> Vec<(Place, &ConsentEvent)> {
    let mut places: Vec<(Place, &ConsentEvent)> = Vec::new();
    for event in &record.consent_events {
        let same = places.iter().filter(|(place, _)| place.at == event.heard).count();
        let number = u32::try_from(same).unwrap_or(u32::MAX);
        places.push((Place { at: event.heard, number }, event));
    }
    places
}

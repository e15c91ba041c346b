//! The customer's statements about being contacted.

use tonic::Status;

use super::look;
use crate::gate::Gate;
use crate::model::Record;
use crate::proto::v1;
use crate::rpc::convert::consent::history_of;
use crate::rpc::convert::page::List;
use crate::rpc::convert::page::Place;
use crate::rpc::convert::violations::Path;
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
    let (consent_events, next_page_token) = page.take(places(&record));
    Ok(v1::ListConsentEventsResponse { consent_events, next_page_token })
}

/// Each event and its place. Events that were heard at the same time are numbered, so that a page
/// that ends among them is continued after its last one.
fn places(record: &Record) -> Vec<(Place, v1::ConsentEvent)> {
    let mut places: Vec<(Place, v1::ConsentEvent)> = Vec::new();
    for (heard, event) in history_of(record) {
        let same = places.iter().filter(|(place, _)| place.at == heard).count();
        let number = u32::try_from(same).unwrap_or(u32::MAX);
        places.push((Place { at: heard, number }, event));
    }
    places
}

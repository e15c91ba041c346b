//! RecheckContact while the store is away.

use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::ReservationState;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;

use super::served::Desk;
use super::served::POLICY;
use super::served::apply;
use super::server::Server;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::crash::process::Process;
use crate::wait::until;

fn contact(purpose: &str) -> Option<v1::Contact> {
    Some(v1::Contact {
        customer_id: "ada".to_owned(),
        channel: "sms".to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn reserve(process: &Process, purpose: &str) {
    let request = v1::ReserveContactRequest {
        contact: contact(purpose),
        request_id: purpose.to_owned(),
        ..Default::default()
    };
    let asked =
        async { ContactServiceClient::new(process.connect()).reserve_contact(request).await };
    assert!(is_allowed(&wait(asked).unwrap().into_inner().decision.unwrap()));
}

/// Asks again, and gives back what is denied.
fn recheck(process: &Process, purpose: &str) -> (v1::Decision, ReservationState) {
    let request = v1::RecheckContactRequest {
        contact: contact(purpose),
        request_id: purpose.to_owned(),
        release_if_denied: true,
        ..Default::default()
    };
    let asked =
        async { ContactServiceClient::new(process.connect()).recheck_contact(request).await };
    let answer = wait(asked).unwrap().into_inner();
    let state = answer.reservation_state();
    (answer.decision.unwrap(), state)
}

/// The purpose's setting answers, nothing is released, and the answer says that the state of the
/// reservation is unknown.
#[test]
fn without_the_store_the_purpose_answers_and_nothing_is_released() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let desk = Desk::new();
    let process = desk.serve_with(&server.url(), &[]);
    apply(&process, POLICY);
    for purpose in ["marketing", "codes"] {
        reserve(&process, purpose);
    }

    server.stop();
    let (decision, state) = recheck(&process, "marketing");
    assert!(decision.degraded && codes(&decision) == ["STORE_UNAVAILABLE"], "{decision:?}");
    assert_eq!(state, ReservationState::Unknown);
    let (decision, state) = recheck(&process, "codes");
    assert!(decision.degraded && is_allowed(&decision), "{decision:?}");
    assert_eq!(state, ReservationState::Unknown);
    server.resume();

    // Each connection to the store comes back by itself.
    for purpose in ["marketing", "codes"] {
        let back = || Some(recheck(&process, purpose)).filter(|(it, _)| !it.degraded);
        let (decision, state) = until(Duration::from_secs(60), "the store is back", back);
        assert!(is_allowed(&decision), "{decision:?}");
        assert_eq!(state, ReservationState::Held, "nothing was released");
    }
}

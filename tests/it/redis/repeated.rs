//! A request that is repeated while another instance writes to the same customer.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use courtesy::proto::v1;
use tonic::Code;

use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::wait::PATIENCE;
use crate::wait::until;

/// So often that some repetitions meet a write: between reading the record and making sure that it
/// is still the newest.
const REPETITIONS: usize = 500;
/// Seldom enough that no repetition meets one at every attempt.
const WRITE_EVERY: Duration = Duration::from_millis(5);

#[test]
fn a_repeated_request_has_its_answer_while_others_write() {
    let server = Server::start(&[]);
    let (one, other) = (Service::start(&server.url(), &[]), Service::start(&server.url(), &[]));
    let first = one.reserve("ada", "first").unwrap();
    assert!(is_allowed(&first), "{first:?}");
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                opened(&other, number);
                std::thread::sleep(WRITE_EVERY);
            }
        });
        let refused: Vec<_> =
            (0..REPETITIONS).filter_map(|_| one.reserve("ada", "first").err()).collect();
        over.store(true, Ordering::Relaxed);
        assert!(refused.is_empty(), "{} of {REPETITIONS}: {:?}", refused.len(), refused[0]);
    });
    assert_eq!(one.contacts("ada"), 1);
}

fn opened(service: &Service, number: u32) {
    let request = v1::RecordEngagementRequest {
        customer_id: "ada".to_owned(),
        kind: v1::EngagementKind::Opened.into(),
        request_id: format!("opened-{number}"),
        ..Default::default()
    };
    service.wait(service.contacts_client().record_engagement(request)).unwrap();
}

/// Whatever another instance did meanwhile, a repetition is decided on what stands now.
#[test]
fn a_repeated_request_sees_what_another_instance_did() {
    let server = Server::start(&[]);
    let (one, other) = (Service::start(&server.url(), &[]), Service::start(&server.url(), &[]));
    for customer in ["released", "sent", "out", "paused"] {
        assert!(is_allowed(&one.reserve(customer, "1").unwrap()));
    }
    let request = v1::ReleaseContactRequest {
        customer_id: "released".to_owned(),
        request_id: "1".to_owned(),
        ..Default::default()
    };
    other.wait(other.contacts_client().release_contact(request)).unwrap();
    assert!(is_allowed(&one.reserve("released", "1").unwrap()), "it is reserved anew");
    assert_eq!(confirm(&other, "released"), Ok(false));
    assert_eq!(confirm(&other, "sent"), Ok(false));
    for customer in ["released", "sent"] {
        assert_eq!(codes(&one.reserve(customer, "1").unwrap()), ["ALREADY_SENT"], "{customer}");
    }
    other.opt_out("out").unwrap();
    assert_eq!(codes(&one.reserve("out", "1").unwrap()), ["OPTED_OUT"]);
    assert_eq!(confirm(&other, "out"), Ok(true), "it was being sent, and is on record");
    let pause = v1::PauseContactsRequest {
        name: "crisis".to_owned(),
        reason: "a death in the news".to_owned(),
        ..Default::default()
    };
    other.wait(other.policies().pause_contacts(pause)).unwrap();
    let refused = || {
        let decision = one.reserve("paused", "1").unwrap();
        (!is_allowed(&decision)).then(|| codes(&decision))
    };
    assert_eq!(until(PATIENCE, "the pause arrives", refused), ["PAUSED"]);
}

/// Whether it was late.
fn confirm(service: &Service, customer: &str) -> Result<bool, Code> {
    let request = v1::ConfirmContactRequest {
        customer_id: customer.to_owned(),
        request_id: "1".to_owned(),
        ..Default::default()
    };
    let confirmed = service.wait(service.contacts_client().confirm_contact(request));
    confirmed.map(|it| it.into_inner().late).map_err(|status| status.code())
}

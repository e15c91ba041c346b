//! A request that is repeated while another instance writes to the same customer.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use courtesy::proto::v1;

use super::server::Server;
use super::service::Service;
use crate::api::product::is_allowed;

/// So often that some repetitions meet a write: between reading the record and making sure that it is
/// still the newest.
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

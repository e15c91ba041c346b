//! `courtesy merge-ids` and `courtesy doctor` on a Redis.

use courtesy::proto::v1;

use super::noticed::looks;
use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::api::product::reservation;
use crate::support::File;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const LOWER: [&str; 2] = ["--customer-ids", "lower_case"];

/// The answer to a reservation, and whether it is a repetition's.
fn reserve(service: &Service, id: &str) -> (v1::Decision, bool) {
    let mut contacts = service.contacts_client();
    let reserved = service.wait(contacts.reserve_contact(reservation(id, "r-1")));
    let reserved = reserved.unwrap().into_inner();
    (reserved.decision.unwrap(), reserved.replayed)
}

#[test]
fn records_under_several_spellings_are_found_and_merged() {
    let server = Server::start(&[]);
    let secret = File::new("merge-secret", &"x".repeat(40));
    let place = ["--store", &server.url(), "--secret-file", secret.path()];
    let lower = [&place[..], &LOWER].concat();
    let service = Service::start(&server.url(), &[]);
    for id in ["Ann@Example.org", "ANN@example.org", "bob@example.org"] {
        service.opt_out(id).unwrap();
    }
    assert!(is_allowed(&reserve(&service, "Cy").0));
    assert!(is_allowed(&service.check("ann@example.org")), "ids are told apart");
    drop(service);

    let found = courtesy(&[&["doctor"], &lower[..]].concat());
    assert!(found.out.contains("3 of 4 records"), "{}{}", found.out, found.err);
    let counted = courtesy(&[&["merge-ids", "--dry-run"], &lower[..]].concat());
    assert!(counted.out.contains("3 of 4 records"), "{}{}", counted.out, counted.err);
    let merged = courtesy(&[&["merge-ids"], &lower[..]].concat());
    assert_eq!(merged.code, 0, "{}{}", merged.out, merged.err);
    assert!(merged.out.contains("3 merged, 0 not"), "{}", merged.out);
    let well = courtesy(&[&["doctor"], &lower[..]].concat());
    assert!(well.out.contains("none of 3 records"), "{}", well.out);

    let service = Service::start(&server.url(), &LOWER);
    for id in ["ann@example.org", "Ann@Example.org", "aNN@EXAMPLE.ORG "] {
        assert_eq!(codes(&service.check(id)), ["OPTED_OUT"], "{id}");
    }
    assert!(is_allowed(&service.check("dan@example.org")));
    // What was reserved before is the same request, under the spelling that it was made with.
    let (again, replayed) = reserve(&service, "Cy");
    assert!(is_allowed(&again) && replayed);
    assert_eq!(service.contacts("cy"), 1);
}

/// What was told under one spelling is not found under it any more: an instance that is left
/// running must not take that for a yes.
#[test]
fn an_instance_that_is_left_running_grants_nothing_while_ids_are_merged() {
    let server = Server::start(&[]);
    let secret = File::new("merge-served-secret", &"x".repeat(40));
    let (url, lower) = (server.url(), LOWER);
    let merge = ["merge-ids", "--store", &url, "--secret-file", secret.path()];
    let (told, asked) = (Service::start(&url, &[]), Service::start(&url, &[]));
    let ids: Vec<String> = (0..100).map(|it| format!("Ann-{it}@example.org")).collect();
    for id in &ids {
        told.opt_out(id).unwrap();
    }
    let mut open = ids.iter();
    std::thread::scope(|scope| {
        let merging = scope.spawn(|| courtesy(&[&merge[..], &lower].concat()));
        while !merging.is_finished() {
            // Each is asked about once: a customer who was seen to have opted out stays so.
            if let Some(id) = open.next() {
                assert!(!is_allowed(&asked.check(id)), "{id}");
                let before = looks(&asked);
                until(PATIENCE, "time goes by", || {
                    (merging.is_finished() || looks(&asked) > before).then_some(())
                });
            }
        }
        let merged = merging.join().unwrap();
        assert!(merged.out.contains("100 merged, 0 not"), "{}{}", merged.out, merged.err);
    });
    assert!(open.len() > 50, "some were not asked about before");
    for id in open {
        let decision = asked.check(id);
        assert!(!is_allowed(&decision) && decision.degraded, "{id}: {decision:?}");
    }
    let service = Service::start(&url, &LOWER);
    assert_eq!(codes(&service.check("ann-7@example.org")), ["OPTED_OUT"]);
}

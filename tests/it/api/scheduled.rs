//! Revisions that take the place of the one before at their time, by themselves.

use std::sync::Arc;

use courtesy::proto::v1;
use tonic::Code;
use tonic::Status;

use super::pauses::everything;
use super::pauses::pause;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::reason;
use super::product::timestamp;
use super::revisions::THREE;
use super::revisions::two;
use crate::support::File;
use crate::support::courtesy;

const BEFORE: &str = "2026-11-30T23:59:59.999Z";
const THEN: &str = "2026-12-01T00:00:00Z";

fn scheduled(text: &str, expected: u64) -> v1::ApplyPolicyRequest {
    v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: text.to_owned(), name: String::new() }],
        expected_revision: Some(expected),
        effective_time: Some(timestamp(THEN)),
        ..Default::default()
    }
}

fn apply(product: &Product, request: v1::ApplyPolicyRequest) -> Result<u64, Status> {
    Ok(product.wait(product.policies().apply_policy(request))?.into_inner().revision)
}

fn cancel(product: &Product, revision: u64) -> Result<u64, Status> {
    let request = v1::CancelPolicyRequest { revision: Some(revision), ..Default::default() };
    Ok(product.wait(product.policies().cancel_policy(request))?.into_inner().revision)
}

fn revisions(product: &Product) -> Vec<v1::PolicyRevision> {
    let request = v1::ListPolicyRevisionsRequest::default();
    product.wait(product.policies().list_policy_revisions(request)).unwrap().into_inner().revisions
}

/// The revision that decides, and what is left of its budget.
fn decides(product: &Product) -> (u64, u32) {
    let decision = product.check(email("ada")).unwrap();
    (decision.policy_revision, decision.remaining[0].units)
}

#[track_caller]
fn refused(result: Result<u64, Status>, code: Code, expected: &str) {
    let status = result.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (code, expected), "{status}");
}

#[test]
fn a_revision_takes_its_place_at_its_very_time() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    assert_eq!(apply(&product, scheduled(&two(), 1)).unwrap(), 2);
    product.hand.set(at(BEFORE));
    assert_eq!(decides(&product), (1, 3));
    let listed = revisions(&product);
    let [second, first] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((second.revision, second.scheduled, second.in_force), (2, true, false));
    assert_eq!(second.effective_time, Some(timestamp(THEN)));
    assert_eq!(second.changes[0].text, "marketing-weekly: limit 3 → 2");
    assert_eq!((first.in_force, first.effective_time), (true, None));

    product.hand.set(at(THEN));
    assert_eq!(decides(&product), (2, 2));
    let listed = revisions(&product);
    let flags: Vec<_> = listed.iter().map(|it| (it.revision, it.scheduled, it.in_force)).collect();
    assert_eq!(flags, [(2, false, true), (1, false, false)]);
    // What follows replaces it, and the one before is still there, verbatim.
    refused(apply(&product, scheduled(THREE, 1)), Code::Aborted, "REVISION_MOVED");
    assert_eq!(product.apply(&THREE.replace("limit: 3", "limit: 4"), 2).unwrap(), 3);
    assert_eq!(decides(&product), (3, 4));
    let get = |revision| {
        let request = v1::GetPolicyRequest { revision: Some(revision), ..Default::default() };
        product.wait(product.policies().get_policy(request)).unwrap().into_inner().policy.unwrap()
    };
    assert_eq!(get(1).documents[0].text, THREE);
    assert_eq!(
        (get(2).documents[0].text.clone(), get(2).effective_time),
        (two(), Some(timestamp(THEN)))
    );
}

#[test]
fn it_takes_its_place_after_a_restart_whenever_that_is() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    apply(&product, scheduled(&two(), 1)).unwrap();
    // Pauses come and go meanwhile, and hold afterwards.
    pause(&product, everything("crisis")).unwrap();
    let product = product.restart();
    assert_eq!(decides(&product), (1, 3));
    product.hand.set(at(THEN));
    assert_eq!(decides(&product), (2, 2));
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["PAUSED"]);
    pause(&product, everything("another")).unwrap();
    // Nothing was written when it came into force; an instance that starts later knows it all the
    // same.
    let product = product.restart();
    product.hand.set(at(BEFORE));
    assert_eq!(decides(&product).0, 1, "by the clock of the instance");
    product.hand.set(at("2027-03-01T00:00:00Z"));
    assert_eq!(decides(&product), (2, 2));
    assert_eq!(product.apply(THREE, 2).unwrap(), 3);
}

#[test]
fn the_starter_policy_can_be_replaced_in_time_as_well() {
    let product = Product::start();
    assert_eq!(apply(&product, scheduled(THREE, 0)).unwrap(), 1);
    let product = product.restart();
    assert_eq!(product.check(email("ada")).unwrap().policy_revision, 0);
    let request = v1::GetPolicyRequest::default();
    let policy = product.wait(product.policies().get_policy(request)).unwrap().into_inner().policy;
    assert_eq!(policy.unwrap().documents[0].name, "starter");
    product.hand.set(at(THEN));
    assert_eq!(decides(&product), (1, 3));
}

#[test]
fn nothing_else_is_changed_while_one_is_scheduled() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    apply(&product, scheduled(&two(), 1)).unwrap();
    let more = THREE.replace("limit: 3", "limit: 4");
    refused(product.apply(&more, 1), Code::FailedPrecondition, "POLICY_SCHEDULED");
    refused(apply(&product, scheduled(&more, 1)), Code::FailedPrecondition, "POLICY_SCHEDULED");
    refused(apply(&product, scheduled(&more, 2)), Code::Aborted, "REVISION_MOVED");
    let rollback = v1::RollbackPolicyRequest {
        revision: Some(1),
        expected_revision: Some(1),
        ..Default::default()
    };
    let rolled = product.wait(product.policies().rollback_policy(rollback));
    refused(rolled.map(|_| 0), Code::FailedPrecondition, "POLICY_SCHEDULED");
    assert_eq!(decides(&product), (1, 3));
    product.hand.set(at(THEN));
    assert_eq!(product.apply(&more, 2).unwrap(), 3);
}

#[test]
fn one_that_is_cancelled_is_never_in_force() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    apply(&product, scheduled(&two(), 1)).unwrap();
    refused(cancel(&product, 3), Code::NotFound, "REVISION_NOT_FOUND");
    refused(cancel(&product, 1), Code::FailedPrecondition, "POLICY_NOT_SCHEDULED");
    product.hand.set(at("2026-11-25T00:00:00Z"));
    assert_eq!(cancel(&product, 2).unwrap(), 1);
    assert_eq!(cancel(&product, 2).unwrap(), 1, "a caller that got no answer asks again");
    let product = product.restart();
    product.hand.set(at(THEN));
    assert_eq!(decides(&product), (1, 3));
    let listed = revisions(&product);
    let [second, first] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(second.cancel_time, Some(timestamp("2026-11-25T00:00:00Z")));
    assert_eq!((second.scheduled, second.in_force, first.in_force), (false, false, true));
    // Its number is not given again, and it is none to go back to.
    let rollback = v1::RollbackPolicyRequest {
        revision: Some(2),
        expected_revision: Some(1),
        ..Default::default()
    };
    let rolled = product.wait(product.policies().rollback_policy(rollback));
    refused(rolled.map(|_| 0), Code::NotFound, "REVISION_NOT_FOUND");
    assert_eq!(product.apply(&two(), 1).unwrap(), 3);
    assert_eq!(decides(&product), (3, 2));
    refused(cancel(&product, 3), Code::FailedPrecondition, "POLICY_NOT_SCHEDULED");
}

#[test]
fn it_is_in_the_audit_log_with_its_time() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    apply(&product, scheduled(&two(), 1)).unwrap();
    cancel(&product, 2).unwrap();
    let request = v1::ListAuditEventsRequest::default();
    let events =
        product.wait(product.policies().list_audit_events(request)).unwrap().into_inner().events;
    let [cancelled, applied, ..] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(cancelled.action, "CancelPolicy");
    assert_eq!(applied.action, "ApplyPolicy");
    assert!(applied.details.starts_with("from 2026-12-01T00:00:00Z on; "), "{applied:?}");
}

#[test]
fn a_time_lies_ahead_and_within_bounds() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    for wrong in ["2026-11-22T11:59:59Z", "2027-12-28T12:00:01Z"] {
        let request = v1::ApplyPolicyRequest {
            effective_time: Some(timestamp(wrong)),
            ..scheduled(&two(), 1)
        };
        let status = apply(&product, request).unwrap_err();
        assert_eq!(fields(&status), ["effective_time"], "{wrong}");
    }
    let tried = v1::ApplyPolicyRequest { validate_only: Some(true), ..scheduled(&two(), 1) };
    assert_eq!(apply(&product, tried).unwrap(), 2);
    assert_eq!(revisions(&product).len(), 1);
}

#[test]
fn every_instance_puts_it_in_force_by_itself() {
    let first = Product::start();
    let shared = Arc::clone(&first.store);
    let second = Product::start_on(tempfile::tempdir().unwrap(), |_own| shared);
    first.apply(THREE, 0).unwrap();
    apply(&first, scheduled(&two(), 1)).unwrap();
    // The other learns that there is something to come as it learns of everything.
    while !revisions(&second).first().is_some_and(|it| it.scheduled)
        || second.check(email("ada")).unwrap().policy_revision != 1
    {
        std::thread::yield_now();
    }
    second.hand.set(at(THEN));
    while decides(&second) != (2, 2) {
        std::thread::yield_now();
    }
    assert_eq!(decides(&first), (1, 3), "its clock is behind");
    first.hand.set(at(THEN));
    assert_eq!(decides(&first), (2, 2));
}

#[test]
fn the_command_schedules_and_cancels() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let server = format!("http://{}", product.address());
    let policy =
        |args: &[&str]| courtesy(&[&["policy"][..], args, &["--server", &server]].concat());
    let fewer = File::new("scheduled.yaml", &two());
    let said = policy(&["apply", fewer.path(), "--yes", "--at", THEN]);
    assert!(
        said.out.ends_with("revision 2 will be in force from 2026-12-01T00:00:00Z on\n"),
        "{said:?}"
    );
    let said = policy(&["history"]);
    assert!(said.out.contains(", scheduled for 2026-12-01T00:00:00Z\n"), "{}", said.out);
    let said = policy(&["apply", fewer.path(), "--yes"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("scheduled for 2026-12-01T00:00:00Z: cancel it first"),
        "{}",
        said.err
    );
    let said = policy(&["cancel", "2", "--note", "not yet"]);
    assert_eq!(said.out, "revision 2 will not be in force; revision 1 stays\n", "{}", said.err);
    let said = policy(&["history"]);
    let line = ", was scheduled for 2026-12-01T00:00:00Z and cancelled 2026-11-22T12:00:00Z\n";
    assert!(said.out.contains(line), "{}", said.out);
}

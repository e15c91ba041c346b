//! Two instances on one store: what one operator changes, the other's callers notice.

use std::sync::Arc;

use courtesy::model::Name;
use courtesy::proto::v1;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;

use super::pauses::everything;
use super::pauses::pause;
use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::reason;
use super::revisions::THREE;
use super::revisions::two;
use crate::wait;
use crate::wait::PATIENCE;

fn pair() -> (Product, Product) {
    let first = Product::start();
    let shared = Arc::clone(&first.store);
    let second = Product::start_on(tempfile::tempdir().unwrap(), |_own| shared);
    (first, second)
}

/// Asks until the answer is as it should be.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    wait::until(PATIENCE, what, || is_so().then_some(()));
}

#[test]
fn a_policy_that_one_applies_decides_at_the_other() {
    let (first, second) = pair();
    first.apply(THREE, 0).unwrap();
    let revision = |product: &Product| product.check(email("ada")).unwrap().policy_revision;
    until("the first revision arrives", || revision(&second) == 1);
    second.apply(&two(), 1).unwrap();
    until("the second revision arrives", || revision(&first) == 2);
    assert_eq!(first.check(email("ada")).unwrap().remaining[0].units, 2);
}

#[test]
fn a_pause_that_one_sets_holds_at_the_other_and_ends_there_too() {
    let (first, second) = pair();
    pause(&first, everything("crisis")).unwrap();
    let is_paused = || codes(&second.check(email("ada")).unwrap()) == ["PAUSED"];
    until("the pause arrives", is_paused);
    let names = vec!["crisis".to_owned()];
    let request = v1::ResumeContactsRequest { names, ..Default::default() };
    second.wait(second.policies().resume_contacts(request)).unwrap();
    until("its end arrives", || codes(&first.check(email("ada")).unwrap()).is_empty());
}

#[test]
fn who_has_not_heard_yet_cannot_overwrite() {
    let (first, second) = pair();
    first.apply(THREE, 0).unwrap();
    // Whether or not it has arrived, the store knows.
    let status = second.apply(&two(), 0).unwrap_err();
    assert_eq!(reason(&status), "REVISION_MOVED");
    assert_eq!(second.apply(&two(), 1).unwrap(), 2);
    pause(&first, everything("a")).unwrap();
    pause(&second, everything("b")).unwrap();
    let listed = second.wait(second.policies().list_pauses(v1::ListPausesRequest::default()));
    assert_eq!(listed.unwrap().into_inner().pauses.len(), 2);
}

#[test]
fn of_two_instances_that_apply_at_once_one_wins() {
    let (first, second) = pair();
    let race = |product: &Product, limit: u64, expected: u64| {
        let text = THREE.replace("limit: 3", &format!("limit: {limit}"));
        product.apply(&text, expected).is_ok()
    };
    for round in 0..10_u64 {
        let (one, other) = std::thread::scope(|scope| {
            // What is in force already would change nothing.
            let one = scope.spawn(|| race(&first, 100 + round, round));
            let other = scope.spawn(|| race(&second, 200 + round, round));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert!(one != other, "round {round}: {one} {other}");
        let limit = format!("limit: {}", if one { 100 + round } else { 200 + round });
        for product in [&first, &second] {
            let revision = Some(round + 1);
            let request = v1::GetPolicyRequest { revision, ..Default::default() };
            let got = product.wait(product.policies().get_policy(request)).unwrap().into_inner();
            assert!(got.policy.unwrap().documents[0].text.contains(&limit));
        }
    }
    // What was replaced is what was in force, whichever instance replaced it.
    let listed = v1::ListPolicyRevisionsRequest::default();
    let listed = first.wait(first.policies().list_policy_revisions(listed)).unwrap().into_inner();
    let numbers: Vec<u64> = listed.revisions.iter().map(|it| it.revision).collect();
    assert_eq!(numbers, (1..=10).rev().collect::<Vec<u64>>());
}

#[test]
fn what_does_not_load_never_takes_the_place_of_what_does() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    pause(&product, everything("crisis")).unwrap();
    for space in [Space::Policies, Space::Pauses] {
        let key = Key { space, tenant: Name::new("default").unwrap(), id: Box::from("") };
        let version = product.wait(product.store.load(&key)).unwrap().unwrap().version;
        let torn = bytes::Bytes::from_static(b"torn");
        let replacement = Replacement { key, expected: Some(version), value: torn, expires: None };
        let write = product.store.replace(replacement, Durability::Synced);
        assert!(matches!(product.wait(write).unwrap(), Replaced::Done(_)));
    }
    let refused = || {
        let metrics = product.metrics.encode().unwrap();
        let line = metrics.lines().find(|it| it.starts_with("courtesy_policies_refused_total"));
        line.unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    until("both are noticed", || refused() == "2");
    let decision = product.check(email("ada")).unwrap();
    assert_eq!((decision.policy_revision, codes(&decision)), (1, vec!["PAUSED".to_owned()]));
}

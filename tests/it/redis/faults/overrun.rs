//! What a budget is worth on both sides of a cut: at `replicated` all of it, below that each side
//! may grant it once, and no more.

use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;

use super::NODE_TIMEOUT;
use super::installation::APART;
use super::installation::Installation;
use super::installation::wait;
use crate::api::product::is_allowed;
use crate::api::product::reservation;
use crate::api::races::model::LIMIT;
use crate::crash::process::Process;
use crate::wait::until;

/// More than the budget.
const TRIES: usize = LIMIT + 3;

/// How many contacts with one customer are granted beside a cut and beyond it, out of a record that
/// both could write.
fn granted(durability: &str) -> (usize, usize) {
    let bed = Installation::start(durability, 2 * NODE_TIMEOUT);
    let key = bed.probes[0].1.clone();
    let customer = (0..).map(|number| format!("overrun-{number}")).find(|customer| {
        bed.servers.primary_of(&format!("courtesy:c:default:{customer}"))
            == bed.servers.primary_of(&key)
    });
    let customer = customer.unwrap();
    begin(&bed.instances[0], &customer);
    let primary = bed.servers.primary_of(&key);
    let replica = bed.servers.replica_of(&key).unwrap();
    let island = [primary, bed.end];
    bed.network().strand(&island);
    // As long as the primary does not know that it is alone.
    let (beside, _doubtful) = reserve(&bed.instances[APART], &customer, "beside");
    let node = &bed.servers.nodes()[replica];
    until(Duration::from_secs(30), "the replica takes over", || {
        node.info("role").filter(|role| role == "master")
    });
    bed.network().join(&island);
    bed.servers.wait_until_ok();
    // What is not answered is asked again under the same name, as callers should: it may have been
    // done.
    let beyond = until(Duration::from_secs(30), "every reservation is answered", || {
        let (granted, doubtful) = reserve(&bed.instances[0], &customer, "beyond");
        (doubtful == 0).then_some(granted)
    });
    (beside, beyond)
}

/// Lets there be a record of a customer, with a budget of which nothing is spent.
fn begin(process: &Process, customer: &str) {
    wait(async {
        let mut contacts = ContactServiceClient::new(process.connect());
        contacts.reserve_contact(reservation(customer, "begin")).await.unwrap();
        let (customer_id, request_id) = (customer.to_owned(), "begin".to_owned());
        let release = v1::ReleaseContactRequest { customer_id, request_id, ..Default::default() };
        contacts.release_contact(release).await.unwrap();
    });
}

/// How many of some reservations are granted, and how many got no answer out of the record.
fn reserve(process: &Process, customer: &str, name: &str) -> (usize, usize) {
    wait(async {
        let mut contacts = ContactServiceClient::new(process.connect());
        let (mut granted, mut doubtful) = (0, 0);
        for number in 0..TRIES {
            let request = reservation(customer, &format!("{name}-{number}"));
            let answer = contacts.reserve_contact(request).await;
            let decision = answer.ok().and_then(|it| it.into_inner().decision);
            match decision.filter(|it| !it.degraded) {
                Some(decision) => granted += usize::from(is_allowed(&decision)),
                None => doubtful += 1,
            }
        }
        (granted, doubtful)
    })
}

#[test]
fn a_budget_is_exact_when_replicated_and_exceeded_at_most_once_otherwise() {
    let (beside, beyond) = granted("replicated");
    eprintln!("replicated: {beside} granted beside the cut, {beyond} beyond it, of {LIMIT}");
    assert_eq!((beside, beyond), (0, LIMIT));
    // A machine that is very busy may come too late with its first call, and shows nothing.
    let tried = (0..5).map(|_| granted("synced")).find(|(beside, _beyond)| *beside > 0);
    let (beside, beyond) = tried.expect("an isolated primary grants");
    eprintln!("synced: {beside} granted beside the cut, {beyond} beyond it, of {LIMIT}");
    assert_eq!(beyond, LIMIT);
    // The isolated primary grants what it has, once; and that is all it can grant.
    assert!((1..=LIMIT).contains(&beside), "{beside}");
}

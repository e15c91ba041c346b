//! Another instance that writes between our reading and our writing.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use courtesy::codec::Decoded;
use courtesy::model::Contact;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::history::State;
use courtesy::proto::v1;
use courtesy::store::Durability;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use crate::wire::through::Step;
use crate::wire::through::Through;

/// The embedded store, which an instance beside ours writes to just before we do: so many times,
/// each time a record with one contact.
fn shared(store: Arc<Embedded>, writes: usize) -> Arc<dyn Store> {
    let name = |text| Name::new(text).unwrap();
    let contact = Contact::new(name("email"), name("marketing"));
    let mut record = Record::default();
    record.history.add_contact(&contact, at(NOW), State::Sent).unwrap();
    let record = Decoded::default().write(&record);
    let (other, writes) = (Arc::clone(&store), AtomicUsize::new(writes));
    Through::before(store, move |step, key| {
        let left = |writes: usize| writes.checked_sub(1);
        let writes = step == Step::Replace
            && key.space == Space::Customers
            && writes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok();
        let (store, key, value) = (Arc::clone(&other), key.clone(), record.clone());
        Box::pin(async move {
            if writes {
                let expected = store.load(&key).await.unwrap().map(|stored| stored.version);
                let replacement = Replacement { key, expected, value, expires: None };
                let written = store.replace(replacement, Durability::Buffered).await.unwrap();
                assert!(matches!(written, Replaced::Done(_)));
            }
        })
    })
}

/// A server beside which another instance writes so many times.
fn product(limit: u32, writes: usize) -> Product {
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| shared(store, writes));
    let policy = format!(
        "name: base\nchannels: {{email: {{}}}}\npurposes: {{marketing: {{}}}}\n\
         budgets: [{{name: weekly, limit: {limit}, per: 7d}}]\n"
    );
    product.apply(&policy, 0).unwrap();
    product
}

fn assert_conflicts(product: &Product, count: usize) {
    let metrics = product.metrics.encode().unwrap();
    let line = format!("courtesy_record_conflicts_total {count}\n");
    assert!(metrics.contains(&line), "{metrics}");
}

#[test]
fn a_change_is_tried_again_while_others_are_faster() {
    let product = product(2, 4);
    let reserved = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
    assert!(is_allowed(&reserved));
    assert_eq!(reserved.remaining[0].units, 1, "it has seen the other instance's contact");
    assert_eq!(product.list("ada").len(), 2);
    assert_conflicts(&product, 4);
}

#[test]
fn a_decision_is_made_again_of_what_others_wrote() {
    let product = product(1, 1);
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    let refused = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
    assert_eq!(codes(&refused), ["BUDGET_SPENT"]);
    assert_eq!(product.list("ada").len(), 1, "the other instance's");
    assert_conflicts(&product, 1);
}

#[test]
fn a_change_gives_up_after_five_attempts() {
    let product = product(2, 5);
    assert_aborted(&product.reserve(reservation("ada", "1")).unwrap_err());
    assert_eq!(product.list("ada").len(), 1, "the other instance's");
    assert_conflicts(&product, 5);
    let again = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
    assert!(is_allowed(&again), "a retry is as good as new");
    assert_conflicts(&product, 5);
}

#[test]
fn no_call_waits_for_others_for_ever() {
    let product = product(2, usize::MAX);
    let no = v1::OptOutRequest { customer_id: "ada".to_owned(), ..Default::default() };
    assert_aborted(&product.opt_out(no).unwrap_err());
    assert_conflicts(&product, 5);
    let item = |customer: &str| v1::BatchReservation {
        contact: Some(email(customer)),
        request_id: "1".to_owned(),
        hold: None,
    };
    let request = v1::BatchReserveContactsRequest {
        reservations: vec![item("bob"), item("eve"), item("bob")],
        ..Default::default()
    };
    let batch = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    for result in batch.into_inner().results {
        let Some(v1::batch_reserve_result::Result::Error(error)) = result.result else {
            panic!("{result:?}");
        };
        assert_eq!(error.status_code, i32::from(Code::Aborted));
        assert_eq!(error.reason(), v1::ErrorReason::Conflict);
    }
    // For each customer once together with others, and five times alone.
    assert_conflicts(&product, 17);
    assert!(is_allowed(&product.check(email("ada")).unwrap()), "a reader is not held up");
}

fn assert_aborted(status: &Status) {
    assert_eq!((status.code(), reason(status).as_str()), (Code::Aborted, "CONFLICT"));
    let retry = status.get_details_retry_info().unwrap();
    assert_eq!(retry.retry_delay, Some(Duration::from_millis(100)));
}

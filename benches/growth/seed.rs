//! Customers with a history, all alike but for their names.

use courtesy::codec::Decoded;
use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::history::State;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replaced;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;

/// How many customers are written together.
const CHUNK: u64 = 1_000;
/// Over how long a history goes.
const WEEKS: i64 = 4;

/// What the customers have a contact in, and are asked about.
pub(crate) const POLICY: &str = include_str!("../server/policy.yaml");

/// The name of a customer.
pub(crate) fn customer(number: u64) -> String {
    format!("customer-{number:09}")
}

/// Gives a tenant so many customers with so many contacts each.
pub(crate) async fn fill(
    store: &dyn Store,
    tenant: &str,
    customers: u64,
    contacts: usize,
    now: Instant,
) {
    let value = Decoded::default().write(&record(contacts, now));
    let tenant = name(tenant);
    for first in (0..customers).step_by(usize::try_from(CHUNK).unwrap()) {
        let replacements = (first..customers.min(first + CHUNK)).map(|number| {
            let (tenant, id) = (tenant.clone(), customer(number).into());
            let key = Key { space: Space::Customers, tenant, id };
            Replacement { key, expected: None, value: value.clone(), expires: None }
        });
        let written = store.replace_many(replacements.collect(), Durability::Buffered).await;
        assert!(written.iter().all(|it| matches!(it, Ok(Replaced::Done(_)))));
    }
}

/// The bytes of such a customer's record.
pub(crate) fn record_bytes(contacts: usize, now: Instant) -> usize {
    Decoded::default().write(&record(contacts, now)).len()
}

fn record(contacts: usize, now: Instant) -> Record {
    let mut record = Record::default();
    record.profile.time_zone = Some(name("America/New_York"));
    let count = i64::try_from(contacts).unwrap();
    let step = Span::from_millis(WEEKS * 7 * 24 * 3_600_000 / count.max(1));
    let times = std::iter::successors(Some(now.minus(step)), |at| Some(at.minus(step)));
    for (number, at) in times.take(contacts).enumerate() {
        let purpose = if number % 2 == 0 { "marketing" } else { "newsletter" };
        let contact = Contact::new(name("email"), name(purpose));
        record.history.add_contact(&contact, at, State::Sent).unwrap();
    }
    record
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

//! The customers that are asked about: many with 30 contacts in the last four weeks, some with 300,
//! in either store and in the keys of the contenders that ask Redis directly.

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
use redis::aio::MultiplexedConnection;

/// The lengths of history, and how many customers have each.
pub(crate) const HISTORIES: [(usize, u64); 2] = [(30, 60_000), (300, 4_000)];
/// How many of them have keys of their own for the contenders that ask Redis directly.
pub(crate) const DIRECT: u64 = 4_000;

const CHUNK: u64 = 1_000;
const WEEKS_MINUTES: u32 = 4 * 7 * 24 * 60;

/// The name of a customer.
pub(crate) fn customer(history: usize, number: u64) -> String {
    format!("customer-{history:03}-{number:06}")
}

/// The key of such a customer in a store.
fn key(history: usize, number: u64) -> Key {
    let (tenant, id) = (name("default"), customer(history, number).into());
    Key { space: Space::Customers, tenant, id }
}

/// Puts all customers into a store.
pub(crate) async fn store(store: &dyn Store, now: Instant) {
    for (history, customers) in HISTORIES {
        let value = Decoded::default().write(&record(history, now));
        for first in (0..customers).step_by(usize::try_from(CHUNK).unwrap()) {
            let replacements = (first..first + CHUNK).map(|number| Replacement {
                key: key(history, number),
                expected: None,
                value: value.clone(),
                expires: None,
            });
            let written = store.replace_many(replacements.collect(), Durability::Buffered).await;
            assert!(written.iter().all(|it| matches!(it, Ok(Replaced::Done(_)))));
        }
    }
}

/// Puts the keys into Redis that contenders use who ask it directly.
pub(crate) async fn direct(connection: &mut MultiplexedConnection, now: Instant) {
    for (history, _) in HISTORIES {
        let version = [7_u8; 16];
        let value = [&version, Decoded::default().write(&record(history, now)).as_ref()].concat();
        let times: Vec<i64> = times(history, now).map(Instant::millis).collect();
        for number in 0..DIRECT {
            let mut commands = redis::pipe();
            commands.cmd("SET").arg(value_key(history, number)).arg(&value).ignore();
            let log = commands.cmd("ZADD").arg(log_key(history, number));
            for time in &times {
                log.arg(*time).arg(format!("email:marketing:{time}"));
            }
            log.ignore();
            let wishes = commands.cmd("HSET").arg(wishes_key(history, number));
            wishes.arg("sms").arg("no").arg("push").arg("yes").ignore();
            commands.query_async::<()>(connection).await.unwrap();
        }
    }
}

/// A value of the size of a record behind a version.
pub(crate) fn value_key(history: usize, number: u64) -> String {
    format!("bare:value:{}", customer(history, number))
}

/// A sliding log.
pub(crate) fn log_key(history: usize, number: u64) -> String {
    format!("bare:log:{{{}}}", customer(history, number))
}

/// What a customer wants.
pub(crate) fn wishes_key(history: usize, number: u64) -> String {
    format!("bare:wishes:{{{}}}", customer(history, number))
}

fn record(history: usize, now: Instant) -> Record {
    let mut record = Record::default();
    record.profile.time_zone = Some(name("America/New_York"));
    for (number, at) in times(history, now).enumerate() {
        let purpose = if number % 2 == 0 { "marketing" } else { "newsletter" };
        let contact = Contact::new(name("email"), name(purpose));
        record.history.add_contact(&contact, at, State::Sent).unwrap();
    }
    record
}

/// Evenly over four weeks, the newest first.
fn times(history: usize, now: Instant) -> impl Iterator<Item = Instant> {
    let step =
        Span::from_millis(i64::from(WEEKS_MINUTES) * 60_000 / i64::try_from(history).unwrap());
    std::iter::successors(Some(now.minus(step)), move |at| Some(at.minus(step))).take(history)
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

//! Many callers at once: no budget is exceeded, and the answers are those of one at a time.

pub(crate) mod history;
pub(crate) mod model;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Barrier;
use std::thread;

use courtesy::clock::Stopwatch;
use courtesy::model::Instant;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::rpc::convert::time::timestamp as timestamp_of;
use courtesy::store::Version;
use tokio::task::JoinSet;
use tonic::Status;
use tonic::transport::Channel;

use self::history::Operation;
use self::model::Answer;
use self::model::Ask;
use self::model::LIMIT;
use self::model::State;
use self::model::WINDOW;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::connect;
use super::product::email;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use crate::dice::Dice;

/// How many threads call, each over a connection of its own.
const THREADS: usize = 4;
const CALLERS: usize = 32;
const CALLS: usize = 60;
const CUSTOMERS: [&str; 3] = ["ada", "bob", "eve"];

/// The answers that there are. All must occur: a comparison of refusals would prove little.
const KINDS: [&str; 12] = [
    "allowed",
    "BUDGET_SPENT",
    "OPTED_OUT",
    "OPTED_OUT and BUDGET_SPENT",
    "settled",
    "a no holds",
    "no no holds",
    "REQUEST_ID_REUSED",
    "RESERVATION_NOT_FOUND",
    "ALREADY_CONFIRMED",
    "ALREADY_RELEASED",
    "ALREADY_SENT",
];

/// One budget, of so many contacts in so long a time.
fn product(limit: usize, per: &str) -> Product {
    let product = Product::start();
    let policy = format!(
        "name: base\nchannels: {{email: {{}}}}\npurposes: {{marketing: {{}}}}\n\
         budgets: [{{name: b, limit: {limit}, per: {per}}}]\n"
    );
    product.apply(&policy, 0).unwrap();
    product
}

#[test]
fn concurrent_answers_are_those_of_one_at_a_time() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..4 {
        let product = product(LIMIT, &format!("{WINDOW}h"));
        let clock = Stopwatch::start();
        let histories = at_once(&product, CALLERS, |channel, caller| {
            let dice = Dice::new(seed * 1_000 + u64::try_from(caller).unwrap());
            call_often(channel, dice, clock)
        });
        let mut customers: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
        let mut incarnations: BTreeMap<&str, u64> = BTreeMap::new();
        for (customer, version, operation) in histories.into_iter().flatten() {
            if let Some(Version { incarnation, .. }) = version {
                let first = *incarnations.entry(customer).or_insert(incarnation);
                assert_eq!(first, incarnation, "seed {seed}: {customer} was made twice");
            }
            *seen.entry(kind(&operation.answer)).or_default() += 1;
            customers.entry(customer).or_default().push(operation);
        }
        assert_eq!(customers.len(), CUSTOMERS.len());
        for (customer, operations) in customers {
            let place = format!("seed {seed}: {customer}");
            let last = history::check(&operations).unwrap_or_else(|why| panic!("{place}: {why}"));
            let versions = operations.iter().filter_map(|it| it.version).max().unwrap();
            assert!(versions > 20, "{place}: too little happened: {versions}");
            assert_on_record(&product, customer, &last, &place);
        }
    }
    for kind in KINDS {
        assert!(seen.get(kind).is_some_and(|count| *count > 10), "{kind}: {seen:?}");
    }
    assert_eq!(seen.len(), KINDS.len(), "{seen:?}");
}

fn kind(answer: &Answer) -> String {
    match answer {
        Answer::Decided { reasons, .. } if reasons.is_empty() => "allowed".to_owned(),
        Answer::Decided { reasons, .. } => reasons.join(" and "),
        Answer::Settled => "settled".to_owned(),
        Answer::OptedOut(no) => if no.is_some() { "a no holds" } else { "no no holds" }.to_owned(),
        Answer::Error(reason) => reason.clone(),
    }
}

/// The contacts on record are those that were granted, and no window holds too many.
fn assert_on_record(product: &Product, customer: &str, last: &State, place: &str) {
    let mut granted = last.counted();
    let now = timestamp_of(at(NOW)).seconds;
    let listed = product.list(customer).into_iter();
    let given_back = [v1::ContactState::Released, v1::ContactState::Expired];
    let counted = listed.filter(|it| !given_back.contains(&it.state()));
    let mut hours: Vec<i64> =
        counted.map(|it| 20 - (now - it.contact_time.unwrap().seconds) / 3_600).collect();
    hours.sort_unstable();
    granted.sort_unstable();
    assert_eq!(hours, granted, "{place}");
    let in_time = last.in_time();
    for end in 0..=20 {
        let inside = in_time.iter().filter(|hour| **hour <= end && **hour > end - WINDOW);
        assert!(inside.count() <= LIMIT, "{place}: {hours:?}");
    }
}

/// One caller's questions, one after the other.
async fn call_often(
    channel: Channel,
    mut dice: Dice,
    clock: Stopwatch,
) -> Vec<(&'static str, Option<Version>, Operation)> {
    let mut history = Vec::new();
    for _ in 0..CALLS {
        let customer = dice.one(&CUSTOMERS);
        let ask = question(&mut dice);
        let begin = clock.elapsed();
        let answered = answer(&channel, customer, &ask, at(NOW)).await;
        let end = clock.elapsed();
        let (answer, version, counter) = match answered {
            Ok((answer, version)) => {
                let version = Version::parse(&version);
                (answer, version, Some(version.map_or(0, |version| version.counter)))
            }
            Err(status) => (Answer::Error(reason(&status)), None, None),
        };
        let operation = Operation { ask, answer, version: counter, begin, end };
        history.push((customer, version, operation));
    }
    history
}

/// Ids are so few that callers meet on them, with the same question and with others.
fn question(dice: &mut Dice) -> Ask {
    let (id, hour) = (dice.below(60).try_into().unwrap(), dice.between(0, 20));
    let said = dice.between(0, 100);
    let named = dice.percent(30).then_some(id);
    match dice.below(100) {
        0..25 => Ask::Check { hour },
        // Half of them tell the hour by the id, so that they repeat each other.
        25..45 => Ask::Reserve { id, hour: i64::from(id) % 21 },
        45..60 => Ask::Reserve { id, hour },
        60..75 => Ask::Release { id },
        75..85 => Ask::Confirm { id },
        85..89 => Ask::OptOut { id: named, said },
        _ => Ask::OptIn { id: named, said },
    }
}

/// The answer over the wire, and the version that it carries, where hour 20 is `now`.
pub(crate) async fn answer(
    channel: &Channel,
    customer: &str,
    ask: &Ask,
    now: Instant,
) -> Result<(Answer, String), Status> {
    let mut contacts = ContactServiceClient::new(channel.clone());
    let mut customers = CustomerServiceClient::new(channel.clone());
    let customer_id = customer.to_owned();
    let contact = |hour: i64| {
        let ago = Span::from_hours(u32::try_from(20 - hour).unwrap());
        let contact_time = Some(timestamp_of(now.minus(ago)));
        Some(v1::Contact { contact_time, ..email(customer) })
    };
    let event_time = |said: i64| {
        let start = timestamp_of(now.minus(Span::from_hours(1)));
        Some(prost_types::Timestamp { seconds: start.seconds + said, ..start })
    };
    match *ask {
        Ask::Check { hour } => {
            let request = v1::CheckContactRequest { contact: contact(hour), ..Default::default() };
            Ok(decided(contacts.check_contact(request).await?.into_inner().decision))
        }
        Ask::Reserve { id, hour } => {
            let request = v1::ReserveContactRequest {
                contact: contact(hour),
                request_id: id.to_string(),
                ..Default::default()
            };
            Ok(decided(contacts.reserve_contact(request).await?.into_inner().decision))
        }
        Ask::Confirm { id } => {
            let request_id = id.to_string();
            let request =
                v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() };
            let answer = contacts.confirm_contact(request).await?.into_inner();
            Ok((Answer::Settled, answer.record_version))
        }
        Ask::Release { id } => {
            let request_id = id.to_string();
            let request =
                v1::ReleaseContactRequest { customer_id, request_id, ..Default::default() };
            let answer = contacts.release_contact(request).await?.into_inner();
            Ok((Answer::Settled, answer.record_version))
        }
        Ask::OptOut { id, said } => {
            let request = v1::OptOutRequest {
                customer_id,
                event_time: event_time(said),
                request_id: id.map(|id| id.to_string()),
                ..Default::default()
            };
            let answer = customers.opt_out(request).await?.into_inner();
            Ok((opted_out(&answer.opt_outs, now), answer.version))
        }
        Ask::OptIn { id, said } => {
            let request = v1::OptInRequest {
                customer_id,
                event_time: event_time(said),
                evidence: "a form".to_owned(),
                request_id: id.map(|id| id.to_string()),
                ..Default::default()
            };
            let answer = customers.opt_in(request).await?.into_inner();
            Ok((opted_out(&answer.opt_outs, now), answer.version))
        }
    }
}

fn decided(decision: Option<v1::Decision>) -> (Answer, String) {
    let decision = decision.unwrap();
    let left = decision.remaining.first().map_or(0, |it| it.units.try_into().unwrap());
    (Answer::Decided { reasons: codes(&decision), left }, decision.record_version)
}

fn opted_out(opt_outs: &[v1::OptedOut], now: Instant) -> Answer {
    assert!(opt_outs.len() <= 1, "{opt_outs:?}");
    let start = timestamp_of(now.minus(Span::from_hours(1)));
    let said = |it: &v1::OptedOut| it.event_time.unwrap().seconds - start.seconds;
    Answer::OptedOut(opt_outs.first().map(said))
}

#[test]
fn callers_of_a_busy_customer_wait_for_each_other() {
    let product = product(40, "7d");
    let granted = at_once(&product, 64, |channel, caller| async move {
        let request = reservation("ada", &caller.to_string());
        let reserved = ContactServiceClient::new(channel).reserve_contact(request).await;
        is_allowed(&reserved.unwrap().into_inner().decision.unwrap())
    });
    assert_eq!(granted.len(), 64);
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), 40);
    assert_eq!(product.list("ada").len(), 40);
    let metrics = product.metrics.encode().unwrap();
    assert!(metrics.contains("courtesy_record_conflicts_total 0\n"), "they wait for each other");
}

#[test]
fn a_request_that_is_raced_is_granted_once() {
    let product = product(3, "7d");
    let answers = at_once(&product, 16, |channel, _| async move {
        let request = reservation("ada", "one");
        let reserved = ContactServiceClient::new(channel).reserve_contact(request).await;
        reserved.unwrap().into_inner()
    });
    assert_eq!(answers.len(), 16);
    assert!(answers.iter().all(|answer| is_allowed(answer.decision.as_ref().unwrap())));
    let first = answers.iter().filter(|answer| !answer.replayed).count();
    assert_eq!(first, 1, "all others repeat it: {answers:?}");
    assert_eq!(product.list("ada").len(), 1);
}

/// Lets callers call at the same time, from several threads.
fn at_once<T, F>(
    product: &Product,
    callers: usize,
    call: impl Fn(Channel, usize) -> F + Send + Sync,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (address, barrier, call) = (product.address(), Arc::new(Barrier::new(THREADS)), &call);
    thread::scope(|scope| {
        let threads = (0..THREADS).map(|thread| {
            let barrier = Arc::clone(&barrier);
            scope.spawn(move || {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = runtime.enable_all().build().unwrap();
                runtime.block_on(async {
                    let channel = connect(address);
                    let mut calls = JoinSet::new();
                    for caller in (thread..callers).step_by(THREADS) {
                        calls.spawn(call(channel.clone(), caller));
                    }
                    barrier.wait();
                    calls.join_all().await
                })
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

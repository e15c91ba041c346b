//! Faults between a record and its entry: what was acknowledged is found, whatever broke off
//! meanwhile. The same with an entry for each customer, and not for each thing, loses some, which
//! shows that the test would notice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;

use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Span;
use courtesy::model::agenda::Entry;
use courtesy::model::agenda::List;
use courtesy::proto::v1;
use courtesy::proto::v1::import_customers_request::Part;
use courtesy::store::Agenda;
use courtesy::store::Ask;
use courtesy::store::Durability;
use courtesy::store::Error;
use courtesy::store::Found;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use tonic::async_trait;

use super::bulk::import;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use crate::dice::Dice;
use crate::wire::through::Through;

const POLICY: &str = "name: base\nchannels: {sms: {}}\npurposes: {marketing: {}}\n";
/// How many things are done in one history.
const STEPS: usize = 60;

/// An agenda that takes some entries, and says so of fewer.
#[derive(Debug)]
struct Faulty {
    store: Arc<Embedded>,
    /// Whether there is an entry for each customer only.
    per_customer: bool,
    /// The things of each customer, to which one entry for the customer leads.
    things: Mutex<BTreeSet<(List, Box<str>, u64)>>,
    dice: Mutex<Dice>,
}

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dice")
    }
}

impl Faulty {
    fn kept(&self, entries: &[Entry]) -> Vec<Entry> {
        let item = |entry: &Entry| if self.per_customer { 0 } else { entry.item };
        entries.iter().map(|it| Entry { item: item(it), ..it.clone() }).collect()
    }
}

#[async_trait]
impl Agenda for Faulty {
    async fn put(&self, entries: &[Entry], durability: Durability) -> Result<(), Error> {
        let things = entries.iter().map(|it| (it.list, it.customer.clone(), it.item));
        self.things.lock().unwrap().extend(things);
        let fate = self.dice.lock().unwrap().below(4);
        if fate == 0 {
            return Err(Error::Unavailable("a plug was pulled".to_owned()));
        }
        self.store.agenda().put(&self.kept(entries), durability).await?;
        if fate == 1 {
            Err(Error::Unknown("it was put, and that was not said".to_owned()))
        } else {
            Ok(())
        }
    }

    async fn take_out(&self, entries: &[Entry]) -> Result<(), Error> {
        self.store.agenda().take_out(&self.kept(entries)).await
    }

    async fn read(&self, ask: Ask<'_>) -> Result<Vec<Found>, Error> {
        let found = self.store.agenda().read(ask).await?;
        if !self.per_customer {
            return Ok(found);
        }
        let things = self.things.lock().unwrap();
        let all = found.iter().flat_map(|found| {
            let Found { bucket, entry } = found;
            let its = things.iter().filter(|it| (it.0, &it.1) == (entry.list, &entry.customer));
            its.map(|it| Found { bucket: *bucket, entry: Entry { item: it.2, ..entry.clone() } })
        });
        Ok(all.collect())
    }

    async fn claim(&self, ask: Ask<'_>, lease: Instant) -> Result<Vec<Found>, Error> {
        self.store.agenda().claim(ask, lease).await
    }

    async fn count(&self, list: List, tenant: &Name, until: Instant) -> Result<u64, Error> {
        self.store.agenda().count(list, tenant, until).await
    }

    async fn clear(&self, list: List, tenant: &Name, until: Instant) -> Result<(), Error> {
        self.store.agenda().clear(list, tenant, until).await
    }
}

/// Puts a policy in force. One whose answer was lost may have become any of the first revisions.
fn apply(product: &Product, policy: &str) {
    let mut revisions = (0..8).cycle();
    until_taken(|| product.apply(policy, revisions.next().unwrap()));
}

/// Repeats a call until it is acknowledged. Of four attempts one fails, or two.
fn until_taken<T>(mut call: impl FnMut() -> Result<T, tonic::Status>) -> T {
    let mut why = None;
    for _attempt in 0..200 {
        match call() {
            Ok(answer) => return answer,
            Err(status) => why = Some(status),
        }
    }
    panic!("it is never taken: {why:?}");
}

/// Writes and resolves messages of a few customers, with faults, each call repeated until it is
/// acknowledged. Returns the messages that were acknowledged and are open, and those of them that
/// the list does not have.
fn history(seed: u64, per_customer: bool) -> (usize, usize) {
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| {
        let dice = Mutex::new(Dice::new(seed ^ 1));
        let things = Mutex::default();
        let agenda = Faulty { store: Arc::clone(&store), per_customer, things, dice };
        Through::with_agenda(store, agenda)
    });
    apply(&product, POLICY);
    let mut dice = Dice::new(seed);
    let mut open: BTreeSet<(String, String)> = BTreeSet::new();
    for step in 0..STEPS {
        let customer = format!("c-{}", dice.below(4));
        let of_customer: Vec<_> = open.iter().filter(|(who, _)| *who == customer).collect();
        if of_customer.len() >= 8 || (!of_customer.is_empty() && dice.percent(40)) {
            let resolved = dice.one(&of_customer).clone();
            let request = v1::ResolveUnclearMessageRequest {
                customer_id: resolved.0.clone(),
                message_id: Some(resolved.1.clone()),
                request_id: Some(format!("resolve-{step}")),
                ..Default::default()
            };
            until_taken(|| {
                product.wait(product.customers().resolve_unclear_message(request.clone()))
            });
            open.remove(&resolved);
        } else {
            let id = format!("m-{step}");
            let request = v1::HandleInboundMessageRequest {
                customer_id: customer.clone(),
                channel: "sms".to_owned(),
                text: "wrong number".to_owned(),
                request_id: id.clone(),
                ..Default::default()
            };
            until_taken(|| {
                product.wait(product.customers().handle_inbound_message(request.clone()))
            });
            open.insert((customer, id));
        }
    }
    let mut listed = BTreeSet::new();
    let mut page_token = None;
    loop {
        let page_size = Some(7);
        let request = v1::ListUnclearMessagesRequest { page_size, page_token, tenant: None };
        let page = product.wait(product.customers().list_unclear_messages(request)).unwrap();
        let page = page.into_inner();
        listed.extend(page.messages.into_iter().map(|it| (it.customer_id, it.message_id)));
        if page.next_page_token.is_empty() {
            break;
        }
        page_token = Some(page.next_page_token);
    }
    assert!(listed.is_subset(&open), "what is resolved is listed no more");
    (open.len(), open.difference(&listed).count())
}

#[test]
fn what_was_acknowledged_is_found_whatever_broke_off() {
    for seed in 1..=3 {
        let (open, lost) = history(seed, false);
        assert!(open > 3, "seed {seed}: {open} messages show nothing");
        assert_eq!(lost, 0, "seed {seed}: of {open}");
    }
}

#[test]
fn an_entry_for_each_customer_loses_some() {
    assert!((1..=3).any(|seed| history(seed, true).1 > 0));
}

/// Every call by which a wish comes, and one by which a customer waits, each repeated until it is
/// acknowledged.
#[test]
fn what_is_repeated_until_it_is_taken_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| {
        let dice = Mutex::new(Dice::new(7));
        let (per_customer, things) = (false, Mutex::default());
        let agenda = Faulty { store: Arc::clone(&store), per_customer, things, dice };
        Through::with_agenda(store, agenda)
    });
    let policy = format!("{POLICY}conversations: {{window: 24h, reply_within: 30m}}\n");
    apply(&product, &policy);
    let scope = Some(v1::Scope { channel: Some("sms".to_owned()), ..Default::default() });
    for number in 0..8 {
        let (customer_id, request_id) = (format!("a-{number}"), Some(format!("r-{number}")));
        let scope = scope.clone();
        let request = v1::OptOutRequest { customer_id, request_id, scope, ..Default::default() };
        until_taken(|| product.opt_out(request.clone()));
        let row = v1::CustomerRow {
            customer_id: format!("b-{number}"),
            opt_outs: vec![v1::RowOptOut { scope: request.scope.clone(), ..Default::default() }],
            ..Default::default()
        };
        let rows = vec![v1::ImportRow { row_number: 1, customer: Some(row) }];
        let parts = vec![
            Part::Options(v1::ImportOptions::default()),
            Part::Chunk(v1::ImportChunk { rows }),
        ];
        until_taken(|| import(&product, parts.clone()).1);
        let request = v1::RecordEngagementRequest {
            customer_id: format!("c-{number}"),
            request_id: "m-1".to_owned(),
            kind: i32::from(v1::EngagementKind::Inbound),
            channel: Some("sms".to_owned()),
            ..Default::default()
        };
        until_taken(|| product.wait(product.contacts().record_engagement(request.clone())));
    }
    let request = v1::ListChangedCustomersRequest::default();
    let told = loop {
        let request = product.wait(product.customers().list_changed_customers(request.clone()));
        if let Ok(told) = request {
            break told.into_inner();
        }
    };
    let told: BTreeSet<String> = told.customers.into_iter().map(|it| it.customer_id).collect();
    let wanted = (0..8).flat_map(|number| [format!("a-{number}"), format!("b-{number}")]);
    assert_eq!(told, wanted.collect());
    product.hand.set(at(NOW).plus(Span::from_secs(30 * 60)));
    let request = v1::ListOverdueRepliesRequest::default();
    let late = product.wait(product.customers().list_overdue_replies(request)).unwrap();
    let late: BTreeSet<String> =
        late.into_inner().replies.into_iter().map(|it| it.customer_id).collect();
    assert_eq!(late, (0..8).map(|number| format!("c-{number}")).collect());
}

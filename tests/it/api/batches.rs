//! A batch answers what its items would be answered one by one.

use courtesy::model::Instant;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::rpc::convert::time::timestamp as timestamp_of;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::seconds;
use crate::dice::Dice;

const CASES: u64 = 60;
const BATCHES: u32 = 3;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {consent: required}, letter: {transit: 2d}}
purposes: {marketing: {}, receipt: {exempt: [budgets, spacing]}}
topics: [news, offers]
budgets:
  - {name: weekly, for: {purposes: [marketing]}, limit: 4, per: 7d}
  - {name: subjects, by: [topic], limit: 2, per: 24h}
spacing: [{name: room, for: {channels: [email], purposes: [marketing]}, least: 3h}]
quiet_hours: [{name: nights, time_zone: UTC, closed: [{from: '22:00', to: '06:00'}]}]
";

/// Two servers that know the same: one is asked in batches, the other one by one.
struct Twins {
    batch: Product,
    single: Product,
}

/// An answer without the version of the record, which depends on how often it was written.
type Answered<T> = Result<T, (i32, String)>;

#[test]
fn a_batch_is_its_items_one_by_one() {
    let twins = Twins::start();
    let mut seen = Seen::default();
    for seed in 0..CASES {
        let mut dice = Dice::new(seed);
        let customers: Vec<String> = (0..4).map(|number| format!("c-{seed}-{number}")).collect();
        twins.set(at(NOW));
        twins.prepare(&mut dice, &customers);
        let mut asked = Vec::new();
        for round in 0..BATCHES {
            let place = format!("seed {seed}, batch {round}");
            let count = 1 + dice.below(25);
            let batch = reservations(&mut dice, &customers, &mut asked, count);
            let single: Vec<_> = batch.iter().map(|it| twins.reserve_alone(it)).collect();
            let together = twins.reserve_together(&batch);
            equal(&together, &single, &place);
            seen.note(&single);

            let contacts: Vec<v1::Contact> =
                batch.iter().map(|it| it.contact.clone().unwrap()).collect();
            let single: Vec<_> = contacts.iter().map(|it| twins.check_alone(it)).collect();
            equal(&twins.check_together(&contacts), &single, &place);

            // Settle something, and let time pass.
            twins.settle(&mut dice, &batch);
            twins.set(at(NOW).plus(Span::from_hours(7 * (round + 1))));
        }
        for customer in &customers {
            let listed = [list(&twins.batch, customer), list(&twins.single, customer)];
            assert_eq!(listed[0], listed[1], "seed {seed}: {customer}");
        }
    }
    seen.assert_everything_happened();
}

/// What occurred: a comparison of nothing but refusals would prove little.
#[derive(Debug, Default)]
struct Seen {
    allowed: usize,
    spent: usize,
    unreadable: usize,
    undeclared: usize,
    reused: usize,
}

impl Seen {
    fn note(&mut self, answers: &[Answered<v1::ReserveContactResponse>]) {
        for answer in answers {
            match answer {
                Ok(it) => {
                    let decision = it.decision.as_ref().unwrap();
                    let codes = codes(decision);
                    let has = |code: &str| usize::from(codes.iter().any(|it| it == code));
                    self.allowed += usize::from(is_allowed(decision));
                    self.spent += has("BUDGET_SPENT");
                    self.unreadable += has("RECORD_UNREADABLE");
                }
                Err((_, reason)) => {
                    self.undeclared += usize::from(reason == "UNDECLARED_NAME");
                    self.reused += usize::from(reason == "REQUEST_ID_REUSED");
                }
            }
        }
    }

    fn assert_everything_happened(&self) {
        let Self { allowed, spent, unreadable, undeclared, reused } = *self;
        let least = [allowed, spent, unreadable, undeclared, reused].into_iter().min();
        assert!(least > Some(20), "{self:?}");
    }
}

impl Twins {
    fn start() -> Self {
        let twins = Self { batch: Product::start(), single: Product::start() };
        for product in twins.both() {
            product.apply(POLICY, 0).unwrap();
        }
        twins
    }

    fn both(&self) -> [&Product; 2] {
        [&self.batch, &self.single]
    }

    fn set(&self, now: Instant) {
        for product in self.both() {
            product.hand.set(now);
        }
    }

    /// The first customer cannot be read in one of four cases; others have opted out, or in to
    /// texts.
    fn prepare(&self, dice: &mut Dice, customers: &[String]) {
        let (unreadable, opted_out, consent) =
            (dice.percent(25), dice.percent(50), dice.percent(70));
        for product in self.both() {
            if unreadable {
                product.seed_bytes(&customers[0], bytes::Bytes::from_static(b"\xff\xff\xff"));
            }
            if opted_out {
                let scope = v1::Scope { topic: Some("offers".to_owned()), ..Default::default() };
                let request = v1::OptOutRequest {
                    customer_id: customers[1].clone(),
                    scope: Some(scope),
                    ..Default::default()
                };
                product.opt_out(request).unwrap();
            }
            if consent {
                let scope = v1::Scope { channel: Some("sms".to_owned()), ..Default::default() };
                let request = v1::OptInRequest {
                    customer_id: customers[2].clone(),
                    scope: Some(scope),
                    evidence: "a form".to_owned(),
                    ..Default::default()
                };
                product.wait(product.customers().opt_in(request)).unwrap();
            }
        }
    }

    fn reserve_alone(&self, item: &v1::BatchReservation) -> Answered<v1::ReserveContactResponse> {
        let request = v1::ReserveContactRequest {
            contact: item.contact.clone(),
            request_id: item.request_id.clone(),
            hold: item.hold,
            ..Default::default()
        };
        let reserved = self.single.reserve(request);
        reserved.map(without_version).map_err(|status| code_and_reason(&status))
    }

    fn reserve_together(
        &self,
        items: &[v1::BatchReservation],
    ) -> Vec<Answered<v1::ReserveContactResponse>> {
        use v1::batch_reserve_result::Result;
        let request =
            v1::BatchReserveContactsRequest { reservations: items.to_vec(), ..Default::default() };
        let answer = self.batch.wait(self.batch.contacts().batch_reserve_contacts(request));
        let results = answer.unwrap().into_inner().results.into_iter();
        results
            .map(|it| match it.result.unwrap() {
                Result::Reservation(it) => Ok(without_version(it)),
                Result::Error(error) => Err(item_code_and_reason(&error)),
            })
            .collect()
    }

    fn check_alone(&self, contact: &v1::Contact) -> Answered<v1::Decision> {
        let decision = self.single.check(contact.clone());
        decision.map(decision_without_version).map_err(|status| code_and_reason(&status))
    }

    fn check_together(&self, contacts: &[v1::Contact]) -> Vec<Answered<v1::Decision>> {
        use v1::batch_check_result::Result;
        let request =
            v1::BatchCheckContactsRequest { contacts: contacts.to_vec(), ..Default::default() };
        let answer = self.batch.wait(self.batch.contacts().batch_check_contacts(request));
        let results = answer.unwrap().into_inner().results.into_iter();
        results
            .map(|it| match it.result.unwrap() {
                Result::Decision(it) => Ok(decision_without_version(it)),
                Result::Error(error) => Err(item_code_and_reason(&error)),
            })
            .collect()
    }

    /// Confirms one reservation and releases another, on both.
    fn settle(&self, dice: &mut Dice, batch: &[v1::BatchReservation]) {
        let (sent, unsent) = (dice.one(batch), dice.one(batch));
        for product in self.both() {
            let request = v1::ConfirmContactRequest {
                customer_id: sent.contact.as_ref().unwrap().customer_id.clone(),
                request_id: sent.request_id.clone(),
                ..Default::default()
            };
            drop(product.wait(product.contacts().confirm_contact(request)));
            let request = v1::ReleaseContactRequest {
                customer_id: unsent.contact.as_ref().unwrap().customer_id.clone(),
                request_id: unsent.request_id.clone(),
                ..Default::default()
            };
            drop(product.wait(product.contacts().release_contact(request)));
        }
    }
}

/// Reservations at random, some of them repeated word for word.
fn reservations(
    dice: &mut Dice,
    customers: &[String],
    asked: &mut Vec<v1::BatchReservation>,
    count: usize,
) -> Vec<v1::BatchReservation> {
    let mut batch = Vec::new();
    for _ in 0..count {
        let item = if !asked.is_empty() && dice.percent(25) {
            dice.one(asked)
        } else {
            let hold = dice.percent(50).then(|| seconds(dice.between(1, 200_000)));
            // Few enough that some meet with another body.
            let request_id = format!("r-{}", dice.below(40));
            v1::BatchReservation { contact: Some(contact(dice, customers)), request_id, hold }
        };
        asked.push(item.clone());
        batch.push(item);
    }
    batch
}

fn contact(dice: &mut Dice, customers: &[String]) -> v1::Contact {
    let channel =
        if dice.percent(5) { "fax" } else { dice.one(&["email", "email", "sms", "letter"]) };
    let purpose =
        if dice.percent(2) { "fun" } else { dice.one(&["marketing", "marketing", "receipt"]) };
    let topic = if dice.percent(3) { "gossip" } else { dice.one(&["news", "offers"]) };
    let contact_time = dice.percent(50).then(|| {
        // At most 24 hours before the last batch of the case.
        let away = u32::try_from(dice.between(0, 9 * 86_400)).unwrap();
        timestamp_of(at(NOW).minus(Span::from_hours(5)).plus(Span::from_secs(away)))
    });
    v1::Contact {
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        topic: dice.percent(60).then(|| topic.to_owned()),
        priority: dice.percent(30).then(|| dice.below(101).try_into().unwrap()),
        contact_time,
        ..email(&dice.one(customers))
    }
}

fn equal<T: std::fmt::Debug + PartialEq>(together: &[T], single: &[T], place: &str) {
    assert_eq!(together.len(), single.len(), "{place}");
    for (position, (together, single)) in together.iter().zip(single).enumerate() {
        assert_eq!(together, single, "{place}, item {position}: together and alone");
    }
}

fn list(product: &Product, customer: &str) -> Answered<Vec<v1::RecordedContact>> {
    let request = v1::ListContactsRequest {
        customer_id: customer.to_owned(),
        page_size: Some(1_000),
        ..Default::default()
    };
    let listed = product.wait(product.customers().list_contacts(request));
    listed.map(|it| it.into_inner().contacts).map_err(|status| code_and_reason(&status))
}

fn without_version(answer: v1::ReserveContactResponse) -> v1::ReserveContactResponse {
    v1::ReserveContactResponse { decision: answer.decision.map(decision_without_version), ..answer }
}

fn decision_without_version(decision: v1::Decision) -> v1::Decision {
    v1::Decision { record_version: String::new(), ..decision }
}

fn code_and_reason(status: &Status) -> (i32, String) {
    (i32::from(status.code()), reason(status))
}

fn item_code_and_reason(error: &v1::ItemError) -> (i32, String) {
    let reason = error.reason().as_str_name().trim_start_matches("ERROR_REASON_");
    (error.status_code, reason.to_owned())
}

fn numbered(count: usize) -> Vec<v1::BatchReservation> {
    let item = |number: usize| v1::BatchReservation {
        contact: Some(email(&format!("c-{number}"))),
        request_id: "1".to_owned(),
        hold: None,
    };
    (0..count).map(item).collect()
}

#[test]
fn a_batch_has_one_to_a_thousand_items() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    for count in [0, 1_001] {
        let request =
            v1::BatchReserveContactsRequest { reservations: numbered(count), ..Default::default() };
        let refused = product.wait(product.contacts().batch_reserve_contacts(request));
        let status = refused.map(|_| "answers").unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fields(&status), ["reservations"], "{count}");

        let contacts = vec![email("ada"); count];
        let request = v1::BatchCheckContactsRequest { contacts, ..Default::default() };
        let refused = product.wait(product.contacts().batch_check_contacts(request));
        let status = refused.map(|_| "answers").unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fields(&status), ["contacts"], "{count}");
    }
    assert_eq!(product.list("c-0").len(), 0, "what is refused as a whole changes nothing");
}

/// Every third contact is refused, so that answers out of order would show.
#[test]
fn a_thousand_answers_are_in_order() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    let mut reservations = numbered(1_000);
    for item in reservations.iter_mut().step_by(3) {
        item.contact.as_mut().unwrap().channel = "sms".to_owned();
    }
    let expected: Vec<bool> = (0..1_000).map(|number| number % 3 != 0).collect();

    let contacts = reservations.iter().map(|it| it.contact.clone().unwrap()).collect();
    let request = v1::BatchCheckContactsRequest { contacts, ..Default::default() };
    let checked = product.wait(product.contacts().batch_check_contacts(request)).unwrap();
    let checked = checked.into_inner().results.into_iter().map(|it| match it.result {
        Some(v1::batch_check_result::Result::Decision(it)) => is_allowed(&it),
        other => panic!("{other:?}"),
    });
    assert!(checked.eq(expected.iter().copied()));

    let request = v1::BatchReserveContactsRequest { reservations, ..Default::default() };
    let reserved = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    let reserved = reserved.into_inner().results.into_iter().map(|it| match it.result {
        Some(v1::batch_reserve_result::Result::Reservation(it)) => {
            is_allowed(&it.decision.unwrap())
        }
        other => panic!("{other:?}"),
    });
    assert!(reserved.eq(expected.iter().copied()));
    for number in [0, 1, 2, 999] {
        assert_eq!(product.list(&format!("c-{number}")).len(), usize::from(number % 3 != 0));
    }
}

/// What breaks a bound is a mistake in the request, which changes nothing; a name that the policy
/// does not declare concerns its own item.
#[test]
fn an_item_that_breaks_a_bound_is_named_by_its_place() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    let mut reservations = numbered(3);
    reservations[1].contact.as_mut().unwrap().channel = String::new();
    reservations[2].request_id = String::new();
    reservations[2].hold = Some(seconds(0));
    let request = v1::BatchReserveContactsRequest { reservations, ..Default::default() };
    let status = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let places =
        ["reservations[1].contact.channel", "reservations[2].request_id", "reservations[2].hold"];
    assert_eq!(fields(&status), places);
    assert_eq!(product.list("c-0").len(), 0);
}

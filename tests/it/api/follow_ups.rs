//! What follows a contact, said in batches: each item is answered as it would be alone.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::EngagementKind;
use courtesy::rpc::convert::time::timestamp as timestamp_of;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::seconds;
use crate::dice::Dice;

const CASES: u64 = 20;
const ROUNDS: u32 = 3;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
budgets: [{name: weekly, for: {purposes: [marketing]}, limit: 4, per: 7d}]
reactions: [{on: complained, suppress: {purposes: [marketing]}}]
";

/// An answer, or its code and reason. Versions depend on how often a record was written.
type Answered = Result<String, (i32, String)>;

/// An item of some batch.
#[derive(Clone, Debug)]
enum Item {
    Confirm(v1::BatchConfirmation),
    Release(v1::BatchRelease),
    Record(v1::BatchRecord),
    Engage(v1::BatchEngagement),
}

#[test]
fn an_item_is_answered_as_it_would_be_alone() {
    let [together, alone] = [Product::start(), Product::start()];
    for product in [&together, &alone] {
        product.apply(POLICY, 0).unwrap();
    }
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..CASES {
        let mut dice = Dice::new(seed);
        let customers: Vec<String> = (0..3).map(|number| format!("c-{seed}-{number}")).collect();
        for product in [&together, &alone] {
            product.hand.set(at(NOW));
        }
        let mut said = Vec::new();
        for round in 0..ROUNDS {
            for _ in 0..6 {
                let request = reservation(&mut dice, &customers);
                for product in [&together, &alone] {
                    // A refusal is as good as a grant here: both products hear the same.
                    drop(product.reserve(request.clone()));
                }
            }
            for sort in 0..4 {
                let count = 1 + dice.below(20);
                let items: Vec<Item> = (0..count)
                    .map(|_| again_or_new(&mut dice, sort, &customers, &mut said))
                    .collect();
                let expected: Vec<Answered> =
                    items.iter().map(|item| say_alone(&alone, item)).collect();
                let answers = say_together(&together, sort, &items);
                assert_eq!(answers, expected, "seed {seed}, round {round}: {items:#?}");
                for answer in expected {
                    let what = answer.map_or_else(|(_, reason)| reason, |_| format!("sort {sort}"));
                    *seen.entry(what).or_insert(0) += 1;
                }
            }
            for customer in &customers {
                assert_eq!(together.list(customer), alone.list(customer), "seed {seed}");
                let both = [&together, &alone].map(|it| it.check(email(customer)).unwrap());
                let [first, second] =
                    both.map(|it| v1::Decision { record_version: String::new(), ..it });
                assert_eq!(first, second, "seed {seed}: {customer}");
            }
            for product in [&together, &alone] {
                product.hand.set(at(NOW).plus(Span::from_hours(5 * (round + 1))));
            }
        }
    }
    // A comparison of nothing but refusals would prove little.
    for what in ["sort 0", "sort 1", "sort 2", "sort 3"] {
        assert!(seen.get(what) > Some(&50), "{what}: {seen:?}");
    }
    for what in ["INVALID_REQUEST", "UNDECLARED_NAME", "REQUEST_ID_REUSED", "RESERVATION_NOT_FOUND"]
    {
        assert!(seen.get(what) > Some(&10), "{what}: {seen:?}");
    }
    for what in ["ALREADY_CONFIRMED", "ALREADY_RELEASED"] {
        assert!(seen.get(what) > Some(&5), "{what}: {seen:?}");
    }
}

fn reservation(dice: &mut Dice, customers: &[String]) -> v1::ReserveContactRequest {
    v1::ReserveContactRequest {
        contact: Some(email(&dice.one(customers))),
        request_id: format!("r-{}", dice.below(12)),
        hold: dice.percent(50).then(|| seconds(dice.between(1, 40_000))),
        ..Default::default()
    }
}

fn again_or_new(
    dice: &mut Dice,
    sort: usize,
    customers: &[String],
    said: &mut Vec<(usize, Item)>,
) -> Item {
    let before: Vec<Item> =
        said.iter().filter(|(it, _)| *it == sort).map(|(_, item)| item.clone()).collect();
    if !before.is_empty() && dice.percent(25) {
        return dice.one(&before);
    }
    let item = item(dice, sort, customers);
    said.push((sort, item.clone()));
    item
}

fn item(dice: &mut Dice, sort: usize, customers: &[String]) -> Item {
    let customer_id = if dice.percent(4) { String::new() } else { dice.one(customers) };
    let request_id = if dice.percent(3) { String::new() } else { format!("r-{}", dice.below(14)) };
    let some_time = dice.percent(50).then(|| {
        let away = u32::try_from(dice.between(0, 40 * 86_400)).unwrap();
        timestamp_of(at(NOW).minus(Span::from_secs(away)))
    });
    match sort {
        0 => Item::Confirm(v1::BatchConfirmation {
            customer_id,
            request_id,
            send_time: some_time,
            unanswered: dice.percent(20).then_some(true),
        }),
        1 => Item::Release(v1::BatchRelease { customer_id, request_id }),
        2 => Item::Record(v1::BatchRecord {
            contact: (!dice.percent(3)).then(|| v1::Contact {
                channel: dice.one(&["email", "email", "sms", "fax"]).to_owned(),
                purpose: dice.one(&["marketing", "receipt"]).to_owned(),
                contact_time: some_time,
                ..email(&customer_id)
            }),
            request_id: format!("p-{}", dice.below(40)),
            unanswered: None,
        }),
        _ => Item::Engage(v1::BatchEngagement {
            customer_id,
            kind: dice.one(&[
                i32::from(EngagementKind::Opened),
                i32::from(EngagementKind::BouncedHard),
                i32::from(EngagementKind::Complained),
                0,
            ]),
            channel: dice.percent(50).then(|| dice.one(&["email", "fax"]).to_owned()),
            contact_request_id: dice.percent(50).then_some(request_id),
            event_time: some_time,
            request_id: format!("e-{}", dice.below(40)),
        }),
    }
}

fn say_alone(product: &Product, item: &Item) -> Answered {
    let answer = match item.clone() {
        Item::Confirm(it) => {
            let v1::BatchConfirmation { customer_id, request_id, send_time, unanswered } = it;
            let tenant = None;
            let request = v1::ConfirmContactRequest {
                customer_id,
                request_id,
                send_time,
                tenant,
                unanswered,
            };
            product
                .wait(product.contacts().confirm_contact(request))
                .map(|it| confirmed(&it.into_inner()))
        }
        Item::Release(it) => {
            let v1::BatchRelease { customer_id, request_id } = it;
            let request = v1::ReleaseContactRequest { customer_id, request_id, tenant: None };
            product
                .wait(product.contacts().release_contact(request))
                .map(|it| released(&it.into_inner()))
        }
        Item::Record(it) => {
            let v1::BatchRecord { contact, request_id, unanswered } = it;
            let request =
                v1::RecordContactRequest { contact, request_id, unanswered, tenant: None };
            let answer = product.wait(product.contacts().record_contact(request));
            answer.map(|it| decided(it.into_inner().decision.unwrap()))
        }
        Item::Engage(it) => {
            let request = v1::RecordEngagementRequest {
                customer_id: it.customer_id,
                kind: it.kind,
                channel: it.channel,
                contact_request_id: it.contact_request_id,
                event_time: it.event_time,
                request_id: it.request_id,
                tenant: None,
            };
            let answer = product.wait(product.contacts().record_engagement(request));
            answer.map(|_version| "engaged".to_owned())
        }
    };
    answer.map_err(|status: Status| (i32::from(status.code()), reason(&status)))
}

fn say_together(product: &Product, sort: usize, items: &[Item]) -> Vec<Answered> {
    let mut client = product.contacts();
    match sort {
        0 => {
            let confirmations = items.iter().map(|it| {
                let Item::Confirm(it) = it else { panic!("{it:?}") };
                it.clone()
            });
            let request = v1::BatchConfirmContactsRequest {
                confirmations: confirmations.collect(),
                tenant: None,
            };
            let answer = product.wait(client.batch_confirm_contacts(request)).unwrap();
            answer.into_inner().results.into_iter().map(|it| confirm_result(&it)).collect()
        }
        1 => {
            let releases = items.iter().map(|it| {
                let Item::Release(it) = it else { panic!("{it:?}") };
                it.clone()
            });
            let request =
                v1::BatchReleaseContactsRequest { releases: releases.collect(), tenant: None };
            let answer = product.wait(client.batch_release_contacts(request)).unwrap();
            let result = |it: v1::BatchReleaseResult| match it.result.unwrap() {
                v1::batch_release_result::Result::Release(it) => Ok(released(&it)),
                v1::batch_release_result::Result::Error(error) => Err(told(&error)),
            };
            answer.into_inner().results.into_iter().map(result).collect()
        }
        2 => {
            let records = items.iter().map(|it| {
                let Item::Record(it) = it else { panic!("{it:?}") };
                it.clone()
            });
            let request =
                v1::BatchRecordContactsRequest { records: records.collect(), tenant: None };
            let answer = product.wait(client.batch_record_contacts(request)).unwrap();
            let result = |it: v1::BatchRecordResult| match it.result.unwrap() {
                v1::batch_record_result::Result::Decision(it) => Ok(decided(it)),
                v1::batch_record_result::Result::Error(error) => Err(told(&error)),
            };
            answer.into_inner().results.into_iter().map(result).collect()
        }
        _ => {
            let engagements = items.iter().map(|it| {
                let Item::Engage(it) = it else { panic!("{it:?}") };
                it.clone()
            });
            let request = v1::BatchRecordEngagementsRequest {
                engagements: engagements.collect(),
                tenant: None,
            };
            let answer = product.wait(client.batch_record_engagements(request)).unwrap();
            let result = |it: v1::BatchEngagementResult| match it.result.unwrap() {
                v1::batch_engagement_result::Result::Engagement(_) => Ok("engaged".to_owned()),
                v1::batch_engagement_result::Result::Error(error) => Err(told(&error)),
            };
            answer.into_inner().results.into_iter().map(result).collect()
        }
    }
}

fn confirm_result(result: &v1::BatchConfirmResult) -> Answered {
    match result.result.as_ref().unwrap() {
        v1::batch_confirm_result::Result::Confirmation(it) => Ok(confirmed(it)),
        v1::batch_confirm_result::Result::Error(error) => Err(told(error)),
    }
}

fn confirmed(answer: &v1::ConfirmContactResponse) -> String {
    format!("late {}, sent at {:?}", answer.late, answer.send_time)
}

fn released(answer: &v1::ReleaseContactResponse) -> String {
    format!("expired {}", answer.expired)
}

fn decided(decision: v1::Decision) -> String {
    format!("{:?}", v1::Decision { record_version: String::new(), ..decision })
}

fn told(error: &v1::ItemError) -> (i32, String) {
    let reason = error.reason().as_str_name().trim_start_matches("ERROR_REASON_");
    (error.status_code, reason.to_owned())
}

fn confirmation(customer_id: &str, request_id: &str) -> v1::BatchConfirmation {
    let (customer_id, request_id) = (customer_id.to_owned(), request_id.to_owned());
    v1::BatchConfirmation { customer_id, request_id, ..Default::default() }
}

fn confirm(
    product: &Product,
    confirmations: Vec<v1::BatchConfirmation>,
) -> Result<Vec<v1::BatchConfirmResult>, Status> {
    let request = v1::BatchConfirmContactsRequest { confirmations, tenant: None };
    let answer = product.wait(product.contacts().batch_confirm_contacts(request));
    answer.map(|it| it.into_inner().results)
}

fn reserve(product: &Product, customer_id: &str, request_id: &str) {
    let request = v1::ReserveContactRequest {
        contact: Some(email(customer_id)),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    assert!(is_allowed(&product.reserve(request).unwrap().decision.unwrap()));
}

#[test]
fn a_batch_has_one_to_a_thousand_items() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    for count in [0, 1_001] {
        let contacts = || product.contacts();
        let refusals = [
            confirm(&product, vec![confirmation("ada", "1"); count]).map(|_| ()).unwrap_err(),
            {
                let releases = vec![v1::BatchRelease::default(); count];
                let request = v1::BatchReleaseContactsRequest { releases, tenant: None };
                product.wait(contacts().batch_release_contacts(request)).map(|_| ()).unwrap_err()
            },
            {
                let records = vec![v1::BatchRecord::default(); count];
                let request = v1::BatchRecordContactsRequest { records, tenant: None };
                product.wait(contacts().batch_record_contacts(request)).map(|_| ()).unwrap_err()
            },
            {
                let engagements = vec![v1::BatchEngagement::default(); count];
                let request = v1::BatchRecordEngagementsRequest { engagements, tenant: None };
                product.wait(contacts().batch_record_engagements(request)).map(|_| ()).unwrap_err()
            },
        ];
        let lists = ["confirmations", "releases", "records", "engagements"];
        for (status, list) in refusals.iter().zip(lists) {
            assert_eq!(status.code(), Code::InvalidArgument, "{status}");
            assert_eq!(fields(status), [list], "{count}");
        }
    }
}

#[test]
fn an_item_that_is_wrong_stops_no_other_and_is_named_by_its_place() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    for customer in ["ada", "bob"] {
        reserve(&product, customer, "spring");
    }
    let items = vec![
        confirmation("ada", "spring"),
        confirmation("", "spring"),
        confirmation("cyd", "spring"),
        confirmation("bob", "spring"),
    ];
    let results = confirm(&product, items).unwrap();
    let found: Vec<Option<(i32, String)>> =
        results.iter().map(|it| confirm_result(it).err()).collect();
    let invalid = (i32::from(Code::InvalidArgument), "INVALID_REQUEST".to_owned());
    let absent = (i32::from(Code::NotFound), "RESERVATION_NOT_FOUND".to_owned());
    assert_eq!(found, [None, Some(invalid), Some(absent), None]);
    let Some(v1::batch_confirm_result::Result::Error(error)) = &results[1].result else {
        panic!("{results:?}");
    };
    assert!(error.message.starts_with("confirmations[1].customer_id: "), "{}", error.message);
    for customer in ["ada", "bob"] {
        assert_eq!(product.list(customer)[0].state(), v1::ContactState::Sent);
    }
}

#[test]
fn a_thousand_confirmations_are_answered_in_order_and_again() {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    // Every third was never reserved, so that answers out of order would show.
    let reservations = (0..1_000).filter(|number| number % 3 != 0);
    let reservations = reservations.map(|number| v1::BatchReservation {
        contact: Some(email(&format!("c-{number}"))),
        request_id: "spring".to_owned(),
        hold: Some(seconds(60)),
    });
    let reservations = reservations.collect();
    let request = v1::BatchReserveContactsRequest { reservations, tenant: None };
    product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    let items: Vec<_> =
        (0..1_000).map(|number| confirmation(&format!("c-{number}"), "spring")).collect();
    let first = confirm(&product, items.clone()).unwrap();
    for (number, result) in first.iter().enumerate() {
        assert_eq!(confirm_result(result).is_ok(), number % 3 != 0, "{number}");
    }
    product.hand.set(at(NOW).plus(Span::from_hours(1)));
    assert_eq!(confirm(&product, items).unwrap(), first, "versions included: nothing was written");
    let Some(v1::batch_confirm_result::Result::Confirmation(it)) = &first[1].result else {
        panic!("{first:?}");
    };
    let request = v1::CheckContactRequest {
        contact: Some(email("c-1")),
        at_least_version: Some(it.record_version.clone()),
        ..Default::default()
    };
    product.wait(product.contacts().check_contact(request)).unwrap();
}

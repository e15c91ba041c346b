//! A reservation that is asked about again: by a caller who repeats it, or before it is sent.

use courtesy::codec::Decoded;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::ContactState;
use courtesy::proto::v1::ReservationState as State;
use courtesy::store::Key;
use courtesy::store::Space;
use courtesy::store::Store;
use tonic::Code;
use tonic::Status;

use super::pauses::everything;
use super::pauses::pause;
use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use super::product::timestamp;
use super::reservations::confirm;
use super::reservations::held;
use super::reservations::release;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {}}
budgets: [{name: weekly, limit: 1, per: 7d}]
spacing: [{name: apart, least: 1h}, {name: after-complaints, least: 2d, since: [complained]}]
quiet_hours: [{name: night, time_zone: UTC, closed: [{from: '20:00', to: '08:00'}]}]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

/// The answer to a reservation, in short.
fn told(response: &v1::ReserveContactResponse) -> (Vec<String>, bool, State) {
    let decision = response.decision.as_ref().unwrap();
    let (codes, replayed) = (codes(decision), response.replayed);
    assert_eq!(is_allowed(decision), codes.is_empty(), "{decision:?}");
    (codes, replayed, response.reservation_state())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

fn repeat(product: &Product) -> (Vec<String>, bool, State) {
    told(&product.reserve(held("ada", "1")).unwrap())
}

fn states(product: &Product) -> Vec<ContactState> {
    product.list("ada").iter().map(v1::RecordedContact::state).collect()
}

fn opt_out(product: &Product, request: v1::OptOutRequest) {
    let customer_id = "ada".to_owned();
    product.opt_out(v1::OptOutRequest { customer_id, ..request }).unwrap();
}

fn recheck_of(contact: v1::Contact, release_if_denied: bool) -> v1::RecheckContactRequest {
    v1::RecheckContactRequest {
        contact: Some(contact),
        request_id: "1".to_owned(),
        release_if_denied,
        ..Default::default()
    }
}

fn recheck(
    product: &Product,
    request: v1::RecheckContactRequest,
) -> Result<(Vec<String>, State), Status> {
    let response = product.wait(product.contacts().recheck_contact(request))?.into_inner();
    let decision = response.decision.as_ref().unwrap();
    let codes = codes(decision);
    assert_eq!(is_allowed(decision), codes.is_empty(), "{decision:?}");
    assert_eq!(response.expire_time.is_some(), codes.is_empty(), "of a hold that stands");
    Ok((codes, response.reservation_state()))
}

#[test]
fn what_was_released_or_expired_is_reserved_anew() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    release(&product, "ada", "1").unwrap();
    product.hand.set(at("2026-11-22T12:00:30Z"));
    let again = product.reserve(held("ada", "1")).unwrap();
    assert_eq!(told(&again), (vec![], false, State::Held));
    assert_eq!(again.expire_time, Some(timestamp("2026-11-22T12:01:30Z")));
    assert_eq!(states(&product), [ContactState::Reserved, ContactState::Released]);
    let ids: Vec<_> = product.list("ada").into_iter().map(|it| it.request_id).collect();
    assert_eq!(ids, [Some("1".to_owned()), None], "no id is on record twice");

    product.hand.set(at("2026-11-22T12:01:30Z"));
    let again = product.reserve(held("ada", "1")).unwrap();
    assert_eq!(told(&again), (vec![], false, State::Held), "the hold had ended");
    assert_eq!(again.expire_time, Some(timestamp("2026-11-22T12:02:30Z")));
    assert!(!confirm(&product, "ada", "1").unwrap().late);
    let counted = states(&product).into_iter().filter(|it| *it == ContactState::Sent).count();
    assert_eq!(counted, 1);

    // Another contact has its place by now.
    product.reserve(held("bob", "1")).unwrap();
    release(&product, "bob", "1").unwrap();
    product.reserve(held("bob", "2")).unwrap();
    let refused = told(&product.reserve(held("bob", "1")).unwrap());
    assert_eq!(refused, (words(&["BUDGET_SPENT", "TOO_SOON"]), false, State::Released));
}

#[test]
fn what_was_sent_is_not_granted_again() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    confirm(&product, "ada", "1").unwrap();
    assert_eq!(repeat(&product), (words(&["ALREADY_SENT"]), true, State::Sent));
    let engagement = v1::RecordEngagementRequest {
        customer_id: "ada".to_owned(),
        kind: v1::EngagementKind::BouncedHard.into(),
        contact_request_id: Some("1".to_owned()),
        request_id: "bounce".to_owned(),
        ..Default::default()
    };
    product.wait(product.contacts().record_engagement(engagement)).unwrap();
    assert_eq!(repeat(&product), (words(&["ALREADY_SENT"]), true, State::Bounced));
    assert_eq!(recheck(&product, recheck_of(email("ada"), true)).unwrap().1, State::Bounced);
    assert_eq!(states(&product), [ContactState::Bounced]);
}

#[test]
fn what_it_has_spent_itself_does_not_deny_it_again() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    product.record("other", v1::Contact { purpose: "receipt".to_owned(), ..email("ada") });
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["BUDGET_SPENT", "TOO_SOON"]);
    assert_eq!(repeat(&product), (vec![], true, State::Held));
    let none = v1::Cadence {
        limit: Some(0),
        window: Some(v1::cadence::Window::Sliding(super::product::seconds(604_800))),
        ..Default::default()
    };
    let customer =
        v1::Customer { customer_id: "ada".to_owned(), cadence: vec![none], ..Default::default() };
    let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    let refused = (words(&["PERSONAL_CADENCE"]), true, State::Expired);
    assert_eq!(repeat(&product), refused, "nothing at all was never granted");
}

/// What a caller or an operator does after the reservation, and the reasons for which it is refused
/// then.
type Refuse = (&'static str, fn(&Product));

#[test]
fn what_is_refused_meanwhile_ends_and_can_still_be_confirmed() {
    let refusals: [Refuse; 6] = [
        ("OPTED_OUT", |product| opt_out(product, v1::OptOutRequest::default())),
        ("OPTED_OUT", |product| {
            let snooze = Some(super::product::seconds(3_600));
            opt_out(product, v1::OptOutRequest { snooze, ..Default::default() });
        }),
        ("SUPPRESSED", |product| {
            let customer_id = "ada".to_owned();
            let request = v1::SuppressCustomerRequest { customer_id, ..Default::default() };
            product.wait(product.customers().suppress_customer(request)).unwrap();
        }),
        ("PAUSED", |product| drop(pause(product, everything("crisis")).unwrap())),
        ("QUIET_HOURS", |product| product.hand.set(at("2026-11-22T20:00:00Z"))),
        ("TOO_SOON", |product| {
            let request = v1::RecordEngagementRequest {
                customer_id: "ada".to_owned(),
                kind: v1::EngagementKind::Complained.into(),
                request_id: "complaint".to_owned(),
                ..Default::default()
            };
            product.wait(product.contacts().record_engagement(request)).unwrap();
        }),
    ];
    for (code, refuse) in refusals {
        let product = product();
        // Without a hold it would stand for good.
        let reserve = || product.reserve(reservation("ada", "1")).unwrap();
        reserve();
        refuse(&product);
        let refused = reserve();
        assert_eq!(told(&refused), (words(&[code]), true, State::Expired), "{code}");
        assert_eq!(refused.expire_time, None);
        let [contact] = product.list("ada").try_into().unwrap();
        assert_eq!(contact.state(), ContactState::Expired);
        assert_eq!(contact.expire_reasons, refused.decision.unwrap().reasons);
        let (codes, replayed, state) = told(&reserve());
        assert_eq!((codes, replayed, state), (words(&[code]), false, State::Expired));

        let product = product.restart();
        let late = confirm(&product, "ada", "1").unwrap();
        assert!(late.late, "{code}: another worker was sending it already");
        let [contact] = product.list("ada").try_into().unwrap();
        assert_eq!((contact.state(), contact.expire_reasons.len()), (ContactState::Sent, 0));
        assert_eq!(told(&product.reserve(reservation("ada", "1")).unwrap()).2, State::Sent);
    }
}

#[test]
fn what_was_refused_is_given_back_and_reserved_anew_when_it_may() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    pause(&product, everything("crisis")).unwrap();
    assert_eq!(repeat(&product), (words(&["PAUSED"]), true, State::Expired));
    let request =
        v1::ResumeContactsRequest { names: vec!["crisis".to_owned()], ..Default::default() };
    product.wait(product.policies().resume_contacts(request)).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()), "its budget is free again");
    assert_eq!(repeat(&product), (vec![], false, State::Held));
    assert!(release(&product, "ada", "1").is_ok_and(|it| !it.expired));
}

#[test]
fn what_was_erased_with_its_customer_is_refused() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    let request = v1::EraseCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(request)).unwrap();
    let refused = (words(&["CUSTOMER_ERASED"]), true, State::Unknown);
    assert_eq!(repeat(&product), refused);
    let rechecked = recheck(&product, recheck_of(email("ada"), true)).unwrap();
    assert_eq!(rechecked, (refused.0.clone(), State::Unknown));
    let left = product.wait(product.store.load_all(Space::Erased)).unwrap();
    assert!(left.iter().all(|(_, it)| !it.value.windows(3).any(|it| it == b"ada")));
    let product = product.restart();
    assert_eq!(repeat(&product), refused);
    let other = told(&product.reserve(held("ada", "2")).unwrap());
    assert_eq!(other, (vec![], false, State::Held), "a new message to a customer who comes back");
    assert_eq!(repeat(&product), refused, "and the old one stays refused");
    product.hand.set(at(NOW).plus(Span::from_hours(49)));
    assert_eq!(repeat(&product).2, State::Held, "in the end it is forgotten");
}

#[test]
fn a_choice_is_made_anew_only_after_it_was_given_back() {
    let product = product();
    let candidate = |channel: &str, value| v1::Candidate {
        contact: Some(v1::Contact { channel: channel.to_owned(), ..email("ada") }),
        value: Some(value),
    };
    let request = v1::ChooseContactRequest {
        candidates: vec![candidate("email", 1), candidate("sms", 2)],
        request_id: "1".to_owned(),
        hold: Some(super::product::seconds(60)),
        tenant: None,
    };
    let choose = || {
        let mut contacts = product.contacts();
        let chosen = product.wait(contacts.choose_contact(request.clone())).unwrap().into_inner();
        let codes: Vec<_> =
            chosen.decisions.iter().map(|it| codes(it.decision.as_ref().unwrap())).collect();
        (chosen.chosen_index, codes, chosen.replayed, chosen.reservation_state())
    };
    assert_eq!(choose(), (Some(1), vec![vec![]], false, State::Held));
    assert_eq!(choose(), (Some(1), vec![vec![]], true, State::Held));
    let scope = Some(v1::Scope { channel: Some("sms".to_owned()), ..Default::default() });
    opt_out(&product, v1::OptOutRequest { scope, ..Default::default() });
    let opted_out = words(&["OPTED_OUT"]);
    assert_eq!(choose(), (None, vec![opted_out.clone()], true, State::Expired));
    assert_eq!(choose(), (Some(0), vec![opted_out, vec![]], false, State::Held));
    confirm(&product, "ada", "1").unwrap();
    assert_eq!(choose(), (None, vec![words(&["ALREADY_SENT"])], true, State::Sent));
}

#[test]
fn a_batch_asks_again_as_its_parts_would() {
    let product = product();
    for customer in ["sent", "held", "out"] {
        product.reserve(held(customer, "1")).unwrap();
    }
    confirm(&product, "sent", "1").unwrap();
    let customer_id = "out".to_owned();
    product.opt_out(v1::OptOutRequest { customer_id, ..Default::default() }).unwrap();
    let item = |customer: &str| {
        let v1::ReserveContactRequest { contact, request_id, hold, .. } = held(customer, "1");
        v1::BatchReservation { contact, request_id, hold }
    };
    let reservations = ["sent", "held", "out", "new"].map(item).to_vec();
    let request = v1::BatchReserveContactsRequest { reservations, tenant: None };
    let response = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    let answers = response.into_inner().results.into_iter().map(|it| match it.result.unwrap() {
        v1::batch_reserve_result::Result::Reservation(reservation) => told(&reservation),
        v1::batch_reserve_result::Result::Error(error) => panic!("{error:?}"),
    });
    let expected = [
        (words(&["ALREADY_SENT"]), true, State::Sent),
        (vec![], true, State::Held),
        (words(&["OPTED_OUT"]), true, State::Expired),
        (vec![], false, State::Held),
    ];
    assert_eq!(answers.collect::<Vec<_>>(), expected);
    assert_eq!(product.list("out")[0].state(), ContactState::Expired, "in the same step");
}

#[test]
fn what_is_booked_ahead_is_remembered_until_two_days_after_it() {
    let product = product();
    let mut booked = reservation("ada", "1");
    booked.contact.as_mut().unwrap().contact_time = Some(timestamp("2026-12-20T12:00:00Z"));
    product.reserve(booked.clone()).unwrap();
    for now in ["2026-11-25T12:00:00Z", "2026-12-19T21:00:00Z", "2026-12-20T12:30:00Z"] {
        product.hand.set(at(now));
        let again = told(&product.reserve(booked.clone()).unwrap());
        assert_eq!(again, (vec![], true, State::Held), "{now}: decided at its own time");
        assert_eq!(product.list("ada").len(), 1);
    }
    product.hand.set(at("2026-12-21T12:00:00Z"));
    confirm(&product, "ada", "1").unwrap();
    product.hand.set(at("2026-12-23T11:59:59Z"));
    assert!(confirm(&product, "ada", "1").is_ok());
    product.hand.set(at("2026-12-23T12:00:00Z"));
    assert_eq!(confirm(&product, "ada", "1").unwrap_err().code(), Code::NotFound);
}

#[test]
fn a_reservation_is_asked_about_before_it_is_sent() {
    let product = product();
    let contact = v1::Contact {
        contact_time: Some(timestamp("2026-11-23T10:00:00Z")),
        attributes: [("a".to_owned(), "b".to_owned())].into(),
        ..email("ada")
    };
    let reserve = v1::ReserveContactRequest { contact: Some(contact.clone()), ..held("ada", "1") };
    let ask = |release| recheck(&product, recheck_of(contact.clone(), release)).unwrap();
    let unknown = recheck(&product, recheck_of(contact.clone(), true)).unwrap_err();
    assert_eq!(
        (unknown.code(), reason(&unknown).as_str()),
        (Code::NotFound, "RESERVATION_NOT_FOUND")
    );
    product.reserve(reserve).unwrap();
    // The budget is spent by itself, and it is night, but not then.
    product.hand.set(at("2026-11-22T21:00:00Z"));
    assert_eq!(ask(true), (vec![], State::Held));
    let said = v1::Contact { priority: Some(50), ..contact.clone() };
    assert_eq!(recheck(&product, recheck_of(said, true)).unwrap().1, State::Held);
    for other in [
        v1::Contact { attributes: [].into(), ..contact.clone() },
        v1::Contact { contact_time: None, ..contact.clone() },
        v1::Contact { purpose: "receipt".to_owned(), ..contact.clone() },
    ] {
        let other = recheck(&product, recheck_of(other, true)).unwrap_err();
        assert_eq!(
            (other.code(), reason(&other).as_str()),
            (Code::AlreadyExists, "REQUEST_ID_REUSED")
        );
    }
    opt_out(&product, v1::OptOutRequest::default());
    assert_eq!(ask(false), (words(&["OPTED_OUT"]), State::Held), "nothing is changed");
    assert_eq!(states(&product), [ContactState::Reserved]);
    assert_eq!(ask(true), (words(&["OPTED_OUT"]), State::Expired));
    assert_eq!(states(&product), [ContactState::Expired]);
    assert_eq!(ask(true), (words(&["RESERVATION_ENDED"]), State::Expired));
    assert!(confirm(&product, "ada", "1").unwrap().late);
    assert_eq!(ask(true), (words(&["ALREADY_SENT"]), State::Sent));
    // Long after its time, too, as long as it is remembered.
    product.hand.set(at("2026-11-24T20:00:00Z"));
    assert_eq!(ask(true), (words(&["ALREADY_SENT"]), State::Sent));

    product.hand.set(at("2026-11-24T12:00:00Z"));
    product.reserve(held("bob", "1")).unwrap();
    release(&product, "bob", "1").unwrap();
    let released = recheck(&product, recheck_of(email("bob"), true)).unwrap();
    assert_eq!(released, (words(&["RESERVATION_ENDED"]), State::Released));
}

/// Changes the only customer's record as if another version had written it.
fn rewrite(product: &Product, change: impl Fn(&mut courtesy::model::Record)) {
    let all = product.wait(product.store.load_all(Space::Customers)).unwrap();
    let [(Key { id, .. }, stored)] = all.try_into().unwrap();
    let mut record = Decoded::read(&stored.value).unwrap().record;
    change(&mut record);
    product.seed(&id, &record);
}

#[test]
fn what_an_older_version_wrote_is_asked_about_too() {
    let product = product();
    let contact =
        v1::Contact { contact_time: Some(timestamp("2026-12-20T12:00:00Z")), ..email("ada") };
    let reserve =
        v1::ReserveContactRequest { contact: Some(contact.clone()), ..reservation("ada", "1") };
    product.reserve(reserve.clone()).unwrap();
    rewrite(&product, |record| {
        (record.requests[0].contact_body, record.requests[0].last_use) = (None, None);
    });
    product.hand.set(at("2026-11-25T12:00:00Z"));
    let again = told(&product.reserve(reserve.clone()).unwrap());
    assert_eq!(again, (vec![], true, State::Held), "it is booked once");
    let other = v1::Contact { channel: "sms".to_owned(), ..contact };
    assert_eq!(recheck(&product, recheck_of(other, true)).unwrap_err().code(), Code::AlreadyExists);
    rewrite(&product, |record| record.history = Default::default());
    rewrite(&product, |record| record.requests[0].answered = at("2026-11-25T12:00:00Z"));
    let lost = told(&product.reserve(reserve).unwrap());
    assert_eq!(lost, (words(&["ALREADY_SENT"]), true, State::Unknown), "it may have been sent");
}

fn booked(customer_id: &str) -> v1::ReserveContactRequest {
    let contact_time = Some(timestamp("2026-11-23T12:00:00Z"));
    let contact = Some(v1::Contact { contact_time, ..email(customer_id) });
    v1::ReserveContactRequest { contact, ..reservation(customer_id, "1") }
}

/// A job that is repeated two days later is told what became of what it reserved, although a new
/// contact could not be reserved for that time any more.
#[test]
fn a_repetition_may_come_when_its_time_has_passed() {
    let product = product();
    let again = |id: &str| product.reserve(booked(id)).map(|it| told(&it));
    let choice = |id: &str| v1::ChooseContactRequest {
        candidates: vec![v1::Candidate { contact: booked(id).contact, value: None }],
        request_id: "1".to_owned(),
        ..Default::default()
    };
    let choose = |id: &str| product.wait(product.contacts().choose_contact(choice(id)));
    for id in ["held", "sent", "released", "refused"] {
        assert_eq!(again(id).unwrap(), (vec![], false, State::Held), "{id}");
    }
    assert_eq!(choose("chosen").unwrap().into_inner().chosen_index, Some(0));
    product.hand.set(at("2026-11-23T12:00:00Z"));
    confirm(&product, "sent", "1").unwrap();
    confirm(&product, "chosen", "1").unwrap();
    release(&product, "released", "1").unwrap();
    product
        .opt_out(v1::OptOutRequest { customer_id: "refused".to_owned(), ..Default::default() })
        .unwrap();

    product.hand.set(at("2026-11-25T11:00:00Z"));
    let expected = [
        ("held", (vec![], true, State::Held)),
        ("sent", (words(&["ALREADY_SENT"]), true, State::Sent)),
        ("released", (vec![], false, State::Held)),
        ("refused", (words(&["OPTED_OUT"]), true, State::Expired)),
    ];
    let mut ids: Vec<&str> = expected.iter().map(|(id, _)| *id).collect();
    ids.push("new");
    let reservations = ids.iter().map(|id| {
        let v1::ReserveContactRequest { contact, request_id, .. } = booked(id);
        v1::BatchReservation { contact, request_id, hold: None }
    });
    let request = v1::BatchReserveContactsRequest {
        reservations: reservations.collect(),
        ..Default::default()
    };
    let first = again("sent").unwrap();
    let batch = product.wait(product.contacts().batch_reserve_contacts(request)).unwrap();
    let results = batch.into_inner().results.into_iter().map(|it| it.result.unwrap());
    let results: Vec<_> = results.collect();
    for ((id, expected), result) in expected.iter().zip(&results) {
        let v1::batch_reserve_result::Result::Reservation(reservation) = result else {
            panic!("{id}: {result:?}");
        };
        assert_eq!(told(reservation), *expected, "{id}");
    }
    assert_eq!(first, expected[1].1);
    let v1::batch_reserve_result::Result::Error(error) = &results[4] else {
        panic!("{results:?}");
    };
    assert_eq!(error.status_code, i32::from(Code::InvalidArgument));
    assert_eq!(again("held").unwrap(), expected[0].1);
    assert_eq!(
        again("released").unwrap(),
        (vec![], true, State::Held),
        "reserved anew by the batch"
    );
    let chosen = choose("chosen").unwrap().into_inner();
    assert_eq!((chosen.chosen_index, chosen.reservation_state()), (None, State::Sent));

    for (status, field) in [
        (again("new").unwrap_err(), "contact.contact_time"),
        (choose("new").unwrap_err(), "candidates[0].contact.contact_time"),
    ] {
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert_eq!(fields(&status), [field]);
    }
    product.hand.set(at("2026-11-25T12:00:00Z"));
    let forgotten = again("sent").unwrap_err();
    assert_eq!(forgotten.code(), Code::InvalidArgument, "48 hours after it was sent");
}

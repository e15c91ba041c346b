//! Reservations: granted once, settled once, given back by time.

use courtesy::proto::v1;
use courtesy::proto::v1::ContactState;
use courtesy::proto::v1::ReservationState;
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
use super::product::reservation;
use super::product::seconds;
use super::product::timestamp;

pub(super) const ONE_A_WEEK: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {}}
budgets: [{name: weekly, limit: 1, per: 7d}]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(ONE_A_WEEK, 0).unwrap();
    product
}

pub(super) fn confirm(
    product: &Product,
    customer_id: &str,
    request_id: &str,
) -> Result<v1::ConfirmContactResponse, Status> {
    let request = v1::ConfirmContactRequest {
        customer_id: customer_id.to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    Ok(product.wait(product.contacts().confirm_contact(request))?.into_inner())
}

pub(super) fn release(
    product: &Product,
    customer_id: &str,
    request_id: &str,
) -> Result<v1::ReleaseContactResponse, Status> {
    let request = v1::ReleaseContactRequest {
        customer_id: customer_id.to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    Ok(product.wait(product.contacts().release_contact(request))?.into_inner())
}

pub(super) fn held(customer_id: &str, request_id: &str) -> v1::ReserveContactRequest {
    v1::ReserveContactRequest { hold: Some(seconds(60)), ..reservation(customer_id, request_id) }
}

#[test]
fn a_check_spends_nothing_and_a_reservation_does() {
    let product = product();
    for _ in 0..3 {
        assert!(is_allowed(&product.check(email("ada")).unwrap()));
    }
    assert!(is_allowed(&product.reserve(reservation("ada", "1")).unwrap().decision.unwrap()));
    let refused = product.reserve(reservation("ada", "2")).unwrap().decision.unwrap();
    assert_eq!(codes(&refused), ["BUDGET_SPENT"]);
    assert_eq!(refused.determining_rules, ["weekly"]);
    assert_eq!(refused.next_allowed_time, Some(timestamp("2026-11-29T12:00:00Z")));
    assert_eq!(refused.policy_revision, 1);
    assert!(is_allowed(&product.check(email("bob")).unwrap()), "another customer");
    assert_eq!(product.list("ada").len(), 1, "a refusal spends nothing");
}

#[test]
fn a_repeated_request_names_the_reservation_that_stands() {
    let product = product();
    let first = product.reserve(held("ada", "1")).unwrap();
    assert_eq!(first.expire_time, Some(timestamp("2026-11-22T12:01:00Z")));
    assert_eq!((first.replayed, first.reservation_state()), (false, ReservationState::Held));
    product.hand.set(at("2026-11-22T12:00:30Z"));
    let again = product.reserve(held("ada", "1")).unwrap();
    assert_eq!(again, v1::ReserveContactResponse { replayed: true, ..first.clone() });
    assert_eq!(product.list("ada").len(), 1);
    let detailed = v1::ReserveContactRequest { detail: 2, ..held("ada", "1") };
    let detailed = product.reserve(detailed).unwrap();
    assert_eq!(detailed.expire_time, first.expire_time, "how much it tells is not its meaning");
    let trace = detailed.decision.unwrap().detail.unwrap().trace;
    assert_eq!(trace[0].result(), v1::FindingResult::Exempt, "it has spent the budget itself");

    let other = product.reserve(reservation("ada", "1")).unwrap_err();
    assert_eq!((other.code(), reason(&other).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    let recorded = v1::RecordContactRequest {
        contact: Some(email("ada")),
        request_id: "1".to_owned(),
        ..Default::default()
    };
    let other = product.wait(product.contacts().record_contact(recorded)).unwrap_err();
    assert_eq!(other.code(), Code::AlreadyExists);
    assert!(is_allowed(&product.reserve(held("bob", "1")).unwrap().decision.unwrap()));
}

#[test]
fn a_repeated_request_is_decided_under_the_policy_in_force() {
    let product = product();
    let text = |request: v1::ReserveContactRequest| {
        let contact = v1::Contact { channel: "sms".to_owned(), ..request.contact.unwrap() };
        v1::ReserveContactRequest { contact: Some(contact), ..request }
    };
    product.reserve(text(held("ada", "1"))).unwrap();
    let contact = text(held("bob", "1")).contact;
    let past = |request_id: &str| {
        let request = v1::RecordContactRequest {
            contact: contact.clone(),
            request_id: request_id.to_owned(),
            ..Default::default()
        };
        product.wait(product.contacts().record_contact(request))
    };
    let choose = |request_id: &str| {
        let contact = text(held("eve", "1")).contact;
        let request = v1::ChooseContactRequest {
            candidates: vec![v1::Candidate { contact, value: None }],
            request_id: request_id.to_owned(),
            ..Default::default()
        };
        product.wait(product.contacts().choose_contact(request))
    };
    let recorded = past("1").unwrap().into_inner();
    choose("1").unwrap();
    product.apply(&ONE_A_WEEK.replace(", sms: {}", ""), 1).unwrap();
    let gone = product.reserve(text(held("ada", "1"))).unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::InvalidArgument, "UNDECLARED_NAME"));
    let other = product.reserve(text(reservation("ada", "1"))).unwrap_err();
    assert_eq!(reason(&other), "REQUEST_ID_REUSED");
    let new = product.reserve(text(held("ada", "2"))).unwrap_err();
    assert_eq!((new.code(), reason(&new).as_str()), (Code::InvalidArgument, "UNDECLARED_NAME"));
    assert_eq!(fields(&new), ["contact.channel"]);
    assert_eq!(past("1").unwrap().into_inner(), recorded);
    assert_eq!(fields(&past("2").unwrap_err()), ["contact.channel"]);
    assert_eq!(fields(&choose("1").unwrap_err()), ["candidates[0].contact.channel"]);
    assert_eq!(fields(&choose("2").unwrap_err()), ["candidates[0].contact.channel"]);
}

#[test]
fn a_refused_request_is_decided_again() {
    let product = product();
    product.reserve(reservation("ada", "1")).unwrap();
    assert!(!is_allowed(&product.reserve(reservation("ada", "2")).unwrap().decision.unwrap()));
    release(&product, "ada", "1").unwrap();
    assert!(is_allowed(&product.reserve(reservation("ada", "2")).unwrap().decision.unwrap()));
}

#[test]
fn a_request_is_forgotten_two_days_after_its_hold() {
    let product = product();
    product.reserve(reservation("ada", "1")).unwrap();
    product.reserve(held("bob", "1")).unwrap();
    product.hand.set(at("2026-11-24T11:59:59Z"));
    assert!(is_allowed(&product.reserve(reservation("ada", "1")).unwrap().decision.unwrap()));
    product.hand.set(at("2026-11-24T12:00:00Z"));
    assert!(!is_allowed(&product.reserve(reservation("ada", "1")).unwrap().decision.unwrap()));
    assert_eq!(confirm(&product, "ada", "1").unwrap_err().code(), Code::NotFound);
    assert!(confirm(&product, "bob", "1").unwrap().late, "its hold ended a minute later");
}

#[test]
fn a_confirmation_says_when_it_was_sent() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    product.hand.set(at("2026-11-22T12:00:40Z"));
    let request = v1::ConfirmContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "1".to_owned(),
        send_time: Some(timestamp("2026-11-22T12:00:20Z")),
        ..Default::default()
    };
    let first = product.wait(product.contacts().confirm_contact(request)).unwrap().into_inner();
    assert!(!first.late);
    assert_eq!(confirm(&product, "ada", "1").unwrap(), first, "a repetition changes nothing");
    let [contact] = product.list("ada").try_into().unwrap();
    assert_eq!(contact.state(), ContactState::Sent);
    assert_eq!(contact.contact_time, Some(timestamp("2026-11-22T12:00:20Z")));
    product.hand.set(at("2026-11-22T13:00:00Z"));
    let [contact] = product.list("ada").try_into().unwrap();
    assert_eq!(contact.state(), ContactState::Sent, "what was sent does not expire");
}

#[test]
fn a_hold_that_ends_gives_the_contact_back() {
    let product = product();
    product.reserve(held("ada", "1")).unwrap();
    product.hand.set(at("2026-11-22T12:00:59.999Z"));
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
    product.hand.set(at("2026-11-22T12:01:00Z"));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    let [contact] = product.list("ada").try_into().unwrap();
    assert_eq!(contact.state(), ContactState::Expired);
    assert!(release(&product, "ada", "1").unwrap().expired);
    assert!(release(&product, "ada", "1").unwrap().expired, "once more");

    let late = confirm(&product, "ada", "1").unwrap();
    assert!(late.late);
    assert_eq!(late.send_time, Some(timestamp(NOW)));
    assert_eq!(confirm(&product, "ada", "1").unwrap(), late);
    assert!(!is_allowed(&product.check(email("ada")).unwrap()), "it happened, so it counts");
}

#[test]
fn a_reservation_without_a_hold_counts_for_good() {
    let product = product();
    let reserved = product.reserve(reservation("ada", "1")).unwrap();
    assert_eq!(reserved.expire_time, None);
    product.hand.set(at("2026-11-29T11:59:59Z"));
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
}

#[test]
fn a_hold_counts_from_the_time_of_the_contact() {
    let product = product();
    let mut request = held("ada", "1");
    request.contact.as_mut().unwrap().contact_time = Some(timestamp("2026-12-01T08:00:00Z"));
    let reserved = product.reserve(request).unwrap();
    assert_eq!(reserved.expire_time, Some(timestamp("2026-12-01T08:01:00Z")));
    let confirmed = confirm(&product, "ada", "1").unwrap();
    assert_eq!(confirmed.send_time, Some(timestamp(NOW)), "it cannot have been sent in the future");
}

#[test]
fn what_was_settled_stays_settled() {
    let product = product();
    let check = |result: Result<String, Status>, code: Code, expected: &str| {
        let status = result.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (code, expected), "{status}");
    };
    product.reserve(reservation("ada", "1")).unwrap();
    confirm(&product, "ada", "1").unwrap();
    let released = release(&product, "ada", "1").map(|it| it.record_version);
    check(released, Code::FailedPrecondition, "ALREADY_CONFIRMED");

    product.reserve(reservation("bob", "1")).unwrap();
    assert!(!release(&product, "bob", "1").unwrap().expired);
    assert!(!release(&product, "bob", "1").unwrap().expired, "once more");
    let confirmed = confirm(&product, "bob", "1").map(|it| it.record_version);
    check(confirmed, Code::FailedPrecondition, "ALREADY_RELEASED");
    assert!(is_allowed(&product.check(email("bob")).unwrap()), "it was given back");

    let unknown = confirm(&product, "eve", "1").map(|it| it.record_version);
    check(unknown, Code::NotFound, "RESERVATION_NOT_FOUND");
    let unknown = release(&product, "ada", "2").map(|it| it.record_version);
    check(unknown, Code::NotFound, "RESERVATION_NOT_FOUND");
}

#[test]
fn a_contact_that_happened_is_recorded_whatever_the_rules_say() {
    let product = product();
    assert!(is_allowed(&product.record("1", email("ada"))));
    let decision = product.record("2", email("ada"));
    assert_eq!(codes(&decision), ["BUDGET_SPENT"]);
    assert_eq!(product.record("2", email("ada")), decision, "once more");
    assert_eq!(product.list("ada").len(), 2);
}

#[test]
fn reservations_outlive_the_process() {
    let product = product();
    let first = product.reserve(held("ada", "1")).unwrap();
    let product = product.restart();
    let again = product.reserve(held("ada", "1")).unwrap();
    assert_eq!((again.replayed, again.expire_time), (true, first.expire_time));
    assert_eq!(first.decision.unwrap().policy_revision, 1, "and so does the policy");
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
}

#[test]
fn the_most_valuable_message_that_is_allowed_is_chosen() {
    let product = product();
    product.record("0", email("ada"));
    let exempt = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
budgets: [{name: weekly, limit: 1, per: 7d}]
";
    product.apply(exempt, 1).unwrap();
    let candidate = |purpose: &str, value| v1::Candidate {
        contact: Some(v1::Contact { purpose: purpose.to_owned(), ..email("ada") }),
        value,
    };
    let request = v1::ChooseContactRequest {
        candidates: vec![
            candidate("receipt", Some(10)),
            candidate("marketing", Some(90)),
            candidate("receipt", None),
        ],
        request_id: "choose".to_owned(),
        hold: Some(seconds(60)),
        tenant: None,
    };
    let choose = |request: &v1::ChooseContactRequest| {
        product.wait(product.contacts().choose_contact(request.clone())).unwrap().into_inner()
    };
    let chosen = choose(&request);
    assert_eq!(chosen.chosen_index, Some(2), "worth its priority, 50");
    let looked_at: Vec<u32> = chosen.decisions.iter().map(|it| it.index).collect();
    assert_eq!(looked_at, [1, 2]);
    let again = choose(&request);
    assert_eq!((again.chosen_index, again.expire_time), (Some(2), chosen.expire_time));
    assert_eq!(again.decisions, chosen.decisions[1..]);
    assert!(again.replayed && !chosen.replayed);
    assert_eq!(product.list("ada").len(), 2);

    let none = v1::ChooseContactRequest {
        candidates: vec![candidate("marketing", None)],
        request_id: "none".to_owned(),
        ..Default::default()
    };
    let none = choose(&none);
    assert_eq!((none.chosen_index, none.decisions.len()), (None, 1));
}

#[test]
fn a_plan_puts_the_best_channel_first() {
    let product = Product::start();
    let policy = "\
name: base
channels: {email: {}, sms: {}, voice: {}, letter: {}}
purposes: {marketing: {}}
budgets:
  - {name: emails, for: {channels: [email]}, limit: 1, per: 7d}
  - {name: letters, for: {channels: [letter]}, limit: 0, per: 7d}
quiet_hours:
  - {name: nights, for: {channels: [voice]}, time_zone: UTC, closed: [{from: '18:00', to: '08:00'}]}
";
    product.apply(policy, 0).unwrap();
    product.record("1", email("ada"));
    let plan = |horizon, channels: &[&str]| {
        let request = v1::PlanContactRequest {
            contact: Some(v1::Contact { channel: String::new(), ..email("ada") }),
            channels: channels.iter().map(ToString::to_string).collect(),
            horizon,
            ..Default::default()
        };
        product.wait(product.contacts().plan_contact(request)).unwrap().into_inner().plans
    };
    let names = |plans: &[v1::ChannelPlan]| {
        plans.iter().map(|plan| plan.channel.clone()).collect::<Vec<_>>().join(" ")
    };
    let plans = plan(None, &[]);
    assert_eq!(names(&plans), "sms voice email letter");
    assert_eq!(plans[1].next_allowed_time, Some(timestamp(NOW)));
    assert_eq!(plans[1].valid_until_time, Some(timestamp("2026-11-22T18:00:00Z")));
    assert_eq!(plans[2].next_allowed_time, Some(timestamp("2026-11-29T12:00:00Z")));
    assert_eq!(codes(plans[2].decision.as_ref().unwrap()), ["BUDGET_SPENT"]);
    assert_eq!(plans[3].next_allowed_time, None);
    let soon = plan(Some(seconds(3_600)), &["email", "voice"]);
    assert_eq!(names(&soon), "voice email");
    assert_eq!(soon[1].next_allowed_time, None, "not within an hour");
}

#[test]
fn a_plan_tells_every_stretch_up_to_its_horizon() {
    let product = Product::start();
    let policy = "\
name: base
channels: {email: {}, voice: {}}
purposes: {marketing: {}}
budgets:
  - {name: emails, for: {channels: [email]}, limit: 1, per: 7d}
quiet_hours:
  - {name: nights, for: {channels: [voice]}, time_zone: UTC, closed: [{from: '18:00', to: '08:00'}]}
";
    product.apply(policy, 0).unwrap();
    product.record("1", email("ada"));
    let plan = |all_stretches| {
        let request = v1::PlanContactRequest {
            contact: Some(v1::Contact { channel: String::new(), ..email("ada") }),
            horizon: Some(seconds(2 * 86_400)),
            all_stretches,
            ..Default::default()
        };
        product.wait(product.contacts().plan_contact(request)).unwrap().into_inner().plans
    };
    assert!(plan(false).iter().all(|plan| plan.stretches.is_empty()));
    let plans = plan(true);
    let shown = |plan: &v1::ChannelPlan| {
        let shown = plan.stretches.iter().map(|it| {
            let reasons = it.reasons.iter();
            let reasons: Vec<String> =
                reasons.map(|it| format!("{:?} {:?}", it.code(), it.rule)).collect();
            (it.start_time.unwrap(), it.end_time.unwrap(), it.effect(), reasons.join(", "))
        });
        shown.collect::<Vec<_>>()
    };
    let (allow, deny) = (v1::Effect::Allow, v1::Effect::Deny);
    let time = |day: u8, hour: u8| timestamp(&format!("2026-11-{day}T{hour:02}:00:00Z"));
    let night = || "QuietHours Some(\"nights\")".to_owned();
    assert_eq!(
        shown(&plans[0]),
        [
            (time(22, 12), time(22, 18), allow, String::new()),
            (time(22, 18), time(23, 8), deny, night()),
            (time(23, 8), time(23, 18), allow, String::new()),
            (time(23, 18), time(24, 8), deny, night()),
            (time(24, 8), time(24, 12), allow, String::new()),
        ]
    );
    let spent = "BudgetSpent Some(\"emails\")".to_owned();
    assert_eq!(shown(&plans[1]), [(time(22, 12), time(24, 12), deny, spent)]);
    assert!(plans.iter().all(|plan| !plan.stretches_truncated));
}

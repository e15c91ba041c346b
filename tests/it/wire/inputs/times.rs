//! Times and lengths of time.

use courtesy::proto::v1;
use courtesy::proto::v1::cadence::Window;
use prost_types::Duration;
use prost_types::Timestamp;

use super::super::ask::accepted;
use super::super::ask::batch_reserve;
use super::super::ask::check;
use super::super::ask::choose;
use super::super::ask::confirm;
use super::super::ask::contact;
use super::super::ask::customer;
use super::super::ask::engage;
use super::super::ask::opt_in;
use super::super::ask::opt_out;
use super::super::ask::plan;
use super::super::ask::product;
use super::super::ask::record;
use super::super::ask::refused;
use super::super::ask::reserve;
use super::super::ask::update;
use crate::api::product::NOW;
use crate::api::product::timestamp;

const DAY: i64 = 86_400;

/// So many seconds from now.
fn from_now(seconds: i64) -> Timestamp {
    let now = timestamp(NOW);
    Timestamp { seconds: now.seconds + seconds, nanos: 0 }
}

/// Times that no field takes.
fn impossible() -> Vec<Timestamp> {
    let now = timestamp(NOW).seconds;
    [
        (-62_167_219_200, 0),
        (-62_135_596_800, 0),
        (253_402_300_800, 0),
        (i64::MIN, 0),
        (i64::MAX, 999_999_999),
        (i64::MAX / 1_000, 0),
        (now, -1),
        (now, 1_000_000_000),
        (now, i32::MIN),
        (now, i32::MAX),
    ]
    .map(|(seconds, nanos)| Timestamp { seconds, nanos })
    .to_vec()
}

#[test]
fn a_contact_lies_from_a_day_ago_to_400_days_ahead() {
    let product = product();
    let at = |time| v1::Contact { contact_time: Some(time), ..contact() };
    for seconds in [-DAY, 0, 400 * DAY] {
        accepted(&product, &check(at(from_now(seconds))));
    }
    let mut wrong = impossible();
    wrong.extend([from_now(-DAY - 1), from_now(400 * DAY + 1), Timestamp::default()]);
    for time in wrong {
        let field = &["contact.contact_time"];
        refused(&product, &check(at(time)), field);
        refused(
            &product,
            &v1::ReserveContactRequest { contact: Some(at(time)), ..reserve("1") },
            field,
        );
        refused(&product, &v1::PlanContactRequest { contact: Some(at(time)), ..plan() }, field);
        let mut one = choose("1");
        one.candidates[0].contact = Some(at(time));
        refused(&product, &one, &["candidates[0].contact.contact_time"]);
    }
}

#[test]
fn what_has_happened_lies_in_the_past() {
    let product = product();
    let mut wrong = impossible();
    // A minute ahead is a clock that is fast.
    wrong.extend([from_now(-400 * DAY - 1), from_now(61), from_now(DAY)]);
    for time in wrong {
        let time = Some(time);
        let contact = Some(v1::Contact { contact_time: time, ..contact() });
        let recorded = v1::RecordContactRequest { contact, ..record("1") };
        refused(&product, &recorded, &["contact.contact_time"]);
        let sent = v1::ConfirmContactRequest { send_time: time, ..confirm("1") };
        refused(&product, &sent, &["send_time"]);
        let event = v1::RecordEngagementRequest { event_time: time, ..engage("1") };
        refused(&product, &event, &["event_time"]);
    }
    for (i, seconds) in [-400 * DAY, 0, 60].into_iter().enumerate() {
        let contact = Some(v1::Contact { contact_time: Some(from_now(seconds)), ..contact() });
        accepted(&product, &v1::RecordContactRequest { contact, ..record(&format!("r-{i}")) });
        let event_time = Some(from_now(seconds));
        accepted(
            &product,
            &v1::RecordEngagementRequest { event_time, ..engage(&format!("e-{i}")) },
        );
    }
}

#[test]
fn a_wish_lies_in_the_last_50_years_and_ends_within_400_days() {
    let product = product();
    let mut wrong = impossible();
    wrong.extend([from_now(-50 * 366 * DAY - 1), from_now(61)]);
    for time in wrong {
        let event_time = Some(time);
        refused(&product, &v1::OptOutRequest { event_time, ..opt_out() }, &["event_time"]);
        refused(&product, &v1::OptInRequest { event_time, ..opt_in() }, &["event_time"]);
    }
    let mut wrong = impossible();
    wrong.extend([from_now(-1), from_now(400 * DAY + 1)]);
    for time in wrong {
        let snooze = v1::OptOutRequest { until_time: Some(time), ..opt_out() };
        refused(&product, &snooze, &["until_time"]);
    }
    let longest = v1::OptOutRequest {
        event_time: Some(from_now(-50 * 365 * DAY)),
        until_time: Some(from_now(400 * DAY)),
        ..opt_out()
    };
    accepted(&product, &longest);
}

#[test]
fn a_length_of_time_is_from_a_second_to_its_most() {
    let product = product();
    let impossible = [
        (0, 0),
        (0, 999_999_999),
        (-1, 0),
        (1_000_000_000_000, 0),
        (-1_000_000_000_000, 0),
        (i64::MAX, 0),
        (i64::MIN, 0),
        (60, -1),
        (60, 1_000_000_000),
        (60, i32::MIN),
    ];
    let length = |seconds, nanos| Some(Duration { seconds, nanos });
    let with = |most: i64| {
        let mut all = impossible.to_vec();
        all.extend([(most, 1_000_000), (most + 1, 0)]);
        all.into_iter().map(|(seconds, nanos)| length(seconds, nanos))
    };
    for hold in with(30 * DAY) {
        refused(&product, &v1::ReserveContactRequest { hold, ..reserve("1") }, &["hold"]);
        refused(&product, &v1::ChooseContactRequest { hold, ..choose("1") }, &["hold"]);
        let mut many = batch_reserve(1);
        many.reservations[0].hold = hold;
        refused(&product, &many, &["reservations[0].hold"]);
    }
    for horizon in with(400 * DAY) {
        refused(&product, &v1::PlanContactRequest { horizon, ..plan() }, &["horizon"]);
    }
    for window in with(400 * DAY) {
        let cadence = v1::Cadence {
            limit: Some(1),
            window: window.map(Window::Sliding),
            ..Default::default()
        };
        let customer = v1::Customer { cadence: vec![cadence], ..customer() };
        refused(&product, &update(customer), &["customer.cadence[0].sliding"]);
    }
    for (i, seconds) in [1, 30 * DAY].into_iter().enumerate() {
        let request =
            v1::ReserveContactRequest { hold: length(seconds, 0), ..reserve(&format!("r-{i}")) };
        accepted(&product, &request);
        accepted(&product, &v1::PlanContactRequest { horizon: length(seconds, 0), ..plan() });
    }
    accepted(&product, &v1::PlanContactRequest { horizon: length(400 * DAY, 0), ..plan() });
}

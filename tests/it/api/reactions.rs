//! Reactions: complaints, bounces, refusals, replies and conversions do what the policy says, once
//! each, in whatever order we hear of them.

use courtesy::proto::v1;
use courtesy::proto::v1::EngagementKind;

use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::timestamp;

const POLICY: &str = "\
name: base
settings: {time_zone: {assume: Europe/Berlin}}
channels: {email: {}, sms: {}, voice: {}, push: {}}
purposes: {marketing: {}, service: {}}
reactions:
  - {name: complaint, on: complained, suppress: {purposes: [marketing]}}
  - {name: gone, on: bounced_hard, suppress: {channel: same}}
  - {name: full, on: bounced_soft, times: 3, suppress: {channel: same}, for: 30d}
  - {name: refused, on: refused, suppress: {channel: same, purposes: [marketing]}, for: {full_days: 60}}
  - {name: answered, on: replied, suppress: {topics: [reminder]}, for: 7d}
  - {name: bought, on: converted, suppress: {topics: [cart]}, for: 14d}
";

/// Something that happened, as a caller tells it.
#[derive(Clone)]
struct Told {
    kind: EngagementKind,
    channel: &'static str,
    time: &'static str,
}

const fn told(kind: EngagementKind, channel: &'static str, time: &'static str) -> Told {
    Told { kind, channel, time }
}

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

fn tell(product: &Product, id: &str, request_id: &str, told: &Told) {
    let request = v1::RecordEngagementRequest {
        customer_id: id.to_owned(),
        kind: i32::from(told.kind),
        channel: Some(told.channel.to_owned()),
        event_time: Some(timestamp(told.time)),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    product.wait(product.contacts().record_engagement(request)).unwrap();
}

/// What is refused on each channel, for each purpose and about each topic, and by which rule.
fn refusals(product: &Product, id: &str) -> Vec<String> {
    let mut refusals = Vec::new();
    for channel in ["email", "sms", "voice", "push"] {
        for (purpose, topic) in [
            ("marketing", None),
            ("service", None),
            ("service", Some("reminder")),
            ("service", Some("cart")),
        ] {
            let contact = v1::Contact {
                channel: channel.to_owned(),
                purpose: purpose.to_owned(),
                topic: topic.map(str::to_owned),
                ..email(id)
            };
            let decision = product.check(contact).unwrap();
            let until = decision.next_allowed_time;
            let rules = decision.determining_rules.join("+");
            if !codes(&decision).is_empty() {
                refusals.push(format!("{channel} {purpose} {topic:?}: {rules} {until:?}"));
            }
        }
    }
    refusals
}

/// What each of them does by itself, and until when.
#[test]
fn each_event_does_what_the_policy_says() {
    let product = product();
    let check = |id: &str, events: &[Told], refused: &[(&str, &str, &str, Option<&str>)]| {
        for (number, event) in events.iter().enumerate() {
            // Delivered twice, it counts once.
            tell(&product, id, &number.to_string(), event);
            tell(&product, id, &number.to_string(), event);
        }
        for (channel, purpose, topic, until) in refused {
            let contact = v1::Contact {
                channel: (*channel).to_owned(),
                purpose: (*purpose).to_owned(),
                topic: Some((*topic).to_owned()),
                ..email(id)
            };
            let decision = product.check(contact).unwrap();
            assert_eq!(codes(&decision), ["SUPPRESSED"], "{id}: {channel} {purpose} {topic}");
            assert_eq!(decision.next_allowed_time, until.map(timestamp), "{id}");
        }
        refusals(&product, id).len()
    };
    let time = "2026-11-20T12:00:00Z";
    let one = |kind| [told(kind, "email", time)];
    let complaint =
        check("a", &one(EngagementKind::Complained), &[("sms", "marketing", "x", None)]);
    assert_eq!(complaint, 4, "marketing on every channel");
    let gone = check("b", &one(EngagementKind::BouncedHard), &[("email", "service", "x", None)]);
    assert_eq!(gone, 4, "everything on its own channel");
    let refused = Some("2027-01-19T23:00:00Z");
    let refused =
        check("c", &one(EngagementKind::Refused), &[("email", "marketing", "x", refused)]);
    assert_eq!(refused, 1);
    let week = Some("2026-11-27T12:00:00Z");
    let replied =
        check("d", &one(EngagementKind::Replied), &[("push", "service", "reminder", week)]);
    assert_eq!(replied, 4);
    let fortnight = Some("2026-12-04T12:00:00Z");
    let bought =
        check("e", &one(EngagementKind::Converted), &[("sms", "service", "cart", fortnight)]);
    assert_eq!(bought, 4);
    let soft = |time| told(EngagementKind::BouncedSoft, "email", time);
    let two = [soft("2026-11-18T12:00:00Z"), soft("2026-11-19T12:00:00Z")];
    assert_eq!(check("f", &two, &[]), 0, "told twice, they are still two");
    let three = [two[0].clone(), two[1].clone(), soft(time)];
    let month = Some("2026-12-20T12:00:00Z");
    assert_eq!(check("g", &three, &[("email", "marketing", "x", month)]), 4);
    assert_eq!(check("h", &one(EngagementKind::Opened), &[]), 0);
}

#[test]
fn the_order_in_which_we_hear_does_not_matter() {
    use EngagementKind::*;
    let product = product();
    let stories: [&[Told]; 4] = [
        &[
            told(BouncedSoft, "email", "2026-11-10T12:00:00Z"),
            told(BouncedSoft, "email", "2026-11-11T12:00:00Z"),
            told(BouncedSoft, "email", "2026-11-12T12:00:00Z"),
            told(Opened, "email", "2026-11-13T12:00:00Z"),
            told(Refused, "voice", "2026-11-14T12:00:00Z"),
            told(Replied, "sms", "2026-11-20T12:00:00Z"),
        ],
        // The run is broken in the middle.
        &[
            told(BouncedSoft, "email", "2026-11-10T12:00:00Z"),
            told(BouncedSoft, "email", "2026-11-11T12:00:00Z"),
            told(Opened, "email", "2026-11-11T13:00:00Z"),
            told(BouncedSoft, "email", "2026-11-12T12:00:00Z"),
        ],
        // At one instant: the third bounce, and an opening that would break the run.
        &[
            told(BouncedSoft, "email", "2026-11-10T12:00:00Z"),
            told(BouncedSoft, "email", "2026-11-11T12:00:00Z"),
            told(BouncedSoft, "email", "2026-11-12T12:00:00Z"),
            told(Opened, "email", "2026-11-12T12:00:00Z"),
        ],
        &[
            told(Complained, "push", "2026-11-10T12:00:00Z"),
            told(BouncedHard, "sms", "2026-11-10T12:00:00Z"),
            told(Converted, "email", "2026-11-20T12:00:00Z"),
            told(Converted, "email", "2026-11-15T12:00:00Z"),
        ],
    ];
    let expected = [(4 + 1 + 3, "full"), (0, ""), (4, "full"), (4 + 3 + 3, "complaint")];
    for (story, (told, (count, rule))) in stories.iter().zip(expected).enumerate() {
        let mut first: Option<Vec<String>> = None;
        for (number, order) in orders(told.len()).into_iter().enumerate() {
            let id = format!("story-{story}-{number}");
            for position in &order {
                tell(&product, &id, &position.to_string(), &told[*position]);
            }
            // All of them once more.
            for position in order.iter().rev() {
                tell(&product, &id, &position.to_string(), &told[*position]);
            }
            let refusals = refusals(&product, &id);
            assert_eq!(refusals.len(), count, "{order:?}: {refusals:#?}");
            assert!(refusals.first().is_none_or(|it| it.contains(rule)), "{refusals:#?}");
            let first = first.get_or_insert_with(|| refusals.clone());
            assert_eq!(refusals, *first, "{order:?}");
        }
    }
}

/// Forwards, backwards, and each turned around.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let forwards: Vec<usize> = (0..count).collect();
    let mut orders = Vec::new();
    for turn in 0..count {
        let mut turned = forwards.clone();
        turned.rotate_left(turn);
        orders.push(turned.clone());
        turned.reverse();
        orders.push(turned);
    }
    orders
}

#[test]
fn a_reaction_ends_when_the_policy_says() {
    let product = product();
    tell(&product, "ada", "1", &told(EngagementKind::Refused, "email", "2026-11-20T12:00:00Z"));
    // Sixty full days after it, on the clock that the policy assumes.
    for (now, count) in [("2027-01-19T22:59:59Z", 1), ("2027-01-19T23:00:00Z", 0)] {
        product.hand.set(at(now));
        assert_eq!(refusals(&product, "ada").len(), count, "{now}");
    }
}

/// Each sort of reaction without an end, and one with.
const FOR_GOOD: &str = "\
name: base
settings: {time_zone: {assume: Europe/Berlin}}
channels: {email: {}, sms: {}, voice: {}, push: {}}
purposes: {marketing: {}, service: {}}
reactions:
  - {name: complaint, on: complained, suppress: {purposes: [marketing]}}
  - {name: gone, on: bounced_hard, suppress: {channel: same}}
  - {name: pair, on: refused, times: 2, within: 30d, suppress: {channel: same}}
  - {name: full, on: bounced_soft, times: 3, suppress: {channel: same}}
  - {name: bought, on: converted, suppress: {purposes: [marketing]}, for: 14d}
";

/// What happened to a customer, and how much is refused because of it.
const STORIES: [(&str, &[Told], usize); 8] = [
    ("complained", &[told(EngagementKind::Complained, "sms", "2026-11-20T12:00:00Z")], 4),
    ("gone", &[told(EngagementKind::BouncedHard, "sms", "2026-11-20T12:00:00Z")], 4),
    (
        "twice",
        &[
            told(EngagementKind::Refused, "voice", "2026-11-10T12:00:00Z"),
            told(EngagementKind::Refused, "voice", "2026-11-20T12:00:00Z"),
        ],
        4,
    ),
    (
        "seldom",
        &[
            told(EngagementKind::Refused, "voice", "2026-10-20T12:00:00Z"),
            told(EngagementKind::Refused, "voice", "2026-11-20T12:00:00Z"),
        ],
        0,
    ),
    (
        "row",
        &[
            told(EngagementKind::BouncedSoft, "email", "2026-11-10T12:00:00Z"),
            told(EngagementKind::BouncedSoft, "email", "2026-11-11T12:00:00Z"),
            told(EngagementKind::BouncedSoft, "email", "2026-11-12T12:00:00Z"),
            // What is later does not lift it.
            told(EngagementKind::Opened, "email", "2026-11-13T12:00:00Z"),
        ],
        4,
    ),
    (
        "broken",
        &[
            told(EngagementKind::BouncedSoft, "email", "2026-11-10T12:00:00Z"),
            told(EngagementKind::BouncedSoft, "email", "2026-11-11T12:00:00Z"),
            told(EngagementKind::Opened, "email", "2026-11-11T18:00:00Z"),
            told(EngagementKind::BouncedSoft, "email", "2026-11-12T12:00:00Z"),
        ],
        0,
    ),
    ("bought", &[told(EngagementKind::Converted, "email", "2026-11-20T12:00:00Z")], 0),
    (
        "several",
        &[
            told(EngagementKind::BouncedHard, "sms", "2026-11-10T12:00:00Z"),
            told(EngagementKind::BouncedHard, "email", "2026-11-20T12:00:00Z"),
            told(EngagementKind::Complained, "push", "2026-11-20T12:00:00Z"),
        ],
        4 + 4 + 2,
    ),
];

/// Longer than any history is kept, and than a record of only that stays.
const YEARS_LATER: &str = "2030-11-22T12:00:00Z";

/// What suppresses for good does so when the rest of the history is forgotten: each sort of
/// reaction without an end, read only, and written to in between.
#[test]
fn what_suppresses_for_good_outlives_the_history() {
    let product = Product::start();
    product.apply(FOR_GOOD, 0).unwrap();
    for (id, events, _) in STORIES {
        for written in ["read", "written"] {
            for (number, event) in events.iter().enumerate() {
                tell(&product, &format!("{id}-{written}"), &number.to_string(), event);
            }
        }
    }
    // A write puts into the store what a read has forgotten.
    for (year, now) in ["2028-01-22T12:00:00Z", "2029-06-22T12:00:00Z"].into_iter().enumerate() {
        product.hand.set(at(now));
        for (id, ..) in STORIES {
            let opened = told(EngagementKind::Opened, "push", now);
            tell(&product, &format!("{id}-written"), &format!("year-{year}"), &opened);
        }
    }
    product.hand.set(at(YEARS_LATER));
    for (id, _, count) in STORIES {
        for written in ["read", "written"] {
            let refusals = refusals(&product, &format!("{id}-{written}"));
            assert_eq!(refusals.len(), count, "{id}, {written}: {refusals:#?}");
        }
    }
}

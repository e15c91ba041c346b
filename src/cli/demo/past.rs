//! The messages to a customer in eight weeks, and the customer's reactions.

use super::make::WEEKS;
use super::people::Left;
use super::people::Person;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::EngagementKind;
use crate::rpc::convert::time::timestamp;

/// The campaigns: the message of a week, and the brand that sent it.
const CAMPAIGNS: [(&str, &str, &str); 6] = [
    ("weekly-offers", "offers", "northwind"),
    ("new-arrivals", "newsletter", "northwind"),
    ("reading-list", "newsletter", "northwind"),
    ("loyalty-points", "offers", "northwind"),
    ("vinyl-friday", "offers", "lantern"),
    ("back-in-stock", "restock", "lantern"),
];
/// The last days before now, in which the customers with names have stories instead.
const STORY_DAYS: i32 = 8;

/// The contacts, and what was done about them.
pub(super) fn of(person: &mut Person, now: Instant) -> (Vec<v1::Contact>, Vec<v1::RowEvent>) {
    let (mut contacts, mut events) = (Vec::new(), Vec::new());
    for week in 0..WEEKS {
        for turn in 0..person.pace {
            // Spread over the week, so that no two come on one day.
            let days_ago = week * 7 + turn * 7 / person.pace.max(1) + 1;
            let Some(at) = sent_at(person, days_ago, now) else { continue };
            let Some(channel) = channel(person, at) else { continue };
            let contact = marketing(person, channel, week, at);
            events.extend(answer(person, channel, at, now));
            contacts.push(contact);
        }
        if person.dice.happens(400) {
            let days_ago = week * 7 + person.dice.below(6) + 1;
            contacts.extend(receipts(person, days_ago, now));
        }
    }
    if let Some((at, how)) = person.left {
        let kind = match how {
            Left::Complained => Some(EngagementKind::Complained),
            Left::Bounced => Some(EngagementKind::BouncedHard),
            Left::Email | Left::Marketing => None,
        };
        events.extend(kind.map(|kind| event(kind, "email", at)));
    }
    (contacts, events)
}

/// A time on the day `days_ago` days ago, on the customer's clock, if that is past.
fn sent_at(person: &mut Person, days_ago: u32, now: Instant) -> Option<Instant> {
    let days_ago = i32::try_from(days_ago).ok()?;
    if person.is_named && days_ago <= STORY_DAYS {
        return None;
    }
    let day = person.zone.day(now).plus(days_ago.saturating_neg());
    let minutes = 9 * 60 + person.dice.below(10 * 60);
    let at = person.zone.start_of(day).plus(Span::from_secs(minutes * 60));
    (at < now).then_some(at)
}

/// The channel by which marketing reaches the customer, if it still may.
fn channel(person: &mut Person, at: Instant) -> Option<&'static str> {
    let left = person.left.filter(|(left, _)| *left <= at).map(|(_, how)| how);
    let channel = match person.dice.below(100) {
        ..12 if person.texts => "sms",
        12..32 if person.pushes => "push",
        32..36 => "direct_mail",
        _ => "email",
    };
    match left {
        None => Some(channel),
        Some(Left::Marketing | Left::Complained) => None,
        Some(Left::Email | Left::Bounced) => Some(channel).filter(|it| *it != "email"),
    }
}

fn marketing(person: &mut Person, channel: &str, week: u32, at: Instant) -> v1::Contact {
    let campaign = person.dice.one_of(&CAMPAIGNS).unwrap_or(&CAMPAIGNS[0]);
    let (name, topic, brand) = *campaign;
    v1::Contact {
        customer_id: person.id.clone(),
        channel: channel.to_owned(),
        purpose: "marketing".to_owned(),
        topic: Some(topic.to_owned()),
        campaign: Some(format!("{name}-{}", WEEKS - week)),
        brand: Some(brand.to_owned()),
        priority: person.dice.happens(100).then_some(80),
        contact_time: Some(timestamp(at)),
        ..Default::default()
    }
}

/// The messages after an order: its receipt, and two days later the news that it is on its way.
fn receipts(person: &mut Person, days_ago: u32, now: Instant) -> Vec<v1::Contact> {
    let channels = ["email", if person.texts { "sms" } else { "email" }];
    let steps = channels.into_iter().zip([days_ago, days_ago.saturating_sub(2)]);
    let mut contacts = Vec::new();
    for (channel, days_ago) in steps {
        let Some(at) = sent_at(person, days_ago, now) else { continue };
        contacts.push(v1::Contact {
            customer_id: person.id.clone(),
            channel: channel.to_owned(),
            purpose: "transactional".to_owned(),
            topic: Some("delivery".to_owned()),
            brand: Some("northwind".to_owned()),
            contact_time: Some(timestamp(at)),
            ..Default::default()
        });
    }
    contacts
}

/// The customer's reaction to a message, within hours.
fn answer(person: &mut Person, channel: &str, at: Instant, now: Instant) -> Option<v1::RowEvent> {
    if !matches!(channel, "email" | "push") {
        return None;
    }
    let kind = match person.dice.below(100) {
        ..22 => EngagementKind::Opened,
        22..32 => EngagementKind::Clicked,
        32..34 => EngagementKind::Converted,
        34..36 => EngagementKind::BouncedSoft,
        _ => return None,
    };
    let at = at.plus(Span::from_secs(60 + person.dice.below(6 * 3_600)));
    (at < now).then(|| event(kind, channel, at))
}

fn event(kind: EngagementKind, channel: &str, at: Instant) -> v1::RowEvent {
    let (channel, event_time) = (Some(channel.to_owned()), Some(timestamp(at)));
    v1::RowEvent { kind: kind.into(), channel, event_time }
}

//! The events of all stories, and their times.

use super::Event;
use crate::cli::Error;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::EngagementKind;
use crate::zone::Zone;
use crate::zone::Zones;

/// The messages of customers: how many hours ago, by which channel, the text, and the hours until
/// the answer, if there was one.
const MESSAGES: [(u32, &str, &str, Option<u32>); 28] = [
    (1_150, "email", "Does the atlas come with maps of Wales?", Some(3)),
    (900, "sms", "STOP", None),
    (780, "email", "Could you send the invoice again?", Some(1)),
    (700, "sms", "stop", None),
    (610, "email", "Only once a month please", Some(1)),
    (520, "sms", "When will it arrive?", Some(2)),
    (430, "email", "please unsubscribe me from everything", None),
    (400, "email", "Nothing around Mother's Day, please", Some(2)),
    (310, "sms", "Not before nine please", Some(3)),
    (260, "email", "The second record is scratched.", Some(7)),
    (200, "sms", "STOP", None),
    (170, "email", "no more emails", None),
    (150, "email", "I moved. Where do I change my address?", Some(2)),
    (98, "email", "Is there a discount for schools?", None),
    (75, "email", "My parcel is wet, and so are the books in it.", None),
    (70, "sms", "how do I unsubscribe?", None),
    (66, "email", "I never signed up for this. My lawyer will write to you.", None),
    (52, "email", "Can I return a gift without the receipt?", None),
    (47, "sms", "Where is my parcel?", Some(1)),
    (46, "email", "My mother died last week. Please close her account.", None),
    (40, "email", "I do not want to stop hearing from you", None),
    (31, "sms", "Parcel says delivered, but nothing is here", None),
    (26, "email", "only once a week please", Some(1)),
    (12, "sms", "wrong number", None),
    (9, "email", "Do you ship to Iceland?", None),
    (5, "sms", "Wrong size, can I swap?", None),
    (2, "email", "Which edition is in stock?", None),
    (1, "email", "Thanks! And when does the shop in York open?", None),
];

/// Everything that happened, in no order.
pub(in crate::cli::demo) fn events(
    now: Instant,
    zones: &Zones,
) -> Result<Vec<(Instant, Event)>, Error> {
    let london = zones.find("Europe/London");
    let london = london.ok_or_else(|| Error::NoSuch("there is no Europe/London".to_owned()))?;
    let mut events = ada(now, &london);
    events.extend(others(now));
    events.extend(operators(now));
    for (number, (hours, channel, text, answered)) in (100..).zip(MESSAGES) {
        let customer = format!("c-{:04}", number * 7);
        let wrote = now.minus(Span::from_hours(hours));
        if let Some(after) = answered {
            let (customer, purpose) = (customer.clone(), "service_reply");
            let reply = Event::Sent { customer, channel, purpose, campaign: None, clicked: false };
            events.push((wrote.plus(Span::from_hours(after)), reply));
        }
        events.push((wrote, Event::Wrote { customer, channel, text }));
    }
    Ok(events)
}

/// Ada asked for at most two marketing e-mails a week, was sent two of them, and six messages in
/// all, which is as much as the shop allows itself.
fn ada(now: Instant, london: &Zone) -> Vec<(Instant, Event)> {
    let today = london.day(now);
    let sent = |days: i32, hour: u32, minute: u32, channel, campaign| {
        let at =
            london.start_of(today.plus(-days)).plus(Span::from_secs(hour * 3_600 + minute * 60));
        let (customer, purpose, campaign) = ("ada".to_owned(), "marketing", Some(campaign));
        (at, Event::Sent { customer, channel, purpose, campaign, clicked: channel == "email" })
    };
    vec![
        (now.minus(Span::from_days(20)), Event::Fewer("ada", 2)),
        sent(6, 18, 40, "push", "vinyl-friday-8"),
        sent(5, 9, 12, "email", "weekly-offers-8"),
        sent(4, 10, 5, "sms", "back-in-stock-8"),
        sent(3, 11, 30, "push", "new-arrivals-8"),
        sent(2, 12, 40, "email", "reading-list-8"),
        sent(1, 10, 15, "push", "loyalty-points-8"),
    ]
}

/// The events of the other customers with names.
fn others(now: Instant) -> Vec<(Instant, Event)> {
    let ago = |days, hours| now.minus(Span::from_days(days)).plus(Span::from_hours(hours));
    let wrote = |customer: &str, channel, text| Event::Wrote {
        customer: customer.to_owned(),
        channel,
        text,
    };
    let email = v1::Scope {
        channel: Some("email".to_owned()),
        marketing: Some(true),
        ..Default::default()
    };
    let mothers_day = v1::Scope { occasion: Some("mothers_day".to_owned()), ..Default::default() };
    let suppressed = Event::Suppressed("tim", now.plus(Span::from_days(14)));
    vec![
        (ago(9, 1), Event::OptedOut("grace", email, "said so on the telephone")),
        (ago(15, 2), Event::Engaged("alan", "email", EngagementKind::BouncedHard)),
        (ago(2, 3), wrote("edsger", "email", "Where is my parcel? It was to be here on Monday.")),
        (ago(1, 2), wrote("barbara", "email", "how do I unsubscribe?")),
        (ago(6, 0), wrote("donald", "email", "only once a week please")),
        (ago(12, 4), Event::Engaged("margaret", "email", EngagementKind::Complained)),
        (ago(25, 1), Event::OptedOut("katherine", mothers_day, "wrote so in the shop's book")),
        (ago(3, 5), suppressed),
        (now.minus(Span::from_secs(1_200)), Event::Booked("linus")),
    ]
}

/// The pauses of operators.
fn operators(now: Instant) -> Vec<(Instant, Event)> {
    let outage = now.minus(Span::from_days(20));
    let pause = |name, channel, reason, until| Event::Pause { name, channel, reason, until };
    let until = now.plus(Span::from_hours(6));
    let lost = pause(
        "push-outage",
        "push",
        "the provider loses messages",
        outage.plus(Span::from_hours(4)),
    );
    vec![
        (outage, lost),
        (outage.plus(Span::from_secs(5_400)), Event::Resume("push-outage")),
        (
            now.minus(Span::from_secs(1_500)),
            pause("sms-outage", "sms", "the carrier is down", until),
        ),
    ]
}

//! The customers of the shop.

use std::sync::Arc;

use tokio_stream::iter;

use super::caller::Caller;
use super::caller::heard;
use super::dice::Dice;
use super::past;
use crate::cli::Error;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::import_customers_request::Part;
use crate::rpc::convert::time::duration;
use crate::rpc::convert::time::timestamp;
use crate::zone::Zone;
use crate::zone::Zones;

/// The number of customers.
const COUNT: u64 = 2_000;
/// The number of rows of customers that are sent at once.
const ROWS: usize = 500;
/// The customers with names, who have stories.
const NAMED: [&str; 10] = [
    "ada",
    "grace",
    "alan",
    "edsger",
    "barbara",
    "donald",
    "margaret",
    "katherine",
    "tim",
    "linus",
];
/// The stories.
pub(super) const STORIES: &str = "ada gets no third e-mail a week, grace no marketing by e-mail, \
     alan's address is dead, edsger waits for an answer, barbara is not understood, donald wants \
     fewer, margaret complained, katherine hears nothing about Mother's Day, tim has an open case, \
     linus is booked for tomorrow.";
/// The places where customers live, with their laws and languages; the first most often.
const PLACES: [(&str, &str, &str); 8] = [
    ("Europe/London", "GB", "en-GB"),
    ("America/New_York", "US-NY", "en-US"),
    ("Europe/Berlin", "DE", "de"),
    ("Europe/Dublin", "IE", "en-IE"),
    ("America/Chicago", "US-IL", "en-US"),
    ("Europe/Paris", "FR", "fr"),
    ("America/Los_Angeles", "US-CA", "en-US"),
    ("Europe/Amsterdam", "NL", "nl"),
];

/// A customer.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) zone: Arc<Zone>,
    pub(super) is_named: bool,
    /// The number of marketing contacts a week.
    pub(super) pace: u32,
    pub(super) texts: bool,
    pub(super) pushes: bool,
    /// The time at which the customer opted out, and the scope.
    pub(super) left: Option<(Instant, Left)>,
    pub(super) dice: Dice,
    profile: v1::CustomerRow,
    contacts: Vec<v1::Contact>,
    events: Vec<v1::RowEvent>,
}

/// The way in which a customer opted out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Email,
    Marketing,
    Complained,
    Bounced,
}

/// All customers, with their messages.
pub(super) fn people(seed: u64, now: Instant, zones: &Zones) -> Result<Vec<Person>, Error> {
    (0..COUNT)
        .map(|index| {
            let mut person = person(Dice::new(seed, index), index, (now, zones))?;
            (person.contacts, person.events) = past::of(&mut person, now);
            Ok(person)
        })
        .collect()
}

fn person(mut dice: Dice, index: u64, (now, zones): (Instant, &Zones)) -> Result<Person, Error> {
    let name = usize::try_from(index).ok().and_then(|index| NAMED.get(index));
    let id = name.map_or_else(|| format!("c-{index:04}"), |name| (*name).to_owned());
    // Half of all live in the first place, and so do all who have names.
    let anywhere = name.is_none() && dice.happens(500);
    let (time_zone, law, locale) = dice.one_of(&PLACES).filter(|_| anywhere).unwrap_or(&PLACES[0]);
    let zone = zones.find(time_zone);
    let zone = zone.ok_or_else(|| Error::NoSuch(format!("there is no time zone `{time_zone}`")))?;
    let segment = match dice.below(100) {
        _ if id == "ada" => Some("vip"),
        ..10 => Some("vip"),
        10..25 => Some("dormant"),
        25..35 => Some("new"),
        _ => None,
    };
    let pace = match segment {
        Some("vip") => 3 + dice.below(3),
        Some("dormant") => 1,
        Some(_) | None => 2 + dice.below(3),
    };
    let (texts, pushes) = (id == "ada" || dice.happens(600), id == "ada" || dice.happens(500));
    let left = (name.is_none()).then(|| left(&mut dice, pace, now)).flatten();
    let joined = now.minus(Span::from_days(60 + dice.below(300)));
    let consent = |channel: &str| v1::RowConsent {
        channel: channel.to_owned(),
        event_time: Some(timestamp(joined)),
        source: Some("website".to_owned()),
        evidence: Some("sign-up form 3".to_owned()),
        ..Default::default()
    };
    let granted = [("sms", texts), ("push", pushes)];
    let profile = v1::CustomerRow {
        customer_id: id.clone(),
        time_zone: Some((*time_zone).to_owned()),
        jurisdictions: vec![(*law).to_owned()],
        locale: Some((*locale).to_owned()),
        segments: segment.map(str::to_owned).into_iter().collect(),
        cadence: cadence(&mut dice).filter(|_| name.is_none()).into_iter().collect(),
        quiet_times: quiet(&mut dice, &id).into_iter().collect(),
        consents: granted.iter().filter(|it| it.1).map(|(it, _)| consent(it)).collect(),
        ..Default::default()
    };
    let (contacts, events) = Default::default();
    let is_named = name.is_some();
    Ok(Person { id, zone, is_named, pace, texts, pushes, left, dice, profile, contacts, events })
}

/// The opt-out of a customer. A customer with more messages opts out more often.
fn left(dice: &mut Dice, pace: u32, now: Instant) -> Option<(Instant, Left)> {
    if !dice.happens(14 * pace) {
        return None;
    }
    let how = match dice.below(10) {
        ..5 => Left::Email,
        5..8 => Left::Marketing,
        8 => Left::Complained,
        _ => Left::Bounced,
    };
    let ago = Span::from_hours(2 + dice.below(50 * 24));
    Some((now.minus(ago), how))
}

/// A limit on contacts, which some customers have.
fn cadence(dice: &mut Dice) -> Option<v1::Cadence> {
    let days = *dice.one_of(&[7, 7, 30])?;
    dice.happens(50).then(|| v1::Cadence {
        channel: Some("email".to_owned()),
        limit: Some(1 + dice.below(2)),
        window: Some(v1::cadence::Window::Sliding(duration(Span::from_days(days)))),
        ..Default::default()
    })
}

/// A quiet time, which some customers have.
fn quiet(dice: &mut Dice, id: &str) -> Option<v1::QuietTime> {
    let hours = v1::QuietHours { from: "18:00".into(), to: "08:00".into(), ..Default::default() };
    let quiet = v1::QuietTime { time: Some(v1::quiet_time::Time::Hours(hours)) };
    (id == "donald" || (dice.happens(40) && id != "ada")).then_some(quiet)
}

/// Imports the customers.
pub(super) async fn introduce(caller: &Caller, people: &[Person]) -> Result<(), Error> {
    let rows: Vec<_> = people.iter().map(|person| person.profile.clone()).collect();
    import(caller, rows).await.map(drop)
}

/// Imports their contacts, and returns how many there were.
pub(super) async fn remember(caller: &Caller, people: &[Person]) -> Result<u64, Error> {
    use v1::import_contacts_request::Part;
    let options = Part::Options(v1::ImportContactsOptions::default());
    let mut parts = vec![options];
    let mut rows: Vec<v1::ContactRow> = Vec::new();
    let mut number = 0;
    for person in people {
        // A record is written once for each chunk that names it.
        if rows.len() + person.contacts.len() > 1_000 {
            parts.push(Part::Chunk(v1::ImportContactsChunk { rows: std::mem::take(&mut rows) }));
        }
        for contact in &person.contacts {
            number += 1;
            let contact = Some(contact.clone());
            rows.push(v1::ContactRow { row_number: number, contact, unanswered: None });
        }
    }
    parts.push(Part::Chunk(v1::ImportContactsChunk { rows }));
    let requests = parts.into_iter().map(|part| v1::ImportContactsRequest { part: Some(part) });
    let mut answers = heard(caller.customers().import_contacts(iter(requests)).await)?;
    let mut recorded = 0;
    while let Some(answer) = answers.message().await.map_err(|it| Error::Api(Box::new(it)))? {
        refused(&answer.refused_rows)?;
        recorded = answer.counts.map_or(recorded, |counts| counts.recorded);
    }
    Ok(recorded)
}

/// Imports their later engagements and refusals, and returns how many customers refused something.
pub(super) async fn wish(caller: &Caller, people: &[Person]) -> Result<u64, Error> {
    let rows = people.iter().filter_map(|person| {
        let opt_out = person.left.and_then(|(at, how)| opt_out(at, how));
        let events = person.events.clone();
        let is_some = opt_out.is_some() || !events.is_empty();
        is_some.then(|| v1::CustomerRow {
            customer_id: person.id.clone(),
            opt_outs: opt_out.into_iter().collect(),
            events,
            ..Default::default()
        })
    });
    import(caller, rows.collect()).await
}

fn opt_out(at: Instant, how: Left) -> Option<v1::RowOptOut> {
    let channel = match how {
        Left::Email => Some("email".to_owned()),
        Left::Marketing => None,
        Left::Complained | Left::Bounced => return None,
    };
    let scope = v1::Scope { channel, marketing: Some(true), ..Default::default() };
    Some(v1::RowOptOut {
        scope: Some(scope),
        event_time: Some(timestamp(at)),
        source: Some("unsubscribe-link".to_owned()),
        ..Default::default()
    })
}

/// Imports rows, and returns how many opt-outs that were.
async fn import(caller: &Caller, rows: Vec<v1::CustomerRow>) -> Result<u64, Error> {
    let numbered: Vec<v1::ImportRow> = (1..)
        .zip(rows)
        .map(|(row_number, customer)| v1::ImportRow { row_number, customer: Some(customer) })
        .collect();
    let options = Part::Options(v1::ImportOptions::default());
    let chunk = |rows: &[v1::ImportRow]| Part::Chunk(v1::ImportChunk { rows: rows.to_vec() });
    let parts = std::iter::once(options).chain(numbered.chunks(ROWS).map(chunk));
    let requests = parts.map(|part| v1::ImportCustomersRequest { part: Some(part) });
    let requests: Vec<_> = requests.collect();
    let mut answers = heard(caller.customers().import_customers(iter(requests)).await)?;
    let mut opt_outs = 0;
    while let Some(answer) = answers.message().await.map_err(|it| Error::Api(Box::new(it)))? {
        refused(&answer.refused_rows)?;
        opt_outs = answer.counts.map_or(opt_outs, |counts| counts.opt_outs);
    }
    Ok(opt_outs)
}

/// No row is wrong.
fn refused(rows: &[v1::RefusedRow]) -> Result<(), Error> {
    let Some(wrong) = rows.iter().flat_map(|row| &row.violations).next() else { return Ok(()) };
    Err(Error::Input(format!("{}: {}", wrong.field, wrong.description)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people_and_none_writes_from_the_future() {
        let zones = Zones::bundled();
        let now = Instant::parse("2026-11-29T17:04:00Z").unwrap();
        let told = |seed| {
            let people = people(seed, now, &zones).unwrap();
            people.into_iter().map(|it| (it.profile, it.contacts, it.events)).collect::<Vec<_>>()
        };
        let (once, again, other) = (told(1), told(1), told(2));
        assert!(once == again && once != other);
        let (profile, contacts, _) = &once[0];
        assert_eq!(
            (profile.customer_id.as_str(), profile.segments.as_slice()),
            ("ada", &["vip".to_owned()][..])
        );
        assert!(contacts.len() > 15 && profile.cadence.is_empty());
        let seconds = now.millis() / 1_000;
        for (profile, contacts, events) in &once {
            let sent = contacts.iter().filter_map(|it| it.contact_time);
            let done = events.iter().filter_map(|it| it.event_time);
            assert!(sent.chain(done).all(|it| it.seconds <= seconds), "{}", profile.customer_id);
        }
    }
}

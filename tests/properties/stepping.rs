//! When the answer changes, found by stepping through time: a list of every instant at which
//! anything could begin or end, and the reference asked at each of them and just after it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::Time;
use jiff::tz::AmbiguousOffset;
use jiff::tz::TimeZone;

use crate::reference::Asked;
use crate::reference::Denial;
use crate::reference::day;
use crate::reference::ends_of_the_earth;
use crate::reference::needs_a_clock;
use crate::reference::pause_after;
use crate::spec::*;

/// How far answers look ahead.
pub(crate) const HORIZON: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Time is continuous: just after an instant is a nanosecond, though the product counts
/// milliseconds.
const JUST: SignedDuration = SignedDuration::from_nanos(1);

/// Up to here every day is looked at, and beyond only some are where many answers are checked.
const NEAR: SignedDuration = SignedDuration::from_hours(4 * 24);
const STRIDE: i32 = 13;

/// What the specification answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) denials: BTreeSet<Denial>,
    pub(crate) shadow: BTreeSet<Denial>,
    /// The result of each rule that has a name.
    pub(crate) findings: BTreeMap<String, &'static str>,
    pub(crate) next_allowed_time: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) remaining: BTreeMap<String, u64>,
}

pub(crate) fn answer(asked: Asked<'_>) -> Answer {
    let denials = asked.denials();
    let allowed = denials.is_empty();
    Answer {
        next_allowed_time: if allowed { None } else { next_allowed_time(asked) },
        valid_until: if allowed { valid_until(asked) } else { None },
        remaining: asked.remaining(),
        shadow: asked.shadow(),
        findings: asked.findings(),
        denials,
    }
}

/// Whether an answer is the specification's, looking at every instant near and many far away.
pub(crate) fn agrees(asked: Asked<'_>, given: &Answer) -> bool {
    let denials = asked.denials();
    denials == given.denials
        && asked.shadow() == given.shadow
        && asked.findings().iter().all(|(rule, result)| given.findings.get(rule) == Some(result))
        && asked.remaining() == given.remaining
        && match (denials.is_empty(), given.next_allowed_time, given.valid_until) {
            (allowed, None, None) => steady(asked, allowed, asked.at + HORIZON),
            (false, Some(next), None) => {
                let within = asked.at < next && next <= asked.at + HORIZON;
                within && steady(asked, false, next) && asked.allowed_at(next)
            }
            (true, None, Some(end)) => {
                let within = asked.at <= end && end <= asked.at + HORIZON;
                within && steady(asked, true, end) && !asked.allowed_around(end)
            }
            (false, _, Some(_)) | (true, Some(_), _) => false,
        }
}

/// Whether the contact is allowed, or denied, at every instant from now to an end, which is not
/// included.
fn steady(asked: Asked<'_>, allowed: bool, end: Timestamp) -> bool {
    let middle = end.min(asked.at + NEAR * 10);
    let near = instants(asked, asked.at, middle, 1);
    let far = instants(asked, middle, end, STRIDE);
    let all = [asked.at].into_iter().chain(near).chain(far);
    all.take_while(|at| *at < end)
        .all(|at| asked.allowed_at(at) == allowed && asked.allowed_at(at + JUST) == allowed)
}

// Between two neighbouring instants nothing changes, so both sides of each tell all.

fn next_allowed_time(asked: Asked<'_>) -> Option<Timestamp> {
    let next = first(asked, |at| asked.allowed_at(at) || asked.allowed_at(at + JUST))?;
    assert!(asked.allowed_at(next), "allowed after {next}, but at no first instant");
    Some(next)
}

fn valid_until(asked: Asked<'_>) -> Option<Timestamp> {
    let ends_now = !asked.allowed_at(asked.at + JUST);
    if ends_now { Some(asked.at) } else { first(asked, |at| !asked.allowed_around(at)) }
}

impl Asked<'_> {
    fn allowed_at(&self, at: Timestamp) -> bool {
        Asked { at, ..*self }.allowed()
    }

    /// Whether it is allowed both at an instant and just after it.
    fn allowed_around(&self, at: Timestamp) -> bool {
        self.allowed_at(at) && self.allowed_at(at + JUST)
    }
}

/// The first later instant within the horizon of which something holds.
fn first(asked: Asked<'_>, holds: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    // Most answers lie near, and the list for 400 days is long.
    let mut before = asked.at;
    for end in [asked.at + NEAR, asked.at + NEAR * 10, asked.at + HORIZON] {
        let found = instants(asked, before, end, 1).into_iter().find(|at| holds(*at));
        if found.is_some() {
            return found;
        }
        before = end;
    }
    None
}

/// Every instant after `from` and not after `to` at which something could begin or end for a
/// contact: generously many, in order. The times of day are those of every `stride`th day.
pub(crate) fn instants(
    asked: Asked<'_>,
    from: Timestamp,
    to: Timestamp,
    stride: i32,
) -> BTreeSet<Timestamp> {
    let Asked { spec, contact, .. } = asked;
    let moments = moments(spec);
    let lengths = lengths(spec);
    let mut all = BTreeSet::new();
    for moment in &moments {
        all.insert(*moment);
        for length in &lengths {
            all.extend([*moment - *length, *moment + *length]);
        }
    }
    let transit = spec.channels[&contact.channel].transit;
    let rules = spec.rules.iter().filter(|rule| asked.concerned_by(rule) || replies(spec));
    let rules: Vec<&Rule> = rules.collect();
    let times = times(&rules);
    for zone in zones(spec, &rules) {
        all.extend(local_times(&zone, &times, [from, to + transit], stride));
    }
    if !transit.is_zero() {
        all.extend(all.clone().into_iter().map(|instant| instant - transit));
    }
    all.retain(|instant| from < *instant && *instant <= to);
    all
}

/// Whether what concerns a contact can change with a conversation.
fn replies(spec: &Spec) -> bool {
    spec.purposes.values().any(|purpose| purpose.replies)
}

/// The instants that the spec names.
fn moments(spec: &Spec) -> BTreeSet<Timestamp> {
    let customer = &spec.customer;
    let scopes = customer.opt_outs.iter().chain(&customer.suppressions);
    let contacts = customer.contacts.iter().map(|past| past.at);
    contacts
        .chain(customer.events.iter().map(|event| event.at))
        .chain(customer.consents.iter().filter_map(|consent| consent.at))
        .chain(scopes.filter_map(|scope| scope.until))
        .chain(spec.pauses.iter().filter_map(|pause| pause.from))
        .chain(spec.pauses.iter().filter_map(|pause| pause.until))
        .collect()
}

/// The durations that the spec names.
fn lengths(spec: &Spec) -> BTreeSet<SignedDuration> {
    let exact = |length: &Length| match length {
        Length::Exact(duration) => Some(*duration),
        Length::FullDays(_) => None,
    };
    let mut all: BTreeSet<_> = spec.conversation.into_iter().collect();
    let needs = spec.channels.values().map(|channel| &channel.consent);
    let needs = needs.chain(spec.purposes.values().map(|purpose| &purpose.consent));
    all.extend(needs.flatten().filter_map(|need| need.valid_for));
    for rule in &spec.rules {
        match &rule.kind {
            Kind::Budget(budget) => {
                all.extend(match budget.per {
                    Window::Sliding(length) => Some(length),
                    Window::Calendar { .. } => None,
                });
            }
            Kind::Spacing { least } | Kind::Since { least, .. } => all.extend(exact(least)),
            Kind::Backoff(backoff) => {
                let most = spec.customer.contacts.len();
                let pauses = (backoff.after..=most).map(|count| pause_after(backoff, count));
                all.extend(pauses.filter(|pause| *pause <= HORIZON * 2));
            }
            Kind::Reaction(reaction) => {
                all.extend(reaction.lasts.as_ref().and_then(exact));
                // After so long a contact has arrived, and breaks a row.
                all.insert(SignedDuration::from_hours(72));
            }
            Kind::Consent(consents) => {
                all.extend(consents.grounds.iter().filter_map(|(_, term)| *term));
            }
            Kind::Hours(_) | Kind::Days { .. } | Kind::Content(_) => {}
        }
    }
    all
}

/// The zones whose clocks matter.
fn zones(spec: &Spec, rules: &[&Rule]) -> Vec<TimeZone> {
    let reads_clock = |rule: &&Rule| {
        let until_a_day_ends =
            matches!(&rule.kind, Kind::Reaction(Reaction { lasts: Some(Length::FullDays(_)), .. }));
        needs_a_clock(rule) || rule.effective.is_some() || until_a_day_ends
    };
    let mut zones = Vec::new();
    if rules.iter().any(reads_clock) {
        let clocks = spec.clocks.iter().cloned();
        let anywhere = ends_of_the_earth().into_iter().filter(|_| spec.clocks.is_empty());
        zones.extend(clocks.chain(anywhere));
    }
    zones.extend(rules.iter().filter_map(|rule| match &rule.kind {
        Kind::Hours(hours) => hours.zone.clone(),
        Kind::Budget(budget) => match &budget.per {
            Window::Calendar { zone, .. } => zone.clone(),
            Window::Sliding(_) => None,
        },
        _ => None,
    }));
    zones
}

/// The times of day, in minutes, at which something can begin or end.
fn times(rules: &[&Rule]) -> BTreeSet<i64> {
    let mut minutes = BTreeSet::from([0]);
    for rule in rules {
        match &rule.kind {
            Kind::Hours(hours) => {
                let special = [&hours.holidays, &hours.eves];
                let special = special.into_iter().flatten().flat_map(|(_, spans)| spans);
                for span in hours.spans.iter().chain(special) {
                    minutes.extend([span.from % (24 * 60), span.to % (24 * 60)]);
                }
            }
            Kind::Content(expression) if expression.needs_a_clock() => {
                minutes.extend((0..24).map(|hour| hour * 60));
            }
            _ => {}
        }
    }
    minutes
}

/// The times of each day on a clock, and the changes of the clock itself.
fn local_times(
    zone: &TimeZone,
    minutes: &BTreeSet<i64>,
    [from, to]: [Timestamp; 2],
    stride: i32,
) -> Vec<Timestamp> {
    let changes = zone.following(from).map(|change| change.timestamp());
    let changes: Vec<_> = changes.take_while(|change| *change <= to).collect();
    let mut dates: BTreeSet<Date> = changes.iter().map(|change| day(*change, zone)).collect();
    let mut date = day(from, zone);
    while date <= day(to, zone) {
        dates.insert(date);
        date += stride.days();
    }
    let mut all = changes;
    for (date, minutes) in dates.iter().flat_map(|date| minutes.iter().map(move |m| (date, m))) {
        let local = date.to_datetime(Time::midnight() + minutes.minutes());
        let offsets = match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![offset],
            // The hour does not happen: it is over when the clock has changed.
            AmbiguousOffset::Gap { .. } => vec![],
            AmbiguousOffset::Fold { before, after } => vec![before, after],
        };
        all.extend(offsets.iter().map(|offset| offset.to_timestamp(local).unwrap()));
    }
    all
}

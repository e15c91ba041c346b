//! One customer's contacts, decided again.

use super::Question;
use super::day_of;
use super::start_of;
use crate::engine;
use crate::engine::Refusal;
use crate::engine::Refusals;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::consent_event::ConsentKind;
use crate::model::history::State;
use crate::model::wish::Consent;
use crate::policy::Policy;

/// A contact that was made, as two policies judge it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The day of UTC on which it was made.
    pub day: Day,
    /// The channel.
    pub channel: Name,
    /// The verdict of the policy in force.
    pub current: Verdict,
    /// The verdict of the candidate.
    pub candidate: Verdict,
}

/// The verdict of one policy on a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The contact has names that the policy does not declare, so that it could not be asked about.
    Undeclared,
    /// The refusals, enforced and in shadow.
    Decided(Refusals),
}

impl Verdict {
    /// Whether it would not have been made.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        match self {
            Self::Undeclared => true,
            Self::Decided(refusals) => !refusals.enforced.is_empty(),
        }
    }

    /// The refusals that count.
    #[must_use]
    pub fn enforced(&self) -> &[Refusal] {
        match self {
            Self::Undeclared => &[],
            Self::Decided(refusals) => &refusals.enforced,
        }
    }

    /// The refusals of rules in shadow.
    #[must_use]
    pub fn shadow(&self) -> &[Refusal] {
        match self {
            Self::Undeclared => &[],
            Self::Decided(refusals) => &refusals.shadow,
        }
    }
}

/// The contacts of the question's days that were made, in order of time.
pub(super) fn judge(question: &Question, record: &Record) -> Vec<Judged> {
    let first = start_of(question.first_day());
    let is_recent = |at: Instant| first <= at && at < question.now;
    if !record.history.entries().iter().any(|entry| is_recent(entry.at)) {
        return Vec::new();
    }
    let current = replay(&question.current, record, first, question.now);
    let candidate = replay(&question.candidate, record, first, question.now);
    let pairs = current.into_iter().zip(candidate);
    pairs
        .map(|((at, channel, current), (_, _, candidate))| Judged {
            day: day_of(at),
            channel,
            current,
            candidate,
        })
        .collect()
}

/// The contacts from `first` until `end` that were made and that one policy refuses.
pub(super) fn refused(
    policy: &Policy,
    record: &Record,
    first: Instant,
    end: Instant,
) -> impl Iterator<Item = Verdict> {
    let is_recent = |at: Instant| first <= at && at < end;
    let any = record.history.entries().iter().any(|entry| is_recent(entry.at));
    let judged = if any { replay(policy, record, first, end) } else { Vec::new() };
    judged.into_iter().map(|(_, _, verdict)| verdict).filter(Verdict::is_refused)
}

/// The verdict of one policy on each contact from `first` until `end`.
fn replay(
    policy: &Policy,
    record: &Record,
    first: Instant,
    end: Instant,
) -> Vec<(Instant, Name, Verdict)> {
    let mut past = record.clone();
    let mut ahead = past.history.rewind(first);
    let mut judged = Vec::new();
    while let Some(entry) = ahead.next(&mut past.history) {
        if entry.at >= end {
            break;
        }
        let contact = match entry.state {
            State::Reserved | State::Sent | State::Bounced => past.history.contact(&entry),
            // Nothing was sent; it counts as far as the policy says that it does.
            State::Released | State::Expired => None,
        };
        let Some(contact) = contact else {
            past.history.put_back(entry);
            continue;
        };
        let at = entry.at;
        wishes_as_of(record, &mut past, at);
        let verdict = engine::refusals(policy, &past, &contact, at)
            .map_or(Verdict::Undeclared, Verdict::Decided);
        if !verdict.is_refused() {
            past.history.put_back(entry);
        }
        judged.push((at, contact.channel, verdict));
    }
    judged
}

/// Lets the wishes of `past` be those that `record` knows of from before an instant.
fn wishes_as_of(record: &Record, past: &mut Record, at: Instant) {
    let is_stated = |stated: Option<Instant>| stated.is_none_or(|stated| stated < at);
    if !record.opt_outs.is_empty() {
        past.opt_outs.clone_from(&record.opt_outs);
        past.opt_outs.retain(|opt_out| is_stated(opt_out.at));
    }
    if !record.suppressions.is_empty() {
        past.suppressions.clone_from(&record.suppressions);
        past.suppressions.retain(|suppression| is_stated(suppression.at));
    }
    for (consent, known) in past.consents.iter_mut().zip(&record.consents) {
        consent.at = consent_as_of(record, known, at);
    }
}

/// The time at which a consent was given, as of an instant: it may have been renewed since. A
/// consent that was not yet given begins later, and allows nothing.
fn consent_as_of(record: &Record, consent: &Consent, at: Instant) -> Option<Instant> {
    let given = consent.at?;
    if given < at {
        return Some(given);
    }
    let events = record.consent_events.iter().filter(|event| {
        // A no is of no ground: it is about all of them.
        let same_ground = event.kind == ConsentKind::OptOut || event.ground == consent.ground;
        event.at < at && same_ground && event.scope == consent.scope
    });
    let last = events.max_by_key(|event| event.at);
    let earlier = last.filter(|event| event.kind == ConsentKind::OptIn).map(|event| event.at);
    Some(earlier.unwrap_or(given))
}

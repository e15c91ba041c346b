//! Contacts that were made before courtesy was asked. No request names them: a contact is known by
//! what it is, so that saying it again adds nothing.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Context;
use super::Fault;
use super::check;
use super::erase;
use super::eviction;
use crate::engine::Detail;
use crate::engine::Undeclared;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::decision::Code;
use crate::model::history::Entry;
use crate::model::history::History;
use crate::model::history::State;

/// A contact that was made.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The contact.
    pub contact: Contact,
    /// The time at which it was made.
    pub at: Instant,
    /// Whether it was not answered.
    pub unanswered: bool,
}

/// The result for one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// The contact is on record now.
    Recorded,
    /// The contact was on record before.
    Known,
    /// The contact is older than the history that a record keeps.
    TooOld,
    /// The customer was erased after it.
    Erased,
}

/// Puts a contact on record that was made, whatever the rules say.
///
/// # Errors
/// If the record has no room for its names.
pub fn note(
    context: Context<'_>,
    record: &mut Record,
    happened: &Happened,
) -> Result<Noted, Fault> {
    let Happened { contact, at, unanswered } = happened;
    if *at < context.now.minus(context.policy.settings.history_retention) {
        return Ok(Noted::TooOld);
    }
    if erase::is_erased(record, *at) {
        return Ok(Noted::Erased);
    }
    if is_known(&record.history, contact, *at) {
        return Ok(Noted::Known);
    }
    let mut after = record.clone();
    let number = eviction::add_contact(&mut after, contact, *at, State::Sent)?;
    if *unanswered {
        after.history.leave_unanswered(number);
    }
    eviction::make(&mut after)?;
    if after.history.entry(number).is_none() {
        return Ok(Noted::TooOld);
    }
    *record = after;
    Ok(Noted::Recorded)
}

/// Whether a contact of this time with the same labels is on record, and was not given back.
fn is_known(history: &History, contact: &Contact, at: Instant) -> bool {
    let entries = history.entries();
    let first = entries.partition_point(|entry| entry.at < at);
    let mut same_time = entries.iter().skip(first).take_while(|entry| entry.at == at);
    same_time.any(|entry| !entry.state.is_given_back() && is_like(history, entry, contact))
}

fn is_like(history: &History, entry: &Entry, contact: &Contact) -> bool {
    let named = |names: &[Name], number: u16, name: &Name| {
        names.get(usize::from(number)).is_some_and(|known| known == name)
    };
    let label = |number: Option<u16>| number.and_then(|number| history.label(number));
    let occasions: BTreeSet<Option<&Name>> =
        entry.occasions.iter().map(|number| history.label(*number)).collect();
    named(history.channels(), entry.channel, &contact.channel)
        && named(history.purposes(), entry.purpose, &contact.purpose)
        && entry.labels.map(label) == contact.labels.each().map(Option::as_ref)
        && occasions == contact.occasions.iter().map(Some).collect()
}

/// The limits at which a customer stands who got these contacts: what would refuse another contact
/// like the last of each channel and purpose, made now, because there were enough. A limit of the
/// customer's own has no name.
///
/// # Errors
/// If a contact names something that the policy does not declare.
pub fn limits(
    context: Context<'_>,
    record: &Record,
    happened: &[&Happened],
) -> Result<BTreeSet<Option<Name>>, Undeclared> {
    let mut last: BTreeMap<(&Name, &Name), &Happened> = BTreeMap::new();
    for it in happened.iter().copied() {
        let last = last.entry((&it.contact.channel, &it.contact.purpose)).or_insert(it);
        if it.at > last.at {
            *last = it;
        }
    }
    let mut limits = BTreeSet::new();
    for Happened { contact, .. } in last.into_values() {
        let decided = check(context, record, contact, context.now, Detail::Brief)?;
        let reasons = decided.answer.reasons.into_iter();
        let enough =
            reasons.filter(|it| matches!(it.code, Code::BudgetSpent | Code::PersonalCadence));
        limits.extend(enough.map(|reason| reason.rule));
    }
    Ok(limits)
}

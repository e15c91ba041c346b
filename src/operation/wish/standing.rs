//! The wishes that stand after everything the customer has said, in whatever order we heard it.
//!
//! A no stands unless a later yes that is at least as wide ends it. A no is kept only if no other
//! no makes it needless, and a yes in the same way. So the kept wishes are a function of the set of
//! all statements: dropping one that is outdone changes nothing, because whatever ends the other
//! one ends it too. A no that a START may take back makes another no needless only if the same
//! START takes that back too.

use std::cmp::Reverse;

use super::WISHES_MAX;
use crate::model::Instant;
use crate::model::Record;
use crate::model::stop::Retraction;
use crate::model::wish::Consent;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;

/// Adds a no, unless a later yes is known that ends it, without what a later START has taken back.
pub(in crate::operation) fn refuse(record: &mut Record, mut new: OptOut) {
    let is_over = record.opt_ins.iter().any(|yes| ends(yes, &new))
        || record.retractions.iter().any(|start| takes_back(start, &mut new));
    if is_over {
        return;
    }
    let opt_outs = &mut record.opt_outs;
    if let Some(known) = opt_outs.iter_mut().find(|known| says_all(known, &new)) {
        // Where the two say the same, the source must not depend on who came first.
        if says_all(&new, known) {
            known.source = known.source.take().max(new.source);
        }
        return;
    }
    opt_outs.retain(|known| !says_all(&new, known));
    opt_outs.push(new);
    let key = |it: &OptOut| (it.scope.clone(), it.at, it.until, it.stop.clone());
    opt_outs.sort_by_cached_key(key);
}

/// Adds a yes: it ends what lies within it and is older, now and when it is heard of later. Beyond
/// [`WISHES_MAX`] the oldest are forgotten, which can only let an old no win.
pub(super) fn allow(record: &mut Record, new: OptIn) {
    record.opt_outs.retain(|known| !ends(&new, known));
    let outdoes =
        |one: &OptIn, other: &OptIn| one.scope.contains(&other.scope) && one.at >= other.at;
    if record.opt_ins.iter().any(|known| outdoes(known, &new)) {
        return;
    }
    record.opt_ins.retain(|known| !outdoes(&new, known));
    record.opt_ins.push(new);
    record.opt_ins.sort_by_cached_key(|it| (Reverse(it.at), it.scope.clone()));
    record.opt_ins.truncate(WISHES_MAX);
}

/// Adds a START: it takes back older noes that came by its channel, now and when they are heard of
/// later.
pub(super) fn take_back(record: &mut Record, new: Retraction) {
    record.opt_outs.retain_mut(|known| !takes_back(&new, known));
    let outdoes = |one: &Retraction, other: &Retraction| {
        one.scope.contains(&other.scope) && one.at >= other.at
    };
    if record.retractions.iter().any(|known| outdoes(known, &new)) {
        return;
    }
    record.retractions.retain(|known| !outdoes(&new, known));
    record.retractions.push(new);
    record.retractions.sort_by_cached_key(|it| (Reverse(it.at), it.scope.clone()));
    record.retractions.truncate(WISHES_MAX);
}

/// Takes back of a no what a START does, and returns whether that is all of it. A tie goes to the
/// no.
fn takes_back(start: &Retraction, no: &mut OptOut) -> bool {
    if no.at.is_none_or(|at| at >= start.at) {
        return false;
    }
    let Some(stop) = &mut no.stop else { return false };
    let Some(scope) = stop.taken_back(start) else { return false };
    let is_all = scope.contains(&no.scope);
    if scope.overlaps(&no.scope) {
        stop.except(scope);
    }
    is_all
}

/// Adds a consent. A complete one stays complete, and the latest of its kind counts.
pub(super) fn give(consents: &mut Vec<Consent>, new: Consent) {
    let weight = |it: &Consent| (it.confirmed, it.at);
    match consents.iter_mut().find(|known| known.about() == new.about()) {
        Some(known) if weight(known) >= weight(&new) => {}
        Some(known) => *known = new,
        None => consents.push(new),
    }
    consents.sort_by(|one, other| one.about().cmp(&other.about()));
}

/// Whether a yes is later than a no and at least as wide. The no wins a tie; a no whose time is
/// unknown is older than all.
fn ends(yes: &OptIn, no: &OptOut) -> bool {
    yes.scope.contains(&no.scope) && no.at.is_none_or(|at| at < yes.at)
}

/// Whether an opt-out covers all of another, at least as late and for at least as long, and cannot
/// be taken back without it.
fn says_all(one: &OptOut, other: &OptOut) -> bool {
    let is_kept = match (&one.stop, &other.stop) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => one.ends_with(other),
    };
    is_kept
        && one.scope.contains(&other.scope)
        && one.at >= other.at
        && later(one.until, other.until) == one.until
}

/// The later of two ends; `None` is never.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}

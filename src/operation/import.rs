//! A row of an import: the facts that a CRM system has about a customer. They pass through the same
//! operations as single calls, and repeating a row changes nothing.
//!
//! **Invariant:** a yes ends an opt-out only where the import was told that it may.

use super::Context;
use super::Fault;
use super::erase;
use super::eviction;
use super::profile;
use super::profile::Replacement;
use super::wish;
use super::wish::WISHES_MAX;
use super::wish::Wish;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::consent_event::ConsentKind;
use crate::model::history::Event;
use crate::model::wish::Suppression;

/// The content of a row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The fields that it has.
    pub replacements: Vec<Replacement>,
    /// The customer's refusals.
    pub opt_outs: Vec<Wish>,
    /// The customer's yeses, complete or pending.
    pub opt_ins: Vec<Wish>,
    /// The operator's refusals.
    pub suppressions: Vec<Suppression>,
    /// The events of messages.
    pub events: Vec<Occurrence>,
}

/// One event of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The kind of event.
    pub kind: EventKind,
    /// The channel, if known.
    pub channel: Option<Name>,
    /// The time. If unset: now, unless the event is on record already.
    pub at: Option<Instant>,
}

/// The effect of a yes that would end an opt-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptIns {
    /// The yes changes nothing.
    Withhold,
    /// The yes ends the opt-out, if that is older.
    Allow,
}

/// The changes that a row made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Whether the row changed anything.
    pub changed: bool,
    /// The number of opt-outs that are new, or newer than before.
    pub opt_outs: u64,
    /// The number of yeses that were recorded.
    pub opt_ins: u64,
    /// The number of yeses that were not recorded, because an opt-out stands or the customer was
    /// erased.
    pub withheld: u64,
    /// The number of opt-outs that were ended.
    pub ended: u64,
    /// The number of events that were recorded.
    pub events: u64,
}

/// Takes note of a row: all of it, or nothing.
///
/// # Errors
/// If the record has no room for it.
pub fn import(
    context: Context<'_>,
    record: &mut Record,
    row: &Row,
    opt_ins: OptIns,
) -> Result<Noted, Fault> {
    let mut after = record.clone();
    let mut noted = Noted::default();
    if !row.replacements.is_empty() {
        profile::update(&mut after, &row.replacements)?;
    }
    for wish in &row.opt_outs {
        noted.opt_outs += opt_out(context, &mut after, wish)?;
    }
    for wish in &row.opt_ins {
        let ended = would_end(context, &after, wish);
        // A yes without a time may be older than the erasure.
        let may_be_erased = after.erased.is_some() && wish.at.is_none();
        if may_be_erased || (ended > 0 && opt_ins == OptIns::Withhold) {
            noted.withheld += 1;
        } else if !is_known(&after, wish) || ended > 0 {
            wish::take(context, &mut after, wish)?;
            noted.opt_ins += 1;
            noted.ended += ended;
        }
    }
    for suppression in &row.suppressions {
        suppress(&mut after, suppression)?;
    }
    for event in &row.events {
        noted.events += happened(context, &mut after, event)?;
    }
    if !(row.suppressions.is_empty() && row.events.is_empty()) {
        eviction::make(&mut after)?;
    }
    noted.changed = after != *record;
    *record = after;
    Ok(noted)
}

/// Records an opt-out, and returns 1 if it adds to the record.
fn opt_out(context: Context<'_>, record: &mut Record, wish: &Wish) -> Result<u64, Fault> {
    if is_known(record, wish) {
        return Ok(0);
    }
    let before = record.opt_outs.clone();
    wish::take(context, record, wish)?;
    Ok(u64::from(record.opt_outs != before))
}

/// Whether a wish adds nothing to the record: it was heard before, or it has no time and equals the
/// standing one.
fn is_known(record: &Record, wish: &Wish) -> bool {
    if let Some(at) = wish.at {
        return record.consent_events.iter().any(|event| {
            event.kind == wish.kind
                && event.ground == wish.ground
                && event.scope == wish.scope
                && event.at == at
                && event.until == wish.until
        });
    }
    match wish.kind {
        ConsentKind::OptOut => record
            .opt_outs
            .iter()
            .any(|known| known.covers(&wish.scope) && lasts(known.until, wish.until)),
        ConsentKind::OptIn | ConsentKind::PendingOptIn => record.consents.iter().any(|known| {
            known.scope == wish.scope
                && known.ground == wish.ground
                && (known.confirmed || wish.kind == ConsentKind::PendingOptIn)
        }),
    }
}

/// Whether a thing that ends at `known` lasts as long as one that ends at `wanted`; `None` is
/// never.
fn lasts(known: Option<Instant>, wanted: Option<Instant>) -> bool {
    known.is_none_or(|known| wanted.is_some_and(|wanted| known >= wanted))
}

/// The number of opt-outs in force that a yes would end.
fn would_end(context: Context<'_>, record: &Record, wish: &Wish) -> u64 {
    let at = wish.at.unwrap_or(context.now);
    let ended = record.opt_outs.iter().filter(|known| {
        wish.kind == ConsentKind::OptIn
            && wish.ground.is_express()
            && wish.scope.contains(&known.scope)
            && known.at.is_none_or(|known| known < at)
            && known.until.is_none_or(|until| until > context.now)
    });
    u64::try_from(ended.count()).unwrap_or(u64::MAX)
}

/// Adds what happened to a message, and returns 1 if it is not on record. What happened before the
/// customer was erased is not known again, nor what may have.
fn happened(context: Context<'_>, record: &mut Record, event: &Occurrence) -> Result<u64, Fault> {
    let channels = record.history.channels();
    let is_same = |known: &Event| {
        let channel = known.channel.and_then(|number| channels.get(usize::from(number)));
        known.kind == event.kind
            && channel == event.channel.as_ref()
            && event.at.is_none_or(|at| at == known.at)
    };
    let is_known = record.history.events().iter().any(is_same);
    let erased =
        event.at.map_or_else(|| record.erased.is_some(), |at| erase::is_erased(record, at));
    if is_known || erased {
        return Ok(0);
    }
    let at = event.at.unwrap_or(context.now);
    let added = record.history.add_event(event.kind, at, event.channel.as_ref());
    added.map_err(|_too_many_names| Fault::RecordFull)?;
    Ok(1)
}

/// Adds an operator's refusal, or prolongs the one that is there.
fn suppress(record: &mut Record, suppression: &Suppression) -> Result<(), Fault> {
    let same =
        |it: &&mut Suppression| it.scope == suppression.scope && it.reason == suppression.reason;
    let full = record.suppressions.len() >= WISHES_MAX;
    match record.suppressions.iter_mut().find(same) {
        Some(known) if lasts(known.until, suppression.until) => {}
        Some(known) => known.until = suppression.until,
        None if full => return Err(Fault::RecordFull),
        None => record.suppressions.push(suppression.clone()),
    }
    Ok(())
}

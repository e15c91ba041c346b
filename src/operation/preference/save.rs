//! The effects of a customer's choices on a form. Choices that refuse more are always accepted;
//! those that allow more only if the customer has seen the current record.

use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::ConsentKind;
use crate::model::wish::OptOut;
use crate::operation;
use crate::operation::Context;
use crate::operation::Fault;
use crate::operation::RequestKey;
use crate::operation::eviction;
use crate::operation::wish;
use crate::operation::wish::Wish;

use super::Sort;
use super::dates;
use super::dates::OwnDate;
use super::form;
use super::form::State;
use super::limits;
use super::limits::Limit;
use super::reach::Reach;

/// The names of choices, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Topics.
    pub topics: Vec<Name>,
    /// Purposes.
    pub purposes: Vec<Name>,
    /// Channels.
    pub channels: Vec<Name>,
    /// Occasions.
    pub occasions: Vec<Name>,
}

impl Names {
    /// All names, with their kinds.
    pub fn iter(&self) -> impl Iterator<Item = (Sort, &Name)> {
        let purposes = self.purposes.iter().map(|it| (Sort::Purpose, it));
        let topics = self.topics.iter().map(|it| (Sort::Topic, it));
        let channels = self.channels.iter().map(|it| (Sort::Channel, it));
        let occasions = self.occasions.iter().map(|it| (Sort::Occasion, it));
        purposes.chain(topics).chain(channels).chain(occasions)
    }
}

/// The choices of a customer.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// The refused choices.
    pub refused: Names,
    /// The wanted choices.
    pub wanted: Names,
    /// The choice of a limit; unset to keep the one that stands.
    pub limit: Option<Choose>,
    /// The length of a break without messages.
    pub break_for: Option<Span>,
    /// Whether the break ends now.
    pub end_break: bool,
    /// Whether the whole form is refused.
    pub stop_all: bool,
    /// Own dates to keep quiet.
    pub added: Vec<OwnDate>,
    /// Own dates to keep quiet no more.
    pub removed: Vec<OwnDate>,
    /// The brand; all brands if unset.
    pub brand: Option<Name>,
    /// The channel that the customer has proven to own.
    pub proven: Option<Name>,
    /// The proof of the choices.
    pub evidence: Box<str>,
    /// The source of the choices.
    pub source: Option<Name>,
    /// Whether the customer has seen the current record.
    pub is_current: bool,
    /// The effect if its request is known.
    pub repeated: Repeated,
}

/// The effect of a request that was made before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeated {
    /// It changes nothing: its sender asks for the earlier answer.
    #[default]
    ChangesNothing,
    /// It refuses again: a person has pressed the button again, and reads that it is so.
    RefusesAgain,
}

/// The limit that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choose(
    /// The limit; unset for no limit.
    pub Option<Limit>,
);

/// The result of saving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Whether a choice that allows more was left out.
    pub outdated: bool,
    /// Whether the record had no room for the refusals, so that the whole form is refused instead.
    pub widened: bool,
    /// Whether the record had no room for another choice, which was left out: a yes, a date or a
    /// limit.
    pub no_room: bool,
}

impl Saving {
    /// Whether a choice may allow more than now.
    #[must_use]
    pub fn allows_more(&self) -> bool {
        self.wanted.iter().next().is_some()
            || self.end_break
            || !self.removed.is_empty()
            || self.limit.is_some()
    }

    /// Leaves out what allows more.
    pub fn refuse_only(&mut self) {
        self.wanted = Names::default();
        self.end_break = false;
        self.removed.clear();
        self.limit = self.limit.filter(|Choose(limit)| limit.is_some());
    }
}

/// Takes note of what a customer chose. What the record has no room for is left out, so that what
/// refuses more always lands.
///
/// # Errors
/// If the record has no room even for a refusal of all of the form, or if the request's id has been
/// used for another.
pub fn save(context: Context<'_>, record: &mut Record, saving: &Saving) -> Result<Saved, Fault> {
    let is_known = RequestKey::is_known(saving.request.as_ref(), record)?;
    if is_known && saving.repeated == Repeated::ChangesNothing {
        return Ok(Saved::default());
    }
    let mut after = record.clone();
    let mut saved = Saved::default();
    if !is_known {
        saved.no_room |= !fits(&mut after, |after| allow(context, after, saving))?;
        if !saving.is_current {
            saved.outdated = operation::differ(record, &after);
            after = record.clone();
        }
    }
    saved.widened = !fits(&mut after, |after| {
        refuse(context, after, saving)?;
        pause(context, after, saving, is_known)
    })?;
    if saved.widened {
        refuse_all(context, &mut after, saving)?;
    }
    if let Some(Choose(Some(limit))) = saving.limit {
        saved.no_room |= !fits(&mut after, |after| limits::tighten(context.policy, after, limit))?;
    }
    saved.no_room |= !fits(&mut after, |after| dates::add(after, &saving.added))?;
    RequestKey::remember(saving.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(saved)
}

/// Changes a record, if it has room for the change.
fn fits(
    record: &mut Record,
    change: impl FnOnce(&mut Record) -> Result<(), Fault>,
) -> Result<bool, Fault> {
    let mut after = record.clone();
    match change(&mut after) {
        Ok(()) => *record = after,
        Err(Fault::RecordFull) => return Ok(false),
        Err(fault) => return Err(fault),
    }
    Ok(true)
}

/// Refuses the whole form.
fn refuse_all(context: Context<'_>, record: &mut Record, saving: &Saving) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    for purpose in reach.purposes() {
        let scope = reach.whole(purpose);
        if !wish::stands(record, &scope) {
            wish::take(context, record, &said(saving, ConsentKind::OptOut, scope, None))?;
        }
    }
    Ok(())
}

/// Everything that is refused.
fn refuse(context: Context<'_>, record: &mut Record, saving: &Saving) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    if saving.stop_all {
        refuse_all(context, record, saving)?;
    }
    let mut scopes: Vec<Scope> = Vec::new();
    for (sort, name) in saving.refused.iter() {
        let purposes =
            if sort == Sort::Purpose { std::slice::from_ref(name) } else { reach.purposes() };
        scopes.extend(purposes.iter().map(|purpose| sort.scope(name, purpose, reach.brand)));
    }
    for scope in scopes {
        if !wish::stands(record, &scope) {
            wish::take(context, record, &said(saving, ConsentKind::OptOut, scope, None))?;
        }
    }
    Ok(())
}

/// Nothing for so long. A form that is sent again has begun its break already.
fn pause(
    context: Context<'_>,
    record: &mut Record,
    saving: &Saving,
    is_known: bool,
) -> Result<(), Fault> {
    let Some(length) = saving.break_for else { return Ok(()) };
    let reach = Reach::new(context, saving.brand.as_ref());
    let until = context.now.plus(length);
    for purpose in reach.purposes() {
        let whole = reach.whole(purpose);
        let lasts = |it: &OptOut| is_known || it.until.is_none_or(|end| end >= until);
        if !reach.covering(record, &whole).any(lasts) {
            wish::take(context, record, &said(saving, ConsentKind::OptOut, whole, Some(until)))?;
        }
    }
    Ok(())
}

/// Everything that allows more.
fn allow(context: Context<'_>, record: &mut Record, saving: &Saving) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    for purpose in &saving.wanted.purposes {
        lift(context, record, saving, (reach.whole(purpose), |it| it.until.is_none()))?;
    }
    if saving.end_break {
        for purpose in reach.purposes() {
            lift(context, record, saving, (reach.whole(purpose), |it| it.until.is_some()))?;
        }
    }
    let narrow = saving.wanted.iter().filter(|(sort, _)| *sort != Sort::Purpose);
    for (sort, name) in narrow {
        if sort == Sort::Channel && form::needs_consent(&reach, record, name) {
            consent(context, record, saving, name)?;
        } else {
            want(context, record, saving, (sort, name))?;
        }
    }
    if let Some(Choose(limit)) = saving.limit {
        let own = limits::own(context.policy, record);
        let stricter = limit.is_some_and(|limit| own.is_none_or(|own| limit.is_within(own)));
        if !stricter {
            set_limit(context, record, limit)?;
        }
    }
    dates::remove(record, &saving.removed);
    Ok(())
}

fn set_limit(context: Context<'_>, record: &mut Record, limit: Option<Limit>) -> Result<(), Fault> {
    if limits::own(context.policy, record) == limit {
        return Ok(());
    }
    limits::set(context.policy, record, limit)
}

/// Takes back what refuses one thing and not all of a purpose.
fn want(
    context: Context<'_>,
    record: &mut Record,
    saving: &Saving,
    (sort, name): (Sort, &Name),
) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    for purpose in reach.purposes() {
        let whole = reach.whole(purpose);
        let scope = sort.scope(name, purpose, reach.brand);
        lift(context, record, saving, (scope, |it| !reach.covers(it, &whole)))?;
    }
    Ok(())
}

/// A yes to a channel that needs one: complete where the customer has proven to own it.
fn consent(
    context: Context<'_>,
    record: &mut Record,
    saving: &Saving,
    channel: &Name,
) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    let state = form::channel(&reach, record, channel).state;
    let is_proven = saving.proven.as_ref() == Some(channel);
    if matches!(state, State::Wanted | State::RefusedByWider)
        || state == State::Pending && !is_proven
    {
        return Ok(());
    }
    if is_proven {
        want(context, record, saving, (Sort::Channel, channel))?;
    }
    let kind = if is_proven { ConsentKind::OptIn } else { ConsentKind::PendingOptIn };
    for purpose in reach.purposes() {
        let scope = Sort::Channel.scope(channel, purpose, reach.brand);
        wish::take(context, record, &said(saving, kind, scope, None))?;
    }
    Ok(())
}

/// Takes back the refusals that cover a scope and are chosen, if they reach no further than the
/// form. A narrower refusal that was made by itself still stands, and the history of consent has
/// it.
fn lift(
    context: Context<'_>,
    record: &mut Record,
    saving: &Saving,
    (scope, is_chosen): (Scope, impl Fn(&OptOut) -> bool),
) -> Result<(), Fault> {
    let reach = Reach::new(context, saving.brand.as_ref());
    let covering = reach.covering(record, &scope).filter(|it| is_chosen(it));
    let lifted: Vec<OptOut> = covering.filter(|it| reach.can_lift(it)).cloned().collect();
    for no in lifted {
        // The customer has seen the no, so the yes is later, even if the clock of the instance that
        // heard the no was fast.
        let at = no.at.map_or(context.now, |said| context.now.max(said.plus(Span::from_millis(1))));
        let mut kept = wish::lift(record, &no, at);
        kept.retain(|it| !(reach.covers(it, &scope) && is_chosen(it)));
        if no.scope.purpose.is_none() && !no.scope.marketing {
            kept.extend(reach.replies().map(|it| {
                let scope = Scope { purpose: Some(it.name.clone()), ..no.scope.clone() };
                OptOut { scope, ..no.clone() }
            }));
        }
        let yes = said(saving, ConsentKind::OptIn, no.scope.clone(), None);
        wish::keep(context, record, &yes, at);
        for no in kept {
            wish::refuse_again(record, &no, at);
            let again = said(saving, ConsentKind::OptOut, no.scope, no.until);
            wish::keep(context, record, &Wish { source: no.source, ..again }, at);
        }
    }
    Ok(())
}

fn said(saving: &Saving, kind: ConsentKind, scope: Scope, until: Option<Instant>) -> Wish {
    Wish {
        request: None,
        kind,
        ground: Ground::EXPRESS,
        scope,
        at: None,
        until,
        source: saving.source.clone(),
        evidence: Some(saving.evidence.clone()),
        stop: None,
        takes_back: false,
    }
}

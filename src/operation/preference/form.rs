//! The choices that a customer is offered, and their states.

use std::collections::BTreeSet;

use crate::engine;
use crate::model::Contact;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::consent_event::ConsentKind;
use crate::model::decision::Code;
use crate::model::wish::OptOut;
use crate::operation::Context;
use crate::policy::rules::Family;

use super::Sort;
use super::dates;
use super::dates::OwnDate;
use super::limits;
use super::limits::Limit;
use super::occasions;
use super::reach::Reach;

/// The choices that a customer is offered, and their states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The topics, where the policy lists some, and those that are refused.
    pub topics: Vec<Choice>,
    /// The purposes that the form is about.
    pub purposes: Vec<Choice>,
    /// The channels.
    pub channels: Vec<Choice>,
    /// The limits that can be chosen.
    pub limits: Vec<Limit>,
    /// The limit that the customer has chosen.
    pub chosen: Option<Limit>,
    /// The limit that applies to the purposes in any case.
    pub most: Option<Limit>,
    /// The end of the break.
    pub break_until: Option<Instant>,
    /// The breaks that are offered.
    pub breaks: Vec<Span>,
    /// The occasions that can be spared.
    pub occasions: Vec<Spared>,
    /// The customer's own dates.
    pub own_dates: Vec<OwnDate>,
    /// Whether another date may be added.
    pub own_date_offered: bool,
    /// The purposes that still come when all of this is refused.
    pub still_come: Vec<Name>,
}

/// One choice that can be refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: Name,
    /// Its state.
    pub state: State,
    /// The time at which the refusal ends by itself, if it does.
    pub until: Option<Instant>,
}

/// The state of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing of the customer's speaks against it.
    Wanted,
    /// It is refused, and can be allowed again.
    Refused,
    /// More than it is refused.
    RefusedByWider,
    /// It needs a consent, and there is none.
    NeedsConsent,
    /// It needs a consent, and the customer has not confirmed it.
    Pending,
}

/// An occasion that can be spared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spared {
    /// The occasion's name, and whether it is refused.
    pub choice: Choice,
    /// Its English name for people; unset for an occasion of the policy's own.
    pub title: Option<&'static str>,
    /// The day on which it comes next.
    pub next: Option<Day>,
    /// Whether its days are kept quiet.
    pub keeps_days_quiet: bool,
    /// Whether it is shown first.
    pub first: bool,
}

/// The form for a customer, of one brand or of all.
#[must_use]
pub fn form(context: Context<'_>, record: &Record, brand: Option<&Name>) -> Form {
    let reach = Reach::new(context, brand);
    let pages = &context.policy.pages;
    let chosen = limits::own(context.policy, record);
    let mut limits = Vec::new();
    if limits::are_kept(context.policy) {
        limits = pages.cadence.iter().map(|(limit, per)| limits::sliding(*limit, *per)).collect();
        limits.extend(chosen.filter(|chosen| !limits.contains(chosen)));
    }
    let keeps_days = !exempts(&reach, Family::QuietPeriods);
    let still_come = still_come(&reach, record);
    // A date of the customer's own keeps everything quiet that is not exempt: what still comes in
    // any case must be.
    let comes_then = |name: &Name| {
        let mut purposes = reach.policy.purposes.iter();
        purposes.any(|it| it.name == *name && it.exempt.contains(Family::QuietPeriods))
    };
    let spares_the_rest = still_come.iter().all(comes_then);
    let own_date_offered = pages.own_date && keeps_days && spares_the_rest && brand.is_none();
    Form {
        topics: topics(&reach, record),
        purposes: pages.purposes.iter().map(|it| purpose(&reach, record, it)).collect(),
        channels: channels(&reach, record),
        limits,
        chosen,
        most: limits::most(context.policy, record),
        break_until: break_until(&reach, record),
        breaks: pages.breaks.clone(),
        occasions: occasions::offered(context, &reach, record),
        own_dates: dates::of(record),
        own_date_offered: own_date_offered && !pages.purposes.is_empty(),
        still_come,
    }
}

/// Whether one of the purposes is exempt from a family of rules.
fn exempts(reach: &Reach<'_>, family: Family) -> bool {
    let own = |it: &&crate::policy::rules::Purpose| reach.purposes().contains(&it.name);
    reach.policy.purposes.iter().filter(own).any(|it| it.exempt.contains(family))
}

/// The state of one choice, of any kind but purposes.
pub(super) fn state(reach: &Reach<'_>, record: &Record, (sort, name): (Sort, &Name)) -> Choice {
    let choice = |state, until| Choice { name: name.clone(), state, until };
    let active = reach.active(record);
    if active.is_empty() {
        return choice(State::RefusedByWider, None);
    }
    let refusals = active
        .iter()
        .map(|purpose| reach.narrow(record, &sort.scope(name, purpose, reach.brand), purpose));
    let refusals: Vec<Vec<&OptOut>> = refusals.collect();
    if refusals.iter().any(Vec::is_empty) {
        return choice(State::Wanted, None);
    }
    let can_lift = refusals.iter().flatten().all(|it| reach.can_lift(it));
    let ends = refusals.iter().map(|of| latest(of));
    let until = ends.min_by_key(|end| end.unwrap_or(Instant::LAST)).flatten();
    choice(if can_lift { State::Refused } else { State::RefusedByWider }, until)
}

/// The last end of some refusals; `None` if one never ends.
fn latest(refusals: &[&OptOut]) -> Option<Instant> {
    let ends: Option<Vec<Instant>> = refusals.iter().map(|it| it.until).collect();
    ends.and_then(|ends| ends.into_iter().max())
}

fn purpose(reach: &Reach<'_>, record: &Record, name: &Name) -> Choice {
    let whole = reach.whole(name);
    let for_good = reach.covering(record, &whole).filter(|it| it.until.is_none());
    let for_good: Vec<&OptOut> = for_good.collect();
    let state = match for_good.as_slice() {
        [] => State::Wanted,
        all if all.iter().all(|it| reach.can_lift(it)) => State::Refused,
        _ => State::RefusedByWider,
    };
    Choice { name: name.clone(), state, until: None }
}

/// The longest time between the records of refusals from one form.
const AT_ONCE: Span = Span::from_secs(1);

/// The purposes that were stopped last, all at once: what was refused before that stays refused
/// when the customer starts again.
#[must_use]
pub fn stopped_last(context: Context<'_>, record: &Record, brand: Option<&Name>) -> Vec<Name> {
    let reach = Reach::new(context, brand);
    let stopped = reach.purposes().iter().filter_map(|name| {
        let whole = reach.whole(name);
        let for_good = reach.covering(record, &whole).filter(|it| it.until.is_none());
        // One whose time is not known is an old one.
        let since = for_good.map(|it| it.at.unwrap_or(Instant::FIRST)).min()?;
        Some((name, since))
    });
    let stopped: Vec<(&Name, Instant)> = stopped.collect();
    let last = stopped.iter().map(|(_, since)| *since).max();
    let with_it = |since: Instant| last.is_some_and(|last| since.plus(AT_ONCE) >= last);
    stopped.iter().filter(|(_, since)| with_it(*since)).map(|(name, _)| (*name).clone()).collect()
}

fn break_until(reach: &Reach<'_>, record: &Record) -> Option<Instant> {
    let active = reach.active(record);
    let ends = active.iter().map(|purpose| {
        reach.covering(record, &reach.whole(purpose)).filter_map(|it| it.until).max()
    });
    let ends: Option<Vec<Instant>> = ends.collect();
    ends.and_then(|ends| ends.into_iter().min())
}

fn topics(reach: &Reach<'_>, record: &Record) -> Vec<Choice> {
    if reach.purposes().is_empty() {
        return Vec::new();
    }
    let declared = &reach.policy.pages.topics;
    let on_record: BTreeSet<&Name> =
        record.opt_outs.iter().filter_map(|it| it.scope.topic.as_ref()).collect();
    let gone = on_record.into_iter().filter(|name| !declared.contains(*name));
    let gone = gone.map(|name| state(reach, record, (Sort::Topic, name)));
    let gone: Vec<Choice> = gone.filter(|it| it.state == State::Refused).collect();
    let declared = declared.iter().map(|name| state(reach, record, (Sort::Topic, name)));
    declared.chain(gone).collect()
}

fn channels(reach: &Reach<'_>, record: &Record) -> Vec<Choice> {
    if reach.purposes().is_empty() {
        return Vec::new();
    }
    let channels = reach.policy.pages.channels.iter().map(|name| channel(reach, record, name));
    let offered = |it: &Choice| {
        it.state == State::Wanted
            || !needs_consent(reach, record, &it.name)
            || reach.policy.pages.confirm.contains(&it.name)
    };
    channels.filter(offered).collect()
}

/// The state of a channel. A missing consent counts like a refusal.
pub(super) fn channel(reach: &Reach<'_>, record: &Record, name: &Name) -> Choice {
    let choice = state(reach, record, (Sort::Channel, name));
    if !matches!(choice.state, State::Wanted | State::Refused)
        || !needs_consent(reach, record, name)
    {
        return choice;
    }
    let pending = is_pending(record, name);
    let state = match choice.state {
        State::Refused if pending => State::Pending,
        State::Wanted if lacks_consent(reach, record, name) && pending => State::Pending,
        State::Wanted if lacks_consent(reach, record, name) => State::NeedsConsent,
        State::Wanted
        | State::Refused
        | State::RefusedByWider
        | State::NeedsConsent
        | State::Pending => choice.state,
    };
    Choice { state, ..choice }
}

/// Whether a channel needs a consent for one of the purposes, or for all, apart from whether there
/// is one.
pub(super) fn needs_consent(reach: &Reach<'_>, record: &Record, channel: &Name) -> bool {
    let declared = reach.policy.channels.iter().filter(|it| it.name == *channel);
    let own = |it: &&crate::policy::rules::Purpose| reach.purposes().contains(&it.name);
    declared.into_iter().any(|it| it.consent.is_some())
        || reach.policy.purposes.iter().filter(own).any(|it| it.consent.is_some())
        || lacks_consent(reach, record, channel)
}

/// Whether all of the purposes, with every topic, are refused on a channel because of a missing
/// consent. If one is not, messages come on that channel, and can be refused.
fn lacks_consent(reach: &Reach<'_>, record: &Record, channel: &Name) -> bool {
    let topics = || std::iter::once(None).chain(reach.policy.pages.topics.iter().map(Some));
    reach.purposes().iter().all(|purpose| {
        topics().all(|topic| {
            let (topic, brand) = (topic.cloned(), reach.brand.cloned());
            let labels = Labels { topic, brand, ..Labels::NONE };
            let contact = Contact { labels, ..Contact::new(channel.clone(), purpose.clone()) };
            let refusals = engine::refusals(reach.policy, record, &contact, reach.now);
            refusals.is_ok_and(|it| it.enforced.iter().any(|it| it.code == Code::NoConsent))
        })
    })
}

/// Whether the last statement about a channel is the unconfirmed half of a double opt-in.
fn is_pending(record: &Record, channel: &Name) -> bool {
    let mut about =
        record.consent_events.iter().filter(|it| it.scope.channel.as_ref() == Some(channel));
    about.next_back().is_some_and(|it| it.kind == ConsentKind::PendingOptIn)
}

/// The purposes that are not on the form and whose messages still come: they are exempt from
/// opt-outs, or not refused for good. Replies do not count.
fn still_come(reach: &Reach<'_>, record: &Record) -> Vec<Name> {
    let others = reach.policy.purposes.iter().filter(|it| !reach.purposes().contains(&it.name));
    let others = others.filter(|it| {
        let is_exempt = it.exempt.contains(Family::OptOuts);
        !it.replies && (is_exempt || !reach.is_stopped(record, &it.name))
    });
    others.map(|it| it.name.clone()).collect()
}

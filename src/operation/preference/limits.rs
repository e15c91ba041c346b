//! Limits on the frequency: the customer's wish for the purposes of a form, and the limit that
//! applies in any case.

use crate::engine;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::wish::Cadence;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Cycle;
use crate::operation::Fault;
use crate::policy::Policy;
use crate::policy::rules::Budget;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Window;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;

/// The most limits of a record.
const CADENCE_MAX: usize = 16;

/// A maximum number of messages in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The maximum number.
    pub limit: u32,
    /// The period.
    pub per: Cycle,
}

impl Limit {
    /// Whether every sequence of messages that it allows is allowed by `other` too.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        match (self.per, other.per) {
            (Cycle::Sliding(own), Cycle::Sliding(others)) => {
                self.limit <= other.limit && own >= others
            }
            (own, others) => own == others && self.limit <= other.limit,
        }
    }

    /// Messages in 10,000 days: the common scale on which limits are compared.
    fn rate(self) -> u64 {
        u64::from(self.limit) * 864_000_000_000 / length(self.per).max(1)
    }
}

fn length(per: Cycle) -> u64 {
    let days = match per {
        Cycle::Sliding(span) => return u64::try_from(span.millis()).unwrap_or_default(),
        Cycle::Calendar(CalendarUnit::Day) => 1,
        Cycle::Calendar(CalendarUnit::Week) => 7,
        Cycle::Calendar(CalendarUnit::Month) => 30,
        Cycle::Calendar(CalendarUnit::Quarter) => 91,
        Cycle::Calendar(CalendarUnit::Year) => 365,
    };
    days * 86_400_000
}

/// The purposes that a limit of the customer's is about: those of the form that budgets bound, so
/// that a receipt never spends it.
fn purposes(policy: &Policy) -> Vec<Name> {
    let is_bound = |name: &&Name| {
        let position = policy.purpose_position(name);
        let purpose = position.and_then(|position| policy.purposes.get(position));
        purpose.is_some_and(|it| !it.exempt.contains(Family::Budgets) && !it.replies)
    };
    let mut purposes: Vec<Name> = policy.pages.purposes.iter().filter(is_bound).cloned().collect();
    purposes.sort();
    purposes
}

/// Whether a limit of the customer's would be kept for a purpose of the form.
pub(super) fn are_kept(policy: &Policy) -> bool {
    !purposes(policy).is_empty()
}

/// Whether a limit is the one that the form sets: all channels and all of its purposes together.
fn is_own(policy: &Policy, it: &Cadence) -> bool {
    let mut named = it.purposes.clone();
    named.sort();
    it.channel.is_none() && it.topics.is_empty() && named == purposes(policy)
}

/// The strictest limit that the form has set.
pub(super) fn own(policy: &Policy, record: &Record) -> Option<Limit> {
    let own = record.cadence.iter().filter(|it| is_own(policy, it));
    own.map(|it| Limit { limit: it.limit, per: it.per }).min_by_key(|it| it.rate())
}

/// Sets it, or takes it away.
pub(super) fn set(policy: &Policy, record: &mut Record, limit: Option<Limit>) -> Result<(), Fault> {
    record.cadence.retain(|it| !is_own(policy, it));
    limit.map_or(Ok(()), |limit| add(policy, record, limit))
}

/// Adds one to those that hold, where it refuses more than they do. Those that it makes idle go.
pub(super) fn tighten(policy: &Policy, record: &mut Record, limit: Limit) -> Result<(), Fault> {
    let of = |it: &Cadence| Limit { limit: it.limit, per: it.per };
    if record.cadence.iter().any(|it| is_own(policy, it) && of(it).is_within(limit)) {
        return Ok(());
    }
    record.cadence.retain(|it| !(is_own(policy, it) && limit.is_within(of(it))));
    add(policy, record, limit)
}

fn add(policy: &Policy, record: &mut Record, limit: Limit) -> Result<(), Fault> {
    let Limit { limit, per } = limit;
    let (purposes, topics) = (purposes(policy), Vec::new());
    record.cadence.push(Cadence { channel: None, purposes, topics, limit, per });
    if record.cadence.len() > CADENCE_MAX { Err(Fault::RecordFull) } else { Ok(()) }
}

/// The limit that applies to the purposes of the form in any case: the strictest plain budget, or a
/// wider wish of the customer's own.
pub(super) fn most(policy: &Policy, record: &Record) -> Option<Limit> {
    if !are_kept(policy) {
        return None;
    }
    let own = purposes(policy);
    let wider = record.cadence.iter().filter(|it| {
        it.channel.is_none()
            && it.topics.is_empty()
            && !is_own(policy, it)
            && (it.purposes.is_empty() || own.iter().all(|purpose| it.purposes.contains(purpose)))
    });
    let wider = wider.map(|it| Limit { limit: it.limit, per: it.per });
    let budgets = policy.rules.iter().filter_map(|rule| {
        let Kind::Budget(budget) = &rule.kind else { return None };
        let is_plain = rule.mode == Mode::Enforce
            && rule.effective.is_always()
            && is_about_all(policy, &rule.selector)
            && engine::is_about(policy, &record.profile, &rule.selector)
            && is_about_all(policy, &budget.counts)
            && is_whole(budget);
        is_plain.then(|| Limit { limit: limit_of(budget, record), per: cycle(&budget.window) })
    });
    wider.chain(budgets).min_by_key(|it| it.rate())
}

/// Whether the budget counts each message as one, of all senders together.
fn is_whole(budget: &Budget) -> bool {
    budget.by.is_empty()
        && budget.answered.is_none()
        && !budget.distinct_channels
        && budget.costs.iter().all(|cost| *cost == 1)
}

fn limit_of(budget: &Budget, record: &Record) -> u32 {
    let segments = &record.profile.segments;
    let is_meant = |named: &[Name]| named.iter().any(|it| segments.contains(it));
    let own = budget.overrides.iter().find(|(named, _)| is_meant(named));
    own.map_or(budget.limit, |(_, limit)| *limit)
}

fn cycle(window: &Window) -> Cycle {
    match window {
        Window::Sliding(span) => Cycle::Sliding(*span),
        Window::Calendar(calendar) => Cycle::Calendar(calendar.unit),
    }
}

/// Whether a rule applies to each message of the form: all its channels and purposes, and any
/// labels.
fn is_about_all(policy: &Policy, selector: &Selector) -> bool {
    let own = purposes(policy);
    let mut channels = policy.pages.channels.iter().map(|it| Mask::of(policy.channel_position(it)));
    let mut purposes = own.iter().map(|it| Mask::of(policy.purpose_position(it)));
    channels.all(|it| selector.channels.meets(it))
        && purposes.all(|it| selector.purposes.meets(it))
        && selector.is_about_anything()
}

/// A stretch of any length.
#[must_use]
pub(super) const fn sliding(limit: u32, span: Span) -> Limit {
    Limit { limit, per: Cycle::Sliding(span) }
}

//! The contacts that spend a budget, and the units they spend.

use crate::engine::case::Case;
use crate::model::contact::PRIORITY_MAX;
use crate::model::history::Entry;
use crate::model::history::State;
use crate::policy::rules::Budget;
use crate::policy::rules::Dimension;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;

/// The states in which a contact counts for nothing, where a rule does not say otherwise.
pub(crate) const GIVEN_BACK: [State; 2] = [State::Released, State::Expired];

/// The units that a customer may use up, and the contacts that use them.
#[derive(Debug)]
pub(crate) struct Allowance<'a> {
    /// Units that contacts and this one may spend together.
    cap: u64,
    own_cost: u64,
    costs: &'a [u32],
    distinct_channels: bool,
    filter: Filter<'a>,
}

/// The contacts on record that count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter<'a> {
    /// The channels that count; none if the rule is about other customers.
    channels: Mask,
    /// The purposes that count.
    purposes: Mask,
    /// The further marks that contacts must have, if any.
    marks: Option<&'a Selector>,
    /// The dimensions in which a contact must have the value of the judged one.
    by: &'a [Dimension],
    /// The states whose contacts do not count.
    except: &'a [State],
    /// Whether only answered contacts count, or only unanswered ones; both if unset.
    answered: Option<bool>,
}

impl<'a> Filter<'a> {
    /// The contacts on record that a rule's own selector selects.
    pub(crate) fn selected(case: &Case<'_>, selector: &'a Selector) -> Self {
        Self::new(case, selector, &[], &GIVEN_BACK)
    }

    fn new(
        case: &Case<'_>,
        selector: &'a Selector,
        by: &'a [Dimension],
        except: &'a [State],
    ) -> Self {
        Self {
            channels: if case.is_customer_of(selector) { selector.channels } else { Mask::NONE },
            purposes: selector.purposes,
            marks: (!selector.is_about_anything()).then_some(selector),
            by,
            except,
            answered: None,
        }
    }

    /// Whether a contact on record counts.
    #[inline]
    pub(crate) fn counts(&self, case: &Case<'_>, entry: &Entry) -> bool {
        self.channels.meets(case.channel_mask(entry.channel))
            && self.purposes.meets(case.purpose_mask(entry.purpose))
            && !self.except.contains(&entry.state)
            && self.answered.is_none_or(|answered| answered != entry.unanswered)
            && self.marks.is_none_or(|selector| case.is_marked_by(selector, entry))
            && self.by.iter().all(|&dimension| case.is_alike(dimension, entry))
    }
}

impl<'a> Allowance<'a> {
    /// The allowance of a budget for this customer and a contact of this priority.
    pub(crate) fn of_budget(case: &Case<'_>, budget: &'a Budget) -> Self {
        let own_cost = budget.costs.get(case.channel_position).copied().unwrap_or(1);
        Self {
            cap: u64::from(cap(case, budget)),
            own_cost: if budget.distinct_channels { 1 } else { u64::from(own_cost) },
            costs: &budget.costs,
            distinct_channels: budget.distinct_channels,
            filter: Filter {
                answered: budget.answered,
                ..Filter::new(case, &budget.counts, &budget.by, &budget.refund_on)
            },
        }
    }

    /// The allowance of a customer's own cadence.
    pub(crate) fn of_cadence(case: &Case<'_>, limit: u32, selector: &'a Selector) -> Self {
        Self {
            cap: u64::from(limit),
            own_cost: 1,
            costs: &[],
            distinct_channels: false,
            filter: Filter::selected(case, selector),
        }
    }

    /// Whether a contact on record counts.
    #[inline]
    pub(crate) fn counts(&self, case: &Case<'_>, entry: &Entry) -> bool {
        self.filter.counts(case, entry)
    }

    /// An empty tally.
    pub(crate) fn tally<'c>(&'c self, case: &'c Case<'c>) -> Tally<'c> {
        let channels = if self.distinct_channels { case.channels_on_record() } else { 0 };
        Tally { allowance: self, case, units: 0, by_channel: vec![0; channels] }
    }

    /// The units that are left after `units` are spent.
    pub(crate) fn left(&self, units: u64) -> u32 {
        u32::try_from(self.cap.saturating_sub(units)).unwrap_or(u32::MAX)
    }

    /// Units that a contact on record costs.
    pub(crate) fn cost(&self, case: &Case<'_>, entry: &Entry) -> u32 {
        let position = case.position_on_record(entry.channel);
        position.and_then(|position| self.costs.get(position)).copied().unwrap_or(1)
    }
}

/// The limit for this customer, less what is kept from contacts of this priority.
pub(crate) fn cap(case: &Case<'_>, budget: &Budget) -> u32 {
    let segments = &case.record.profile.segments;
    let names_own = |names: &[_]| names.iter().any(|name| segments.contains(name));
    let mut overrides = budget.overrides.iter();
    let limit = overrides.find(|(names, _limit)| names_own(names));
    let limit = limit.map_or(budget.limit, |(_names, limit)| *limit);
    limit.saturating_sub(kept(case, budget).map_or(0, |(_least, slots)| slots))
}

/// The priority from which on a contact may use kept units, and their number; `None` if this
/// contact has that priority.
pub(crate) fn kept(case: &Case<'_>, budget: &Budget) -> Option<(u8, u32)> {
    let priority = case.contact.priority.min(PRIORITY_MAX);
    let kept = budget.keep.iter().filter(|(least, _slots)| priority < *least);
    kept.max_by_key(|(_least, slots)| *slots).copied()
}

/// Units spent by a set of contacts on record.
#[derive(Debug)]
pub(crate) struct Tally<'c> {
    allowance: &'c Allowance<'c>,
    case: &'c Case<'c>,
    units: u64,
    /// The number of contacts on each channel on record, if different channels are counted.
    by_channel: Vec<u32>,
}

impl Tally<'_> {
    /// Counts one more.
    pub(crate) fn add(&mut self, entry: &Entry) {
        if self.allowance.distinct_channels {
            if let Some(count) = self.by_channel.get_mut(usize::from(entry.channel)) {
                self.units += u64::from(*count == 0);
                *count = count.saturating_add(1);
            }
        } else {
            self.units += u64::from(self.allowance.cost(self.case, entry));
        }
    }

    /// Counts one fewer; it must have been added before.
    pub(crate) fn remove(&mut self, entry: &Entry) {
        if self.allowance.distinct_channels {
            if let Some(count) = self.by_channel.get_mut(usize::from(entry.channel)) {
                *count = count.saturating_sub(1);
                self.units = self.units.saturating_sub(u64::from(*count == 0));
            }
        } else {
            let cost = self.allowance.cost(self.case, entry);
            self.units = self.units.saturating_sub(u64::from(cost));
        }
    }

    /// Units spent.
    pub(crate) const fn units(&self) -> u64 {
        self.units
    }

    /// Whether the judged contact fits in beside the contacts that count.
    pub(crate) fn fits(&self) -> bool {
        let own = if self.uses_own_channel() { 0 } else { self.allowance.own_cost };
        self.units.saturating_add(own) <= self.allowance.cap
    }

    /// Whether different channels are counted and the contact's channel is already one of them.
    fn uses_own_channel(&self) -> bool {
        let numbered = (0_u16..).zip(&self.by_channel);
        numbered.into_iter().any(|(channel, count)| *count > 0 && self.case.is_own_channel(channel))
    }
}

//! Budgets that contradict themselves, and budgets that can never deny.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::world::World;
use crate::model::Name;
use crate::model::history::CONTACTS_MAX;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::decode::Either;
use crate::policy::document::Budget;
use crate::policy::problem::Problems;

pub(super) fn check(budget: &Budget, world: &World<'_>, problems: &mut Problems) {
    if let Either::Long(window) = &budget.per.value
        && let Some(week_starts) = &window.week_starts
        && window.calendar != CalendarUnit::Week
    {
        let message = "`week_starts` has no meaning beside other stretches than a week";
        problems.error(week_starts.position, message, "remove it, or write `calendar: week`");
    }
    for state in budget.refund_on.iter().flatten() {
        if matches!(state.value, State::Reserved | State::Sent) {
            let state_word = state.as_str();
            let message =
                format!("`refund_on` cannot have `{state_word}`: such a contact keeps its units");
            let help = "write `released`, `expired` or `bounced`";
            problems.error(state.position, message, help);
        }
    }
    keep(budget, problems);
    limits(budget, problems);
    never_denies(budget, world, problems);
}

fn keep(budget: &Budget, problems: &mut Problems) {
    for keep in &budget.keep {
        let (slots, limit) = (**keep.slots, **budget.limit);
        if slots > limit {
            let message = format!("{slots} slots cannot be kept of {limit}");
            problems.error(keep.slots.position, message, format!("write at most `{limit}`"));
        }
        if **keep.priority_at_least == 0 {
            let message = "every contact has this priority, so no slot is kept from any";
            problems.warn(keep.priority_at_least.position, message, "write a higher priority");
        }
    }
}

/// The first entry that names a segment of the customer holds, so one whose segments were all
/// named before never does.
fn limits(budget: &Budget, problems: &mut Problems) {
    let mut named: BTreeSet<&Name> = BTreeSet::new();
    for entry in &budget.limits {
        if entry.segments.iter().all(|segment| named.contains(&segment.value))
            && let Some(first) = entry.segments.first()
        {
            let message = "this limit never holds: entries before it name the same segments";
            problems.warn(first.position, message, "remove it, or move it up");
        }
        named.extend(entry.segments.iter().map(|segment| &segment.value));
    }
}

fn never_denies(budget: &Budget, world: &World<'_>, problems: &mut Problems) {
    let kept = budget.keep.iter().map(|keep| **keep.slots).max().unwrap_or(0);
    let limits = budget.limits.iter().map(|entry| **entry.limit).chain([**budget.limit]);
    let least = limits.min().unwrap_or(0).saturating_sub(kept);
    let channels = channels(budget, world);
    let costs: BTreeMap<&str, u32> =
        budget.cost.iter().map(|(name, cost)| (name.as_str(), **cost)).collect();
    let cost = |channel: &&str| costs.get(channel).copied().unwrap_or(1);
    let dearest = channels.iter().map(cost).max().unwrap_or(1);
    let (most, why) = if budget.distinct.is_some() {
        let ways = u32::try_from(channels.len()).unwrap_or(u32::MAX);
        (ways, format!("it selects no more than {ways} channels"))
    } else {
        let recorded = u32::try_from(CONTACTS_MAX).unwrap_or(u32::MAX).saturating_add(1);
        let why = format!("no more than {CONTACTS_MAX} contacts are on record");
        if counts_nothing(budget) {
            (dearest, "nothing but the contact itself counts".to_owned())
        } else if dearest == 0 && budget.counts.is_none() {
            (0, "contacts cost nothing".to_owned())
        } else {
            (recorded.saturating_mul(dearest.max(dearest_counted(budget))), why)
        }
    };
    if most <= least && !channels.is_empty() {
        let message = format!("this budget can never deny: {why}");
        problems.warn(budget.limit.position, message, "lower the limit, or remove the budget");
    }
}

/// The channels that the budget limits.
fn channels<'a>(budget: &'a Budget, world: &World<'a>) -> Vec<&'a str> {
    let listed = budget.rule.r#for.as_ref().and_then(|selector| selector.channels.as_ref());
    match listed {
        None => world.channels.clone(),
        Some(listed) => {
            let listed: BTreeSet<&str> = listed.iter().map(|name| name.as_str()).collect();
            listed.into_iter().collect()
        }
    }
}

fn counts_nothing(budget: &Budget) -> bool {
    budget.counts.as_ref().is_some_and(|counts| counts.empty_list().is_some())
}

fn dearest_counted(budget: &Budget) -> u32 {
    budget.cost.iter().map(|(_, cost)| **cost).max().unwrap_or(1).max(1)
}

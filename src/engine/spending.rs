//! Budgets and cadences: what they say of a contact, and what they leave.

use crate::engine::budget;
use crate::engine::budget::Period;
use crate::engine::case::Case;
use crate::engine::constraint::UNKNOWN;
use crate::engine::constraint::on_each_clock;
use crate::engine::count::Allowance;
use crate::engine::status::Said;
use crate::model::Instant;
use crate::model::Labels;
use crate::model::Name;
use crate::model::decision::Code;
use crate::model::wish::Cadence;
use crate::model::wish::Cycle;
use crate::policy::rules::Budget;
use crate::policy::rules::CalendarWindow;
use crate::policy::rules::Effective;
use crate::policy::rules::Window;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;
use crate::zone::Zone;

/// The result of a budget in force, on one clock if it reads one, and the units that are left for
/// the contact in its fullest window; no number of units if it reads a clock that is unknown.
pub(crate) fn of_budget(
    case: &Case<'_>,
    budget: &Budget,
    clock: Option<&Zone>,
    at: Instant,
) -> Said {
    let allowance = Allowance::of_budget(case, budget);
    of(case, &allowance, &budget.window, Moment { clock, at }, Code::BudgetSpent)
}

/// The customer's own cadence counts every contact that it is about.
pub(crate) fn of_cadence(case: &Case<'_>, cadence: &Cadence, at: Instant) -> Said {
    let selector = selector(case, cadence);
    let allowance = Allowance::of_cadence(case, cadence.limit, &selector);
    let window = window(case, cadence);
    let code = Code::PersonalCadence;
    let on = |clock: Option<&Zone>| of(case, &allowance, &window, Moment { clock, at }, code);
    if window.reads_clock() {
        on_each_clock(case, Effective::default(), at, |clock| on(Some(clock)))
    } else {
        on(None)
    }
}

/// An instant, and the clock on which it is read unless the window has its own.
#[derive(Clone, Copy)]
struct Moment<'a> {
    clock: Option<&'a Zone>,
    at: Instant,
}

fn of(
    case: &Case<'_>,
    allowance: &Allowance<'_>,
    window: &Window,
    moment: Moment<'_>,
    code: Code,
) -> Said {
    let Moment { clock, at } = moment;
    let (status, units) = match window {
        Window::Sliding(window) => budget::sliding(case, allowance, *window, at, code),
        Window::Calendar(window) => {
            let Some(clock) = window.zone.as_deref().or(clock) else { return Said::from(UNKNOWN) };
            let period = Period::around(at, window.unit, window.week_starts, clock);
            budget::calendar(case, allowance, &period, code)
        }
    };
    Said { status, left: Some(allowance.left(units)) }
}

/// The contacts that a cadence counts. Its channel, where it has one, is the contact's own.
pub(crate) fn selector(case: &Case<'_>, cadence: &Cadence) -> Selector {
    let own = Mask::of(Some(case.channel_position));
    let channels = if cadence.channel.is_some() { own } else { Mask::ALL };
    let declared = |name: &Name| case.policy.purpose_position(name);
    let purposes = cadence.purposes.iter().filter_map(declared);
    let purposes = match cadence.purposes.as_slice() {
        [] => Mask::ALL,
        _some => purposes.fold(Mask::NONE, |mask, position| mask.union(Mask::of(Some(position)))),
    };
    let topic = (!cadence.topics.is_empty()).then(|| cadence.topics.clone());
    Selector { channels, purposes, labels: Labels { topic, ..Labels::NONE }, ..Selector::ALL }
}

/// The stretch of time of a cadence.
pub(crate) fn window(case: &Case<'_>, cadence: &Cadence) -> Window {
    match cadence.per {
        Cycle::Sliding(span) => Window::Sliding(span),
        Cycle::Calendar(unit) => {
            let week_starts = case.policy.settings.week_starts;
            Window::Calendar(CalendarWindow { unit, zone: None, week_starts })
        }
    }
}

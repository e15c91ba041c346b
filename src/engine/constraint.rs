//! Everything that can deny one contact to one customer: the policy's rules, the wishes of both
//! sides, and pauses. Each says what it says at an instant.

use crate::engine::any_clock;
use crate::engine::budget;
use crate::engine::budget::Period;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::content;
use crate::engine::count::Allowance;
use crate::engine::hours;
use crate::engine::quiet_period;
use crate::engine::reaction;
use crate::engine::spacing;
use crate::engine::status::Status;
use crate::engine::status::in_force;
use crate::model::Instant;
use crate::model::Name;
use crate::model::decision::Cause;
use crate::model::decision::Code;
use crate::model::decision::NotInForce;
use crate::model::wish::Cadence;
use crate::model::wish::Cycle;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;
use crate::policy::rules::Budget;
use crate::policy::rules::CalendarWindow;
use crate::policy::rules::Effective;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Pause;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;
use crate::policy::rules::Window;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;
use crate::zone::Zone;

/// One thing that can deny the contact, at some time at least.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Constraint<'a> {
    Rule(&'a Rule),
    Reaction(&'a Reaction),
    OptOut(&'a OptOut),
    Suppression(&'a Suppression),
    Consent,
    Cadence(&'a Cadence),
    Quiet(&'a Quiet),
    Pause(&'a Pause),
}

impl Constraint<'_> {
    /// What a purpose must be exempt from to pass it; none where no purpose can be.
    pub(crate) const fn family(&self) -> Option<Family> {
        match self {
            Self::Rule(rule) => rule.kind.family(),
            Self::Reaction(_) | Self::Suppression(_) => Some(Family::Suppressions),
            Self::OptOut(_) => Some(Family::OptOuts),
            Self::Consent => Some(Family::Consent),
            Self::Cadence(_) => Some(Family::Budgets),
            Self::Quiet(Quiet::Hours(_)) => Some(Family::QuietHours),
            Self::Quiet(Quiet::Days { .. } | Quiet::Yearly { .. }) => Some(Family::QuietPeriods),
            Self::Pause(_) => None,
        }
    }

    /// The days on which it is in force.
    pub(crate) fn effective(&self) -> Effective {
        match self {
            Self::Rule(rule) => rule.effective,
            Self::Reaction(reaction) => reaction.effective,
            Self::OptOut(_)
            | Self::Suppression(_)
            | Self::Consent
            | Self::Cadence(_)
            | Self::Quiet(_)
            | Self::Pause(_) => Effective::default(),
        }
    }

    /// Whether contacts spend it: it denies this one only for others that are on record.
    pub(crate) fn is_spent_by_contacts(&self, case: &Case<'_>) -> bool {
        match self {
            Self::Rule(rule) => match &rule.kind {
                Kind::Budget(budget) => Allowance::of_budget(case, budget).tally(case).fits(),
                Kind::Spacing(spacing) => spacing.since.is_empty(),
                Kind::Backoff(_) => true,
                Kind::ContactHours(_)
                | Kind::QuietHours(_)
                | Kind::QuietPeriod(_)
                | Kind::Content(_)
                | Kind::Consent(_) => false,
            },
            Self::Cadence(cadence) => {
                let selector = cadence_selector(case, cadence);
                Allowance::of_cadence(case, cadence.limit, &selector).tally(case).fits()
            }
            Self::Reaction(_)
            | Self::OptOut(_)
            | Self::Suppression(_)
            | Self::Consent
            | Self::Quiet(_)
            | Self::Pause(_) => false,
        }
    }

    /// Its name in an answer.
    pub(crate) fn cause(&self, case: &Case<'_>) -> Cause {
        match self {
            Self::Rule(rule) => Cause::Rule(rule.name.clone()),
            Self::Reaction(reaction) => Cause::Reaction(reaction.name.clone()),
            Self::OptOut(opt_out) => {
                let scope = opt_out.scope.clone();
                let outlived = case.record.erased.is_some_and(|erased| opt_out.at <= Some(erased));
                if outlived { Cause::OutlivedOptOut(scope) } else { Cause::OptOut(scope) }
            }
            Self::Suppression(suppression) => {
                Cause::Suppression(suppression.scope.clone(), suppression.reason.clone())
            }
            Self::Consent => Cause::Consent(case.contact.channel.clone()),
            Self::Cadence(cadence) => Cause::Cadence((*cadence).clone()),
            Self::Quiet(quiet) => Cause::Quiet((*quiet).clone()),
            Self::Pause(pause) => Cause::Pause(pause.reason.clone()),
        }
    }

    /// What it says at an instant. Replies pass most families while a conversation is open.
    pub(crate) fn status(&self, case: &Case<'_>, at: Instant) -> Status {
        let yields = self.family().is_some_and(Family::yields_to_replies);
        if !yields || !case.purpose.replies {
            return self.own_status(case, at);
        }
        match case.conversation_until(at) {
            Some(until) => Status::Clear(Some(until)),
            None => self.own_status(case, at).up_to(case.next_opening(at)),
        }
    }

    fn own_status(&self, case: &Case<'_>, at: Instant) -> Status {
        match *self {
            Self::Rule(rule) => {
                if rule.effective.is_always() && !rule.kind.reads_clock() {
                    return rule_status(case, rule, None, at);
                }
                let on_clocks = || {
                    on_each_clock(case, rule.effective, at, |clock| {
                        rule_status(case, rule, Some(clock), at)
                    })
                };
                match &rule.kind {
                    Kind::QuietPeriod(period) => {
                        quiet_period::while_asked_for(case, period, at, || {
                            if case.clocks().is_empty() {
                                quiet_period::on_any_clock(case, &period.days, rule.effective, at)
                            } else {
                                on_clocks()
                            }
                        })
                    }
                    Kind::Budget(_)
                    | Kind::Spacing(_)
                    | Kind::Backoff(_)
                    | Kind::ContactHours(_)
                    | Kind::QuietHours(_)
                    | Kind::Consent(_)
                    | Kind::Content(_) => on_clocks(),
                }
            }
            Self::Reaction(reaction) => reaction_status(case, reaction, at),
            Self::OptOut(opt_out) => until(Code::OptedOut, opt_out.until, at),
            Self::Suppression(suppression) => until(Code::Suppressed, suppression.until, at),
            Self::Consent => consent::of_channel_and_purpose(case, at),
            Self::Cadence(cadence) => cadence_status(case, cadence, at),
            Self::Quiet(quiet) => match quiet_period::days_of(quiet) {
                Some(days) if case.clocks().is_empty() => {
                    quiet_period::on_any_clock(case, &days, Effective::default(), at)
                }
                Some(_) | None => on_each_clock(case, Effective::default(), at, |clock| {
                    quiet_period::of_customer(case, quiet, clock, at)
                }),
            },
            Self::Pause(pause) => match pause.from {
                Some(from) if at < from => Status::Clear(Some(from)),
                Some(_) | None => until(Code::Paused, pause.until, at),
            },
        }
    }
}

/// Denied up to an instant, or for good.
fn until(code: Code, end: Option<Instant>, at: Instant) -> Status {
    if end.is_some_and(|end| end <= at) { Status::CLEAR } else { Status::Denied(code, end) }
}

/// A rule that is in force, on one clock if it reads one.
fn rule_status(case: &Case<'_>, rule: &Rule, clock: Option<&Zone>, at: Instant) -> Status {
    match &rule.kind {
        Kind::Budget(budget) => budget_status(case, budget, clock, at),
        Kind::Spacing(least) => spacing::spacing(case, rule, least, clock, at),
        Kind::Backoff(backoff) => spacing::backoff(case, rule, backoff, at),
        Kind::ContactHours(hours) => match hours.zone.as_deref().or(clock) {
            Some(clock) => hours::contact_hours(hours, clock, at),
            None => UNKNOWN,
        },
        Kind::QuietHours(hours) => match hours.zone.as_deref().or(clock) {
            Some(clock) => hours::quiet_hours(hours, clock, at),
            None => UNKNOWN,
        },
        Kind::QuietPeriod(period) => match clock {
            Some(clock) => quiet_period::of_policy(case, period, clock, at),
            None => UNKNOWN,
        },
        Kind::Consent(rule) => consent::of_rule(case, rule, at),
        Kind::Content(content) => content::content(case, content, clock, at),
    }
}

const UNKNOWN: Status = Status::Denied(Code::UnknownTimeZone, None);

fn budget_status(case: &Case<'_>, budget: &Budget, clock: Option<&Zone>, at: Instant) -> Status {
    let allowance = Allowance::of_budget(case, budget);
    match &budget.window {
        Window::Sliding(window) => {
            budget::sliding(case, &allowance, *window, at, Code::BudgetSpent)
        }
        Window::Calendar(window) => match window.zone.as_deref().or(clock) {
            Some(clock) => {
                let period = Period::around(at, window.unit, window.week_starts, clock);
                budget::calendar(case, &allowance, &period, Code::BudgetSpent)
            }
            None => UNKNOWN,
        },
    }
}

/// Units of a budget that are left for the contact, in its fullest window and on the clock on
/// which they are least; none where the budget is not in force, or the time zone is not known.
pub(crate) fn remaining(case: &Case<'_>, rule: &Rule, budget: &Budget, at: Instant) -> Option<u32> {
    let allowance = Allowance::of_budget(case, budget);
    let left = |clock: Option<&Zone>| left_on(case, &allowance, &budget.window, clock, at);
    if rule.effective.is_always() && !budget.window.reads_clock() {
        return left(None);
    }
    let clocks = case.clocks();
    if clocks.is_empty() {
        let status = on_each_clock(case, rule.effective, at, |_| UNKNOWN);
        let applies = matches!(status, Status::Denied(..));
        return left(None).filter(|_| applies);
    }
    let in_force = clocks.iter().filter(|clock| {
        let (from, end) = dates(rule.effective, clock);
        from.is_none_or(|from| from <= at) && end.is_none_or(|end| at < end)
    });
    in_force.filter_map(|clock| left(Some(clock))).min()
}

fn left_on(
    case: &Case<'_>,
    allowance: &Allowance<'_>,
    window: &Window,
    clock: Option<&Zone>,
    at: Instant,
) -> Option<u32> {
    match window {
        Window::Sliding(window) => {
            Some(allowance.left(budget::sliding_units(case, allowance, *window, at)))
        }
        Window::Calendar(window) => {
            let clock = window.zone.as_deref().or(clock)?;
            let period = Period::around(at, window.unit, window.week_starts, clock);
            Some(allowance.left(budget::calendar_units(case, allowance, &period)))
        }
    }
}

/// What is left of an allowance on the clock on which it is least; none where it takes a clock and
/// the customer's is not known.
pub(crate) fn left(
    case: &Case<'_>,
    allowance: &Allowance<'_>,
    window: &Window,
    at: Instant,
) -> Option<u32> {
    if !window.reads_clock() {
        return left_on(case, allowance, window, None, at);
    }
    let clocks = case.clocks().iter();
    clocks.filter_map(|clock| left_on(case, allowance, window, Some(clock), at)).min()
}

/// The customer's own cadence counts every contact that it is about.
fn cadence_status(case: &Case<'_>, cadence: &Cadence, at: Instant) -> Status {
    let selector = cadence_selector(case, cadence);
    let allowance = Allowance::of_cadence(case, cadence.limit, &selector);
    let code = Code::PersonalCadence;
    match cadence_window(case, cadence) {
        Window::Sliding(window) => budget::sliding(case, &allowance, window, at, code),
        Window::Calendar(window) => on_each_clock(case, Effective::default(), at, |clock| {
            let period = Period::around(at, window.unit, window.week_starts, clock);
            budget::calendar(case, &allowance, &period, code)
        }),
    }
}

/// The contacts that a cadence counts. Its channel, where it has one, is the contact's own.
pub(crate) fn cadence_selector(case: &Case<'_>, cadence: &Cadence) -> Selector {
    let own = Mask::of(Some(case.channel_position));
    let channels = if cadence.channel.is_some() { own } else { Mask::ALL };
    let declared = |name: &Name| case.policy.purpose_position(name);
    let purposes = cadence.purposes.iter().filter_map(declared);
    let purposes = match cadence.purposes.as_slice() {
        [] => Mask::ALL,
        _some => purposes.fold(Mask::NONE, |mask, position| mask.union(Mask::of(Some(position)))),
    };
    let topics = (!cadence.topics.is_empty()).then(|| cadence.topics.clone());
    Selector { channels, purposes, topics, ..Selector::ALL }
}

/// The stretch of time of a cadence.
pub(crate) fn cadence_window(case: &Case<'_>, cadence: &Cadence) -> Window {
    match cadence.per {
        Cycle::Sliding(span) => Window::Sliding(span),
        Cycle::Calendar(unit) => {
            let week_starts = case.policy.settings.week_starts;
            Window::Calendar(CalendarWindow { unit, zone: None, week_starts })
        }
    }
}

/// A reaction needs a clock to be in force on certain days, and to end with a day. Without one, a
/// day is not known to have ended; and what has not happened yet needs none.
fn reaction_status(case: &Case<'_>, reaction: &Reaction, at: Instant) -> Status {
    let by_days = matches!(reaction.lasts, Some(Lapse::CalendarDays(_) | Lapse::FullDays(_)));
    let dated = !reaction.effective.is_always();
    if case.clocks().is_empty() || !(dated || by_days) {
        let status = reaction::reaction(case, reaction, None, at);
        if !dated || matches!(status, Status::Clear(_)) {
            return status;
        }
    }
    on_each_clock(case, reaction.effective, at, |clock| {
        reaction::reaction(case, reaction, Some(clock), at)
    })
}

/// What a rule with dates says when each of the customer's clocks must be satisfied. Without a
/// clock it denies, unless no clock on earth shows one of its dates.
fn on_each_clock(
    case: &Case<'_>,
    effective: Effective,
    at: Instant,
    status: impl Fn(&Zone) -> Status,
) -> Status {
    let clocks = case.clocks();
    if clocks.is_empty() {
        return any_clock::unknown(effective, at);
    }
    clocks.iter().fold(Status::CLEAR, |all, clock| {
        let (from, end) = dates(effective, clock);
        all.and(in_force(from, end, at, || status(clock)))
    })
}

/// The first instant at which a rule is in force on a clock, and the first at which it is no more.
fn dates(effective: Effective, clock: &Zone) -> (Option<Instant>, Option<Instant>) {
    let from = effective.from.map(|day| clock.start_of(day));
    (from, effective.until.map(|day| clock.start_of(day.plus(1))))
}

/// On which side of its dates a rule is, where none of the customer's clocks shows one of them.
/// Without a clock it is where no clock on earth does.
pub(crate) fn not_in_force(
    case: &Case<'_>,
    effective: Effective,
    at: Instant,
) -> Option<NotInForce> {
    let edges: Vec<(Option<Instant>, Option<Instant>)> = match case.clocks() {
        [] => vec![any_clock::edges(effective)],
        clocks => clocks.iter().map(|clock| dates(effective, clock)).collect(),
    };
    if edges.iter().all(|(from, _)| from.is_some_and(|from| at < from)) {
        return effective.from.map(NotInForce::Until);
    }
    let ended = edges.iter().all(|(_, end)| end.is_some_and(|end| end <= at));
    effective.until.filter(|_| ended).map(|last| NotInForce::Since(last.plus(1)))
}

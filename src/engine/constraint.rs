//! Everything that can deny one contact to one customer: the policy's rules, the wishes of both
//! sides, and pauses. Each has a status at an instant.

use crate::engine::any_clock;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::content;
use crate::engine::count::Allowance;
use crate::engine::hours;
use crate::engine::quiet_period;
use crate::engine::reaction;
use crate::engine::spacing;
use crate::engine::spending;
use crate::engine::status::Said;
use crate::engine::status::Status;
use crate::engine::status::in_force;
use crate::model::Instant;
use crate::model::decision::Cause;
use crate::model::decision::Code;
use crate::model::decision::NotInForce;
use crate::model::wish::Cadence;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;
use crate::policy::rules::Effective;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Pause;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;
use crate::zone::Zone;

/// A rule, reaction, wish or pause that can deny the contact at some time.
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
    /// The family that a purpose must be exempt from to pass this; `None` if no purpose can pass
    /// it.
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

    /// Whether contacts spend it: it denies this contact only because of others on record.
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
                let selector = spending::selector(case, cadence);
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

    /// The name of the cause in an answer.
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

    /// The status at an instant.
    pub(crate) fn status(&self, case: &Case<'_>, at: Instant) -> Status {
        self.ask(case, at).status
    }

    /// The status at an instant, and the units that are left of a budget. Replies pass most
    /// families while a conversation is open.
    pub(crate) fn ask(&self, case: &Case<'_>, at: Instant) -> Said {
        let said = self.own(case, at);
        if !case.purpose.replies || !self.family().is_some_and(Family::yields_to_replies) {
            return said;
        }
        let status = match case.conversation_until(at) {
            Some(until) => Status::Clear(Some(until)),
            None => said.status.up_to(case.next_opening(at)),
        };
        Said { status, ..said }
    }

    fn own(&self, case: &Case<'_>, at: Instant) -> Said {
        let status = match *self {
            Self::Rule(rule) => return rule_says(case, rule, at),
            Self::Reaction(reaction) => return reaction_says(case, reaction, at),
            Self::OptOut(opt_out) => until(Code::OptedOut, opt_out.until, at),
            Self::Suppression(suppression) => until(Code::Suppressed, suppression.until, at),
            Self::Consent => consent::of_channel_and_purpose(case, at),
            Self::Cadence(cadence) => return spending::of_cadence(case, cadence, at),
            Self::Quiet(quiet) => match quiet_period::days_of(quiet) {
                Some(days) if case.clocks().is_empty() => {
                    quiet_period::on_any_clock(case, &days, Effective::default(), at)
                }
                Some(_) | None => {
                    return on_each_clock(case, Effective::default(), at, |clock| {
                        quiet_period::of_customer(case, quiet, clock, at)
                    });
                }
            },
            Self::Pause(pause) => match pause.from {
                Some(from) if at < from => Status::Clear(Some(from)),
                Some(_) | None => until(Code::Paused, pause.until, at),
            },
        };
        Said::from(status)
    }
}

/// Denied up to an instant, or for good.
fn until(code: Code, end: Option<Instant>, at: Instant) -> Status {
    if end.is_some_and(|end| end <= at) { Status::CLEAR } else { Status::Denied(code, end) }
}

fn rule_says(case: &Case<'_>, rule: &Rule, at: Instant) -> Said {
    if rule.effective.is_always() && !rule.kind.reads_clock() {
        return says_on(case, rule, None, at);
    }
    let on_clocks =
        || on_each_clock(case, rule.effective, at, |clock| says_on(case, rule, Some(clock), at));
    match &rule.kind {
        Kind::Budget(_) if case.clocks().is_empty() => {
            let status = any_clock::unknown(rule.effective, at);
            let applies = matches!(status, Status::Denied(..));
            Said { status, left: says_on(case, rule, None, at).left.filter(|_| applies) }
        }
        Kind::QuietPeriod(period) => {
            Said::from(quiet_period::while_asked_for(case, period, at, || {
                if case.clocks().is_empty() {
                    quiet_period::on_any_clock(case, &period.days, rule.effective, at)
                } else {
                    on_clocks().status
                }
            }))
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

/// A rule that is in force, on one clock if it reads one.
fn says_on(case: &Case<'_>, rule: &Rule, clock: Option<&Zone>, at: Instant) -> Said {
    Said::from(match &rule.kind {
        Kind::Budget(budget) => return spending::of_budget(case, budget, clock, at),
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
    })
}

/// The status of a rule that needs the customer's clock, if no clock is known.
pub(crate) const UNKNOWN: Status = Status::Denied(Code::UnknownTimeZone, None);

/// A reaction needs a clock to be in force on certain days, and to end with a day. Without one, a
/// day is not known to have ended; and what has not happened yet needs none.
fn reaction_says(case: &Case<'_>, reaction: &Reaction, at: Instant) -> Said {
    let by_days = matches!(reaction.lasts, Some(Lapse::CalendarDays(_) | Lapse::FullDays(_)));
    let dated = !reaction.effective.is_always();
    if case.clocks().is_empty() || !(dated || by_days) {
        let status = reaction::reaction(case, reaction, None, at);
        if !dated || matches!(status, Status::Clear(_)) {
            return Said::from(status);
        }
    }
    on_each_clock(case, reaction.effective, at, |clock| {
        reaction::reaction(case, reaction, Some(clock), at)
    })
}

/// The status of a rule with dates that each of the customer's clocks must satisfy. Without a clock
/// it denies, unless no clock on earth shows one of its dates.
pub(crate) fn on_each_clock<S: Into<Said>>(
    case: &Case<'_>,
    effective: Effective,
    at: Instant,
    says: impl Fn(&Zone) -> S,
) -> Said {
    let clocks = match case.clocks() {
        [] => return Said::from(any_clock::unknown(effective, at)),
        [clock] if effective.is_always() => return says(clock).into(),
        clocks => clocks,
    };
    clocks.iter().fold(Said::from(Status::CLEAR), |all, clock| {
        let (from, end) = dates(effective, clock);
        all.and(in_force(from, end, at, || says(clock).into()))
    })
}

/// The first instant at which a rule is in force on a clock, and the first at which it no longer
/// is.
fn dates(effective: Effective, clock: &Zone) -> (Option<Instant>, Option<Instant>) {
    let from = effective.from.map(|day| clock.start_of(day));
    (from, effective.until.map(|day| clock.start_of(day.plus(1))))
}

/// The side of its dates on which a rule is, if none of the customer's clocks shows one of them.
/// Without a clock it is on a side if it is so on every clock on earth.
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

//! Rules and wishes in words, for people who read a trace.

use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint;
use crate::engine::constraint::Constraint;
use crate::engine::count;
use crate::model::Instant;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Cycle;
use crate::model::wish::Quiet;
use crate::policy::rules::Budget;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;
use crate::policy::rules::Window;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;

/// The family's name in the policy language or in a customer's record.
pub(crate) const fn family(constraint: &Constraint<'_>) -> &'static str {
    match constraint {
        Constraint::Rule(rule) => match &rule.kind {
            Kind::Budget(_) => "budgets",
            Kind::Spacing(_) => "spacing",
            Kind::Backoff(_) => "backoff",
            Kind::ContactHours(_) => "contact_hours",
            Kind::QuietHours(_) => "quiet_hours",
            Kind::QuietPeriod(_) => "quiet_periods",
            Kind::Consent(_) => "consents",
            Kind::Content(_) => "content_rules",
        },
        Constraint::Reaction(_) => "reactions",
        Constraint::OptOut(_) => "opt_outs",
        Constraint::Suppression(_) => "suppressions",
        Constraint::Consent => "consent",
        Constraint::Cadence(_) => "cadence",
        Constraint::Quiet(_) => "quiet",
        Constraint::Pause(_) => "pauses",
    }
}

/// Why a rule is not about a contact.
pub(crate) fn why_not(case: &Case<'_>, rule: &Rule) -> String {
    let selector = &rule.selector;
    let contact = case.contact;
    let own_channel = Mask::of(Some(case.channel_position));
    let own_purpose = Mask::of(Some(case.purpose_position));
    if !selector.channels.meets(own_channel) {
        format!("not about channel {}", contact.channel)
    } else if !selector.purposes.meets(own_purpose) {
        format!("not about purpose {}", contact.purpose)
    } else if !selector.matches_priority(contact.priority) {
        format!("not about priority {}", contact.priority)
    } else if !case.is_customer_of(&Selector { segments: None, ..selector.clone() }) {
        "not about the customer's jurisdictions".to_owned()
    } else if !case.is_customer_of(selector) {
        "not about the customer's segments".to_owned()
    } else if case.is_selected_by(selector) {
        "the customer did not opt out of the occasion".to_owned()
    } else {
        "not about this topic, campaign, brand or occasion".to_owned()
    }
}

/// What a rule asks for, for a budget how much of it is left, and where the rule comes from.
pub(crate) fn rule(case: &Case<'_>, rule: &Rule, at: Instant) -> String {
    let text = demand(case, rule, at);
    match &rule.source {
        Some(source) => format!("{text} ({source})"),
        None => text,
    }
}

fn demand(case: &Case<'_>, rule: &Rule, at: Instant) -> String {
    match &rule.kind {
        Kind::Budget(budget) => self::budget(case, rule, budget, at),
        Kind::Spacing(spacing) => {
            let least = lapse(spacing.least);
            let kinds: Vec<&str> = spacing.since.iter().map(|kind| kind.as_str()).collect();
            if kinds.is_empty() {
                format!("{least} between contacts")
            } else {
                format!("{least} after {}", kinds.join(", "))
            }
        }
        Kind::Backoff(backoff) => {
            let (after, base, factor) = (backoff.after, backoff.base, backoff.factor);
            format!("after {after} without an engagement: {base}, then {factor} times as long")
        }
        Kind::ContactHours(_) => "closed outside these hours".to_owned(),
        Kind::QuietHours(_) => "closed inside these hours".to_owned(),
        Kind::QuietPeriod(_) => "closed on these days".to_owned(),
        Kind::Consent(rule) => consent::wanted_by(case, rule),
        Kind::Content(content) => content.expression.source().to_owned(),
    }
}

fn budget(case: &Case<'_>, rule: &Rule, budget: &Budget, at: Instant) -> String {
    let cap = count::cap(case, budget);
    let window = match &budget.window {
        Window::Sliding(span) => span.to_string(),
        Window::Calendar(calendar) => unit(calendar.unit).to_owned(),
    };
    match constraint::remaining(case, rule, budget, at) {
        Some(left) => format!("{left} of {cap} left in {window}"),
        None => format!("{cap} in {window}"),
    }
}

/// What a reaction does.
pub(crate) fn reaction(reaction: &Reaction) -> String {
    let times = match reaction.times {
        1 => String::new(),
        times => format!(" {times} times"),
    };
    let lasts = reaction
        .lasts
        .map_or_else(|| "for good".to_owned(), |lasts| format!("for {}", lapse(lasts)));
    format!("{}{times} suppresses {lasts}", reaction.on)
}

/// What a wish asks for.
pub(crate) fn wish(case: &Case<'_>, constraint: &Constraint<'_>) -> String {
    match constraint {
        Constraint::Rule(_) | Constraint::Reaction(_) => String::new(),
        Constraint::OptOut(opt_out) => format!("opted out of {}", opt_out.scope),
        Constraint::Suppression(suppression) => match &suppression.reason {
            Some(reason) => format!("{reason}: {}", suppression.scope),
            None => suppression.scope.to_string(),
        },
        Constraint::Consent => consent::wanted(case),
        Constraint::Cadence(cadence) => match cadence.per {
            Cycle::Sliding(span) => format!("at most {} in {span}", cadence.limit),
            Cycle::Calendar(calendar) => format!("at most {} in {}", cadence.limit, unit(calendar)),
        },
        Constraint::Quiet(quiet) => match quiet {
            Quiet::Days { first, last } => format!("{first} to {last}"),
            Quiet::Yearly { date, around } => {
                format!("{:02}-{:02} and {around} days around it", date.month, date.day)
            }
            Quiet::Hours { from_secs, to_secs } => {
                format!("{} to {}", time_of_day(*from_secs), time_of_day(*to_secs))
            }
        },
        Constraint::Pause(pause) => pause.reason.clone(),
    }
}

fn lapse(lapse: Lapse) -> String {
    match lapse {
        Lapse::Span(span) => span.to_string(),
        Lapse::CalendarDays(days) => format!("{days} calendar days"),
        Lapse::FullDays(days) => format!("{days} full days"),
    }
}

const fn unit(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Day => "a calendar day",
        CalendarUnit::Week => "a calendar week",
        CalendarUnit::Month => "a calendar month",
        CalendarUnit::Quarter => "a calendar quarter",
        CalendarUnit::Year => "a calendar year",
    }
}

fn time_of_day(secs: u32) -> String {
    format!("{:02}:{:02}", secs / 3_600, secs / 60 % 60)
}

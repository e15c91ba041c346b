//! Rules and wishes in words, for people who read a trace.

use super::days;
use super::hours;
use super::wishes;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint;
use crate::engine::constraint::Constraint;
use crate::engine::count;
use crate::engine::spacing;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Quiet;
use crate::policy::rules::Backoff;
use crate::policy::rules::Budget;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;
use crate::policy::rules::Spacing;
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

/// Why a reaction suppresses nothing.
pub(crate) fn why_no_reaction(case: &Case<'_>, reaction: &Reaction) -> String {
    if case.is_selected_by(&reaction.suppress) {
        format!("no {} on record; {}", reaction.on, self::reaction(reaction))
    } else {
        format!("suppresses other contacts; {}", self::reaction(reaction))
    }
}

/// The result of a rule, a reaction or a wish that is about the contact, in words that hold at the
/// instant, and where the rule comes from.
pub(crate) fn note(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    let yields = constraint.family().is_some_and(Family::yields_to_replies);
    let reply_until = case.conversation_until(at).filter(|_| yields && case.purpose.replies);
    if let Some(until) = reply_until {
        return format!("passed as a reply in a conversation that is open until {until}");
    }
    let text = match constraint {
        Constraint::Rule(rule) => self::rule(case, rule, at),
        Constraint::Reaction(reaction) => reacted(case, constraint, reaction, at),
        Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Consent
        | Constraint::Cadence(_)
        | Constraint::Quiet(_)
        | Constraint::Pause(_) => wishes::note(case, constraint, at),
    };
    sourced(constraint, text)
}

/// A text about a rule, and where the rule comes from.
pub(crate) fn sourced(constraint: &Constraint<'_>, text: String) -> String {
    let Constraint::Rule(rule) = constraint else { return text };
    match &rule.source {
        Some(source) => format!("{text} ({source})"),
        None => text,
    }
}

/// What something asks for that cannot be judged without a clock; none where its reason says so.
pub(crate) fn demand(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> Option<String> {
    match constraint {
        Constraint::Rule(rule) => match &rule.kind {
            Kind::QuietPeriod(_) => None,
            Kind::Budget(_)
            | Kind::Spacing(_)
            | Kind::Backoff(_)
            | Kind::ContactHours(_)
            | Kind::QuietHours(_)
            | Kind::Content(_)
            | Kind::Consent(_) => Some(self::rule(case, rule, at)),
        },
        Constraint::Reaction(reaction) => Some(self::reaction(reaction)),
        Constraint::Quiet(Quiet::Days { .. } | Quiet::Yearly { .. }) => None,
        Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Consent
        | Constraint::Cadence(_)
        | Constraint::Quiet(Quiet::Hours(_))
        | Constraint::Pause(_) => Some(wishes::note(case, constraint, at)),
    }
}

fn rule(case: &Case<'_>, rule: &Rule, at: Instant) -> String {
    let constraint = Constraint::Rule(rule);
    match &rule.kind {
        Kind::Budget(budget) => self::budget(case, rule, budget, at),
        Kind::Spacing(spacing) => self::spacing(case, rule, spacing, at),
        Kind::Backoff(backoff) => self::backoff(case, rule, backoff, at),
        Kind::ContactHours(hours) => hours::rule(case, &constraint, hours, "open", at),
        Kind::QuietHours(hours) => hours::rule(case, &constraint, hours, "closed", at),
        Kind::QuietPeriod(period) => days::open(case, &period.days, at),
        Kind::Consent(rule) => consent::note_of_rule(case, rule, at),
        Kind::Content(content) => match constraint.status(case, at) {
            Status::Denied(..) => format!("refuses: {}", content.expression.source()),
            Status::Clear(_) => format!("does not apply: {}", content.expression.source()),
        },
    }
}

fn budget(case: &Case<'_>, rule: &Rule, budget: &Budget, at: Instant) -> String {
    let cap = count::cap(case, budget);
    let window = window(&budget.window);
    match constraint::remaining(case, rule, budget, at) {
        Some(left) => format!("{left} of {cap} left in {window}"),
        None => format!("{cap} in {window}"),
    }
}

/// A stretch of time in which contacts are counted.
pub(crate) fn window(window: &Window) -> String {
    match window {
        Window::Sliding(span) => span.to_string(),
        Window::Calendar(calendar) => unit(calendar.unit).to_owned(),
    }
}

fn spacing(case: &Case<'_>, rule: &Rule, spacing: &Spacing, at: Instant) -> String {
    let least = lapse(spacing.least);
    let kinds: Vec<&str> = spacing.since.iter().map(|kind| kind.as_str()).collect();
    let nearest = spacing::nearest(case, rule, spacing, at);
    match (kinds.is_empty(), nearest) {
        (true, Some(other)) => format!("{least} between contacts; the nearest is at {other}"),
        (true, None) => format!("{least} between contacts; there is no other"),
        (false, Some(event)) => format!("{least} after {}; the last was {event}", kinds.join(", ")),
        (false, None) => format!("{least} after {}; there was none", kinds.join(", ")),
    }
}

fn backoff(case: &Case<'_>, rule: &Rule, backoff: &Backoff, at: Instant) -> String {
    let (unanswered, last) = spacing::unanswered(case, rule, backoff, at);
    let (after, base, factor) = (backoff.after, backoff.base, backoff.factor);
    let most = backoff.most.map_or_else(String::new, |most| format!(", {most} at the most"));
    let last = last.map_or_else(String::new, |last| format!(", the last at {last}"));
    format!(
        "{unanswered} without an engagement{last}; from {after} on {base} of silence, then {factor} \
         times as long{most}"
    )
}

/// What a reaction does.
fn reaction(reaction: &Reaction) -> String {
    let times = match (reaction.times, reaction.within) {
        (1, _) => String::new(),
        (times, None) => format!(" {times} times in a row"),
        (times, Some(within)) => format!(" {times} times within {within}"),
    };
    let lasts = reaction
        .lasts
        .map_or_else(|| "for good".to_owned(), |lasts| format!("for {}", lapse(lasts)));
    format!("{}{times} suppresses {lasts}", reaction.on)
}

fn reacted(
    case: &Case<'_>,
    constraint: &Constraint<'_>,
    reaction: &Reaction,
    at: Instant,
) -> String {
    let rule = self::reaction(reaction);
    let happened = case.events().iter().filter(|event| {
        event.at <= at && crate::engine::reaction::is_concerned(case, event, reaction)
    });
    let last = crate::engine::reaction::last_trigger(case, reaction, at);
    match (constraint.status(case, at), last) {
        (Status::Denied(..), Some(last)) => format!("{rule}: suppressed since {last}"),
        (Status::Clear(_), Some(last)) => format!("{rule}: over, it began at {last}"),
        (_, None) => format!("{rule}: {} so far", happened.count()),
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

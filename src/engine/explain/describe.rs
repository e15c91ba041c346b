//! Rules and wishes in words, for people who read a trace.

use super::days;
use super::hours;
use super::wishes;
use crate::engine::case::Case;
use crate::engine::consent;
use crate::engine::constraint::Constraint;
use crate::engine::count;
use crate::engine::moment;
use crate::engine::reaction;
use crate::engine::spacing;
use crate::engine::status::Status;
use crate::model::Instant;
use crate::model::Label;
use crate::model::Word;
use crate::model::wish::Quiet;
use crate::policy::rules::Backoff;
use crate::policy::rules::Budget;
use crate::policy::rules::Dimension;
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
        Constraint::Rule(rule) => rule.kind.section(),
        Constraint::Reaction(_) => "reactions",
        Constraint::OptOut(_) => "opt_outs",
        Constraint::Suppression(_) => "suppressions",
        Constraint::Consent => "consent",
        Constraint::Cadence(_) => "cadence",
        Constraint::Quiet(_) => "quiet",
        Constraint::Pause(_) => "pauses",
    }
}

/// The reason why a rule does not apply to a contact.
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
        let labels = Vec::from_iter(Label::ALL.map(Label::as_str)).join(", ");
        format!("not about this {labels} or occasion")
    }
}

/// The reason why a reaction suppresses nothing.
pub(crate) fn why_no_reaction(case: &Case<'_>, reaction: &Reaction) -> String {
    if case.is_selected_by(&reaction.suppress) {
        format!("no {} on record; {}", reaction.on, outcome_of(reaction))
    } else {
        format!("suppresses other contacts; {}", outcome_of(reaction))
    }
}

/// The result of a rule, a reaction or a wish that is about the contact, in words that hold at the
/// instant, and where the rule comes from.
pub(crate) fn note(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    let yields = constraint.family().is_some_and(Family::yields_to_replies);
    let reply_until = case.conversation_until(at).filter(|_| yields && case.purpose.replies);
    if let Some(until) = reply_until {
        let until = moment::since(case, until);
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

/// The demand of a constraint that cannot be judged without a clock; `None` if its reason already
/// says it.
pub(crate) fn demand(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> Option<String> {
    let days = match constraint {
        Constraint::Rule(rule) => matches!(rule.kind, Kind::QuietPeriod(_)),
        Constraint::Quiet(quiet) => matches!(quiet, Quiet::Days { .. } | Quiet::Yearly { .. }),
        Constraint::Reaction(_)
        | Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Consent
        | Constraint::Cadence(_)
        | Constraint::Pause(_) => false,
    };
    (!days).then(|| asked(case, constraint, at))
}

/// The demand of a constraint, whatever its result.
pub(crate) fn asked(case: &Case<'_>, constraint: &Constraint<'_>, at: Instant) -> String {
    match constraint {
        Constraint::Rule(rule) => match &rule.kind {
            Kind::Budget(budget) => {
                format!("{}{}", count::cap(case, budget), span_of(case, budget))
            }
            Kind::Spacing(spacing) => distance(spacing),
            Kind::Backoff(backoff) => silence(backoff),
            Kind::ContactHours(hours) => hours::asked(case, hours, "open", at),
            Kind::QuietHours(hours) => hours::asked(case, hours, "closed", at),
            Kind::QuietPeriod(period) => days::asked(case, &period.days, at),
            Kind::Consent(rule) => consent::wanted_by(case, rule),
            Kind::Content(content) => format!("refuses: {}", content.expression.source()),
        },
        Constraint::Reaction(reaction) => outcome_of(reaction),
        Constraint::OptOut(_)
        | Constraint::Suppression(_)
        | Constraint::Consent
        | Constraint::Cadence(_)
        | Constraint::Quiet(_)
        | Constraint::Pause(_) => wishes::asked(case, constraint, at),
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
    let (cap, span) = (count::cap(case, budget), span_of(case, budget));
    let left = match Constraint::Rule(rule).ask(case, at).left {
        Some(0) if uses_its_channel(case, rule, budget, at) => {
            format!("0 of {cap} channels left{span}; {} is one of those used", case.contact.channel)
        }
        Some(left) if budget.distinct_channels => format!("{left} of {cap} channels left{span}"),
        Some(left) => format!("{left} of {cap} left{span}"),
        None => format!("{cap}{span}"),
    };
    let cost = budget.costs.get(case.channel_position).copied().unwrap_or(1);
    let mut text = left;
    if cost != 1 && !budget.distinct_channels {
        text = format!("{text}; {} costs {cost}", case.contact.channel);
    }
    match count::kept(case, budget) {
        Some((priority, slots)) => {
            format!("{text}; {slots} more for priority {priority} and above")
        }
        None => text,
    }
}

/// Whether different channels are counted, and the contact's is one of them already.
fn uses_its_channel(case: &Case<'_>, rule: &Rule, budget: &Budget, at: Instant) -> bool {
    let status = Constraint::Rule(rule).status(case, at);
    budget.distinct_channels && matches!(status, Status::Clear(_))
}

/// The dimensions that divide a budget, and its period.
fn span_of(case: &Case<'_>, budget: &Budget) -> String {
    let contact = case.contact;
    let divided = budget.by.iter().map(|dimension| {
        let name = dimension.word();
        let value = match dimension {
            Dimension::Label(label) => contact.labels.each().get(*label).as_ref(),
            Dimension::Channel => Some(&contact.channel),
            Dimension::Purpose => Some(&contact.purpose),
        };
        value.map_or_else(|| format!(" without a {name}"), |it| format!(" of {name} {it}"))
    });
    let divided: String = divided.collect();
    format!("{divided} in {}", window(&budget.window))
}

/// A stretch of time in which contacts are counted.
pub(crate) fn window(window: &Window) -> String {
    match window {
        Window::Sliding(span) => span.to_string(),
        Window::Calendar(calendar) => match &calendar.zone {
            Some(zone) => format!("a calendar {} of {}", calendar.unit, zone.name()),
            None => format!("a calendar {}", calendar.unit),
        },
    }
}

fn spacing(case: &Case<'_>, rule: &Rule, spacing: &Spacing, at: Instant) -> String {
    let asked = distance(spacing);
    match (spacing.since.is_empty(), spacing::nearest(case, rule, spacing, at)) {
        (true, Some(other)) => {
            format!("{asked}; the nearest is at {}", moment::since(case, other))
        }
        (true, None) => format!("{asked}; there is no other"),
        (false, Some(event)) => format!("{asked}; the last was {}", moment::since(case, event)),
        (false, None) => format!("{asked}; there was none"),
    }
}

/// The distance between contacts, or after events.
fn distance(spacing: &Spacing) -> String {
    let least = lapse(spacing.least);
    let kinds: Vec<&str> = spacing.since.iter().map(|kind| kind.as_str()).collect();
    match kinds.as_slice() {
        [] => format!("{least} between contacts"),
        kinds => format!("{least} after {}", kinds.join(", ")),
    }
}

fn backoff(case: &Case<'_>, rule: &Rule, backoff: &Backoff, at: Instant) -> String {
    let (unanswered, last) = spacing::unanswered(case, rule, backoff, at);
    let last = last.map(|last| format!(", the last at {}", moment::since(case, last)));
    let last = last.unwrap_or_default();
    format!("{unanswered} without an engagement{last}; {}", silence(backoff))
}

/// The growth of the silence.
fn silence(backoff: &Backoff) -> String {
    let (after, base, factor) = (backoff.after, backoff.base, backoff.factor);
    let most = backoff.most.map_or_else(String::new, |most| format!(", {most} at the most"));
    format!("from {after} on {base} of silence, then {factor} times as long{most}")
}

/// The effect of a reaction.
fn outcome_of(reaction: &Reaction) -> String {
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
    let rule = outcome_of(reaction);
    let last = reaction::last_trigger(case, reaction, at);
    match (constraint.status(case, at), last) {
        (Status::Denied(..), Some(last)) => {
            format!("{rule}: suppressed since {}", moment::since(case, last))
        }
        (Status::Clear(_), Some(last)) => {
            format!("{rule}: over, it began at {}", moment::since(case, last))
        }
        (_, None) => format!("{rule}: {} so far", reaction::so_far(case, reaction, at)),
    }
}

fn lapse(lapse: Lapse) -> String {
    match lapse {
        Lapse::Span(span) => span.to_string(),
        Lapse::CalendarDays(days) => format!("{days} calendar days"),
        Lapse::FullDays(days) => format!("{days} full days"),
    }
}

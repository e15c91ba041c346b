//! How far back rules look, and so how long history must be kept.

use crate::model::Name;
use crate::model::Span;
use crate::model::wish::CalendarUnit;
use crate::policy::decode::Either;
use crate::policy::document::AnyRule;
use crate::policy::document::Length;
use crate::policy::document::Per;
use crate::policy::documents::Documents;
use crate::policy::rules::ROW_AGE;

/// How far a rule looks back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach<'a> {
    /// The rule; none is a reaction without a name.
    pub(super) rule: Option<&'a Name>,
    /// How far.
    pub(super) span: Span,
}

/// The rule that looks back furthest.
pub(super) fn longest(documents: &Documents) -> Option<Reach<'_>> {
    let rules = documents.all().flat_map(|document| document.rules()).filter_map(|any| {
        let span = reach(any)?;
        Some(Reach { rule: Some(&any.rule().name.value), span })
    });
    let reactions = documents.all().flat_map(|document| document.reactions.iter());
    let reactions = reactions.filter_map(|reaction| {
        let lasts = reaction.r#for.as_deref().map(length);
        let in_row = reaction.times.as_ref().is_some_and(|times| **times > 1).then_some(ROW_AGE);
        let within = reaction.within.as_deref().copied().or(in_row);
        // What began the suppression must be remembered as long as that lasts.
        let both = |lasts: Span, within: Span| {
            Span::from_millis(lasts.millis().saturating_add(within.millis()))
        };
        let span = match (lasts, within) {
            (Some(lasts), Some(within)) => both(lasts, within),
            (one, other) => one.or(other)?,
        };
        Some(Reach { rule: reaction.name.as_deref(), span })
    });
    rules.chain(reactions).max_by_key(|reach| reach.span)
}

fn reach(any: AnyRule<'_>) -> Option<Span> {
    match any {
        AnyRule::Budget(budget) => Some(window(&budget.per)),
        AnyRule::Spacing(spacing) => Some(length(&spacing.least)),
        // Without a longest spacing it grows beyond every retention: what is forgotten ends it.
        AnyRule::Backoff(backoff) => {
            Some(backoff.most.as_deref().copied().unwrap_or(*backoff.base))
        }
        AnyRule::ContactHours(_)
        | AnyRule::QuietHours(_)
        | AnyRule::QuietPeriod(_)
        | AnyRule::Consent(_)
        | AnyRule::Content(_) => None,
    }
}

fn window(per: &Per) -> Span {
    match per {
        Either::Short(span) => *span,
        Either::Long(window) => longest_of(window.calendar),
    }
}

/// The longest such stretch of the calendar, on a clock that is set back meanwhile.
fn longest_of(unit: CalendarUnit) -> Span {
    let days = match unit {
        CalendarUnit::Day => 1,
        CalendarUnit::Week => 7,
        CalendarUnit::Month => 31,
        CalendarUnit::Quarter => 92,
        CalendarUnit::Year => 366,
    };
    Span::from_days(days + 1)
}

fn length(length: &Length) -> Span {
    match length {
        Either::Short(span) => *span,
        Either::Long(civil) => {
            let days = civil.calendar_days.as_ref().or(civil.full_days.as_ref());
            // A day of its own at the beginning, and a clock that is set back.
            days.map_or(Span::ZERO, |days| Span::from_days(***days + 2))
        }
    }
}

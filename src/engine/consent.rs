//! Consent: the customer's recorded yes, or what a law takes for one.

use crate::engine::case::Case;
use crate::engine::moment;
use crate::engine::status::Status;
use crate::engine::status::earlier;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::wish::Consent;
use crate::policy::rules::Accepted;
use crate::policy::rules::ConsentRule;

/// The attribute of an existing customer.
const EXISTING_CUSTOMER: &str = "existing_customer";

/// Whether the channel or the purpose needs a consent.
pub(crate) const fn is_needed(case: &Case<'_>) -> bool {
    case.channel.consent.is_some() || case.purpose.consent.is_some()
}

/// Denied while the customer has not said yes, where the channel or the purpose asks for it.
pub(crate) fn of_channel_and_purpose(case: &Case<'_>, at: Instant) -> Status {
    held(case, &[own_need(case)], at)
}

/// Denied while no consent is on record that a rule takes.
pub(crate) fn of_rule(case: &Case<'_>, rule: &ConsentRule, at: Instant) -> Status {
    if rule.except_existing_customers && is_existing_customer(case) {
        return Status::CLEAR;
    }
    held(case, &rule.grounds, at)
}

/// The consent that the channel and the purpose demand.
fn own_need(case: &Case<'_>) -> Accepted {
    let valid_for = shorter(
        case.channel.consent.and_then(|need| need.valid_for),
        case.purpose.consent.and_then(|need| need.valid_for),
    );
    Accepted { ground: Ground::EXPRESS, valid_for }
}

fn is_existing_customer(case: &Case<'_>) -> bool {
    let attribute = case.record.profile.attributes.get(EXISTING_CUSTOMER);
    attribute.is_some_and(|value| value == "true")
}

/// Denied while no consent holds on one of these grounds.
fn held(case: &Case<'_>, accepted: &[Accepted], at: Instant) -> Status {
    let mut begins = None;
    let mut ends: Option<Instant> = None;
    for consent in case.record.consents.iter().filter(|consent| is_for(case, consent)) {
        let term = accepted.iter().find(|accepted| accepted.ground == consent.ground);
        let Some(term) = term else { continue };
        let Some(given) = consent.at else { return Status::CLEAR };
        let end = term.valid_for.map(|valid_for| given.plus(valid_for));
        if at < given {
            begins = earlier(begins, Some(given));
        } else if let Some(end) = end {
            ends = ends.max(Some(end).filter(|end| at < *end));
        } else {
            return Status::CLEAR;
        }
    }
    match ends {
        Some(end) => Status::Clear(Some(end)),
        None => Status::Denied(Code::NoConsent, begins),
    }
}

/// The consent that holds for the channel and the purpose, or what would.
pub(crate) fn note(case: &Case<'_>, at: Instant) -> String {
    held_in_words(case, &[own_need(case)], at).unwrap_or_else(|| wanted(case))
}

/// The consent that satisfies a rule, or what would.
pub(crate) fn note_of_rule(case: &Case<'_>, rule: &ConsentRule, at: Instant) -> String {
    if rule.except_existing_customers && is_existing_customer(case) {
        return "an existing customer, who needs none".to_owned();
    }
    held_in_words(case, &rule.grounds, at).unwrap_or_else(|| wanted_by(case, rule))
}

/// The consent that holds longest, in words; `None` if there is none.
fn held_in_words(case: &Case<'_>, accepted: &[Accepted], at: Instant) -> Option<String> {
    let channel = &case.contact.channel;
    let held = case.record.consents.iter().filter(|consent| is_for(case, consent));
    let held = held.filter_map(|consent| {
        let term = accepted.iter().find(|accepted| accepted.ground == consent.ground)?;
        let end = consent.at.zip(term.valid_for).map(|(given, valid_for)| given.plus(valid_for));
        let begun = consent.at.is_none_or(|given| given <= at);
        (begun && end.is_none_or(|end| at < end)).then_some((consent.at, end))
    });
    let (given, end) = held.max_by_key(|(_, end)| end.map_or(i64::MAX, Instant::millis))?;
    let given = given.map_or_else(
        || "given at an unknown time".to_owned(),
        |given| format!("given {}", moment::since(case, given)),
    );
    let end = end.map(|end| format!(", valid until {}", moment::since(case, end)));
    Some(format!("consent to {channel} {given}{}", end.unwrap_or_default()))
}

fn is_for(case: &Case<'_>, consent: &Consent) -> bool {
    consent.confirmed
        && consent.scope.channel.is_some()
        && consent.scope.matches(case.contact, case.marketing)
}

fn shorter(one: Option<Span>, two: Option<Span>) -> Option<Span> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (bound, None) | (None, bound) => bound,
    }
}

/// The consent that the channel and the purpose demand, in words.
pub(crate) fn wanted(case: &Case<'_>) -> String {
    in_words(case, &[own_need(case)])
}

/// The consent that a rule demands, in words.
pub(crate) fn wanted_by(case: &Case<'_>, rule: &ConsentRule) -> String {
    let wanted = in_words(case, &rule.grounds);
    if rule.except_existing_customers {
        format!("{wanted}; or the customer's attribute {EXISTING_CUSTOMER} = true")
    } else {
        wanted
    }
}

fn in_words(case: &Case<'_>, accepted: &[Accepted]) -> String {
    let grounds = accepted.iter().map(|it| match it.valid_for {
        Some(valid_for) => format!("{}, at most {valid_for} old", it.ground.as_str()),
        None => it.ground.as_str().to_owned(),
    });
    let grounds: Vec<String> = grounds.collect();
    let (channel, purpose) = (&case.contact.channel, &case.contact.purpose);
    format!("needs a consent to {channel} for {purpose}: {}", grounds.join("; or "))
}

//! Consent: the customer's recorded yes.

use crate::engine::case::Case;
use crate::engine::status::Status;
use crate::engine::status::earlier;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::wish::Consent;

/// Whether the channel or the purpose needs a consent.
pub(crate) const fn is_needed(case: &Case<'_>) -> bool {
    case.channel.consent.is_some() || case.purpose.consent.is_some()
}

/// Denied while no consent holds.
pub(crate) fn status(case: &Case<'_>, at: Instant) -> Status {
    let valid_for = shorter(
        case.channel.consent.and_then(|need| need.valid_for),
        case.purpose.consent.and_then(|need| need.valid_for),
    );
    let consents = case.record.consents.iter().filter(|consent| is_for(case, consent));
    let mut begins = None;
    let mut ends: Option<Instant> = None;
    for consent in consents {
        let Some(given) = consent.at else { return Status::CLEAR };
        let end = valid_for.map(|valid_for| given.plus(valid_for));
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

fn is_for(case: &Case<'_>, consent: &Consent) -> bool {
    let contact = case.contact;
    consent.confirmed
        && consent.channel.as_ref() == Some(&contact.channel)
        && consent.purpose.as_ref().is_none_or(|purpose| *purpose == contact.purpose)
}

fn shorter(one: Option<Span>, two: Option<Span>) -> Option<Span> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (bound, None) | (None, bound) => bound,
    }
}

//! Decisions as those see them who watch, and how many there were.

use super::decision::effect;
use super::time::timestamp;
use crate::codec::number;
use crate::decision_log::recent::Counts;
use crate::decision_log::recent::Recent;
use crate::model::Instant;
use crate::model::Name;
use crate::model::decision::Code;
use crate::proto::v1;

/// A decision.
#[must_use]
pub fn decision(recent: &Recent) -> v1::ObservedDecision {
    v1::ObservedDecision {
        decide_time: Some(timestamp(recent.now)),
        method: recent.call.to_owned(),
        customer_hash: recent.customer.to_string(),
        channel: recent.channel.to_string(),
        purpose: recent.purpose.to_string(),
        effect: i32::from(effect(recent.effect)),
        reasons: recent.reasons.iter().map(reason).collect(),
        shadow_reasons: recent.shadow.iter().map(reason).collect(),
        policy_revision: recent.revision,
        degraded: recent.degraded,
    }
}

fn reason((code, rule): &(Code, Option<Name>)) -> v1::ObservedReason {
    v1::ObservedReason {
        code: i32::from(number::of_code(*code)),
        rule: rule.as_ref().map(ToString::to_string),
    }
}

/// The decisions in the hour that begins at an instant.
#[must_use]
pub fn hour((start, counts): &(Instant, Counts)) -> v1::HourOfDecisions {
    let reasons = counts.by_reason.iter().map(|(code, count)| v1::ReasonCount {
        code: i32::from(number::of_code(*code)),
        count: *count,
    });
    v1::HourOfDecisions {
        start_time: Some(timestamp(*start)),
        allowed: counts.allowed,
        refused: counts.refused,
        reasons: reasons.collect(),
    }
}

//! Decisions as messages.

use super::time::timestamp;
use crate::codec::number;
use crate::engine::Stretch;
use crate::model::Answer;
use crate::model::answer::Stated;
use crate::model::decision::Code;
use crate::model::decision::Detail;
use crate::model::decision::Effect;
use crate::model::decision::Evidence;
use crate::model::decision::Finding;
use crate::model::decision::Outcome;
use crate::operation::Decided;
use crate::proto::v1;
use crate::store::Version;

/// A decision, made of a record of this version.
#[must_use]
pub fn decision(decided: &Decided, version: Option<Version>) -> v1::Decision {
    let answer = &decided.answer;
    let remaining = answer.remaining.iter();
    v1::Decision {
        effect: i32::from(effect(answer.effect)),
        reasons: answer.reasons.iter().map(reason).collect(),
        shadow_reasons: answer.shadow.iter().map(reason).collect(),
        determining_rules: determining_rules(answer),
        next_allowed_time: answer.next_allowed_time.map(timestamp),
        valid_until_time: answer.valid_until.map(timestamp),
        remaining: remaining
            .map(|it| v1::RemainingBudget { rule: it.rule.to_string(), units: it.units })
            .collect(),
        policy_revision: answer.policy_revision,
        tzdb_version: answer.tzdb_version.to_string(),
        degraded: false,
        record_version: version.map(|version| version.to_string()).unwrap_or_default(),
        detail: decided.detail.as_ref().map(detail),
    }
}

/// An effect as a message.
#[must_use]
pub const fn effect(effect: Effect) -> v1::Effect {
    match effect {
        Effect::Allow => v1::Effect::Allow,
        Effect::Deny => v1::Effect::Deny,
    }
}

fn determining_rules(answer: &Answer) -> Vec<String> {
    let rules = answer.reasons.iter().filter_map(|reason| reason.rule.as_ref());
    let names: std::collections::BTreeSet<String> = rules.map(ToString::to_string).collect();
    names.into_iter().collect()
}

/// A reason as a message.
#[must_use]
pub fn reason(stated: &Stated) -> v1::Reason {
    v1::Reason {
        code: i32::from(number::of_code(stated.code)),
        rule: stated.rule.as_ref().map(ToString::to_string),
        cause: stated.cause.to_string(),
        until_time: stated.until.map(timestamp),
        message: stated.message.as_deref().map(str::to_owned),
    }
}

/// A stretch of time as a message.
#[must_use]
pub fn stretch(stretch: &Stretch) -> v1::Stretch {
    let effect = if stretch.denied_by.is_empty() { v1::Effect::Allow } else { v1::Effect::Deny };
    let reasons = stretch.denied_by.iter().map(|denial| v1::StretchReason {
        code: i32::from(number::of_code(denial.code)),
        rule: denial.rule.as_ref().map(ToString::to_string),
        cause: denial.cause.clone(),
    });
    v1::Stretch {
        start_time: Some(timestamp(stretch.from)),
        end_time: Some(timestamp(stretch.until)),
        effect: i32::from(effect),
        reasons: reasons.collect(),
    }
}

fn detail(detail: &Detail) -> v1::DecisionDetail {
    v1::DecisionDetail {
        trace: detail.trace.iter().map(finding).collect(),
        evidence: detail.evidence.iter().map(evidence).collect(),
        time_zones: detail.clocks.iter().map(ToString::to_string).collect(),
    }
}

fn finding(finding: &Finding) -> v1::Finding {
    use v1::FindingResult as Result;
    let of_code = |code: Code| Some(i32::from(number::of_code(code)));
    let (result, code, until) = match finding.outcome {
        Outcome::NotConcerned => (Result::NotConcerned, None, None),
        Outcome::Off => (Result::Off, None, None),
        Outcome::NotInForce(_) => (Result::NotInForce, None, None),
        Outcome::Exempt => (Result::Exempt, None, None),
        Outcome::Satisfied(until) => (Result::Satisfied, None, until),
        Outcome::Denies(code, until) => (Result::Denies, of_code(code), until),
        Outcome::WouldDeny(code, until) => (Result::WouldDeny, of_code(code), until),
    };
    v1::Finding {
        rule: finding.cause.rule().map(ToString::to_string),
        cause: finding.title(),
        family: finding.family.to_owned(),
        result: i32::from(result),
        code,
        until_time: until.map(timestamp),
        note: finding.note.clone(),
    }
}

fn evidence(evidence: &Evidence) -> v1::Evidence {
    v1::Evidence {
        rule: evidence.cause.rule().map(ToString::to_string),
        cause: evidence.cause.to_string(),
        contact_time: Some(timestamp(evidence.at)),
        channel: evidence.channel.to_string(),
        purpose: evidence.purpose.to_string(),
        cost: evidence.cost,
        age_out_time: evidence.ages_out_time.map(timestamp),
    }
}

//! The product, from the text of a policy test to its answers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::LazyLock;

use courtesy::engine;
use courtesy::engine::Detail;
use courtesy::engine::Refusal;
use courtesy::model::Decision;
use courtesy::model::Instant;
use courtesy::model::Span;
use courtesy::model::decision::Outcome;
use courtesy::model::decision::Reason;
use courtesy::policy::Source;
use courtesy::policy::suite::Expectation;
use courtesy::policy::suite::Suite;
use courtesy::zone::Zones;
use jiff::SignedDuration;
use jiff::Timestamp;

use crate::reference::Denial;
use crate::stepping::Answer;

static ZONES: LazyLock<Arc<Zones>> = LazyLock::new(|| Arc::new(Zones::bundled()));

/// The answers to all questions of a policy test document.
pub(crate) fn answers(text: &str) -> Result<Vec<Answer>, String> {
    let suite = Suite::load(&Source::new("test.yaml", text), &[], &ZONES);
    let (suite, _warnings) = suite.map_err(|problems| problems.to_string())?;
    let mut answers = Vec::new();
    for test in suite.tests {
        let policy = suite.policy.clone().with_pauses(test.pauses);
        for Expectation { customer, contact, at, .. } in test.expectations {
            let record = test.customers.get(&customer).cloned().unwrap_or_default();
            let decide = |detail| {
                let decision = engine::decide(&policy, &record, &contact, at, detail);
                decision.map_err(|error| error.to_string())
            };
            let (brief, full) = (decide(Detail::Brief)?, decide(Detail::Full)?);
            if brief != (Decision { detail: None, ..full.clone() }) {
                return Err(format!("an answer with detail is another: {brief:?}, {full:?}"));
            }
            let refusals = engine::refusals(&policy, &record, &contact, at);
            let refusals = refusals.map_err(|error| error.to_string())?;
            for (found, reasons) in
                [(refusals.enforced, &brief.reasons), (refusals.shadow, &brief.shadow)]
            {
                if found != refused(reasons) {
                    return Err(format!("refusals are {found:?}, but reasons {reasons:?}"));
                }
            }
            answers.push(answer(&full));
        }
    }
    Ok(answers)
}

/// What denies from one instant until another, which is excluded.
pub(crate) type Stretch = (Timestamp, Timestamp, BTreeSet<Denial>);

/// What is said over some time from each question of a policy test document on.
pub(crate) fn stretches(text: &str, length: SignedDuration) -> Result<Vec<Vec<Stretch>>, String> {
    let suite = Suite::load(&Source::new("test.yaml", text), &[], &ZONES);
    let (suite, _warnings) = suite.map_err(|problems| problems.to_string())?;
    let length = Span::from_millis(length.as_millis().try_into().unwrap());
    let mut all = Vec::new();
    for test in suite.tests {
        let policy = suite.policy.clone().with_pauses(test.pauses);
        for Expectation { customer, contact, at, .. } in test.expectations {
            let record = test.customers.get(&customer).cloned().unwrap_or_default();
            let found = engine::stretches(&policy, &record, &contact, at, at.plus(length));
            let found = found.map_err(|error| error.to_string())?;
            assert!(!found.truncated, "{text}");
            all.push(found.each.iter().map(stretch).collect());
        }
    }
    Ok(all)
}

fn stretch(stretch: &engine::Stretch) -> Stretch {
    let denied_by = stretch.denied_by.iter();
    let denials = denied_by.map(|it| (it.code.as_str(), it.rule.as_ref().map(ToString::to_string)));
    (time(stretch.from), time(stretch.until), denials.collect())
}

fn time(at: Instant) -> Timestamp {
    Timestamp::from_millisecond(at.millis()).unwrap()
}

/// What a simulation must find, where a decision has these reasons.
fn refused(reasons: &[Reason]) -> Vec<Refusal> {
    let refusal = |reason: &Reason| {
        let rule = reason.cause.rule().cloned();
        Refusal { code: reason.code, rule }
    };
    let all: BTreeSet<Refusal> = reasons.iter().map(refusal).collect();
    all.into_iter().collect()
}

/// The results of the rules that have a name.
fn findings(decision: &Decision) -> BTreeMap<String, &'static str> {
    let trace = decision.detail.iter().flat_map(|detail| &detail.trace);
    let named = trace.filter_map(|finding| Some((finding.cause.rule()?.to_string(), finding)));
    let result = |outcome: Outcome| match outcome {
        Outcome::NotConcerned => "not concerned",
        Outcome::Off => "off",
        Outcome::Exempt => "exempt",
        // On no clock is it one of the rule's dates.
        Outcome::Satisfied(_) | Outcome::NotInForce(_) => "satisfied",
        Outcome::Denies(..) => "denies",
        Outcome::WouldDeny(..) => "would deny",
    };
    named.map(|(name, finding)| (name, result(finding.outcome))).collect()
}

fn denials(reasons: &[Reason]) -> BTreeSet<Denial> {
    let named = reasons.iter();
    named
        .map(|reason| (reason.code.as_str(), reason.cause.rule().map(ToString::to_string)))
        .collect()
}

fn answer(decision: &Decision) -> Answer {
    let remaining = decision.remaining.iter();
    Answer {
        denials: denials(&decision.reasons),
        shadow: denials(&decision.shadow),
        findings: findings(decision),
        next_allowed_time: decision.next_allowed_time.map(time),
        valid_until: decision.valid_until.map(time),
        remaining: remaining.map(|left| (left.rule.to_string(), u64::from(left.units))).collect(),
    }
}

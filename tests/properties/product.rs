//! The product, from the text of a policy test to its answers.

use std::sync::Arc;
use std::sync::LazyLock;

use courtesy::engine;
use courtesy::engine::Detail;
use courtesy::model::Decision;
use courtesy::model::Instant;
use courtesy::policy::Source;
use courtesy::policy::suite::Expectation;
use courtesy::policy::suite::Suite;
use courtesy::zone::Zones;
use jiff::Timestamp;

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
            let decision = engine::decide(&policy, &record, &contact, at, Detail::Brief);
            answers.push(answer(&decision.map_err(|error| error.to_string())?));
        }
    }
    Ok(answers)
}

fn answer(decision: &Decision) -> Answer {
    let time = |at: Instant| Timestamp::from_millisecond(at.millis()).unwrap();
    let reasons = decision.reasons.iter();
    let remaining = decision.remaining.iter();
    Answer {
        denials: reasons
            .map(|reason| (reason.code.as_str(), reason.cause.rule().map(ToString::to_string)))
            .collect(),
        next_allowed_time: decision.next_allowed_time.map(time),
        valid_until: decision.valid_until.map(time),
        remaining: remaining.map(|left| (left.rule.to_string(), u64::from(left.units))).collect(),
    }
}

//! Holds an answer against what was expected of it.

use std::collections::BTreeSet;

use crate::model::Decision;
use crate::model::Instant;
use crate::model::Name;
use crate::model::decision::Code;
use crate::policy::suite::Expectation;
use crate::policy::suite::Stated;

/// One difference from the expected answer, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The key of the expectation.
    pub(crate) what: String,
    /// The expected value.
    pub(crate) expected: String,
    /// The value of the answer.
    pub(crate) answered: String,
}

/// Everything that is stated and is not so.
pub(crate) fn differences(expected: &Expectation, decision: &Decision) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, expected: String, answered: String| {
        if expected != answered {
            differences.push(Difference { what: what.to_owned(), expected, answered });
        }
    };
    compare("effect", expected.effect.to_string(), decision.effect.to_string());
    if let Some(codes) = &expected.reasons {
        let answered: BTreeSet<Code> = decision.reasons.iter().map(|it| it.code).collect();
        compare("reasons", list(codes), list(&answered));
    }
    if let Some(rules) = &expected.rules {
        let causes = decision.reasons.iter().filter_map(|it| it.cause.rule());
        let answered: BTreeSet<Name> = causes.cloned().collect();
        compare("rules", list(rules), list(&answered));
    }
    if let Some(next) = stated(&expected.next_allowed_time) {
        compare("next_allowed_time", next, or_null(decision.next_allowed_time));
    }
    if let Some(until) = stated(&expected.valid_until) {
        compare("valid_until", until, or_null(decision.valid_until));
    }
    for (rule, left) in &expected.remaining {
        let mut budgets = decision.remaining.iter();
        let answered = budgets.find(|it| it.rule == *rule).map(|it| it.units);
        compare(&format!("remaining {rule}"), or_null(*left), or_null(answered));
    }
    differences
}

fn list<T: std::fmt::Display>(items: &BTreeSet<T>) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

fn or_null<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

/// The expected value: an instant, or `null`.
fn stated(stated: &Stated<Instant>) -> Option<String> {
    match stated {
        Stated::Nothing => None,
        Stated::Unset => Some(or_null::<Instant>(None)),
        Stated::Value(at) => Some(at.to_string()),
    }
}

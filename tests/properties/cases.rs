//! Policy tests: what an expectation states, compared with the reference; and an answer of the
//! reference written as an expectation.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::reference::Asked;
use crate::scalar;
use crate::spec::Question;
use crate::stepping;
use crate::stepping::Answer;
use crate::yaml::Value;

const STATED: [&str; 7] =
    ["contact", "effect", "reasons", "rules", "next_allowed_time", "valid_until", "remaining"];

pub(crate) fn answer(question: &Question) -> Answer {
    let Question { spec, contact, at, .. } = question;
    stepping::answer(Asked { spec, contact, at: *at })
}

/// Whether an answer to a question is the specification's.
pub(crate) fn agrees(question: &Question, given: &Answer) -> bool {
    let Question { spec, contact, at, .. } = question;
    stepping::agrees(Asked { spec, contact, at: *at }, given)
}

/// The expectation with all that the reference answers.
pub(crate) fn expectation(question: &Question, answer: &Answer) -> Value {
    let names = |names: BTreeSet<&str>| Value::List(names.into_iter().map(Value::text).collect());
    let time =
        |time: Option<Timestamp>| time.map_or(Value::Null, |time| Value::text(time.to_string()));
    let denials = &answer.denials;
    let mut stated = vec![
        ("contact", question.expected.at("contact").cloned().unwrap_or(Value::Null)),
        ("effect", Value::text(if denials.is_empty() { "ALLOW" } else { "DENY" })),
        ("reasons", names(denials.iter().map(|(reason, _)| *reason).collect())),
        ("rules", names(denials.iter().filter_map(|(_, rule)| rule.as_deref()).collect())),
    ];
    if denials.is_empty() {
        stated.push(("valid_until", time(answer.valid_until)));
    } else {
        stated.push(("next_allowed_time", time(answer.next_allowed_time)));
    }
    let remaining = answer.remaining.iter();
    let remaining = remaining.map(|(rule, left)| (rule.clone(), Value::text(left.to_string())));
    stated.push(("remaining", Value::Map(remaining.collect())));
    Value::Map(stated.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// What an expectation states and the answer does not say.
pub(crate) fn differences(question: &Question, answer: &Answer) -> Vec<String> {
    let stated = &question.expected;
    scalar::known(stated, &STATED).unwrap();
    let given = expectation(question, answer);
    let sorted = |value: &Value| match value {
        Value::List(items) => items.iter().map(ToString::to_string).collect(),
        Value::Null | Value::Text { .. } | Value::Map(_) => BTreeSet::from([value.to_string()]),
    };
    let mut all = Vec::new();
    for key in ["effect", "reasons", "rules", "next_allowed_time", "valid_until"] {
        let Some(stated) = stated.at(key) else { continue };
        let given = given.at(key).unwrap_or(&Value::Null);
        if sorted(stated) != sorted(given) {
            all.push(format!("{key} is {given}, not {stated}"));
        }
    }
    let none = Value::Map(Vec::new());
    let Value::Map(stated) = stated.at("remaining").unwrap_or(&none) else { panic!("no map") };
    for (rule, left) in stated {
        let given =
            answer.remaining.get(rule).map_or_else(|| "null".to_owned(), ToString::to_string);
        if given != left.to_string() {
            all.push(format!("{rule} has {given} left, not {left}"));
        }
    }
    all
}

//! The product and the reference asked the same questions.

use std::panic;
use std::panic::AssertUnwindSafe;

use crate::cases;
use crate::product;
use crate::shrink::shrink;
use crate::spec;
use crate::spec::Question;
use crate::stepping::Answer;
use crate::yaml::Value;

/// Where product and reference differ.
pub(crate) struct Difference {
    question: Question,
    given: Answer,
}

/// The questions of a document and the product's answers to them.
pub(crate) fn answers(document: &Value) -> Result<Vec<(Question, Answer)>, String> {
    let questions = spec::questions(document)?;
    let text = document.to_string();
    let answers = panic::catch_unwind(AssertUnwindSafe(|| product::answers(&text)));
    let answers = answers.map_err(|_| "the product panics".to_owned())??;
    assert_eq!(questions.len(), answers.len(), "{document}");
    Ok(questions.into_iter().zip(answers).collect())
}

/// The first question of a document on which product and reference differ.
fn difference(document: &Value) -> Result<Option<Difference>, String> {
    let differs = |(question, given): &(Question, Answer)| !cases::agrees(question, given);
    let first = answers(document)?.into_iter().find(differs);
    Ok(first.map(|(question, given)| Difference { question, given }))
}

/// Fails with the smallest document on which they differ, as a policy test to be kept.
pub(crate) fn check(document: Value) {
    match difference(&document) {
        Ok(None) => {}
        Ok(Some(_)) => panic!("{}", report(document)),
        Err(error) => panic!("{error}\n{document}"),
    }
}

fn report(document: Value) -> String {
    let mut smallest = shrink(document, |smaller| matches!(difference(smaller), Ok(Some(_))));
    let Ok(Some(Difference { question, given })) = difference(&smallest) else {
        return format!("not the same twice:\n{smallest}");
    };
    let answer = cases::answer(&question);
    for test in smallest.at_mut("tests").items_mut() {
        test.set("expect", Value::List(vec![cases::expectation(&question, &answer)]));
    }
    let given = cases::expectation(&question, &given).to_string().replace('\n', "\n# ");
    format!(
        "the product differs from the reference; keep the test in tests/properties/regressions\n\
         {smallest}\n# the product answers:\n# {given}"
    )
}

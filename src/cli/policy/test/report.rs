//! The result of a question, for people and for programs.

use std::io;
use std::io::Write;

use serde_json::Value;
use serde_json::json;

use crate::cli::Error;
use crate::cli::decision;
use crate::cli::output;
use crate::cli::policy::test::Answered;

/// Writes what was expected, what was answered, and why.
pub(crate) fn write(answered: &Answered<'_>, out: &mut dyn Write) -> io::Result<()> {
    let question = answered.expectation;
    let file = answered.file.display();
    writeln!(out, "FAILED {file}:{}: {}", question.line, answered.test)?;
    let contact = &question.contact;
    writeln!(
        out,
        "  may we contact {} by {} for {} at {}?",
        question.customer, contact.channel, contact.purpose, question.at
    )?;
    for difference in &answered.differences {
        let what = &difference.what;
        writeln!(out, "  {what}: expected {}", difference.expected)?;
        writeln!(out, "  {:>1$} answered {2}", "", what.len() + 1, difference.answered)?;
    }
    if let Some(decision) = &answered.decision {
        decision::write_trace(decision, out)?;
    }
    writeln!(out)
}

/// The result for programs.
pub(crate) fn to_json(answered: &Answered<'_>) -> Result<Value, Error> {
    let question = answered.expectation;
    let differences = answered.differences.iter().map(|difference| {
        json!({
            "what": difference.what,
            "expected": difference.expected,
            "answered": difference.answered,
        })
    });
    let decision = answered.decision.as_ref().map(|it| output::message("Decision", it));
    Ok(json!({
        "file": answered.file.display().to_string(),
        "line": question.line,
        "test": answered.test,
        "customer": question.customer.as_str(),
        "at": question.at.to_string(),
        "passed": answered.differences.is_empty(),
        "differences": differences.collect::<Vec<_>>(),
        "decision": decision.transpose()?,
    }))
}

//! The output of a command that failed: a sentence for people, JSON for programs.

use std::io;
use std::io::Write;

use serde_json::Value;
use serde_json::json;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::chain;
use crate::cli::output::write_problems;
use crate::cli::output::write_prose;
use crate::secret::redacted;

impl Error {
    /// The outcome of a command that failed. For a program that could not be started it is that of
    /// a shell.
    fn outcome(&self) -> Outcome {
        if matches!(self, Self::Missing(_) | Self::NoSuch(_)) {
            return Outcome::No;
        }
        let Self::Start { source, .. } = self else { return Outcome::CouldNot };
        if source.kind() == io::ErrorKind::NotFound {
            Outcome::Exit(127)
        } else {
            Outcome::Exit(126)
        }
    }
}

/// Takes what is not there for a no, where a command is about one thing that it names.
pub(super) fn or_missing(error: Error) -> Error {
    if let Error::Api(status) = &error
        && status.code() == Code::NotFound
    {
        return Error::Missing(status.clone());
    }
    error
}

/// Whether a command line asks for JSON, even if it cannot be parsed.
pub(super) fn wants_json(given: &[String]) -> bool {
    given.iter().take_while(|word| *word != "--").any(|word| word == "--json")
}

/// Writes an error. Where standard error is gone too, the exit code is all that is left to say.
pub(super) fn tell(error: &Error, given: &[String], err: &mut dyn Write) -> Outcome {
    let given_texts: Vec<&str> = given.iter().map(String::as_str).collect();
    let outcome = error.outcome();
    let written = if wants_json(given) {
        writeln!(err, "{}", redacted(&format!("{:#}", of(error)), &given_texts))
    } else if let Error::Problems(problems) = error {
        write_problems(problems, err)
    } else {
        write_prose(&format!("error: {}", redacted(&chain(error), &given_texts)), err)
    };
    written.map_or(outcome, |()| outcome)
}

/// Writes that a command line is wrong, as JSON.
pub(super) fn tell_usage(message: &str, err: &mut dyn Write) -> io::Result<()> {
    let message = message.trim().trim_start_matches("error: ");
    writeln!(err, "{:#}", document(&Value::Null, &Value::Null, message, &json!([]), &json!([])))
}

fn of(error: &Error) -> Value {
    if let Error::Api(status) | Error::Missing(status) = error {
        return of_status(status);
    }
    if let Error::Problems(problems) = error {
        let message = "the documents have mistakes";
        return document(&Value::Null, &Value::Null, message, &json!([]), &problems.to_json());
    }
    document(&Value::Null, &Value::Null, &chain(error), &json!([]), &json!([]))
}

fn of_status(status: &Status) -> Value {
    let violations = status.get_details_bad_request().map(|it| it.field_violations);
    let violations = violations.unwrap_or_default().into_iter();
    let violations: Vec<Value> =
        violations.map(|it| json!({"field": it.field, "description": it.description})).collect();
    let reason = status.get_details_error_info().map(|it| it.reason);
    let code = format!("{:?}", status.code());
    let code = json!(upper_snake(&code));
    document(&code, &json!(reason), status.message(), &json!(violations), &json!([]))
}

/// Every field is always there.
fn document(
    code: &Value,
    reason: &Value,
    message: &str,
    violations: &Value,
    problems: &Value,
) -> Value {
    json!({"error": {
        "code": code,
        "reason": reason,
        "message": message,
        "violations": violations,
        "problems": problems,
    }})
}

/// `InvalidArgument` as the API writes it: `INVALID_ARGUMENT`.
fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_uppercase());
    }
    snake
}

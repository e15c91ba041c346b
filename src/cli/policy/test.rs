//! `courtesy policy test`: asks the questions of test documents and compares the answers.

mod compare;
mod report;

use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::policy::test::compare::Difference;
use crate::engine;
use crate::engine::Detail;
use crate::model::Decision;
use crate::policy::Problems;
use crate::policy::suite::Question;
use crate::policy::suite::Suite;
use crate::policy::suite::TestFile;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Test documents (`*_test.yaml`): customers with a history, a fixed `now`, and the answers
    /// that the policy should give
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// What came of one question.
pub(crate) struct Answered<'a> {
    pub(crate) file: &'a Path,
    pub(crate) question: &'a Question,
    /// None where the question itself is a mistake, which the difference tells.
    pub(crate) decision: Option<Decision>,
    pub(crate) differences: Vec<Difference>,
}

/// What came of all files.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    unreadable: usize,
    rows: Vec<serde_json::Value>,
}

pub(crate) fn run(
    args: &Args,
    zones: &Arc<Zones>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let mut tally = Tally::default();
    for file in &args.files {
        match load(file, zones)? {
            Ok(suite) => {
                write!(err, "{}", suite.warnings)?;
                for question in &suite.questions {
                    judge(&answer(file, question), args.json, &mut tally, out)?;
                }
            }
            Err(problems) => {
                tally.unreadable += 1;
                write!(err, "{problems}")?;
            }
        }
    }
    let Tally { passed, failed, unreadable, rows } = tally;
    if args.json {
        let report = json!({"passed": passed, "failed": failed, "questions": rows});
        output::write_json(&report, out)?;
    } else {
        writeln!(out, "{passed} passed, {failed} failed")?;
    }
    Ok(match (unreadable, failed) {
        (0, 0) => Outcome::Yes,
        (0, _) => Outcome::No,
        (_, _) => Outcome::CouldNot,
    })
}

/// Reads a test document and the files of its policy, which lie beside it.
fn load(file: &Path, zones: &Arc<Zones>) -> Result<Result<Suite, Problems>, Error> {
    let source = match files::read(file)? {
        Ok(source) => source,
        Err(problems) => return Ok(Err(problems)),
    };
    let test_file = match TestFile::read(&source) {
        Ok(test_file) => test_file,
        Err(problems) => return Ok(Err(problems)),
    };
    let beside = file.parent().unwrap_or_else(|| Path::new(""));
    let mut policy = Vec::new();
    for name in test_file.policy_files() {
        match files::read(&beside.join(name))? {
            Ok(source) => policy.push(source),
            Err(problems) => return Ok(Err(problems)),
        }
    }
    Ok(test_file.into_suite(&policy, zones))
}

fn answer<'a>(file: &'a Path, question: &'a Question) -> Answered<'a> {
    let Question { policy, record, contact, at, expected, .. } = question;
    match engine::decide(policy, record, contact, *at, Detail::Full) {
        Ok(decision) => {
            let differences = compare::differences(expected, &decision);
            Answered { file, question, decision: Some(decision), differences }
        }
        Err(undeclared) => {
            let differences = vec![Difference {
                what: "contact".to_owned(),
                expected: "a contact that the policy can judge".to_owned(),
                answered: undeclared.to_string(),
            }];
            Answered { file, question, decision: None, differences }
        }
    }
}

fn judge(
    answered: &Answered<'_>,
    json: bool,
    tally: &mut Tally,
    out: &mut dyn Write,
) -> Result<(), Error> {
    if answered.differences.is_empty() {
        tally.passed += 1;
    } else {
        tally.failed += 1;
    }
    if json {
        tally.rows.push(report::to_json(answered));
    } else if !answered.differences.is_empty() {
        report::write(answered, out)?;
    }
    Ok(())
}

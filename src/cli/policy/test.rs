//! `courtesy policy test`: asks the questions of test documents and compares the answers.

mod compare;
mod report;

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::files;
use crate::cli::output;
use crate::cli::policy::test::compare::Difference;
use crate::engine;
use crate::engine::Detail;
use crate::files::Sort;
use crate::model::Record;
use crate::operation::Decided;
use crate::policy::Policy;
use crate::policy::Problem;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::suite::Expectation;
use crate::policy::suite::Suite;
use crate::proto::v1;
use crate::rpc::convert;
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
    #[command(flatten)]
    tzdb: Tzdb,
}

/// The result of one question.
struct Answered<'a> {
    file: &'a Path,
    test: &'a str,
    expectation: &'a Expectation,
    /// `None` if the question itself is a mistake, which the difference describes.
    decision: Option<v1::Decision>,
    differences: Vec<Difference>,
}

/// The result of all files.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    unreadable: usize,
    rows: Vec<serde_json::Value>,
    problems: Vec<serde_json::Value>,
}

impl Tally {
    /// Reports problems of documents: at once, or as JSON at the end.
    fn tell(&mut self, problems: &Problems, json: bool, err: &mut dyn Write) -> io::Result<()> {
        if json {
            self.problems.extend(problems.iter().map(Problem::to_json));
            return Ok(());
        }
        output::write_problems(problems, err)
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let zones = &Arc::new(args.tzdb.zones()?);
    let mut tally = Tally::default();
    for file in &files::expanded(&args.files, Sort::Tests)? {
        match load(file, zones)? {
            Ok((suite, warnings)) => {
                tally.tell(&warnings, args.json, err)?;
                ask(file, &suite, args.json, &mut tally, out)?;
            }
            Err(problems) => {
                tally.unreadable += 1;
                tally.tell(&problems, args.json, err)?;
            }
        }
    }
    let Tally { passed, failed, unreadable, rows, problems } = tally;
    if args.json {
        let report = json!({
            "passed": passed, "failed": failed, "questions": rows, "problems": problems,
        });
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
fn load(file: &Path, zones: &Arc<Zones>) -> Result<Result<(Suite, Problems), Problems>, Error> {
    let told = |source: &Source, problems: Problems| {
        is_policy(source, &problems, zones).unwrap_or(problems)
    };
    let named = files::read(file)?.and_then(|source| match Suite::files(&source) {
        Ok(names) => Ok((source, names)),
        Err(problems) => Err(told(&source, problems)),
    });
    let (source, names) = match named {
        Ok(named) => named,
        Err(problems) => return Ok(Err(problems)),
    };
    let beside = file.parent().unwrap_or_else(|| Path::new(""));
    let paths: Vec<PathBuf> = names.iter().map(|name| beside.join(name)).collect();
    let policy = files::read_all(&paths)?;
    Ok(policy.and_then(|policy| {
        Suite::load(&source, &policy, zones).map_err(|problems| told(&source, problems))
    }))
}

/// The message about a document that is a policy rather than tests.
fn is_policy(source: &Source, problems: &Problems, zones: &Arc<Zones>) -> Option<Problems> {
    let as_policy = Policy::load(std::slice::from_ref(source), zones);
    let mistakes = as_policy.map_or_else(|problems| problems.iter().count(), |_| 0);
    (mistakes < problems.iter().count()).then(|| {
        let help = format!("check it with: courtesy policy validate {}", source.name());
        Problems::of_file(source.name(), "this is a policy, and not its tests", &help)
    })
}

fn ask(
    file: &Path,
    suite: &Suite,
    json: bool,
    tally: &mut Tally,
    out: &mut dyn Write,
) -> Result<(), Error> {
    for test in &suite.tests {
        let policy = suite.policy.clone().with_pauses(test.pauses.clone());
        for expectation in &test.expectations {
            // The document has seen to it that the test has this customer.
            let record = test.customers.get(&expectation.customer).cloned().unwrap_or_default();
            let (decision, differences) = answer(&policy, &record, expectation);
            let test = &test.name;
            let answered = Answered { file, test, expectation, decision, differences };
            if answered.differences.is_empty() {
                tally.passed += 1;
            } else {
                tally.failed += 1;
            }
            if json {
                tally.rows.push(report::to_json(&answered)?);
            } else if !answered.differences.is_empty() {
                report::write(&answered, out)?;
            }
        }
    }
    Ok(())
}

fn answer(
    policy: &Policy,
    record: &Record,
    expectation: &Expectation,
) -> (Option<v1::Decision>, Vec<Difference>) {
    let Expectation { contact, at, .. } = expectation;
    match engine::decide(policy, record, contact, *at, Detail::Full) {
        Ok(decision) => {
            let differences = compare::differences(expectation, &decision);
            let decided = Decided::of(policy, decision);
            (Some(convert::decision::decision(&decided, None)), differences)
        }
        Err(undeclared) => {
            let difference = Difference {
                what: "contact".to_owned(),
                expected: "a contact that the policy can judge".to_owned(),
                answered: undeclared.to_string(),
            };
            (None, vec![difference])
        }
    }
}

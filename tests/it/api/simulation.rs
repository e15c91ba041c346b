//! SimulatePolicy over the wire: what it counts, which calls it disturbs and how it ends. How
//! contacts are judged is tested beside it.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;

use courtesy::model::Record;
use courtesy::policy::Source;
use courtesy::proto::v1;
use courtesy::proto::v1::simulate_policy_response::Part;
use courtesy::zone::Zones;
use tokio::sync::Semaphore;
use tonic::Code;
use tonic::Response;
use tonic::Status;

use super::product::Product;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::revisions::THREE;
use super::revisions::two;
use crate::support::File;
use crate::support::courtesy;
use crate::wire::through::Step;
use crate::wire::through::Through;

/// Marketing e-mails in the morning of these days of November 2026.
pub(crate) fn mailed(days: &[u8]) -> Record {
    let contact = |day| {
        format!("  - {{at: 2026-11-{day:02}T09:00:00Z, channel: email, purpose: marketing}}\n")
    };
    let text = format!("contacts:\n{}", days.iter().map(contact).collect::<String>());
    Record::load(&Source::new("customer.yaml", &text), &Zones::bundled())
        .unwrap_or_else(|it| panic!("{it}"))
}

pub(crate) fn candidate(text: &str) -> v1::SimulatePolicyRequest {
    let document = v1::PolicyDocument { text: text.to_owned(), name: String::new() };
    v1::SimulatePolicyRequest { documents: vec![document], ..Default::default() }
}

/// What a simulation says on its way, and how it ends.
fn simulate(
    product: &Product,
    request: v1::SimulatePolicyRequest,
) -> Result<(Vec<u64>, v1::SimulationReport), Status> {
    product.wait(async {
        let mut answers = product.policies().simulate_policy(request).await?.into_inner();
        let (mut seen, mut report) = (Vec::new(), None);
        while let Some(answer) = answers.message().await? {
            assert!(report.is_none(), "the report is the last answer");
            match answer.part.unwrap() {
                Part::Progress(progress) => seen.push(progress.customers_seen),
                Part::Report(it) => report = Some(it),
            }
        }
        Ok((seen, report.unwrap()))
    })
}

fn effect(report: &v1::SimulationReport) -> (u64, u64, u64, u64) {
    let it = report.effect.unwrap();
    (it.refused_now, it.refused_then, it.newly_refused, it.newly_allowed)
}

#[test]
fn a_candidate_is_held_against_what_was_sent() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    for number in 0..150 {
        product.seed(&format!("c{number:03}"), &mailed(&[2, 4, 6]));
    }
    product.seed("calm", &mailed(&[2, 4]));
    product.seed("never", &Record::default());
    product.seed_bytes("damaged", bytes::Bytes::from_static(b"\xff\xff"));
    let (seen, report) = simulate(&product, candidate(&two())).unwrap();
    assert!(!seen.is_empty() && seen.is_sorted() && seen.iter().all(|it| *it < 153), "{seen:?}");
    assert_eq!((report.customers_seen, report.customers_unreadable), (153, 1));
    assert_eq!((report.customers_simulated, report.customers_affected), (152, 150));
    assert_eq!((report.contacts, effect(&report)), (452, (0, 150, 150, 0)));
    assert_eq!(report.revision, 1);
    assert_eq!(report.changes[0].text, "marketing-weekly: limit 3 → 2");
    let [cause] = report.causes.as_slice() else { panic!("{:?}", report.causes) };
    assert_eq!(
        (cause.code(), cause.rule.as_deref()),
        (v1::ReasonCode::BudgetSpent, Some("marketing-weekly"))
    );
    assert_eq!(report.channels.len(), 1);
    assert_eq!((report.days.len(), report.days[0].date.as_str()), (28, "2026-10-26"));
    let sixth = report.days.iter().find(|day| day.date == "2026-11-06").unwrap();
    assert_eq!((sixth.contacts, sixth.effect.unwrap().newly_refused), (150, 150));
    let worst: Vec<(&str, u64)> =
        report.most_affected.iter().map(|it| (&*it.customer_id, it.newly_refused)).collect();
    assert_eq!((worst.len(), worst[0]), (10, ("c000", 1)));
    // Nothing has changed.
    assert_eq!(product.check(email("calm")).unwrap().policy_revision, 1);

    let days = v1::SimulatePolicyRequest { days: Some(18), ..candidate(&two()) };
    let (_, report) = simulate(&product, days).unwrap();
    assert_eq!((report.contacts, report.days[0].date.as_str()), (150, "2026-11-05"));
    let sample = v1::SimulatePolicyRequest { sample_size: Some(20), ..candidate(&two()) };
    let (_, report) = simulate(&product, sample).unwrap();
    assert_eq!((report.customers_seen, report.customers_simulated), (153, 20));
}

#[test]
fn without_documents_it_tells_what_is_in_shadow() {
    let product = Product::start();
    let text = THREE.replace("limit: 3, per: 7d", "limit: 1, per: 7d, mode: shadow");
    product.apply(&text, 0).unwrap();
    product.seed("ada", &mailed(&[2, 4, 6]));
    let (_, report) = simulate(&product, v1::SimulatePolicyRequest::default()).unwrap();
    assert_eq!((report.contacts, effect(&report)), (3, (0, 0, 0, 0)));
    let [rule] = report.shadow_rules.as_slice() else { panic!("{report:?}") };
    assert_eq!((rule.rule.as_deref(), rule.contacts), (Some("marketing-weekly"), 2));
    assert_eq!(report.shadow_contacts, 2);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let wrong = v1::SimulatePolicyRequest {
        days: Some(401),
        sample_size: Some(10_001),
        ..candidate(THREE)
    };
    assert_eq!(fields(&simulate(&product, wrong).unwrap_err()), ["days", "sample_size"]);
    let none =
        v1::SimulatePolicyRequest { days: Some(0), sample_size: Some(0), ..candidate(THREE) };
    assert_eq!(fields(&simulate(&product, none).unwrap_err()), ["days", "sample_size"]);
    let mistake =
        simulate(&product, candidate("name: b\nbudgets: [{name: b, limt: 0, per: 1d}]\n"));
    let mistake = mistake.unwrap_err();
    assert_eq!(
        (mistake.code(), reason(&mistake).as_str()),
        (Code::InvalidArgument, "INVALID_POLICY")
    );
    let absent =
        v1::SimulatePolicyRequest { remove_documents: vec!["x".to_owned()], ..Default::default() };
    assert_eq!(fields(&simulate(&product, absent).unwrap_err()), ["remove_documents"]);
}

#[test]
fn a_tenant_sees_its_own_customers() {
    let product = Product::start();
    product.seed("ada", &mailed(&[2]));
    let tenant = Some("other".to_owned());
    let (_, report) =
        simulate(&product, v1::SimulatePolicyRequest { tenant, ..Default::default() }).unwrap();
    assert_eq!(report.customers_seen, 0);
}

#[test]
fn it_is_in_the_audit_log() {
    let product = Product::start();
    let sample_size = Some(7);
    simulate(&product, v1::SimulatePolicyRequest { sample_size, ..Default::default() }).unwrap();
    let request = v1::ListAuditEventsRequest {
        actions: vec!["SimulatePolicy".to_owned()],
        ..Default::default()
    };
    let listed = product.wait(product.policies().list_audit_events(request)).unwrap().into_inner();
    assert_eq!(listed.events[0].details, "28 days of 7 customers");
}

#[test]
fn one_runs_at_a_time_and_ends_with_its_caller() {
    let gate = Arc::new(Semaphore::new(0));
    let passed = Arc::clone(&gate);
    let product = Product::start_on(tempfile::tempdir().unwrap(), |store| {
        Through::before(store, move |step, _| {
            let passed = Arc::clone(&passed);
            Box::pin(async move {
                if step == Step::Scan {
                    drop(passed.acquire().await.unwrap());
                }
            })
        })
    });
    product.seed("ada", &mailed(&[2]));
    let start = || {
        let request = v1::SimulatePolicyRequest::default();
        product.wait(product.policies().simulate_policy(request)).map(Response::into_inner)
    };
    let first = start().unwrap();
    let second = start().unwrap_err();
    assert_eq!((second.code(), reason(&second).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    assert!(is_allowed(&product.check(email("ada")).unwrap()), "calls are answered meanwhile");
    // The caller goes away in the middle, and the place is free again.
    drop(first);
    let mut third = loop {
        match start() {
            Ok(answers) => break answers,
            Err(status) => assert_eq!(status.code(), Code::ResourceExhausted),
        }
    };
    gate.add_permits(1);
    let answer = product.wait(third.message()).unwrap().unwrap();
    assert!(matches!(answer.part, Some(Part::Report(report)) if report.contacts == 1));
}

#[test]
fn the_command_shows_a_table_and_a_chart() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    product.seed("ada", &mailed(&[2, 4, 6]));
    let server = format!("http://{}", product.address());
    let fewer = File::new("simulated.yaml", &two());
    let ask = |args: &[&str]| {
        courtesy(&[&["policy", "simulate"][..], args, &["--server", &server]].concat())
    };
    let said = ask(&[fewer.path()]);
    let warns = |line: &str| line.starts_with("warning: base:");
    assert!(said.code == 0 && said.err.lines().all(warns), "{}", said.err);
    for part in [
        "3 contacts with 1 of 1 customers in 28 days, since 2026-10-26\n",
        "refused by the policy in force: 0 (0.0 %)\n",
        "refused by the candidate: 1 (33.3 %); 1 newly refused, 0 newly allowed; 1 customers affected\n",
        "marketing-weekly",
        "BUDGET_SPENT",
        "2026-11-06 ████████████████████████████████  1 of 1 contacts\n",
        "on 27 other days no contact is newly refused\n",
        "ada",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let said = ask(&[fewer.path(), "--days", "17", "--sample", "5", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["effect"]["newlyRefused"], "1", "{}", said.out);
    assert_eq!(json["days"].as_array().unwrap().len(), 17);
    assert_eq!(ask(&["--sample", "some"]).code, 2);
}

/// Runs the command at a terminal, at which a user types something.
fn at_a_terminal(args: &[&str], typed: &str) -> String {
    let quoted = args.iter().map(|arg| format!(" '{arg}'")).collect::<String>();
    let command = format!("{}{quoted}", env!("CARGO_BIN_EXE_courtesy"));
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("`script`, of the package bsdutils, makes terminals: {error}")
        });
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn the_effect_is_shown_before_it_is_applied() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    product.seed("ada", &mailed(&[2, 4, 6]));
    let server = format!("http://{}", product.address());
    let fewer = File::new("asked.yaml", &two());
    let args = ["policy", "apply", fewer.path(), "--server", &server];
    let revision = || product.check(email("ada")).unwrap().policy_revision;
    let said = courtesy(&args);
    assert_eq!((said.code, said.out.as_str(), revision()), (2, "", 1), "no terminal to ask at");
    assert!(said.err.contains("--yes") && said.err.contains("--dry-run"), "{}", said.err);

    let said = at_a_terminal(&args, "n\n");
    for part in [
        "marketing-weekly: limit 3 → 2",
        "1 newly refused, 0 newly allowed",
        "2026-11-06 ████",
        "put this in force as revision 2? [y/N] ",
        "nothing was applied",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(revision(), 1);
    let said = at_a_terminal(&args, "y\n");
    assert!(said.contains("revision 2 is in force"), "{said}");
    assert_eq!(revision(), 2);
}

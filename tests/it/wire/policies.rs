//! Policies that are mistakes, or traps: refused where the mistake is, before the call's deadline,
//! and the policy in force stays.

use std::fmt::Write;
use std::sync::Arc;

use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::proto::v1;
use courtesy::zone::Zones;
use tonic::Code;
use tonic::Status;

use super::ask::Ask;
use super::ask::POLICY;
use super::ask::accepted;
use super::ask::check;
use super::ask::contact;
use super::ask::product;
use crate::api::product::Product;
use crate::api::product::fields;
use crate::api::product::is_allowed;
use crate::api::product::reason;
use crate::api::product::violations;

fn apply(product: &Product, text: &str) -> Result<v1::ApplyPolicyResponse, Status> {
    let document = v1::PolicyDocument { text: text.to_owned(), name: String::new() };
    let request = v1::ApplyPolicyRequest {
        documents: vec![document],
        expected_revision: Some(1),
        ..Default::default()
    };
    request.send(product)
}

/// The document is refused, at its line `line` among others.
#[track_caller]
fn refused(product: &Product, text: &str, line: usize) {
    let shown: String = text.chars().take(200).collect();
    // A trap that works gets DEADLINE_EXCEEDED.
    let status = apply(product, text).err().unwrap_or_else(|| panic!("accepted: {shown}"));
    let found = (status.code(), reason(&status));
    assert_eq!(found, (Code::InvalidArgument, "INVALID_POLICY".to_owned()), "{status}: {shown}");
    let fields = fields(&status);
    let at_line = |field: &String| field.split(':').nth(1) == Some(line.to_string().as_str());
    assert!(fields.iter().any(at_line), "not in line {line}: {fields:?} {status}: {shown}");
    let policy = accepted(product, &v1::GetPolicyRequest::default()).policy.unwrap();
    assert_eq!((policy.revision, policy.documents[0].text.as_str()), (1, POLICY));
    let decision = accepted(product, &check(contact())).decision.unwrap();
    assert!(is_allowed(&decision) && decision.policy_revision == 1);
}

#[test]
fn yaml_that_is_a_trap_is_refused() {
    let product = product();
    let mut bomb = "name: b\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..10 {
        let last = i - 1;
        let aliases = vec![format!("*a{last}"); 10].join(", ");
        writeln!(bomb, "a{i}: &a{i} [{aliases}]").unwrap();
    }
    refused(&product, &bomb, 6);
    let deep = |open: &str, close: &str| {
        format!("name: b\nbudgets: {}{}\n", open.repeat(10_000), close.repeat(10_000))
    };
    refused(&product, &deep("[", "]"), 2);
    refused(&product, &deep("{a: ", "}"), 2);
    refused(&product, &deep("[", ""), 2);
    let indented: String = (0..1_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    refused(&product, &indented, 33);
    refused(&product, &format!("name: b\nbudgets: [{}]\n", "x, ".repeat(200_000)), 2);
    refused(&product, "name: b\nname: c\n", 2);
    refused(&product, "name: b\nbudgets:\n\t- {name: a, limit: 1, per: 1d}\n", 3);
    refused(&product, "name: b\nbudgets: !!python/object {}\n", 2);
    refused(&product, "name: b\n---\nname: c\n", 2);
    refused(&product, "%YAML 9.9\n---\nname: b\n", 1);
    refused(&product, "name: b\nx: \"\0\"\n", 2);
    refused(&product, "\u{fffe}name: b\n", 1);
    refused(&product, "", 1);
    refused(&product, "- a\n", 1);
    refused(&product, "name: b\n<<: {name: c}\n", 2);
}

#[test]
fn a_document_has_at_most_a_mebibyte() {
    let product = product();
    let documents = |length: usize| v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument {
            text: format!("name: b\n#{}", "x".repeat(length - 9)),
            name: String::new(),
        }],
        expected_revision: Some(1),
        validate_only: Some(true),
        ..Default::default()
    };
    accepted(&product, &documents((1 << 20) - 100));
    let status = documents((1 << 20) + 1).send(&product).unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "it does not fit into a request either");
}

#[test]
fn rules_that_make_no_sense_are_refused_where_they_stand() {
    let product = product();
    let budget = |rest: &str| format!("name: b\nbudgets:\n  - {{name: x, {rest}}}\n");
    for rest in [
        "limit: .nan, per: 1d",
        "limit: .inf, per: 1d",
        "limit: -1, per: 1d",
        "limit: 1.5, per: 1d",
        "limit: 1e3, per: 1d",
        "limit: 99999999999999999999, per: 1d",
        "limit: 0x10, per: 1d",
        "limit: true, per: 1d",
        "limit: 1, per: 0s",
        "limit: 1, per: 0d",
        "limit: 1, per: -1d",
        "limit: 1, per: 99999999999999999999d",
        "limit: 1, per: 3661d",
        "limit: 1, per: fortnight",
        "limit: 1, per: ''",
        "limit: 1",
        "per: 1d",
        "limit: 1, per: 1d, limt: 2",
        "limit: 1, per: 1d, for: {channels: [fax]}",
        "limit: 1, per: 1d, for: {priority_at_least: 101}",
        "limit: 1, per: 1d, cost: {email: 0.5}",
        "limit: 1, per: day, zone: ../../etc/passwd",
    ] {
        refused(&product, &budget(rest), 3);
    }
    refused(&product, "name: b\nunknown: 1\n", 2);
    refused(&product, "name: ''\n", 1);
    refused(&product, &format!("name: {}\n", "n".repeat(129)), 1);
    let many: String =
        (0..1_001).map(|i| format!("  - {{name: x{i}, limit: 1, per: 1d}}\n")).collect();
    let status = apply(&product, &format!("name: b\nbudgets:\n{many}")).unwrap_err();
    assert_eq!(reason(&status), "INVALID_POLICY");
    let open = "quiet_hours: [{name: q, hours: [{from: '08:00', to: '08:00'}]}]";
    refused(&product, &format!("name: b\n{open}\n"), 2);
}

#[test]
fn expressions_that_cost_too_much_are_refused() {
    let product = product();
    let rule = |expression: &str| {
        let quoted = expression.replace('\'', "''");
        format!("name: b\ncontent_rules:\n  - {{name: x, deny_when: '{quoted}'}}\n")
    };
    for expression in [
        &"contact.topic == 'a' || ".repeat(200),
        &format!("{}true{}", "(".repeat(1_000), ")".repeat(1_000)),
        &"!".repeat(1_000),
        "contact.topic.matches('.{1000}{1000}')",
        "contact.topic.matches('(')",
        "contact.topic.matches('\\\\p{Foo}')",
        "[1, 2, 3].all(x, x > 0)",
        "contact.nothing == 'a'",
        "contact.topic + 1",
        "'\0'",
        "",
    ] {
        refused(&product, &rule(expression), 3);
    }
}

#[test]
fn a_pattern_that_others_backtrack_over_costs_nothing() {
    let product = product();
    let text = "name: b\ncontent_rules:\n  - {name: x, deny_when: \"contact.attributes['a'].matches('^(a+)+$')\"}\n";
    apply(&product, text).unwrap();
    let attributes = [("a".to_owned(), format!("{}!", "a".repeat(1_023)))].into();
    // One that backtracks never answers.
    accepted(&product, &check(v1::Contact { attributes, ..contact() }));
}

#[test]
fn a_policy_replaces_the_revision_that_its_author_has_seen() {
    let product = product();
    for expected in [0, 2, u64::MAX] {
        let status = product.apply(POLICY, expected).unwrap_err();
        let found = (status.code(), reason(&status));
        assert_eq!(found, (Code::Aborted, "REVISION_MOVED".to_owned()), "{expected}");
    }
    assert_eq!(product.apply(&format!("# again\n{POLICY}"), 1).unwrap(), 2);
}

/// Expressions of which each is short enough, and all together are too long.
fn long_winded() -> String {
    let mut text = POLICY.to_owned() + "content_rules:\n";
    for number in 0..300 {
        writeln!(text, "  - {{name: rule-{number}, deny_when: \"true{:990}\"}}", "").unwrap();
    }
    text
}

#[test]
fn the_expressions_of_a_policy_are_bounded_together() {
    let product = product();
    let status = apply(&product, &long_winded()).unwrap_err();
    assert_eq!((status.code(), &*reason(&status)), (Code::InvalidArgument, "INVALID_POLICY"));
    let first = fields(&status).remove(0);
    let before = POLICY.lines().count() + 1;
    let fits = (256 << 10) / 994;
    assert_eq!(first.split(':').nth(1), Some((before + fits + 1).to_string().as_str()), "{first}");
    let told = violations(&status).remove(0);
    assert!(told.contains("at most 262144 bytes together"), "{told}");
}

#[test]
fn what_was_accepted_before_there_was_a_bound_still_loads() {
    let source = Source::new("long.yaml", &long_winded());
    let zones = Arc::new(Zones::bundled());
    let (policy, _warnings) = Policy::load_stored(&[source], &zones).unwrap();
    assert!(policy.rules.len() >= 300);
}

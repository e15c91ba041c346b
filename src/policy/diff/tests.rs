use super::changes;
use crate::policy::Source;

const BASE: &str = "\
name: base
# three a week
settings: {week_starts: monday}
channels: {email: {}, sms: {}}
purposes: {marketing: {}}
budgets:
  - {name: marketing-weekly, for: {purposes: [marketing]}, limit: 3, per: 7d}
reactions:
  - {on: complained, suppress: {purposes: [marketing]}}
include: [us-tcpa]
";

#[track_caller]
fn check(before: &[&str], after: &[&str], expected: &[&str]) {
    let sources = |texts: &[&str]| -> Vec<Source> {
        let named = texts.iter().map(|text| {
            let name = text.lines().next().unwrap().trim_start_matches("name: ");
            Source::new(name, text)
        });
        named.collect()
    };
    let found = changes(&sources(before), &sources(after));
    let found: Vec<&str> = found.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn edited(from: &str, to: &str, expected: &[&str]) {
    assert!(BASE.contains(from));
    check(&[BASE], &[&BASE.replace(from, to)], expected);
}

#[test]
fn a_value_is_told_with_its_rule_and_its_place() {
    edited("limit: 3", "limit: 2", &["marketing-weekly: limit 3 → 2"]);
    edited("per: 7d}", "per: 7d, mode: shadow}", &["marketing-weekly: mode not set → shadow"]);
    edited(
        "[marketing]}, limit",
        "[marketing], channels: [sms]}, limit",
        &["marketing-weekly: for.channels not set → [sms]"],
    );
    edited("sms: {}", "sms: {consent: required}", &["channel sms: consent not set → required"]);
    edited("monday", "sunday", &["settings: week_starts monday → sunday"]);
}

#[test]
fn what_comes_and_goes_is_named_with_its_sort() {
    edited(", sms: {}", "", &["removes channel sms"]);
    edited("[us-tcpa]", "[us-tcpa, us-fl]", &["adds preset us-fl"]);
    edited(
        "on: complained",
        "on: refused",
        &[
            "removes reaction {on: complained, suppress: {purposes: [marketing]}}",
            "adds reaction {on: refused, suppress: {purposes: [marketing]}}",
        ],
    );
    edited(
        "marketing-weekly",
        "weekly",
        &[
            "removes the budget marketing-weekly",
            "adds the budget weekly: for {purposes: [marketing]}, limit 3, per 7d",
        ],
    );
    let more = "name: more\ndescription: why\nspacing: [{name: apart, least: 20h}]\n";
    check(
        &[BASE],
        &[BASE, more],
        &["adds document more: description why", "adds the spacing apart: least 20h"],
    );
}

#[test]
fn a_comment_or_another_layout_is_no_change_of_a_rule() {
    let comments = ["document base: only its comments or its layout"];
    edited("# three", "# at most three", &comments);
    edited("{week_starts: monday}", "\n  week_starts: monday", &comments);
    check(&[BASE], &[BASE], &[]);
}

#[test]
fn a_rule_may_move_to_another_document() {
    let rule = "  - {name: marketing-weekly, for: {purposes: [marketing]}, limit: 3, per: 7d}\n";
    let without = BASE.replace("budgets:\n", "").replace(rule, "");
    let more = format!("name: more\nbudgets:\n{rule}");
    check(&[BASE], &[&without, &more], &["adds document more"]);
}

#[test]
fn a_long_list_of_changes_ends_with_their_number() {
    let rules = |count: usize| -> String {
        (0..count).map(|it| format!("  - {{name: b{it:03}, limit: 1, per: 1d}}\n")).collect()
    };
    let long = format!("name: more\nbudgets:\n{}", rules(250));
    let sources = [Source::new("more", &long)];
    let found = changes(&[], &sources);
    assert_eq!((found.len(), found[199].text.as_str()), (200, "and 52 more"));
}

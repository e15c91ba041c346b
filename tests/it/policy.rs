//! `courtesy policy`.

use std::collections::BTreeSet;

use crate::support::File;
use crate::support::courtesy;
use crate::support::files;

const POLICY: &str = "\
name: base
channels: {email: {}}
purposes: {marketing: {}}
budgets: [{name: weekly, limit: 1, per: 7d}]
";

const FRANCE: &str = "\
name: base
settings: {time_zone: {unknown: deny}}
channels: {voice: {}, sms: {}}
purposes: {marketing: {}}
include: [fr-bloctel]
";

const CUSTOMER: &str = "\
time_zone: Europe/Paris
contacts: [{at: 2026-11-20T09:00:00Z, channel: email, purpose: marketing}]
";

#[test]
fn every_case_that_ships_passes() {
    for directory in ["tests/cases", "tests/presets", "src/policy", "src/cli/demo/policy"] {
        let files = files(directory);
        assert!(!files.is_empty(), "no cases in {directory}");
        let mut args = vec!["policy", "test"];
        args.extend(files.iter().map(String::as_str));
        let said = courtesy(&args);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        let last = said.out.lines().last().unwrap();
        assert!(last.ends_with(" passed, 0 failed"), "{last}");
        assert!(!last.starts_with("0 "), "{directory}: no case was run");
    }
}

#[test]
fn a_failed_test_shows_expectation_answer_and_trace() {
    let policy = File::new("failed.yaml", POLICY);
    let beside = policy.path().rsplit('/').next().unwrap();
    let test = format!(
        "policy: [{beside}]\ntests:\n  - name: the second waits\n    now: 2026-11-22T12:00:00Z\n    \
         customers:\n      ada:\n        contacts: [{{at: 2026-11-20T09:00:00Z, channel: email, \
         purpose: marketing}}]\n    expect:\n      - contact: {{customer: ada, channel: email, \
         purpose: marketing}}\n        effect: ALLOW\n"
    );
    let test = File::new("failed_test.yaml", &test);
    let said = courtesy(&["policy", "test", test.path()]);
    assert_eq!(said.code, 1);
    for part in [
        "FAILED",
        ":9: the second waits",
        "expected ALLOW",
        "answered DENY",
        "weekly",
        "BUDGET_SPENT",
    ] {
        assert!(said.out.contains(part), "`{part}` is missing: {}", said.out);
    }
    assert_eq!(said.out.lines().last(), Some("0 passed, 1 failed"));
    let json = courtesy(&["policy", "test", "--json", test.path()]);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &report["failed"]), (1, &serde_json::json!(1)));
    assert_eq!(report["questions"][0]["differences"][0]["answered"], "DENY");
}

#[test]
fn a_test_that_cannot_be_read_is_no_failed_test() {
    let test = File::new("unreadable_test.yaml", "policy: [missing.yaml]\ntests: []\n");
    let said = courtesy(&["policy", "test", test.path()]);
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    assert!(said.err.contains("must not be empty"), "{}", said.err);
}

#[test]
fn a_mistake_is_shown_where_it_is_with_a_way_out() {
    let policy = File::new("mistake.yaml", &POLICY.replace("limit: 1", "limit: 1, fro: {}"));
    let said = courtesy(&["policy", "validate", policy.path()]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    let place = format!("{}:4:36", policy.path());
    for part in ["unknown key `fro`", &place, "budgets: [{name", "did you mean `for`?"] {
        assert!(said.err.contains(part), "`{part}` is missing: {}", said.err);
    }
    let json = courtesy(&["policy", "validate", "--json", policy.path()]);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["valid"], false);
    assert_eq!(report["problems"][0]["line"], 4);
}

/// The manual keeps up with the language.
#[test]
fn every_key_is_in_the_manual() {
    let manual = std::fs::read_to_string("docs/policy-language.md").unwrap();
    let quoted = manual.split('`').skip(1).step_by(2).chain(manual.split("**").skip(1).step_by(2));
    let words: BTreeSet<&str> =
        quoted.flat_map(|text| text.split(|it: char| !it.is_alphanumeric() && it != '_')).collect();
    let schema = courtesy(&["policy", "schema"]).out;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let parts = schema["$defs"].as_object().unwrap();
    let properties = parts.values().filter_map(|part| part["properties"].as_object());
    let keys: BTreeSet<&str> = properties.flat_map(|it| it.keys().map(String::as_str)).collect();
    assert!(keys.len() > 60, "{keys:?}");
    let missing: Vec<_> = keys.difference(&words).collect();
    assert!(missing.is_empty(), "docs/policy-language.md does not tell of {missing:?}");
}

#[test]
fn a_valid_policy_is_counted() {
    let said = courtesy(&["policy", "validate", "src/policy/starter.yaml"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.starts_with("valid: "), "{}", said.out);
}

#[test]
fn validate_tells_what_is_closed_to_unknown_customers() {
    let said = courtesy(&["policy", "validate", "src/policy/starter.yaml"]);
    let line = said.out.lines().find(|line| line.starts_with("`mothers-day`")).unwrap();
    assert!(line.starts_with("`mothers-day` is closed up to 222 days a year for"), "{line}");
    let said = courtesy(&["policy", "validate", "--json", "src/policy/starter.yaml"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let days = serde_json::json!({
        "fathers-day": 228,
        "mothers-day": 222,
        "occasions-opted-out-of": 274,
        // Three days, and those at their edges on other clocks.
        "year-end": 5,
    });
    assert_eq!(report["closedDaysWhereNothingIsKnown"], days);
}

#[test]
fn an_explanation_shows_the_customers_own_time_and_what_helps() {
    let customer = File::new("ada.yaml", "time_zone: America/New_York\n");
    let explain = |customer: &File, channel: &str, at: &str| {
        let question = ["--channel", channel, "--purpose", "transactional", "--at", at];
        let args = ["policy", "explain", "--customer", customer.path()];
        courtesy(&[&args[..], &question[..]].concat())
    };
    let said = explain(&customer, "voice", "2026-11-24T03:00:00.5Z");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("is exempt from it"), "{}", said.out);
    let quiet = File::new(
        "bo.yaml",
        "time_zone: America/New_York\nopt_outs: [{until: 2026-12-01T00:00:00.001Z}]\n",
    );
    let said = explain(&quiet, "email", "2026-11-24T03:00:00Z");
    let next = "next allowed time  2026-12-01T00:00:01Z (2026-11-30 19:00:01 America/New_York)";
    assert!(said.out.contains(next), "{}", said.out);
    let out = File::new("cy.yaml", "opt_outs: [{channel: email}]\n");
    let said = explain(&out, "email", "2026-11-24T03:00:00Z");
    assert!(
        said.out.contains("next allowed time  not until the customer opts in again"),
        "{}",
        said.out
    );
    let held =
        File::new("di.yaml", "opt_outs: [{channel: email}]\nsuppressions: [{reason: open_case}]\n");
    let said = explain(&held, "email", "2026-11-24T03:00:00Z");
    assert!(said.out.contains("next allowed time  not within 400 days"), "{}", said.out);
    let rows: Vec<&str> = said.out.lines().skip_while(|it| !it.contains("RULE OR WISH")).collect();
    assert!(rows[1].contains("OPTED_OUT") || rows[1].contains("SUPPRESSED"), "{}", said.out);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = courtesy(&["policy", "validate", "no-such-file.yaml"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("cannot read `no-such-file.yaml`"), "{}", said.err);
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let large = File::new("large.yaml", &"# padding\n".repeat(200_000));
    let said = courtesy(&["policy", "validate", large.path()]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("a document has at most 1048576 bytes"), "{}", said.err);
}

#[test]
fn a_policy_is_told_from_its_tests() {
    for text in [POLICY.to_owned(), POLICY.replacen("channels:", "chanels:", 1)] {
        let file = File::new("told-apart.yaml", &text);
        let said = courtesy(&["policy", "test", file.path()]);
        assert_eq!((said.code, said.out.as_str()), (2, "0 passed, 0 failed\n"));
        assert!(said.err.contains("this is a policy, and not its tests"), "{}", said.err);
        assert!(said.err.contains("courtesy policy validate "), "{}", said.err);
        assert!(!said.err.contains("unknown key"), "{}", said.err);
    }
}

#[test]
fn an_explained_customer_lives_in_a_place() {
    let explain = |customer: &str| {
        let file = File::new("explain-place.yaml", customer);
        let args = ["policy", "explain", "--customer", file.path()];
        courtesy(&[&args[..], &["--channel", "email", "--purpose", "marketing"]].concat())
    };
    let refused = [
        ("time_zone: Etc/GMT+5", "write the city: `America/New_York`"),
        ("time_zones: [Europe/Paris, EST]", "write the city: `America/New_York`"),
        ("time_zone: \"-05:00\"", "write the city: `America/New_York`"),
        ("time_zone: London", "`Europe/London`"),
        ("jurisdictions: [QQ]", "there is no jurisdiction `QQ`"),
    ];
    for (customer, meant) in refused {
        let said = explain(&format!("{customer}\n"));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{customer}");
        assert!(said.err.contains(meant), "{customer}: {}", said.err);
    }
    for customer in ["time_zone: UTC", "time_zone: Europe/Paris", "jurisdictions: [US-FL]"] {
        let said = explain(&format!("{customer}\n"));
        assert!(said.err.is_empty(), "{customer}: {}", said.err);
    }
}

#[test]
fn an_explanation_tells_every_rule() {
    let policy = File::new("explain.yaml", POLICY);
    let customer = File::new("explain-customer.yaml", CUSTOMER);
    let args = [
        "policy",
        "explain",
        policy.path(),
        "--customer",
        customer.path(),
        "--channel",
        "email",
        "--purpose",
        "marketing",
        "--at",
        "2026-11-22T12:00:00Z",
    ];
    let said = courtesy(&args);
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    for part in ["DENY", "BUDGET_SPENT", "2026-11-27T09:00:00Z", "0 of 1 left in 7d", "2026-11-20"]
    {
        assert!(said.out.contains(part), "`{part}` is missing: {}", said.out);
    }
    let mut args = args.to_vec();
    args.push("--json");
    let answer: serde_json::Value = serde_json::from_str(&courtesy(&args).out).unwrap();
    assert_eq!(answer["nextAllowedTime"], "2026-11-27T09:00:00Z");
    assert_eq!(answer["detail"]["evidence"][0]["cost"], 1);
}

#[test]
fn a_newcomer_is_told_what_the_starter_policy_says() {
    let said = courtesy(&["policy", "explain", "--channel", "email", "--purpose", "marketing"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.starts_with("ALLOW\n"), "{}", said.out);
}

#[test]
fn a_channel_that_is_not_declared_is_a_mistake_and_no_answer() {
    let said = courtesy(&["policy", "explain", "--channel", "fax", "--purpose", "marketing"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("the policy declares no channel `fax`"), "{}", said.err);
    assert!(said.err.contains("`email`"), "{}", said.err);
}

#[test]
fn presets_are_listed_and_printed() {
    let said = courtesy(&["policy", "presets"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("us-fl"), "{}", said.out);
    let said = courtesy(&["policy", "presets", "us-fl"]);
    assert!(said.out.contains("not legal"), "{}", said.out);
    let said = courtesy(&["policy", "presets", "us-xx"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("no preset `us-xx`"), "{}", said.err);
}

#[test]
fn presets_tell_when_they_were_reviewed_how_sure_they_are_and_what_has_ended() {
    let listed = |args: &[&str]| {
        let mut all = vec!["policy", "presets", "--json"];
        all.extend(args);
        let said = courtesy(&all);
        (said.code, serde_json::from_str::<serde_json::Value>(&said.out).unwrap())
    };
    let (code, all) = listed(&["--at", "2026-11-28T12:00:00Z"]);
    assert_eq!(code, 0);
    let all = all.as_array().unwrap().clone();
    let find = |name: &str| all.iter().find(|row| row["name"] == name).unwrap().clone();
    assert_eq!(find("us-tcpa")["confidence"], "high");
    assert_eq!(find("fr-bloctel")["reviewed"], "2026-11-28");
    let ended = serde_json::json!([{"rule": "fr-bloctel-refusal", "since": "2026-08-11"}]);
    assert_eq!(find("fr-bloctel")["notInForce"], ended);
    let table = courtesy(&["policy", "presets", "--at", "2026-11-28T12:00:00Z"]).out;
    assert!(table.contains("fr-bloctel-refusal: not in force since 2026-08-11"), "{table}");

    let (code, fresh) = listed(&["--at", "2027-05-27T12:00:00Z", "--stale", "180d"]);
    assert_eq!((code, fresh), (0, serde_json::json!([])), "180 days ago is not longer ago");
    let (code, stale) = listed(&["--at", "2027-05-28T12:00:00Z", "--stale", "180d"]);
    assert_eq!((code, stale.as_array().unwrap().len()), (1, all.len()));
    let wrong = courtesy(&["policy", "presets", "--stale", "180"]);
    assert!(wrong.code == 2 && wrong.err.contains("has no unit"), "{}", wrong.err);
}

#[test]
fn the_page_of_presets_is_current() {
    let said = courtesy(&["policy", "presets", "--markdown"]);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/presets.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(said.out == page, "run: courtesy policy presets --markdown > docs/presets.md");
}

#[test]
fn a_rule_that_has_ended_is_told_as_not_in_force_and_never_as_passed() {
    let policy = File::new("ended.yaml", FRANCE);
    let customer = File::new("paris.yaml", "time_zone: Europe/Paris\njurisdictions: [FR]\n");
    let explained = |at: &str| {
        let said = courtesy(&[
            "policy",
            "explain",
            policy.path(),
            "--customer",
            customer.path(),
            "--channel",
            "voice",
            "--purpose",
            "marketing",
            "--at",
            at,
        ]);
        said.out
            .lines()
            .filter(|line| line.contains("fr-bloctel-"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let line = |lines: &[String], rule: &str| {
        lines.iter().rfind(|line| line.contains(rule)).unwrap().clone()
    };
    // 23:00 on a Saturday after the change, and a Monday before it.
    let after = explained("2026-11-28T22:00:00Z");
    let refusal = line(&after, "fr-bloctel-refusal");
    assert!(refusal.contains("not in force since 2026-08-11"), "{refusal}");
    assert!(line(&after, "fr-bloctel-hours").contains("OUTSIDE_CONTACT_HOURS"));
    let before = line(&explained("2026-03-02T10:00:00Z"), "fr-bloctel-consent");
    assert!(before.contains("not in force until 2026-08-11"), "{before}");

    let at = ["policy", "validate", policy.path(), "--at", "2026-11-28T22:00:00Z"];
    let said = courtesy(&at);
    let ended = "fr-bloctel-refusal is not in force since 2026-08-11";
    assert!(said.code == 0 && said.out.contains(ended), "{}{}", said.out, said.err);
    let json: serde_json::Value =
        serde_json::from_str(&courtesy(&[&at[..], &["--json"]].concat()).out).unwrap();
    let ended = serde_json::json!([{"rule": "fr-bloctel-refusal", "since": "2026-08-11"}]);
    assert_eq!(json["notInForce"], ended);
}

#[test]
fn a_policy_without_channels_or_purposes_is_refused() {
    for (text, missing) in [
        ("name: base\nchannels: {email: {}}\n", "no purpose"),
        ("name: base\npurposes: {receipts: {marketing: false}}\n", "no channel"),
        ("name: base\n", "no channel and no purpose"),
    ] {
        let policy = File::new("empty.yaml", text);
        let said = courtesy(&["policy", "validate", policy.path()]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{text}");
        assert!(said.err.contains(missing), "{}", said.err);
        let json = courtesy(&["policy", "validate", "--json", policy.path()]);
        let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!((json.code, &report["valid"]), (1, &false.into()));
    }
}

#[test]
fn a_preset_of_one_vendors_word_warns() {
    let policy = File::new("low.yaml", &FRANCE.replace("fr-bloctel", "sa"));
    let said = courtesy(&["policy", "validate", policy.path()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("rests on one vendor's or newspaper's word"), "{}", said.err);
    let policy = File::new("sure.yaml", FRANCE);
    let said = courtesy(&["policy", "validate", policy.path()]);
    assert!(!said.err.contains("one vendor's or newspaper's word"), "{}", said.err);
}

#[test]
fn the_schema_is_json() {
    for of in ["policy", "tests", "customer"] {
        let said = courtesy(&["policy", "schema", of]);
        let schema: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

#[test]
fn a_wrong_command_line_shows_how_it_is_right() {
    let said = courtesy(&["policy", "validat"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("validate"), "{}", said.err);
}

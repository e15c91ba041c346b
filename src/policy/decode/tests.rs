use super::*;
use crate::policy::document::Document;
use crate::policy::document::TestDocument;
use crate::policy::source::Source;
use crate::policy::yaml;

#[test]
fn unknown_and_missing_keys() {
    refuses(
        "nme: x",
        "1:1 the key `name` is missing / add `name: …`; 1:1 unknown key `nme` / did you mean `name`?",
    );
    refuses_in(
        "budgets: [{name: b, limit: 1, per: 7d, ltd: 2}]",
        "2:40 unknown key `ltd` / write `name`, `description`, `source`, `for`, `effective`, `mode`, \
         `counts`, `by`, `cost`, `limit`, `limits`, `keep`, `answered`, `distinct`, `per` or `refund_on`",
    );
    refuses_in("budgets: [{name: b, per: 7d}]", "2:11 the key `limit` is missing / add `limit: …`");
    refuses_in(
        "budgets: [{name: b, limit: 1, Per: 7d}]",
        "2:11 the key `per` is missing / add `per: …`; 2:31 unknown key `Per` / did you mean `per`?",
    );
    refuses_in(
        "channels: {email: {konsent: required}}",
        "2:20 unknown key `konsent` / did you mean `consent`?",
    );
}

#[test]
fn kinds_of_nodes() {
    refuses_in(
        "settings: {time_zone: UTC}",
        "2:23 expected a map, found `UTC` / write keys and values, such as `{assume: …}`",
    );
    refuses_in(
        "quiet_periods: [{name: q, dates: 2026-12-24}]",
        "2:34 expected a map, found `2026-12-24` / \
         write keys and values, such as `{from: …, to: …}`",
    );
    refuses_in(
        "channels: 3",
        "2:11 expected a map of names, found `3` / \
         write names and values, such as `{name: …}`, or `{}` for none",
    );
    refuses("[]", "1:1 expected a map, found a list / write keys and values, such as `{name: …}`");
    refuses("3", "1:1 expected a map, found `3` / write keys and values, such as `{name: …}`");
    refuses_in(
        "budgets: {}",
        "2:10 expected a list, found a map / begin each item with `- `, or put it in brackets",
    );
    refuses_in("budgets:", "2:1 expected a list, found nothing / write `[]`, or remove the key");
    refuses_in(
        "include: us-fl",
        "2:10 expected a list, found `us-fl` / put it in brackets, even if it is the only one",
    );
    refuses_in(
        "channels: [email]",
        "2:11 expected a map of names, found a list / write each name as a key: `email: …`",
    );
    refuses_in(
        "channels:\n  email:",
        "3:3 expected a map, found nothing / write `{}`, or remove the key",
    );
    refuses_in("settings: ~", "2:11 expected a map, found nothing / write `{}`, or remove the key");
    refuses_in("description: [x]", "2:14 expected a text, found a list / write a text");
    refuses_in(
        "conversations: {window: [24h]}",
        "2:25 expected a duration, found a list / write it as `7d`, `24h` or `1h30m`",
    );
    refuses_in(
        "conversations: {window: }",
        "2:17 expected a duration, found nothing / write it as `7d`, `24h` or `1h30m`",
    );
}

#[test]
fn texts_and_names() {
    refuses(
        "name: 2026",
        "1:7 expected a name, found a number, `2026` / if it is meant as text, write it in quotes: `\"2026\"`",
    );
    refuses(
        "name: true",
        "1:7 expected a name, found a truth value, `true` / if it is meant as text, write it in quotes: `\"true\"`",
    );
    refuses("name:", "1:1 expected a name, found nothing / write a text, or remove the key");
    refuses("name: \"\"", "1:7 a name must not be empty / choose a short name on one line");
    refuses(
        "name: \" a\"",
        "1:7 a name must not begin or end with white space / choose a short name on one line",
    );
    refuses(
        "name: \"a\\nb\"",
        "1:7 a name must not contain control characters / choose a short name on one line",
    );
    let name = "n".repeat(128);
    accepts(&format!("name: {name}"));
    refuses(
        &format!("name: {name}n"),
        "1:7 a name has at most 128 bytes, this one has 129 / choose a short name on one line",
    );
    accepts("name: \"2026\"\ndescription: 'yes'");
    accepts("name: no\ndescription: on");
    accepts_in(&format!("description: {}", "x".repeat(4_096)));
    refuses_in(
        &format!("description: {}", "x".repeat(4_097)),
        "2:14 a text has at most 4096 bytes, this one has 4097 / shorten it",
    );
}

#[test]
fn truth_values() {
    let case = |value: &str| format!("purposes: {{reply: {{replies: {value}}}}}");
    accepts_in(&case("true"));
    accepts_in(&case("false"));
    for value in ["yes", "on", "True", "\"true\"", "1"] {
        let shown = value.trim_matches('"');
        refuses_in(
            &case(value),
            &format!(
                "2:29 expected `true` or `false`, found `{shown}` / write `true` or `false`, without quotes"
            ),
        );
    }
}

#[test]
fn whole_numbers() {
    let case = |value: &str| format!("budgets: [{{name: b, per: 7d, limit: {value}}}]");
    let wrong = |value: &str, expected: &str| refuses_in(&case(value), &format!("2:37 {expected}"));
    accepts_in(&case("0"));
    accepts_in(&case("10000"));
    let range = "write a whole number from 0 to 10000";
    wrong("10001", &format!("`10001` is not between 0 and 10000 / {range}"));
    wrong(
        "99999999999999999999",
        &format!("`99999999999999999999` is not between 0 and 10000 / {range}"),
    );
    wrong("-1", &format!("`-1` is below zero / {range}"));
    wrong("\"3\"", "expected a number, found the text `3` / remove the quotes");
    wrong("010", "`010` begins with a zero, which others read as octal / write `10`");
    wrong("3.0", &format!("`3.0` is not a whole number in plain digits / {range}"));
    wrong("1e3", &format!("`1e3` is not a whole number in plain digits / {range}"));
    wrong("0x10", &format!("`0x10` is not a whole number in plain digits / {range}"));
    wrong("+3", &format!("`+3` is not a whole number in plain digits / {range}"));
    wrong("1_000", &format!("expected a whole number, found `1_000` / {range}"));
    wrong("three", &format!("expected a whole number, found `three` / {range}"));
    refuses_in(&case(""), &format!("2:30 expected a whole number, found nothing / {range}"));
}

#[test]
fn words() {
    let mode = |value: &str| format!("spacing: [{{name: s, least: 1h, mode: {value}}}]");
    for value in ["enforce", "shadow", "off", "\"off\""] {
        accepts_in(&mode(value));
    }
    refuses_in(&mode("of"), "2:38 `of` is not a mode / did you mean `off`?");
    refuses_in(&mode("Shadow"), "2:38 `Shadow` is not a mode / did you mean `shadow`?");
    refuses_in(
        &mode("disabled"),
        "2:38 `disabled` is not a mode / write `enforce`, `shadow` or `off`",
    );
    refuses_in(&mode("false"), "2:38 `false` is not a mode / write `enforce`, `shadow` or `off`");
    refuses_in(
        "settings: {week_starts: mon}",
        "2:25 `mon` is not a day of the week / write `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday` or `sunday`",
    );
    refuses_in(
        "channels: {sms: {consent: yes}}",
        "2:27 `yes` is not the word `required` / write `required`",
    );
}

#[test]
fn keys_that_go_together() {
    let period = |keys: &str| format!("quiet_periods: [{{name: q, {keys}}}]");
    refuses_in(
        &period("before: 3d, dates: {from: 2026-01-01, to: 2026-01-02}"),
        "2:27 `before` has no meaning without `occasion` / add `occasion`, or remove `before`",
    );
    refuses_in(
        &period("mode: off"),
        "2:17 one of the keys `dates`, `yearly` or `occasion` is missing / add one",
    );
    refuses_in(
        &period("occasion: eid, yearly: {from: 01-01, to: 01-02}"),
        "2:42 `occasion` and `yearly` cannot be used together / keep one of them",
    );
    refuses_in(
        "settings: {time_zone: {}}",
        "2:23 one of the keys `assume` or `unknown` is missing / add one",
    );
    refuses_in(
        "spacing: [{name: s, least: {}}]",
        "2:28 one of the keys `calendar_days` or `full_days` is missing / add one",
    );
    refuses_in(
        "budgets: [{name: b, limit: 1, per: 7d, distinct: channel, cost: {email: 2}}]",
        "2:59 `cost` has no meaning beside `distinct` / remove one of them",
    );
    refuses_in(
        "channels: {sms: {valid_for: 7d}}",
        "2:18 `valid_for` has no meaning without `consent` / add `consent`, or remove `valid_for`",
    );
}

#[test]
fn lists_that_must_not_be_empty() {
    refuses_in(
        "budgets: [{name: b, limit: 1, per: 7d, limits: [{segments: [], limit: 2}]}]",
        "2:60 this list must not be empty / write at least one item",
    );
    refuses_in(
        "occasions: [{name: o, dates: []}]",
        "2:30 this list must not be empty / write at least one item",
    );
    refuses_in(
        "budgets: [{name: b, limit: 1, per: 7d, limits: [{limit: 2}]}]",
        "2:49 the key `segments` is missing / add `segments: …`",
    );
}

#[test]
fn every_mistake_is_reported_at_once() {
    refuses_in(
        "budgets:\n  - {name: b, limit: x, per: 7}\n  - {name: c, limit: 1, per: 7d, mod: off}",
        "3:22 expected a whole number, found `x` / write a whole number from 0 to 10000; \
         3:30 the duration `7` has no unit / write a unit, such as `7d`, `24h` or `1h30m`; \
         4:34 unknown key `mod` / did you mean `mode`?",
    );
}

#[test]
fn an_expectation_can_be_that_there_is_nothing() {
    let test = |answer: &str| {
        format!(
            "documents: [{{name: d}}]\ntests:\n  - {{name: t, now: 2026-01-01T00:00:00Z, expect: [{{contact: {{customer: a, channel: b, purpose: c}}, effect: DENY{answer}}}]}}"
        )
    };
    let stated = |answer: &str| {
        let document: TestDocument = read(&test(answer)).unwrap();
        document.tests[0].expect[0].next_allowed_time.clone()
    };
    assert_eq!(stated(""), Stated::Nothing);
    assert_eq!(stated(", next_allowed_time: null"), Stated::Unset);
    assert_eq!(stated(", next_allowed_time: "), Stated::Unset);
    let instant = crate::model::Instant::parse("2026-01-02T00:00:00Z").unwrap();
    assert_eq!(stated(", next_allowed_time: 2026-01-02T00:00:00Z"), Stated::Value(instant));
}

#[test]
fn an_expression_is_refused_inside_of_its_text() {
    refuses_in(
        "content_rules:\n  - name: c\n    deny_when: >-\n      contact.channel == \"voice\" &&\n      contact.chanel == 'x'",
        "6:15 `contact` has no `chanel` / did you mean `channel`?",
    );
}

#[test]
fn words_are_listed() {
    assert_eq!(alternatives(&["a"]), "`a`");
    assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
}

#[track_caller]
fn accepts(text: &str) {
    let document: Result<Document, String> = read(text);
    assert!(document.is_ok(), "{}", document.unwrap_err());
}

#[track_caller]
fn accepts_in(text: &str) {
    accepts(&format!("name: base\n{text}"));
}

#[track_caller]
fn refuses_in(text: &str, expected: &str) {
    refuses(&format!("name: base\n{text}"), expected);
}

/// The problems of a document, as `line:column message / help`, in one line.
#[track_caller]
fn refuses(text: &str, expected: &str) {
    assert_eq!(read::<Document>(text).unwrap_err(), expected);
}

fn read<T: Decode>(text: &str) -> Result<T, String> {
    let mut problems = Problems::default();
    let node = yaml::read(&Source::new("base.yaml", text), &mut problems);
    let value = node.and_then(|node| T::decode(&node, &mut problems));
    let found: Vec<String> = problems
        .iter()
        .map(|it| format!("{}:{} {} / {}", it.line, it.column, it.message, it.help))
        .collect();
    if found.is_empty() { Ok(value.unwrap()) } else { Err(found.join("; ")) }
}

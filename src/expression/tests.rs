use std::collections::BTreeMap;
use std::thread;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Profile;

mod against_cel;
mod faults;

#[test]
fn conditions_hold_or_do_not() {
    let cases = [
        // Fields.
        (r#"contact.channel == "voice""#, true),
        (r#"contact.purpose != "marketing""#, false),
        (
            r#"contact.topic == "baby" && contact.brand == 'acme' && customer.locale == "de-CH""#,
            true,
        ),
        (r#"contact.campaign == """#, true),
        ("contact.priority == 80", true),
        (r#""christmas" in contact.occasions"#, true),
        (r#""vip" in customer.segments"#, true),
        (r#""dormant" in customer.segments"#, false),
        (r#""US-NY" in customer.jurisdictions && !("US" in customer.jurisdictions)"#, true),
        (r#"contact.attributes["sentiment"] == "care""#, true),
        (r#"contact.attributes["missing"] == """#, true),
        (r#"customer.attributes["sentiment"] == """#, true),
        (r#"contact.attributes["wörd"] == "grün""#, true),
        // Time.
        (r#"at.date == "2026-11-22""#, true),
        (r#"at.date >= "2026-12-01""#, false),
        (r#"at.date.startsWith("2026-11-")"#, true),
        (r#"at.weekday == "sun""#, true),
        (r#"at.weekday in ["sat", "sun"]"#, true),
        ("at.hour == 9 && at.minute == 5", true),
        ("at.hour * 60 + at.minute < 545", false),
        // Logic.
        ("true", true),
        ("!true", false),
        ("!!true", true),
        ("false || true && false", false),
        ("true == (1 < 2)", true),
        ("true != false", true),
        ("true ? false : true", false),
        ("(1 < 2 ? 3 : 4) == 3", true),
        (r#"(false ? "a" : "b") == "b""#, true),
        ("false ? 1 / 0 == 1 : true", true),
        // Integers.
        ("1 + 2 * 3 - 4 / 2 == 5", true),
        ("-7 / 2 == -3 && -7 % 2 == -1", true),
        ("-contact.priority == -80", true),
        ("0x10 == 16", true),
        ("-9223372036854775808 < 9223372036854775807", true),
        ("1 <= 1 && 1 >= 1 && !(1 > 1) && !(1 < 1)", true),
        ("contact.priority in [1, 80, 3]", true),
        ("contact.priority in [1, at.hour]", false),
        // Strings.
        (r#""a" < "b" && "a" < "aa" && "Z" < "a""#, true),
        (r#""a" + "b" + contact.campaign == "ab""#, true),
        (r#"contact.topic in ["baby", contact.brand]"#, true),
        (r#""grün".size() == 4 && size("🐱") == 1"#, true),
        ("size(customer.segments) == 2 && contact.occasions.size() == 2", true),
        ("size(customer.jurisdictions) + size([1, 2]) + [\"a\"].size() == 5", true),
        (r#"contact.topic.contains("ab") && !contact.topic.contains("abc")"#, true),
        (r#"contact.topic.startsWith("ba") && !contact.topic.startsWith("by")"#, true),
        (r#"contact.topic.endsWith("by") && !contact.topic.endsWith("ba")"#, true),
        (r#"contact.topic.matches("^b.*y$") && contact.topic.matches('ab')"#, true),
        (r#"contact.topic.matches("^a")"#, false),
        (r#"'ada@example.org'.matches(r'(?i)^[a-z\d.+-]{1,20}@[\w-]+\.[A-Z]{2,8}$')"#, true),
        (r#""a1".matches(r"^\w\d$") && "a1".matches("^\\w\\d$")"#, true),
        // Conversions.
        (r#"int(customer.attributes["age"]) < 18"#, false),
        (r#"int("-5") == -5 && int("+5") == int(5)"#, true),
        (r#"string(contact.priority) == "80" && string("x") == "x""#, true),
        // Spelling.
        ("contact . priority == 80 // a comment", true),
        ("contact\n.priority\t== 80", true),
        (r#"r"\d" == "\\d" && '''a"b''' == "a\"b" && "\u00fc" == "ü""#, true),
    ];
    for (source, expected) in cases {
        assert_eq!(evaluate(source), Ok(expected), "{source}");
    }
}

#[test]
fn the_examples_of_content_rules_decide_as_their_cases_say() {
    let robot = compile(
        r#"contact.channel == "voice" && contact.attributes["automated"] == "true" && contact.attributes["sentiment"] == "care""#,
    );
    let baby = compile(r#"contact.topic == "baby" && !("new_parent" in customer.segments)"#);
    let letter = compile(
        r#"contact.attributes["urgency"] == "urgent" && contact.attributes["addressee"] == "current resident""#,
    );
    let wine = compile(r#"int(customer.attributes["age"]) < 18"#);
    let mut fixture = Fixture::new();
    assert_eq!(robot.evaluate(&fixture.subject()), Ok(true));
    assert_eq!(robot.evaluate(&Subject { channel: "email", ..fixture.subject() }), Ok(false));
    assert_eq!(baby.evaluate(&fixture.subject()), Ok(false));
    assert_eq!(letter.evaluate(&fixture.subject()), Ok(false));
    assert_eq!(wine.evaluate(&fixture.subject()), Ok(false));

    fixture.attributes = attributes(&[
        ("automated", "false"),
        ("sentiment", "care"),
        ("urgency", "urgent"),
        ("addressee", "current resident"),
    ]);
    fixture.profile.segments = names(&["vip"]);
    fixture.profile.attributes = BTreeMap::new();
    assert_eq!(robot.evaluate(&fixture.subject()), Ok(false));
    assert_eq!(baby.evaluate(&fixture.subject()), Ok(true));
    assert_eq!(letter.evaluate(&fixture.subject()), Ok(true));
    let error = wine.evaluate(&fixture.subject()).unwrap_err();
    let why = r#"`customer.attributes["age"]` is empty, and `int()` needs an integer"#;
    assert_eq!(error.to_string(), why);
}

#[test]
fn evaluation_says_why_it_fails_and_quotes_no_customer() {
    let overflow = "an integer does not fit into 64 bits";
    let cases = [
        ("1 / (at.hour - 9) == 1", "division by zero"),
        ("1 % (at.hour - 9) == 1", "division by zero"),
        ("9223372036854775807 + at.hour == 1", overflow),
        ("-9223372036854775808 - at.hour == 1", overflow),
        ("9223372036854775807 * at.hour == 1", overflow),
        ("-9223372036854775808 / (at.hour - 10) == 1", overflow),
        ("-(-9223372036854775808 + at.hour - 9) == 1", overflow),
        (
            r#"int( customer.attributes["secret"] ) == 1"#,
            r#"`customer.attributes["secret"]` is not an integer"#,
        ),
        (
            "int(contact.topic + string(at.hour)) == 1",
            "`contact.topic + string(at.hour)` is not an integer",
        ),
        (r#"int("99999999999999999999") == 1"#, "`\"99999999999999999999\"` is not an integer"),
        (r#"int(" 5") == 5"#, "`\" 5\"` is not an integer"),
        (
            "int(contact.campaign) in [1]",
            "`contact.campaign` is empty, and `int()` needs an integer",
        ),
        ("1 in [1, 1 / (at.hour - 9)]", "division by zero"),
        ("size([1 / (at.hour - 9)]) == 1", "division by zero"),
        ("size([string(1 / (at.hour - 9))]) == 1", "division by zero"),
    ];
    for (source, why) in cases {
        assert_eq!(evaluate(source).unwrap_err().to_string(), why, "{source}");
    }
}

#[test]
fn an_operand_that_decides_alone_absorbs_the_failure_of_the_other() {
    let fails = "1 / (at.hour - 9) == 1";
    let division = Err(EvaluationError::DivisionByZero);
    let cases = [
        (format!("false && {fails}"), Ok(false)),
        (format!("{fails} && false"), Ok(false)),
        (format!("true || {fails}"), Ok(true)),
        (format!("{fails} || true"), Ok(true)),
        (format!("true && {fails}"), division.clone()),
        (format!("{fails} && true"), division.clone()),
        (format!("false || {fails}"), division.clone()),
        (format!("{fails} || false"), division.clone()),
        (format!("{fails} || int(contact.topic) == 1"), division.clone()),
        (format!("{fails} && int(contact.topic) == 1"), division.clone()),
        (format!("!({fails}) || true"), Ok(true)),
        (format!("{fails} ? true : true"), division.clone()),
        (format!("true ? false : {fails}"), Ok(false)),
        (format!("({fails}) == true"), division),
    ];
    for (source, expected) in cases {
        assert_eq!(evaluate(&source), expected, "{source}");
    }
}

#[test]
fn the_grain_is_the_finest_field_of_time_that_is_read() {
    let cases = [
        (r#"contact.topic == "at.hour""#, None),
        (r#"at.date == "2026-11-22""#, Some(Grain::Day)),
        (r#"at.weekday == "sun" || at.date == "2026-11-23""#, Some(Grain::Day)),
        (r#"at.hour < 9 || at.weekday == "sun""#, Some(Grain::Hour)),
        (r#"at.weekday == "sun" && at.hour * 60 + at.minute < 510"#, Some(Grain::Minute)),
        ("false && at.hour in [9]", Some(Grain::Hour)),
    ];
    for (source, grain) in cases {
        assert_eq!(compile(source).grain(), grain, "{source}");
    }
}

#[test]
fn without_a_clock_only_what_reads_time_fails() {
    let fixture = Fixture::new();
    let subject = Subject { at: None, ..fixture.subject() };
    assert_eq!(compile("contact.priority == 80").evaluate(&subject), Ok(true));
    let readers =
        ["at.hour == 9", "at.minute == 9", r#"at.date != "2026-11-22""#, r#"at.weekday != "sun""#];
    for source in readers {
        let answer = compile(source).evaluate(&subject);
        assert_eq!(answer, Err(EvaluationError::NoLocalTime), "{source}");
    }
}

#[test]
fn every_day_has_its_name() {
    let fixture = Fixture::new();
    for (day, name) in (22..29).zip(["sun", "mon", "tue", "wed", "thu", "fri", "sat"]) {
        let date = date(2026, 11, day);
        let at = LocalTime { date, weekday: date.weekday(), ..sunday_morning() };
        let subject = Subject { at: Some(at), ..fixture.subject() };
        let expression = compile(&format!("at.weekday == {name:?}"));
        assert_eq!(expression.evaluate(&subject), Ok(true), "{name}");
    }
}

#[test]
fn strings_grow_to_a_limit() {
    let mut fixture = Fixture::new();
    let expression = compile(r#"size(contact.attributes["long"] + contact.topic) > 0"#);
    let longest = TEXT_BYTES_MAX - "baby".len();
    fixture.attributes = attributes(&[("long", &"x".repeat(longest))]);
    assert_eq!(expression.evaluate(&fixture.subject()), Ok(true));
    fixture.attributes = attributes(&[("long", &"x".repeat(longest + 1))]);
    assert_eq!(expression.evaluate(&fixture.subject()), Err(EvaluationError::TooLong));
}

#[test]
fn an_expression_keeps_its_source_and_prints_nothing_else() {
    let expression = compile("at.hour < 9");
    assert_eq!(expression.source(), "at.hour < 9");
    assert_eq!(format!("{expression:?}"), r#"Expression("at.hour < 9")"#);
}

/// The parser and the evaluation recurse: on a quarter of the stack of a worker thread they must
/// get through whatever fits into a source.
#[test]
fn hostile_sources_neither_panic_nor_overflow_the_stack() {
    let sources: Vec<String> = [
        ("", "(", "true", ")", ""),
        ("", "[", "1", "]", ""),
        ("", "!", "true", "", ""),
        ("", "-", "1", "", " == 1"),
        ("", "!(", "true", ")", ""),
        ("1", "+1", "", "", " == 1"),
        ("1", "<1", "", "", ""),
        ("true", "==true", "", "", ""),
        ("\"\"", "+\"\"", "", "", "==\"\""),
        ("true", "&&true", "", "", ""),
        ("contact", ".a", "", "", ""),
        ("contact", "[1]", "", "", ""),
        ("contact", ".a()", "", "", ""),
        ("", "true?true:", "true", "", ""),
        ("", "(true?true:", "true", ")", ""),
        ("", "size(", "1", ")", ""),
        ("1 in [", "1,", "1", "", "]"),
        ("\"\".matches(\"", "(", "", ")", "\")"),
        ("\"\".matches(\"", "(\\\\w{50}", "", "){50}", "\")"),
        ("", "{1:", "1", "}", ""),
        ("", "a{b:", "1", "}", ""),
        ("", "\"", "", "", ""),
        ("", "[{", "", "", ""),
        ("", "a?", "", "", ""),
        ("", "\u{0}", "", "", ""),
        ("", "// ", "", "", ""),
    ]
    .into_iter()
    .flat_map(|(head, open, middle, close, tail)| {
        [31, 32, 33, 96, 250, 340, 1024].map(|count| {
            let source = [head, &open.repeat(count), middle, &close.repeat(count), tail].concat();
            source.chars().take(EXPRESSION_BYTES_MAX).collect()
        })
    })
    .collect();
    let run = move || {
        let fixture = Fixture::new();
        let compiled = sources.iter().filter_map(|source| Expression::compile(source).ok());
        compiled.filter(|expression| expression.evaluate(&fixture.subject()).is_ok()).count()
    };
    let quarter = thread::Builder::new().stack_size(512 * 1024);
    let evaluated = quarter.spawn(run).unwrap().join().unwrap();
    assert!(evaluated > 20, "only {evaluated} of the sources were deep and still valid");
}

proptest! {
    #[test]
    fn any_text_compiles_or_has_a_fault_within_it(
        source in prop_oneof!["\\PC{0,300}", "[ -~\n]{0,1100}", token_soup()],
    ) {
        match Expression::compile(&source) {
            Ok(expression) => drop(expression.evaluate(&Fixture::new().subject())),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(source.is_char_boundary(fault.offset), "{fault:?}");
                    prop_assert!(!fault.message.is_empty());
                }
            }
        }
    }
}

/// Texts that often get past the scanner.
fn token_soup() -> impl Strategy<Value = String> {
    let tokens = [
        "contact",
        "customer",
        "at",
        ".channel",
        ".attributes",
        "[\"k\"]",
        ".hour",
        ".",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        "?",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        " in ",
        "size",
        "int(",
        ".matches(",
        "\"a\"",
        "'ü'",
        "r'\\d'",
        "b''",
        "1",
        "1u",
        ".5",
        "0xff",
        "1e9",
        "true",
        "null",
        "99999999999999999999",
        "for",
        "_x",
        "// c\n",
        "🐱",
        "\"",
    ];
    prop::collection::vec(prop::sample::select(tokens.to_vec()), 0..80).prop_map(|t| t.concat())
}

/// A contact, a customer and a Sunday morning.
struct Fixture {
    occasions: Vec<Name>,
    attributes: BTreeMap<Name, String>,
    profile: Profile,
    jurisdictions: Vec<Jurisdiction>,
}

impl Fixture {
    fn new() -> Self {
        let jurisdictions = ["US-NY", "FR"].map(|code| Jurisdiction::new(code).unwrap().unwrap());
        Self {
            occasions: names(&["mothers_day", "christmas"]),
            attributes: attributes(&[
                ("automated", "true"),
                ("sentiment", "care"),
                ("empty", ""),
                ("n", "7"),
                ("wörd", "grün"),
            ]),
            profile: Profile {
                locale: Name::new("de-CH").ok(),
                segments: names(&["vip", "new_parent"]),
                attributes: attributes(&[("age", "44"), ("secret", "s3cr3t")]),
                ..Profile::default()
            },
            jurisdictions: jurisdictions.into(),
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            channel: "voice",
            purpose: "marketing",
            labels: Labels { topic: "baby", campaign: "", brand: "acme" },
            occasions: &self.occasions,
            priority: 80,
            attributes: &self.attributes,
            profile: &self.profile,
            jurisdictions: &self.jurisdictions,
            at: Some(sunday_morning()),
        }
    }
}

fn evaluate(source: &str) -> Result<bool, EvaluationError> {
    compile(source).evaluate(&Fixture::new().subject())
}

fn compile(source: &str) -> Expression {
    Expression::compile(source).unwrap_or_else(|faults| panic!("{source}: {faults:?}"))
}

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| Name::new(text).unwrap()).collect()
}

fn attributes(pairs: &[(&str, &str)]) -> BTreeMap<Name, String> {
    pairs.iter().map(|(key, value)| (Name::new(key).unwrap(), (*value).to_owned())).collect()
}

fn sunday_morning() -> LocalTime {
    let date = date(2026, 11, 22);
    LocalTime { date, weekday: date.weekday(), hour: 9, minute: 5 }
}

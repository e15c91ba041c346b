//! The same expressions for cel's own interpreter: where both speak the same language, they must
//! say the same.

use std::collections::HashMap;

use cel::Context;
use cel::Program;
use cel::Value;
use proptest::strategy::BoxedStrategy;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn cel_agrees(source in conditions()) {
        match Expression::compile(&source) {
            Ok(expression) => {
                let fixture = Fixture::new();
                let subject = fixture.subject();
                let theirs = Program::compile(&source).unwrap().execute(&context(&subject));
                match (expression.evaluate(&subject), theirs) {
                    (Ok(ours), Ok(Value::Bool(theirs))) => prop_assert_eq!(ours, theirs),
                    (Err(_), Err(_)) => {}
                    (ours, theirs) => prop_assert!(false, "ours {ours:?}, cel {theirs:?}"),
                }
            }
            // Only what is too large may be refused.
            Err(faults) => {
                let large = faults.iter().all(|fault| fault.message.contains("at most"));
                prop_assert!(large, "{faults:?}");
            }
        }
    }
}

/// What cel is told of a subject.
fn context(subject: &Subject<'_>) -> Context<'static, 'static> {
    let text = |text: &str| Value::from(text.to_owned());
    let map = |attributes: &BTreeMap<Name, String>| {
        let pairs = attributes.iter().map(|(key, value)| (key.to_string(), value.clone()));
        Value::from(pairs.collect::<HashMap<_, _>>())
    };
    let list = |names: &[Name]| Value::from(names.iter().map(Name::to_string).collect::<Vec<_>>());
    let at = subject.at.unwrap();
    let contact = [
        ("channel", text(subject.channel)),
        ("topic", text(subject.labels.topic)),
        ("campaign", text(subject.labels.campaign)),
        ("occasions", list(subject.occasions)),
        ("priority", Value::Int(subject.priority)),
        ("attributes", map(subject.attributes)),
    ];
    let customer = [
        ("segments", list(&subject.profile.segments)),
        ("locale", text(subject.profile.locale.as_deref().unwrap_or_default())),
        ("attributes", map(&subject.profile.attributes)),
    ];
    let at = [
        ("date", text("2026-11-22")),
        ("weekday", text("sun")),
        ("hour", Value::Int(at.hour.into())),
        ("minute", Value::Int(at.minute.into())),
    ];
    let mut context = Context::default();
    context.add_variable_from_value("contact", HashMap::from(contact));
    context.add_variable_from_value("customer", HashMap::from(customer));
    context.add_variable_from_value("at", HashMap::from(at));
    context
}

/// Expressions of each type, up to some depth.
struct Level {
    bools: BoxedStrategy<String>,
    ints: BoxedStrategy<String>,
    texts: BoxedStrategy<String>,
}

fn conditions() -> BoxedStrategy<String> {
    (0..4).fold(leaves(), |level, _| deeper(&level)).bools
}

fn leaves() -> Level {
    Level {
        bools: of(&["true", "false"]).boxed(),
        ints: prop_oneof![
            of(&["contact.priority", "at.hour", "at.minute", "0", "1", "-1", "2", "80", "9"]),
            of(&["9223372036854775807", "-9223372036854775808"]),
        ]
        .boxed(),
        texts: prop_oneof![
            of(&["contact.channel", "contact.topic", "contact.campaign", "customer.locale"]),
            // Joined, they are compared like any other strings.
            of(&["at.date + ''", "'' + at.weekday", "contact.attributes['n']"]),
            of(&["customer.attributes['age']", "contact.attributes['wörd']"]),
            of(&["''", "'a'", "'baby'", "'b'", "'ü'", "'🐱'", "'7'", "'-12'", r"'\n'"]),
        ]
        .boxed(),
    }
}

fn deeper(below: &Level) -> Level {
    let Level { bools, ints, texts } = below;
    let text_lists =
        prop_oneof![of(&["contact.occasions", "customer.segments"]), list(texts),].boxed();
    let int_lists = list(ints).boxed();
    Level {
        bools: prop_oneof![
            bools.clone(),
            bools.clone().prop_map(|a| format!("!({a})")),
            binary(bools, &["&&", "||"], bools),
            binary(bools, &["&&", "||", "==", "!="], bools),
            binary(ints, &["==", "!=", "<", "<=", ">", ">="], ints),
            binary(texts, &["==", "!=", "<", "<=", ">", ">="], texts),
            choice(bools, bools),
            binary(ints, &["in"], &int_lists),
            binary(texts, &["in"], &text_lists),
            binary(texts, &[".contains", ".startsWith", ".endsWith"], texts),
            binary(
                texts,
                &[".matches"],
                &of(&["'^a'", "'b.*y'", r"r'\d+'", "'^$'", "'[ü🐱]'"]).boxed()
            ),
        ]
        .boxed(),
        ints: prop_oneof![
            ints.clone(),
            ints.clone().prop_map(|a| format!("-({a})")),
            binary(ints, &["+", "-", "*", "/", "%"], ints),
            choice(bools, ints),
            texts.clone().prop_map(|a| format!("int({a})")),
            texts.clone().prop_map(|a| format!("size({a})")),
            text_lists.prop_map(|a| format!("{a}.size()")),
            int_lists.prop_map(|a| format!("size({a})")),
        ]
        .boxed(),
        texts: prop_oneof![
            texts.clone(),
            binary(texts, &["+"], texts),
            choice(bools, texts),
            ints.clone().prop_map(|a| format!("string({a})")),
        ]
        .boxed(),
    }
}

fn of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn list(elements: &BoxedStrategy<String>) -> impl Strategy<Value = String> + use<> {
    let elements = prop::collection::vec(elements.clone(), 1..3);
    elements.prop_map(|elements| format!("[{}]", elements.join(", ")))
}

fn binary(
    left: &BoxedStrategy<String>,
    signs: &'static [&'static str],
    right: &BoxedStrategy<String>,
) -> impl Strategy<Value = String> + use<> {
    (left.clone(), prop::sample::select(signs), right.clone())
        .prop_map(|(left, sign, right)| format!("({left}) {sign} ({right})"))
}

fn choice(
    conditions: &BoxedStrategy<String>,
    arms: &BoxedStrategy<String>,
) -> impl Strategy<Value = String> + use<> {
    (conditions.clone(), arms.clone(), arms.clone())
        .prop_map(|(condition, yes, no)| format!("(({condition}) ? ({yes}) : ({no}))"))
}

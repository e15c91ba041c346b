use super::*;
use crate::expression::lower::DEPTH_MAX;

#[test]
fn mistakes_of_syntax_are_named_where_they_are() {
    each_has_its_fault(&[
        ("⟨", "ends too early", ""),
        ("1 == ⟨", "ends too early", ""),
        ("'🐱é' == ⟨)", "`)` closes nothing", ""),
        ("'🐱é'\n == 'é' ⟨foo", "unexpected `foo`", ""),
        ("⟨(true", "this `(` is never closed", ""),
        ("(true⟨]", "`]` does not close `(`", ""),
        ("true ⟨and false", "unexpected `and`", "`&&`"),
        ("true ⟨or false", "unexpected `or`", "`||`"),
        ("⟨not true", "unexpected", "`!`"),
        ("contact.topic ⟨= 'a'", "unexpected `=`", "`==` compares"),
        ("true ⟨& true", "unexpected `&`", "`&&`"),
        ("true ⟨| true", "unexpected `|`", "`||`"),
        ("contact.topic == ⟨“a”", "unexpected `“`", "straight quotes"),
        ("true ⟨\u{a0}", "unexpected `\\u{a0}`", ""),
        ("contact.topic == ⟨'a", "this string is never closed", ""),
        ("contact.topic == ⟨'a\n'", "this string is never closed", ""),
        ("contact.topic == ⟨'''a'", "this string is never closed", ""),
        (r#"contact.topic.matches("a⟨\d")"#, "`\\d` is not an escape", "`\\\\d`"),
        (r#"contact.topic == "⟨\ud80""#, "is not an escape", ""),
        (r#"contact.topic == ⟨"\ud800""#, "is not a Unicode character", ""),
        ("1 == ⟨99999999999999999999", "does not fit into 64 bits", ""),
        ("⟨for == 1", "`for` is reserved", ""),
        ("contact⟨.?topic == 'a'", "`.?` is not part of content rules", ""),
        ("[1,⟨,2] == 1", "unexpected `,`", ""),
        ("true ? false⟨", "ends too early", ""),
    ]);
}

#[test]
fn unknown_names_are_named_where_they_are() {
    each_has_its_fault(&[
        ("⟨contcat.topic == 'a'", "`contcat` is unknown", "did you mean `contact`?"),
        ("⟨topic == 'a'", "`topic` is unknown", "did you mean `contact.topic`?"),
        ("⟨now == 'a'", "`now` is unknown", "`contact`, `customer` and `at`"),
        ("⟨contact == 'a'", "`contact` is not a value by itself", "`channel`"),
        ("contact.⟨chanel == 'a'", "`contact` has no `chanel`", "did you mean `channel`?"),
        (
            "contact . ⟨segments == 'a'",
            "`contact` has no `segments`",
            "did you mean `customer.segments`?",
        ),
        ("at.⟨xyz == 'a'", "`at` has no `xyz`", "`date`, `weekday`, `hour`, `minute`"),
        ("contact.topic.⟨length == 1", "no `length`", ""),
    ]);
}

#[test]
fn mistaken_attributes_are_named_where_they_are() {
    each_has_its_fault(&[
        ("⟨contact.attributes == 'a'", "not values by themselves", "`contact.attributes[\"…\"]`"),
        ("contact.attributes.⟨tone == 'a'", "read by key", "write `contact.attributes[\"tone\"]`"),
        ("contact.attributes[⟨contact.topic] == 'a'", "is a quoted string", "write it out"),
        ("contact.attributes[⟨1] == 'a'", "is a quoted string", ""),
        ("contact.attributes[⟨''] == 'a'", "a name must not be empty", ""),
        ("'k' ⟨in contact.attributes", "does not look into attributes", "`!= \"\"`"),
        ("⟨has(contact.attributes.k)", "`has` is not a function", "a missing attribute is `\"\"`"),
        ("customer.segments⟨[0] == 'a'", "only attributes have", "in …"),
    ]);
}

#[test]
fn types_that_do_not_fit_are_named_where_they_are() {
    each_has_its_fault(&[
        (
            "⟨contact.attributes['automated']",
            "a condition is a bool, and this is a string",
            "== \"true\"",
        ),
        ("⟨1 + 2", "a condition is a bool, and this is an int", "> 0"),
        ("⟨customer.segments", "a condition is a bool, and this is a list of strings", "in"),
        ("true && (⟨contact.topic)", "`&&` needs a bool, and this is a string", ""),
        ("⟨1 || true", "`||` needs a bool, and this is an int", ""),
        ("!⟨contact.priority", "`!` needs a bool", ""),
        ("-⟨contact.topic == 1", "`-` needs an int, and this is a string", "`int(…)`"),
        ("⟨1 ? true : false", "`?` needs a bool", ""),
        ("(true ⟨? 1 : 'a') == 1", "not between an int and a string", ""),
        (
            "customer.attributes['age'] ⟨< 18",
            "`<` does not go between a string and an int",
            "`int(…)`",
        ),
        ("contact.topic ⟨== true", "between a string and a bool", "\"true\""),
        ("true ⟨< false", "`<` does not go between a bool and a bool", ""),
        ("contact.priority ⟨+ '1' == 'a'", "`+` does not go between an int and a string", ""),
        ("contact.topic ⟨- 'a' == 'a'", "`-` does not go between a string and a string", ""),
        ("customer.segments ⟨== ['a']", "between a list of strings and a list of strings", "`in`"),
        ("1 ⟨in customer.segments", "`in` looks for an int in a list of strings", ""),
        ("'a' ⟨in contact.topic", "`in` looks for a string in a string", "contains"),
        ("1 in [1, ⟨'a']", "not both", ""),
        ("1 in [1, ⟨true]", "and this is a bool", ""),
        ("1 in ⟨[]", "an empty list", ""),
    ]);
}

#[test]
fn days_that_do_not_exist_are_named_where_they_are() {
    each_has_its_fault(&[
        ("at.weekday ⟨== 7", "between a string and an int", "`\"mon\"`, `\"tue\"`"),
        ("at.weekday == ⟨'sunday'", "`sunday` is not a day of the week", "did you mean `sun`?"),
        ("⟨'Wednesday' != at.weekday", "is not a day of the week", "did you mean `wed`?"),
        ("at.weekday == ⟨'x'", "is not a day of the week", "the days are"),
        ("at.weekday in ['sat', ⟨'sunn']", "is not a day of the week", "did you mean `sun`?"),
        ("at.weekday ⟨< 'tue'", "days of the week are not ordered", "in ["),
        ("at.date == ⟨'2026-2-3'", "is not a date", "2026-11-22"),
        ("⟨'2026-02-30' < at.date", "is not a date", ""),
        ("at.date in ['2026-11-22', ⟨'22.11.2026']", "is not a date", ""),
    ]);
}

#[test]
fn mistaken_calls_are_named_where_they_are() {
    each_has_its_fault(&[
        ("⟨length(contact.topic) == 1", "`length` is not a function", "the functions are `size`"),
        (
            "contact.topic.⟨startswith('a')",
            "`startswith` is not a function",
            "did you mean `startsWith`?",
        ),
        ("⟨contains(contact.topic, 'a')", "`contains` is not called like this", "….contains("),
        ("contact.topic.⟨int() == 1", "`int` is not called like this", "write `int(…)`"),
        ("⟨size() == 1", "`size` is not called like this", "size(…)"),
        ("size(⟨1) == 1", "`size` needs a string or a list, and this is an int", ""),
        ("int(⟨true) == 1", "`int` needs a string, and this is a bool", ""),
        ("string(⟨customer.segments) == ''", "`string` needs an int", ""),
        (
            "contact.topic.contains(⟨1)",
            "`contains` needs a string, and this is an int",
            "`string(…)`",
        ),
        ("⟨contact.priority.endsWith('a')", "`endsWith` needs a string, and this is an int", ""),
        ("contact.topic.matches(⟨contact.brand)", "is a quoted string", "write it out"),
        ("contact.topic.matches(⟨'(')", "not usable: unclosed group", ""),
        ("contact.topic.matches(⟨'(?=a)')", "not usable: look-around", ""),
        (r"contact.topic.matches(⟨r'(\w{99}){99}')", "more than 262144 bytes", "`[A-Za-z0-9_]`"),
    ]);
}

#[test]
fn what_is_no_part_of_the_language_is_named_where_it_is() {
    each_has_its_fault(&[
        ("customer.segments.⟨exists(s, s == 'a')", "`exists` is not a function", "in …"),
        ("[1].⟨map(x, x * 2) == [2]", "`map` is not a function", ""),
        ("1 == ⟨1u", "unsigned ints are not part", "leave out the `u`"),
        ("1 == ⟨1.5", "decimal numbers are not part", "whole numbers"),
        ("'' == ⟨b'a'", "bytes are not part", "leave out the `b`"),
        ("'' == ⟨null", "`null` is not part", "`\"\"`"),
        ("⟨{'a': 1} == 1", "maps are not part", ""),
        ("a.b⟨{c: 1} == 1", "messages are not part", ""),
    ]);
}

#[test]
fn all_mistakes_of_names_and_types_are_shown_at_once() {
    let source = "contact.chanel == 'a' && at.weekday == 'sunday' || foo(1) > 2 && size(1) == 'a'";
    let faults = Expression::compile(source).unwrap_err();
    let offsets: Vec<_> = faults.iter().map(|fault| fault.offset).collect();
    assert_eq!(offsets, [8, 39, 51, 70], "{faults:?}");
}

#[test]
fn an_operand_that_is_at_fault_does_not_hide_the_other() {
    for source in [
        "foo == bar",
        "foo in [bar]",
        "foo && bar",
        "foo.contains(bar)",
        "true ? foo : bar",
        "foo ? bar : true",
        "size([foo, bar]) == 1",
        "at.date == 'foo' && at.weekday in ['foo']",
        "at.weekday in ['foo', 'bar']",
        "foo.matches('(')",
    ] {
        let faults = Expression::compile(source).unwrap_err();
        assert_eq!(faults.len(), 2, "{source}: {faults:?}");
    }
}

#[test]
fn a_source_has_a_longest_length() {
    let longest = format!("{:1$}", "true", EXPRESSION_BYTES_MAX);
    assert!(Expression::compile(&longest).is_ok());
    let faults = Expression::compile(&format!("{longest} ")).unwrap_err();
    let message = "an expression has at most 1024 bytes, this one has 1025";
    assert_eq!(faults.first().unwrap().message, message);
}

#[test]
fn many_expressions_share_their_room() {
    let mut capacity = Capacity::default();
    let longest = format!("{:1$}", "true", EXPRESSION_BYTES_MAX);
    for _ in 0..SOURCES_BYTES_MAX / EXPRESSION_BYTES_MAX {
        Expression::compile_within(&mut capacity, &longest).unwrap();
    }
    let faults = Expression::compile_within(&mut capacity, "true").unwrap_err();
    let message = &faults.first().unwrap().message;
    assert!(message.contains("at most 262144 bytes together"), "{message}");
    Expression::compile_within(&mut Capacity::unbounded(), &longest).unwrap();
}

#[test]
fn many_patterns_share_their_room() {
    let heavy = r"contact.topic.matches('\\pL{1,5}\\d{1,9}')";
    let mut capacity = Capacity::default();
    let mut compiled = 0;
    let faults = loop {
        match Expression::compile_within(&mut capacity, heavy) {
            Ok(_) => compiled += 1,
            Err(faults) => break faults,
        }
        assert!(compiled < 1_000, "a thousand of them would take a quarter of a GiB");
    };
    let message = &faults.first().unwrap().message;
    assert!(compiled > 10 && message.contains("at most 8388608 bytes together"), "{message}");
    Expression::compile(heavy).unwrap();

    let mut capacity = Capacity::default();
    for number in 0..1_000 {
        let light = format!("contact.topic.matches('^news-[a-z]+-{number}$')");
        Expression::compile_within(&mut capacity, &light).unwrap();
    }
}

#[test]
fn a_pattern_that_does_not_fit_takes_room_all_the_same() {
    let mut capacity = Capacity::default();
    let huge = r"contact.topic.matches('(\\pL{1,50}){1,50}')";
    let together = (0..100).any(|_| {
        let faults = Expression::compile_within(&mut capacity, huge).unwrap_err();
        faults.first().unwrap().message.contains("together")
    });
    assert!(together, "an endless evaluation is refused");
}

#[test]
fn a_source_has_a_most_of_tokens() {
    let list = |count: usize| format!("0 in [0{}] ", ", 0".repeat(count));
    // Five tokens stand around the further elements, of two tokens each.
    let most = (TOKENS_MAX - 5) / 2;
    assert!(Expression::compile(&list(most)).is_ok());
    let faults = Expression::compile(&list(most + 1)).unwrap_err();
    let message = "an expression has at most 512 words and signs";
    assert_eq!(faults.first().unwrap().message, message);
}

#[test]
fn a_tree_has_a_deepest_leaf() {
    // The comparison, then one addition per level, then a leaf.
    let sum = |count: usize| format!("0{} == 0", "+1".repeat(count));
    assert!(Expression::compile(&sum(DEPTH_MAX - 2)).is_ok());
    let faults = Expression::compile(&sum(DEPTH_MAX - 1)).unwrap_err();
    let message = "more than 128 operations build on each other here";
    assert_eq!(faults.first().unwrap().message, message);
    // Conditions are balanced: there is room for as many as fit.
    assert!(Expression::compile(&format!("true{}", "||true".repeat(169))).is_ok());
}

#[test]
fn a_source_has_a_deepest_nesting() {
    let brackets = |count: usize| format!("{}true{}", "(".repeat(count), ")".repeat(count));
    assert!(Expression::compile(&brackets(NESTING_MAX)).is_ok());
    let faults = Expression::compile(&brackets(NESTING_MAX + 1)).unwrap_err();
    let fault = faults.first().unwrap();
    assert_eq!(fault.message, "brackets are nested more than 32 deep");
    assert_eq!(fault.offset, NESTING_MAX);

    let choices = |count: usize| format!("{}true", "true?true:".repeat(count));
    assert!(Expression::compile(&choices(NESTING_MAX)).is_ok());
    let faults = Expression::compile(&choices(NESTING_MAX + 1)).unwrap_err();
    assert_eq!(faults.first().unwrap().message, "this is nested more than 32 deep");
}

/// For each source with a `⟨` before its mistake: part of the message, and part of the help.
fn each_has_its_fault(cases: &[(&str, &str, &str)]) {
    for (marked, message, help) in cases {
        let offset = marked.find('⟨').unwrap();
        let source = marked.replace('⟨', "");
        let faults = Expression::compile(&source).unwrap_err();
        let fault = faults.first().unwrap();
        assert_eq!(faults.len(), 1, "{source}: {faults:?}");
        assert_eq!(fault.offset, offset, "{source}: {fault:?}");
        assert!(fault.message.contains(message), "{source}: {fault:?}");
        let has_help = fault.help.as_deref().is_some_and(|text| text.contains(help));
        assert!(has_help || help.is_empty(), "{source}: {fault:?}");
    }
}

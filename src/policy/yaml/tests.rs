use std::fmt::Write;
use std::time::Instant;

use super::*;
use crate::policy::problem::Problems;
use crate::policy::source::DOCUMENT_BYTES_MAX;
use crate::policy::source::Source;

#[test]
fn scalars_lists_and_maps_keep_their_order_and_text() {
    check("a: 1\nb: [x, 'y', \"z\"]\nc: {d: e}", r#"{a: 1, b: [x, "y", "z"], c: {d: e}}"#);
    check("b: 1\na: 2", "{b: 1, a: 2}");
    check("on: off\nno: NO\nyes: y", "{on: off, no: NO, yes: y}");
    check("a: 010\nb: 1e3\nc: 12:30", "{a: 010, b: 1e3, c: 12:30}");
    check("a:\nb: ~", "{a: ~, b: ~}");
    check("a: >-\n  one\n  two\nb: |\n  three\n", r#"{a: "one two", b: "three\n"}"#);
    check("\u{feff}a: 1", "{a: 1}");
    check("---\na: 1\n...\n", "{a: 1}");
    check("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}");
}

#[test]
fn json_is_yaml() {
    check(
        r#"{"a":{"b":["c\u00e9",1,true,null]},"d":[]}"#,
        "{a: {b: [\"cé\", 1, true, null]}, d: []}",
    );
    check("{\n\t\"a\": [\n\t\t1\n\t]\n}", "{a: [1]}");
}

#[test]
fn an_alias_repeats_what_its_anchor_names() {
    check("a: &x [1, 2]\nb: *x", "{a: [1, 2], b: [1, 2]}");
    refuses("a: *x", "1:4 nothing has this name");
    refuses("a: &x [1, *x]", "1:11 this alias stands inside of what it refers to");
}

#[test]
fn what_no_policy_needs_is_refused_where_it_stands() {
    refuses("", "1:1 the document is empty");
    refuses("# nothing\n", "1:1 the document is empty");
    refuses("a: 1\n---\nb: 2", "2:1 a second document begins here");
    refuses("a: 1\nb: 2\na: 3", "3:1 the key `a` is written twice");
    refuses("{\"a\": 1, \"\\u0061\": 2}", "1:10 the key `a` is written twice");
    refuses("a: &x {b: 1}\nc:\n  <<: *x", "3:3 merge keys are not read");
    refuses("a: !!int 3", "1:4 the tag `!!int` has no meaning here");
    refuses("a: !secret\n  b: c", "1:4 the tag `!secret` has no meaning here");
    refuses("? [a, b]\n: c", "1:3 a key cannot be a list or a map");
    refuses("%YAML 1.1\n---\na: 1", "1:1 directives are not read");
    refuses("a: b\0c", "1:5 the character \\u{0} cannot stand in a document");
}

#[test]
fn syntax_is_explained_at_its_place() {
    refuses("a: [1, 2\nb: 3", "2:2 a `:` cannot stand here");
    refuses("a: [1, 2", "1:4 `[` is never closed");
    refuses("a: [1, 2}", "1:4 `[` is closed by `}`");
    refuses("a: \"b", "1:4 this quote is never closed");
    refuses("a:\n\tb: c", "2:2 a tab cannot indent a line");
    refuses("a: @b", "1:4 a text cannot begin with `@`");
    refuses("a: b: c", "1:5 a `:` cannot stand here");
    refuses("a:\n  b: 1\n c: 2", "3:2 this line is not indented like its neighbours");
    refuses("a: \"\\q\"", "1:4 there is no such escape in double quotes");
    refuses("a: 1\nb", "2:1 expected a key, which ends with `:`");
    refuses("a: {b: 1 c: 2}", "1:11 expected `,` or `}`");
}

#[test]
fn lists_and_maps_are_bounded_in_depth() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        assert!(parse(&nested(open, close, DEPTH_MAX)).is_ok(), "{open}");
        let problems = parse(&nested(open, close, DEPTH_MAX + 1)).unwrap_err();
        assert!(problems.contains("may be 32 deep"), "{open}: {problems}");
        quickly(&nested(open, close, 10_000), "deep");
        quickly(&open.repeat(10_000), "deep");
    }
    let block: String = (0..1_000).map(|depth| format!("{:depth$}a:\n", "")).collect();
    quickly(&block, "deep");
    let anchors =
        format!("a: &x {}\nb: {}*x{}", nested("[", "]", 20), "[".repeat(20), "]".repeat(20));
    quickly(&anchors, "may be 32 deep");
}

#[test]
fn values_are_bounded_in_number_also_when_aliases_multiply_them() {
    let list = |items: usize| format!("[{}]", "0,".repeat(items));
    assert!(parse(&list(NODES_MAX - 1)).is_ok());
    quickly(&list(NODES_MAX), "at most 100000 values");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..25 {
        let alias = format!("*a{},", level - 1).repeat(10);
        writeln!(bomb, "a{level}: &a{level} [{alias}]").unwrap();
    }
    quickly(&bomb, "at most 100000 values");
}

#[test]
fn documents_are_bounded_in_length() {
    let text = |bytes: usize| format!("a: {}", "x".repeat(bytes - 3));
    assert!(parse(&text(DOCUMENT_BYTES_MAX)).is_ok());
    quickly(&text(DOCUMENT_BYTES_MAX + 1), "at most 1048576 bytes, this one has 1048577");
    quickly(&text(50 << 20), "at most 1048576 bytes");
    quickly(&format!("{}: x", "k".repeat(1_000_000)), "a `:` cannot stand here");
    quickly(&format!("a: \"{}", "x".repeat(1_000_000)), "this quote is never closed");
}

#[test]
fn bytes_that_are_no_text_are_refused_where_they_begin() {
    let problems = Source::from_bytes("base.yaml", b"a: 1\nb: \xff").unwrap_err();
    check_problem(&problems, "2:4 this is not UTF-8 text");
    let problems =
        Source::from_bytes("base.yaml", &vec![b'a'; DOCUMENT_BYTES_MAX + 1]).unwrap_err();
    check_problem(&problems, "1:1 a document has at most 1048576 bytes, this one has 1048577");
    assert!(Source::from_bytes("base.yaml", "a: é".as_bytes()).is_ok());
}

#[test]
fn the_core_schema_decides_what_a_plain_scalar_is_taken_for() {
    for text in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(meaning(text), Meaning::Nothing, "{text}");
    }
    for text in ["true", "True", "FALSE"] {
        assert_eq!(meaning(text), Meaning::Truth, "{text}");
    }
    for text in ["0", "-1", "+12", "010", "0o17", "0xfF"] {
        assert_eq!(meaning(text), Meaning::Integer, "{text}");
    }
    for text in ["1.0", "1.", ".5", "-1e3", "1E-3", ".inf", "-.INF", ".nan"] {
        assert_eq!(meaning(text), Meaning::Float, "{text}");
    }
    for text in [
        "on", "no", "yes", "7d", "1e", ".", "-", "0o8", "0x", "1_000", "12-24", "1.2.3", "e3",
        "nULL",
    ] {
        assert_eq!(meaning(text), Meaning::Text, "{text}");
    }
}

#[test]
fn a_place_inside_of_a_scalar_is_found_in_its_source() {
    locates("a: one two", 4, "1:8");
    locates("a: 'it''s so'", 5, "1:11");
    locates("a: \"x\\\"y z\"", 2, "1:8");
    locates("a: \"\\u0041\\n \\x42 z\"", 3, "1:14");
    locates("a: >-\n  one\n  two three\n", 4, "3:3");
    locates("a: >-\n  one\n  two three\n", 8, "3:7");
    locates("a: |\n  one\n\n  two\n", 5, "4:3");
    locates("a: one\n  two", 4, "2:3");
    locates("a: é two", 3, "1:6");
    locates("a: one", 3, "1:7");
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(parse(text).as_deref(), Ok(expected));
}

#[track_caller]
fn refuses(text: &str, expected: &str) {
    let mut problems = Problems::default();
    read(&Source::new("base.yaml", text), &mut problems);
    check_problem(&problems, expected);
}

#[track_caller]
fn check_problem(problems: &Problems, expected: &str) {
    let found: Vec<String> =
        problems.iter().map(|it| format!("{}:{} {}", it.line, it.column, it.message)).collect();
    assert_eq!(found, [expected]);
    assert!(problems.iter().all(|it| !it.help.is_empty()));
}

#[track_caller]
fn quickly(text: &str, expected: &str) {
    #[expect(clippy::disallowed_methods, reason = "the time it takes is what is tested")]
    let start = Instant::now();
    let problems = parse(text).unwrap_err();
    let elapsed = start.elapsed();
    assert!(problems.contains(expected), "{}", problems.chars().take(1_000).collect::<String>());
    // What is not bounded takes minutes; the rest allows for a slow build on a busy machine.
    assert!(elapsed.as_secs() < 20, "took {elapsed:?}");
}

#[track_caller]
fn locates(text: &str, offset: usize, expected: &str) {
    let mut problems = Problems::default();
    let root = read(&Source::new("base.yaml", text), &mut problems).unwrap();
    let Value::Map(entries) = &root.value else { panic!("no map") };
    let node = &entries[0].node;
    let Value::Scalar(scalar) = &node.value else { panic!("no scalar") };
    let found = scalar.locate(node.position, text, offset);
    assert_eq!(format!("{}:{}", found.line, found.column), expected);
}

fn parse(text: &str) -> Result<String, String> {
    let mut problems = Problems::default();
    let root = read(&Source::new("base.yaml", text), &mut problems);
    match root {
        Some(root) if problems.is_empty() => Ok(show(&root)),
        _ => Err(problems.to_string()),
    }
}

fn show(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.plain => scalar.text.to_string(),
        Value::Scalar(scalar) => format!("{:?}", scalar.text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| show(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|it| format!("{}: {}", it.key, show(&it.node))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

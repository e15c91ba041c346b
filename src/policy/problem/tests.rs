use super::*;

#[test]
fn a_problem_shows_its_line_and_the_way_out() {
    let text = "channels:\n  email: {}\n  sms: {konsent: required}\n";
    check(
        text,
        at(text, "konsent", 7),
        "error: unknown key `konsent`\n \
          --> base.yaml:3:9\n  \
           |\n\
         3 |   sms: {konsent: required}\n  \
           |         ^^^^^^^\n  \
           = help: did you mean `consent`?\n",
    );
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = format!("{{{}\"konsent\":1{}}}", "\"a\":1,".repeat(100), ",\"b\":2".repeat(100));
    let mut problems = Problems::default();
    problems.add(&Source::new("base.json", &text));
    problems.error(at(&text, "konsent", 7), "unknown key `konsent`", "remove it");
    let shown = problems.to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[3].starts_with("1 | …") && lines[3].ends_with('…'), "{shown}");
    assert_eq!(lines[3].chars().count(), 106);
    let caret = lines[4].find('^').unwrap();
    let below: String = lines[3].chars().skip(caret).take(7).collect();
    assert_eq!((below.as_str(), lines[4].matches('^').count()), ("konsent", 7));
}

#[test]
fn columns_are_characters_and_tabs_take_one() {
    let text = "\té: x";
    let mut problems = Problems::default();
    problems.add(&Source::new("base.yaml", text));
    problems.error(at(text, "x", 1), "wrong", "right");
    assert!(problems.to_string().contains("1 |  é: x\n  |     ^\n"), "{problems}");
}

#[test]
fn problems_are_sorted_unique_and_bounded() {
    let mut problems = Problems::default();
    let text = "x\n".repeat(500);
    problems.add(&Source::new("base.yaml", &text));
    let line = |line: usize| Position { offset: 2 * (line - 1), line, ..Position::start_of(0) };
    problems.warn(line(2), "b", "help");
    problems.warn(line(1), "a", "help");
    problems.warn(line(2), "b", "help");
    let found: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(found, ["a", "b"]);
    assert!(!problems.has_errors());

    for number in 3..=PROBLEMS_MAX {
        problems.warn(line(number), "c", "help");
    }
    assert_eq!((problems.iter().count(), problems.omitted()), (PROBLEMS_MAX, 0));
    problems.warn(line(200), "one more warning", "help");
    assert_eq!((problems.iter().count(), problems.omitted()), (PROBLEMS_MAX, 1));
    problems.error(line(300), "an error", "help");
    assert_eq!((problems.iter().count(), problems.omitted()), (PROBLEMS_MAX, 2));
    assert!(problems.has_errors());
    assert!(problems.to_string().ends_with("and 2 more problems\n"));
}

#[test]
fn problems_can_be_read_by_programs() {
    let mut problems = Problems::default();
    let start = problems.add(&Source::new("base.yaml", "x"));
    problems.error(start, "wrong", "right");
    let expected = r#"[{"file":"base.yaml","line":1,"column":1,"severity":"error","message":"wrong","help":"right"}]"#;
    assert_eq!(problems.to_json().to_string(), expected);
}

#[track_caller]
fn check(text: &str, at: Position, expected: &str) {
    let mut problems = Problems::default();
    problems.add(&Source::new("base.yaml", text));
    problems.error(at, "unknown key `konsent`", "did you mean `consent`?");
    assert_eq!(problems.to_string(), expected);
}

fn at(text: &str, needle: &str, width: usize) -> Position {
    let position = Position::start_of(0).after(text.split(needle).next().unwrap());
    Position { width, ..position }
}

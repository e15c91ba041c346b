//! The README's commands print what it shows, and its policy is one.

use crate::command::Serving;
use crate::support::File;
use crate::support::courtesy;

const README: &str = include_str!("../../README.md");

/// The blocks of a language, without their fences.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The same text where times are all alike, as they are other ones each time.
fn without_times(text: &str) -> String {
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    let text = time.replace_all(text, "TIME");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

#[test]
fn commands_print_what_is_shown() {
    let server = Serving::start(&[]);
    let commands: Vec<&str> =
        blocks("console").iter().flat_map(|it| it.split("$ target/release/courtesy ")).collect();
    let commands: Vec<&str> = commands.into_iter().filter(|it| !it.trim().is_empty()).collect();
    assert!(commands.len() >= 3, "{commands:?}");
    for command in commands {
        let (words, shown) = command.split_once('\n').unwrap();
        let said = server.ask(&words.split_whitespace().collect::<Vec<_>>());
        assert_eq!(said.err, "", "{words}");
        assert_eq!(without_times(&said.out), without_times(shown), "{words}");
    }
}

#[test]
fn its_policy_is_valid() {
    let [policy] = blocks("yaml")[..] else { panic!("the README shows one policy") };
    let file = File::new("readme.yaml", policy);
    let said = courtesy(&["policy", "validate", file.path()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
}

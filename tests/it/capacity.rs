//! `courtesy capacity`.

use std::fs;
use std::path::Path;

use crate::support::courtesy;

const LOAD: [&str; 7] = [
    "capacity",
    "--customers",
    "200e6",
    "--contacts-per-month",
    "12",
    "--checks-per-second",
    "50000",
];

/// What the page shows is what the command prints.
#[test]
fn the_example_of_the_page_is_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scaling.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```console\n$ courtesy ").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let (line, output) = shown.split_once('\n').unwrap();
    let args: Vec<_> = line.split(' ').collect();
    assert_eq!(args, LOAD);
    let said = courtesy(&args);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(said.out, output, "docs/scaling.md shows something else");
}

#[test]
fn programs_get_the_same_numbers() {
    let said = courtesy(&[&LOAD[..], &["--json"]].concat());
    let plan: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(plan["load"]["customers"], 200_000_000);
    assert_eq!(plan["record"]["bytes"], 478);
    assert_eq!(plan["instances"]["count"], 3);
    assert_eq!(plan["instances"]["decided_by"], "processor");
    assert_eq!(plan["shards"]["count"], 9);
    assert_eq!(plan["shards"]["decided_by"], "memory");
    assert_eq!(plan["shards"]["servers"], 18);
}

#[test]
fn what_is_asked_for_changes_the_plan() {
    for (more, pointer, expected) in [
        (["--retention-days", "365"], "/record/contacts", 146),
        (["--cores-per-instance", "2"], "/instances/count", 4),
        (["--shard-gib", "64"], "/shards/for_memory", 2),
        (["--replicas", "2"], "/shards/servers", 27),
        (["--reservations-per-second", "10k"], "/load/reservations_per_second", 10_000),
    ] {
        let said = courtesy(&[&LOAD[..], &more, &["--json"]].concat());
        let plan: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(plan.pointer(pointer).unwrap(), expected, "{more:?}: {plan}");
    }
}

#[test]
fn bad_input_is_refused_in_words() {
    for (more, words) in [
        (["--retention-days", "soon"], "write a count such as 200000000, 200_000_000, 200e6"),
        (["--retention-days", "0.5"], "it is no whole number"),
        (["--replicas", "9"], "replicas must be from 1 to 5, not 9"),
        (["--reservations-per-second", "1"], "1 reservations a second are at most 86400 a day"),
    ] {
        let said = courtesy(&[&LOAD[..], &more].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{more:?}");
        assert!(said.err.contains(words), "{more:?}: {}", said.err);
    }
    let said = courtesy(&["capacity", "--customers", "1M"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--contacts-per-month"), "{}", said.err);
}

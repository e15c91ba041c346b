//! With `--reserve`, what is granted is on record, under the name that the output gives.

use super::Desk;
use super::cells;
use super::sums;

#[test]
fn what_is_granted_is_reserved_under_the_name_that_is_written() {
    let desk = Desk::new();
    let rows = "id\nada\nbob\nada\n";
    let cleared = desk.clear("c.csv", rows, &["--reserve", "--hold", "10m", "--run", "spring"]);
    assert_eq!((cleared.said.code, cleared.said.err.as_str()), (1, ""));
    assert!(cleared.said.out.contains("reserved as spring-1"), "{}", cleared.said.out);
    let rows = cells(&cleared.out);
    assert_eq!(
        rows[0][1..],
        ["effect", "reasons", "next_allowed_time", "request_id", "expire_time", "problem"]
    );
    assert_eq!(rows[1][1..3], ["ALLOW", ""]);
    assert_eq!(rows[1][4], "spring-1");
    assert!(rows[1][5].ends_with('Z'), "{:?}", rows[1]);
    assert_eq!(rows[2][1..], ["DENY", "OPTED_OUT", "", "", "", ""]);
    assert_eq!(rows[3][1..3], ["DENY", "TOO_SOON"], "the second row sees the first");

    let confirm = ["confirm", "--customer", "ada", "--request-id", "spring-1"];
    assert_eq!(desk.serving.ask(&confirm).code, 0);
    let history = desk.serving.ask(&["history", "--customer", "ada"]);
    assert_eq!(history.out.matches("spring-").count(), 1, "{}", history.out);
}

#[test]
fn an_output_that_names_reservations_is_not_overwritten() {
    let desk = Desk::new();
    let first = desk.clear("c.csv", "id\nada\n", &["--reserve", "--json"]);
    assert_eq!(first.said.code, 0, "{}", first.said.err);
    let run = sums(&first.said)["run"].as_str().unwrap().to_owned();
    let again = desk.clear_again("c.csv", &["--reserve"]);
    assert_eq!((again.said.code, &again.out), (2, &first.out));
    assert!(again.said.err.contains("may name what was reserved"), "{}", again.said.err);

    // Under its own name, a run that is made again gets its first answers again.
    std::fs::remove_file(desk.out("c.csv")).unwrap();
    let again = desk.clear_again("c.csv", &["--reserve", "--run", &run]);
    assert_eq!((again.said.code, &again.out), (0, &first.out));
    std::fs::remove_file(desk.out("c.csv")).unwrap();
    let other = desk.clear_again("c.csv", &["--reserve"]);
    assert_eq!(other.said.code, 1, "a run of another name is another run");

    // A name that was given to something else is not a reason to stop.
    let more = ["--reserve", "--run", &run, "--priority", "7"];
    std::fs::remove_file(desk.out("c.csv")).unwrap();
    let other = desk.clear("c.csv", "id\nada\ncy\n", &more);
    assert_eq!(other.said.code, 1, "{}", other.said.err);
    let rows = cells(&other.out);
    assert_eq!((rows[1][1].as_str(), rows[2][1].as_str()), ("INVALID", "ALLOW"), "{}", other.out);
}

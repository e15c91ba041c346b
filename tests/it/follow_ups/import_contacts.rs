//! History from files, so that budgets are right on the first day.

use std::fmt::Write;

use courtesy::clock::Clock;
use courtesy::model::Span;

use super::Desk;
use super::ago;
use super::count;
use super::sums;

#[test]
fn what_was_sent_before_counts_and_is_added_once() {
    let desk = Desk::new();
    let mut rows =
        "customer_id,sent_at,channel,purpose,topic,campaign,brand,occasions,priority,unanswered\n"
            .to_owned();
    for hours in [30, 60, 90] {
        writeln!(rows, "ada,{},email,marketing,,spring,north,christmas;new_year,70,no", ago(hours))
            .unwrap();
    }
    writeln!(rows, "bob,{},email,marketing,,,,,,", ago(60)).unwrap();
    let dry = desk.say("import-contacts", ("sent.csv", &rows), &["--dry-run"]);
    assert_eq!((dry.code, dry.err.as_str()), (0, ""), "{}", dry.out);
    let line =
        |what: &str| dry.out.lines().find(|line| line.trim().starts_with(what)).unwrap_or_default();
    assert!(line("customers at a limit").ends_with(" 1"), "{}", dry.out);
    assert!(line("marketing-weekly").ends_with(" 1"), "{}", dry.out);
    assert!(dry.out.contains("nothing was changed"), "{}", dry.out);
    assert!(desk.states("ada").is_empty());

    let file = desk.path("sent.csv").to_str().unwrap().to_owned();
    let said = desk.again("import-contacts", &file, &["--json"]);
    assert_eq!((said.code, count(&said, "recorded")), (0, 4), "{}", said.err);
    assert!(desk.check("ada").contains("BUDGET_SPENT"), "{}", desk.check("ada"));
    assert!(desk.check("bob").starts_with("ALLOW"), "{}", desk.check("bob"));
    let history = desk.serving.ask(&["history", "--customer", "ada", "--json"]);
    for label in ["\"spring\"", "\"north\"", "\"christmas\"", "\"new_year\"", "\"priority\": 70"] {
        let compact = label.replace(": ", ":");
        assert!(
            history.out.contains(label) || history.out.contains(&compact),
            "{label}: {}",
            history.out
        );
    }

    let again = desk.again("import-contacts", &file, &["--json"]);
    assert_eq!((count(&again, "recorded"), count(&again, "unchanged")), (0, 4));
    assert_eq!(desk.states("ada").len(), 3);
}

#[test]
fn what_is_too_new_or_too_old_is_told() {
    let desk = Desk::new();
    let (new, old) = (Clock::system().now().plus(Span::from_hours(9)), ago(24 * 600));
    let rows = format!(
        "id,time,channel,purpose\nada,{new},email,marketing\nada,{old},email,marketing\n\
         ada,12.03.2026,email,marketing\nada,{},fax,marketing\nada,{},email,marketing\n",
        ago(3),
        ago(4)
    );
    let said = desk.say("import-contacts", ("sent.csv", &rows), &["--json"]);
    assert_eq!(said.code, 1);
    let of = |what| count(&said, what);
    assert_eq!((of("recorded"), of("tooOld"), of("refused")), (1, 1, 3), "{}", said.err);
    assert_eq!(sums(&said)["rows"], 5);
    for told in
        ["line 2, contact_time: ", "not in the future", "line 4, time: is ", "line 5, channel: "]
    {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
}

#[test]
fn columns_may_have_other_names_or_be_missing() {
    let desk = Desk::new();
    let rows = format!("Recipient;Date;Subject\nada;{};Hello\n", ago(5));
    let said = desk.say("import-contacts", ("log.csv", &rows), &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("a column `Recipient`"), "{}", said.err);
    assert!(said.err.contains("--ignore-other-columns"), "{}", said.err);
    let map = ["--map", "Recipient=customer_id,Date=contact_time", "--ignore-other-columns"];
    let file = desk.path("log.csv").to_str().unwrap().to_owned();
    let said = desk.again("import-contacts", &file, &map);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--channel says it for all rows"), "{}", said.err);
    let more = [&map[..], &["--channel", "email", "--purpose", "marketing", "--json"]].concat();
    let said = desk.again("import-contacts", &file, &more);
    assert_eq!((said.code, count(&said, "recorded")), (0, 1), "{}", said.err);
    assert_eq!(desk.states("ada"), ["SENT"]);

    let rows = "\"ann\",\"09/03/2026 17:20\"\n";
    let local = [
        "--no-header",
        "--columns",
        "id,\"Sent, local\"",
        "--map",
        "\"Sent, local\"=contact_time",
        "--time-zone",
        "Europe/Paris",
        "--time-format",
        "%d/%m/%Y %H:%M",
        "--channel",
        "email",
        "--purpose",
        "marketing",
        "--json",
    ];
    let said = desk.say("import-contacts", ("local.csv", rows), &local);
    assert_eq!((said.code, count(&said, "refused")), (0, 0), "{}", said.err);
    let rows = format!("id,time,channel,purpose\nada,{},email,marketing\n,,,\n  \n", ago(5));
    let said = desk.say("import-contacts", ("blank.csv", &rows), &["--json"]);
    assert_eq!((said.code, sums(&said)["rows"].as_u64()), (0, Some(1)), "{}", said.err);
    let said = desk.say("import-contacts", ("none.csv", "id,time,channel,purpose\n"), &[]);
    assert!(said.code == 1 && said.err.contains("there are no rows in it"), "{}", said.err);

    let rows = format!(
        "{{\"customerId\": \"bob\", \"contactTime\": \"{}\", \"channel\": \"email\", \"purpose\": \
         \"marketing\", \"occasions\": [\"christmas\"], \"priority\": 9}}\n",
        ago(6)
    );
    let said = desk.say("import-contacts", ("sent.jsonl", &rows), &["--json"]);
    assert_eq!((said.code, count(&said, "recorded")), (0, 1), "{}", said.err);
}

/// The rows of a customer may stand anywhere in the file; they are judged together.
#[test]
fn rows_of_many_customers_come_in_any_order() {
    let desk = Desk::new();
    let mut rows = "id,time,channel,purpose\n".to_owned();
    let times = [ago(30), ago(60), ago(90)];
    for time in &times {
        for number in 0..700 {
            writeln!(rows, "c-{number},{time},email,marketing").unwrap();
        }
    }
    let dry = desk.say("import-contacts", ("sent.csv", &rows), &["--dry-run", "--json"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    let dry = sums(&dry);
    assert_eq!((&dry["rows"], &dry["customers"]), (&2_100.into(), &700.into()));
    assert_eq!(dry["customersAtLimit"], 700);
    let file = desk.path("sent.csv").to_str().unwrap().to_owned();
    let said = desk.again("import-contacts", &file, &["--json"]);
    assert_eq!((count(&said, "recorded"), &sums(&said)["customers"]), (2_100, &700.into()));
    assert_eq!(desk.states("c-699").len(), 3);
}

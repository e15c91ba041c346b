//! What an export writes, an import reads.

use std::process::Command;
use std::process::Stdio;

use super::Desk;
use super::many;
use super::moment;
use crate::command::Serving;

const ROWS: &str = r#"{"customerId":"ada","timeZone":"Europe/Paris","jurisdictions":["FR"],"locale":"fr-FR","segments":["a;b","c|d","e\\f"],"attributes":{"note":"\"x\",\ny;","tier":"gold"},"cadence":[{"channel":"email","limit":2,"sliding":"604800s"},{"limit":9,"calendar":"CALENDAR_UNIT_WEEK","purposes":["marketing"],"topics":["news","offers"]}],"quietTimes":[{"days":{"firstDate":"2026-12-20","lastDate":"2027-01-05"}},{"yearly":{"date":"03-03","daysAround":2}},{"hours":{"from":"21:00","to":"08:00","days":["fri","sat"],"channels":["sms"]}}],"optOuts":[{"scope":{"channel":"email","topic":"a=b;c"},"eventTime":"2026-01-02T03:04:05.678Z","untilTime":"2099-01-01T00:00:00Z","source":"crm","evidence":" STOP | now\n"}]}
{"customerId":"bob","timeZones":["Europe/Paris","UTC"],"optOuts":[{"scope":{},"eventTime":"2026-01-01T00:00:00Z"},{"scope":{"occasion":"mothers_day"},"eventTime":"2026-02-01T00:00:00Z"}],"consents":[{"channel":"email","purpose":"marketing","eventTime":"2026-03-01T00:00:00Z","confirmed":true,"source":"web","evidence":"form"},{"channel":"sms","eventTime":"2026-03-01T00:00:00Z","confirmed":false,"evidence":"half","topic":"news","brand":"acme"}]}
{"customerId":"cleo","suppressions":[{"scope":{"purpose":"marketing"},"reasonCode":"open_case"}]}
"#;

#[test]
fn an_export_can_be_imported_and_exported_again() {
    // Within 400 days, whatever the day.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 30);
    let rows =
        ROWS.replace("2099-01-01T00:00:00Z", &soon.strftime("%Y-%m-%dT00:00:00Z").to_string());
    let first = Desk::new();
    let said = first.import("c.jsonl", &rows, &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let export = first.export();
    assert_eq!(export, rows);

    for name in ["x.csv", "x.jsonl"] {
        let file = first.path(name);
        let said = first.serving.ask(&["export", "-o", file.to_str().unwrap()]);
        assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
        let second = Desk::new();
        let said = second.import(name, std::fs::read(&file).unwrap(), &[]);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{name}");
        assert_eq!(second.export(), export, "{name}");
    }
}

#[test]
fn contacts_are_exported_on_demand_and_not_imported() {
    let desk = Desk::new();
    let reserve = ["reserve", "--customer", "ada", "--channel", "email", "--purpose", "marketing"];
    assert_eq!(desk.serving.ask(&reserve).code, 0);
    assert!(!desk.export().contains("contacts"));
    let said = desk.serving.ask(&["export", "--contacts"]);
    assert!(said.out.contains("\"contacts\":[{"), "{}", said.out);
    let other = Desk::new();
    assert_eq!(other.import("c.jsonl", &said.out, &[]).code, 0);
    assert!(!other.serving.ask(&["export", "--contacts"]).out.contains("contacts"));
    assert_eq!(desk.serving.ask(&["export", "--contacts", "--format", "csv"]).code, 2);
}

/// The memory that a process has of its own, in MiB, without the pages of the program, which grow
/// with the program and not with a file; 0 where it is gone.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or("0");
    kib.parse::<u64>().unwrap() >> 10
}

/// Runs a command, and returns the most memory that it had, in MiB.
fn run(args: &[&str]) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    let mut child = command.args(args).stdout(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    loop {
        most = most.max(memory(child.id()));
        match child.try_wait().unwrap() {
            Some(status) => {
                assert!(status.success());
                return most;
            }
            None => moment(),
        }
    }
}

#[test]
fn many_customers_pass_through_little_memory_whatever_the_deadline_of_calls() {
    // 20 MiB of rows, and more than a second of work.
    let (count, padding) = (60_000, "x".repeat(300));
    let mut serving = Serving::start(&["--deadline-max", "1s"]);
    let url = serving.url("API");
    let files = tempfile::tempdir().unwrap();
    let (file, out) = (files.path().join("c.csv"), files.path().join("out.jsonl"));
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    let rows: String = (0..count).map(|n| format!("c{n:06},{padding}\n")).collect();
    std::fs::write(file, format!("id,attributes.note\n{rows}")).unwrap();
    drop(rows);
    for args in
        [["import", file, "--server", &url].as_slice(), &["export", "-o", out, "--server", &url]]
    {
        let most = run(args);
        assert!((1..60).contains(&most), "{} took {most} MiB", args[0]);
    }
    assert!(serving.child.try_wait().unwrap().is_none());
    let server = memory(serving.child.id());
    assert!((1..256).contains(&server), "the server took {server} MiB");
    let exported = std::fs::read_to_string(out).unwrap();
    assert_eq!(exported.lines().count(), count);
    assert!(exported.lines().is_sorted());
}

#[test]
fn progress_says_how_many_and_how_fast() {
    let desk = Desk::new();
    let said = desk.import("c.csv", many(5_000), &["--progress"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("c.csv: 1,000 rows"), "{:?}", said.err);
    assert!(said.out.contains("imported                        5,000"), "{}", said.out);
}

#[test]
fn text_that_a_spreadsheet_would_run_is_escaped_and_comes_back() {
    let desk = Desk::new();
    let row = r#"{"customerId":"+447700900123","segments":["=1+1","x"],"optOuts":[]}"#;
    assert_eq!(desk.import("c.jsonl", row, &[]).code, 0);
    let file = desk.path("x.csv");
    assert_eq!(desk.serving.ask(&["export", "-o", file.to_str().unwrap()]).code, 0);
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(csv.contains("\n+447700900123,") && csv.contains(",'=1+1;x,"), "{csv}");
    let other = Desk::new();
    assert_eq!(other.import("x.csv", &csv, &[]).code, 0);
    assert_eq!(other.export(), desk.export());
}

//! What is in a file: what is wrong is named with its line, and everything else lands.

use super::Desk;
use super::count;

/// Imports a file, and checks what is said and who has landed.
#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, problems: &[&str], landed: &[&str]) {
    let desk = Desk::new();
    let said = desk.import(name, content, &[]);
    assert_eq!(said.code, i32::from(!problems.is_empty()), "{}", said.err);
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), problems.len(), "{}", said.err);
    for (line, problem) in lines.iter().zip(problems) {
        assert!(line.contains(problem), "`{problem}` is not in: {line}");
    }
    assert_eq!(desk.ids(), landed);
}

/// Imports a file that is not begun at all.
#[track_caller]
fn refuse(name: &str, content: impl AsRef<[u8]>, args: &[&str], needles: &[&str]) {
    let desk = Desk::new();
    let said = desk.import(name, content, args);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
    for needle in needles {
        assert!(said.err.contains(needle), "`{needle}` is not in: {}", said.err);
    }
    assert!(desk.ids().is_empty());
}

#[test]
fn a_wrong_row_is_named_by_line_and_column_and_the_others_land() {
    check(
        "c.csv",
        "id,time_zone,opt_out,opt_out_time,consent\n\
         ada,Europe/Paris,,,\n\
         bob,Europe/Pariss,,,\n\
         \n\
         cleo,,fax,yesterday,\n\
         dan,,,\n\
         ,Europe/Paris,,,\n\
         \"eve\",\"Europe/\nParis\",,,\n\
         fay,,,,email\n\
         gil,,everything,2199-01-01T00:00:00Z,\n\
         hal,,channel=email;topic=news|occasion=mothers_day,,\n",
        &[
            "c.csv, line 3, time_zone: is not a zone of the time-zone database",
            "c.csv, line 5, opt_out: is not an opt-out",
            "c.csv, line 5, opt_out_time: is not an instant",
            "c.csv, line 6 has 4 fields, and the header has 5",
            "c.csv, line 7, id: must not be empty",
            "c.csv, line 8, time_zone: a name must not contain control characters",
            "c.csv, line 10, consent: must not be empty",
            "c.csv, line 11, opt_out_time: must be at most 50 years ago and not in the future",
        ],
        &["ada", "hal"],
    );
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let content = b"\xef\xbb\xbfCustomer ID;Time Zone;segments;attributes.note\r\n\
        ada;Europe/Paris;\"vip\\;er\";\"one\r\ntwo; \"\"three\"\"\"\r\n\
        bob;;;\xff\r\n\
        cleo;;a;b;c\r\n\
        dan;;;last";
    let problems = ["line 4, attributes.note: is not UTF-8", "line 5 has 5 fields"];
    check("c.csv", content, &problems, &["ada", "dan"]);
    check(
        "c.tsv",
        "id\ttime_zone\nada\tEurope/Paris\nbob\tMars\n",
        &["line 3, time_zone"],
        &["ada"],
    );

    let desk = Desk::new();
    let length = content.windows(5).position(|bytes| bytes == b"\r\nbob").unwrap();
    let first = &content[..length];
    assert_eq!(desk.import("c.csv", first, &[]).code, 0);
    let ada: serde_json::Value = serde_json::from_str(desk.export().trim()).unwrap();
    assert_eq!(ada["attributes"]["note"], "one\r\ntwo; \"three\"");
    assert_eq!(ada["segments"], serde_json::json!(["vip;er"]));
}

#[test]
fn a_wrong_line_of_json_is_named_and_the_others_land() {
    let long = format!("{{\"customerId\": \"{}\"}}", "x".repeat(2 << 20));
    let content = [
        r#"{"customer_id": "ada", "timeZone": "Europe/Paris"}"#,
        r#"{"customerId": "bob", "timeZone": "Europe/Pariss"}"#,
        "",
        r#"{"customerId": "cleo", "timezone": "Europe/Paris"}"#,
        r#"{"customerId": "dan""#,
        r#"["eve"]"#,
        &long,
        r#"{"customerId": "fay", "optOuts": [{"scope": {"channel": ""}}]} "#,
        r#"{"customerId": "gil", "consents": [{"channel": "sms", "evidence": "form"}]}"#,
        r#"{"timeZone": "Europe/Paris"}"#,
    ];
    check(
        "c.jsonl",
        content.join("\n"),
        &[
            "line 2, time_zone: is not a zone",
            "line 4 unrecognized field name 'timezone'",
            "line 5",
            "line 6",
            "line 7 is longer than 1 MiB",
            "line 8, opt_outs[0].scope.channel: a name must not be empty",
            "line 10, customer_id: must not be empty",
        ],
        &["ada", "gil"],
    );
}

#[test]
fn an_unknown_column_is_an_error_before_anything_is_sent() {
    refuse("c.csv", "id,timezone\nada,UTC\n", &[], &["`timezone`", "did you mean `time_zone`?"]);
    refuse("c.csv", "id,foo\nada,x\n", &["--map", "fo=-"], &["`fo`", "did you mean `foo`?"]);
    refuse("c.csv", "x,y\n1,2\n", &["--map", "x=customerid,y=-"], &["did you mean `customer_id`?"]);
    refuse("c.csv", "time_zone\nUTC\n", &[], &["--map NAME=customer_id"]);
    refuse("c.csv", "id,customer_id\na,b\n", &[], &["`id` and `customer_id` hold the same"]);
    refuse("c.csv", "", &[], &["there is no header"]);
    refuse("c.csv", b"i\0d\0\n\0a\0", &[], &["UTF-16", "--encoding utf-16le"]);
    refuse("c.txt", "id\nada\n", &[], &["--format"]);
    let quote = format!("id,locale\n\"ada,en\n{}", "bob,en\n".repeat(300_000));
    let stop = ["--open-quotes", "stop"];
    refuse("c.csv", quote, &stop, &["line 2: a quote opens here that never closes", "nothing was"]);

    let desk = Desk::new();
    let columns = ["--map", "E-Mail=ID=customer_id,TZ=time_zone,x=-", "--format", "csv"];
    let said = desk.import("c.txt", "E-Mail=ID,TZ,x\nada,Europe/Pariss,1\nbob,UTC,2\n", &columns);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("line 2, TZ: is not a zone"), "{}", said.err);
    assert_eq!(desk.ids(), ["bob"]);
}

#[test]
fn an_empty_file_imports_no_customer_and_says_so() {
    let desk = Desk::new();
    for (name, content) in [("c.csv", "id,time_zone\n"), ("c.jsonl", ""), ("d.jsonl", "\n\n")] {
        let said = desk.import(name, content, &["--json"]);
        assert_eq!(said.code, 1);
        assert!(said.err.contains("there are no rows in it"), "{}", said.err);
        assert_eq!(count(&said, "imported") + count(&said, "refused"), 0);
    }
    let said = desk.serving.ask(&["export"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
}

#[test]
fn refused_rows_are_shown_up_to_a_bound_and_kept_in_a_file() {
    let desk = Desk::new();
    let rows: String = (0..1_500).map(|n| format!("c{n},Mars/{n}\n")).collect();
    let errors = desk.path("errors.csv");
    let args = ["--errors", errors.to_str().unwrap(), "--json"];
    let said = desk.import("c.csv", format!("id,time_zone\n{rows}last,UTC\n"), &args);
    assert_eq!((said.code, count(&said, "refused"), count(&said, "imported")), (1, 1_500, 1));
    assert_eq!(said.err.lines().count(), 21, "{}", said.err);
    let kept = std::fs::read_to_string(&errors).unwrap();
    let last = kept.lines().last().unwrap();
    assert_eq!(kept.lines().count(), 1_501);
    assert!(last.contains("c.csv,1501,time_zone,is not a zone"), "{last}");
    assert!(!kept.contains("Mars"), "what was written in a row is not told");
}

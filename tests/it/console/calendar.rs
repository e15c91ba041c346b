//! The calendar's screen and its file.

use courtesy::proto::v1;

use super::support::Console;
use crate::api::product::timestamp;
use crate::support::form::text;

const POLICY: &str = "\
name: main
channels: {email: {kind: email}}
purposes: {marketing: {marketing: true}}
occasions: [{name: our_birthday, dates: [2027-09-09]}]
quiet_periods:
  - name: year-end
    yearly: {from: 12-24, to: 12-26}
  - {name: sale, occasion: fathers_day, before: 1d, who: opted_out}
";

/// The events of a file: what each line says, unfolded, by event.
fn events(file: &str) -> Vec<Vec<String>> {
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"));
    for line in file.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
    }
    let unfolded = file.replace("\r\n ", "");
    let mut events = Vec::new();
    let mut event: Option<Vec<String>> = None;
    for line in unfolded.split_terminator("\r\n") {
        match line {
            "BEGIN:VEVENT" => assert!(event.replace(Vec::new()).is_none()),
            "END:VEVENT" => events.push(event.take().unwrap()),
            line => {
                assert!(line.contains(':'), "{line}");
                if let Some(event) = &mut event {
                    event.push(line.to_owned());
                }
            }
        }
    }
    assert!(event.is_none());
    events
}

#[test]
fn a_year_shows_occasions_holidays_quiet_days_and_pauses() {
    let console = Console::open();
    console.product.apply(POLICY, 0).unwrap();
    let request = v1::PauseContactsRequest {
        name: "outage".to_owned(),
        reason: "the <b>carrier</b>; is down, truly".to_owned(),
        start_time: Some(timestamp("2026-11-25T00:00:00Z")),
        end_time: Some(timestamp("2026-11-26T12:00:00Z")),
        ..Default::default()
    };
    console.product.wait(console.product.policies().pause_contacts(request)).unwrap();
    let visitor = console.visitor();

    let shown = visitor.get("/calendar");
    assert_eq!(shown.status, 200, "{}", shown.body);
    let says = text(&shown.body);
    for words in ["Calendar 2026", "24 Dec: year-end", "25 Nov: everything: the &lt;b&gt;carrier"] {
        assert!(says.contains(words), "{words}: {says}");
    }
    assert!(!says.contains("sale"), "only for customers who opted out: {says}");
    assert!(shown.body.contains("href=\"/calendar?year=2027&amp;country=\""), "{}", shown.body);

    let next = text(&visitor.get("/calendar?year=2027&country=GB").body);
    for words in ["9 Sep: our_birthday", "7 Mar: Ramadan, Mother's Day", "26 Mar: Good Friday"] {
        assert!(next.contains(words), "{words}: {next}");
    }
    let everywhere = text(&visitor.get("/calendar?year=2027").body);
    assert!(!everywhere.contains("Good Friday"), "holidays are a country's: {everywhere}");
    assert!(everywhere.contains("9 May: Mother's Day ("), "{everywhere}");
    for (query, expected) in [
        ("country=XX", 400),
        ("country=%3Cscript%3E", 400),
        ("year=1969", 200),
        ("year=2199", 200),
        ("year=no", 400),
    ] {
        let answer = visitor.get(&format!("/calendar?{query}"));
        assert_eq!(answer.status, expected, "{query}");
        assert!(!answer.body.contains("<script>"), "{query}: {}", answer.body);
    }
}

#[test]
fn a_year_is_a_file_that_calendars_read() {
    let console = Console::open();
    console.product.apply(POLICY, 0).unwrap();
    let file = console.visitor().get("/calendar.ics?year=2027&country=GB");
    assert!(file.head.contains("content-type: text/calendar; charset=utf-8"), "{}", file.head);
    let named = "content-disposition: attachment; filename=\"courtesy-2027-gb.ics\"";
    assert!(file.head.contains(named), "{}", file.head);
    let events = events(&file.body);
    let of = |summary: &str| {
        let line = format!("SUMMARY:{summary}");
        let found: Vec<&Vec<String>> = events.iter().filter(|it| it.contains(&line)).collect();
        assert_eq!(found.len(), 1, "{summary}: {events:?}");
        found[0].join("\n")
    };
    let quiet = of("year-end");
    for line in [
        "DTSTAMP:20261122T120000Z",
        "DTSTART;VALUE=DATE:20271224",
        "DTEND;VALUE=DATE:20271227",
        "CATEGORIES:QUIET PERIOD",
    ] {
        assert!(quiet.contains(line), "{line}: {quiet}");
    }
    assert!(of("our_birthday").contains("DTEND;VALUE=DATE:20270910"));
    assert!(of("Good Friday").contains("CATEGORIES:HOLIDAY"));
    let mut uids: Vec<&String> =
        events.iter().flatten().filter(|line| line.starts_with("UID:")).collect();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), events.len());
}

#[test]
fn who_answers_customers_sees_the_days_and_not_what_operators_do() {
    let console = Console::guarded();
    let operator = console.signed_in("operator");
    let fields = [
        ("expected_revision", "0"),
        ("document", "main"),
        ("text", POLICY),
        ("at", "2026-12-03T10:00"),
        ("do", "apply"),
    ];
    assert_eq!(operator.post("/policy/edit", &fields).status, 200);
    assert!(operator.get("/calendar").body.contains("revision 1 comes into force"));
    let crm = console.signed_in("crm").get("/calendar");
    assert!(crm.status == 200 && !crm.body.contains("comes into force"), "{}", crm.body);
    assert_eq!(console.signed_in("sender").get("/calendar").status, 403);
    assert_eq!(console.signed_in("sender").get("/calendar.ics").status, 403);
}

//! The policy's screens: what is in force, and what it takes to change it.

use super::support::Console;
use super::support::Visitor;
use crate::api::product::email;
use crate::api::simulation::mailed;
use crate::support::form::text;
use crate::support::http::Answer;

/// A policy whose budget is on line 5.
const MAIN: &str = "\
name: main
channels: {email: {kind: email}}
purposes: {marketing: {marketing: true}}
budgets:
  - name: weekly
    for: {purposes: [marketing]}
    limit: 3
    per: 7d
";

/// The same with a mistake on line 7.
fn mistaken() -> String {
    MAIN.replace("limit: 3", "limt: 3")
}

/// What a browser sends of the editor: one document, and a button.
fn press(visitor: &Visitor<'_>, button: &str, expected: &str, document: &str) -> Answer {
    press_with(visitor, button, expected, &[("text", document)])
}

fn press_with(
    visitor: &Visitor<'_>,
    button: &str,
    expected: &str,
    more: &[(&str, &str)],
) -> Answer {
    let fields = [("expected_revision", expected), ("document", "main"), ("days", "28")];
    let fields = [&fields[..], more, &[("do", button)]].concat();
    visitor.post("/policy/edit", &fields)
}

/// The text of the first document's field, as a browser has it.
fn area(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("<textarea").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (held, _) = rest.split_once("</textarea>").unwrap();
    let held = held.strip_prefix('\n').unwrap();
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    signs.iter().fold(held.to_owned(), |text, (sign, is)| text.replace(sign, is))
}

fn hidden<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = answer.body.split_once(&field).unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn a_mistake_is_shown_at_its_line_and_the_text_is_kept() {
    let console = Console::open();
    let visitor = console.visitor();
    for button in ["check", "apply"] {
        // As browsers send it.
        let answer = press(&visitor, button, "0", &mistaken().replace('\n', "\r\n"));
        let says = text(&answer.body);
        assert!(says.contains("There are 2 mistakes.") && says.contains("limt"), "{says}");
        assert!(answer.body.contains("href=\"#main-7\""), "{}", answer.body);
        assert!(answer.body.contains("id=\"main-7\" class=\"wrong\""), "{}", answer.body);
        assert!(answer.body.contains("data-text=\"text-0\" data-line=\"7\""), "{}", answer.body);
        assert_eq!(area(&answer), mistaken());
        assert_eq!(hidden(&answer, "expected_revision"), "0");
    }
    let shown = visitor.get("/policy");
    assert!(text(&shown.body).contains("The starter policy"), "nothing was applied");
}

#[test]
fn what_is_checked_is_compared_applied_and_rolled_back() {
    let console = Console::open();
    let visitor = console.visitor();
    let begun = visitor.get("/policy/edit");
    assert_eq!(hidden(&begun, "expected_revision"), "0");
    assert!(area(&begun).starts_with("# The policy that runs until"), "{}", area(&begun));

    let applied = press_with(&visitor, "apply", "0", &[("text", MAIN), ("note", "a beginning")]);
    assert_eq!(applied.status, 200, "{}", applied.body);
    assert!(text(&applied.body).contains("Revision 1 is in force"), "{}", applied.body);
    assert_eq!(hidden(&applied, "expected_revision"), "1");
    assert_eq!(console.product.check(email("ada")).unwrap().policy_revision, 1);

    let fewer = MAIN.replace("limit: 3", "limit: 2");
    let checked = press(&visitor, "check", "1", &fewer);
    let says = text(&checked.body);
    assert!(
        says.contains("It could be applied.") && says.contains("weekly: limit 3 → 2"),
        "{says}"
    );
    assert_eq!(press(&visitor, "apply", "1", &fewer).status, 200);
    let same = text(&press(&visitor, "apply", "2", &fewer).body);
    assert!(same.contains("Nothing was applied"), "{same}");

    let shown = visitor.get("/policy?rule=weekly");
    let says = text(&shown.body);
    for words in ["Revision 2", "weekly: limit 3 → 2", "a beginning", "unauthenticated", "budgets"]
    {
        assert!(says.contains(words), "{words}: {says}");
    }
    assert!(shown.body.contains("<li id=\"main-5\" class=\"marked\">"), "{}", shown.body);
    assert!(shown.body.contains("<a href=\"#main-5\">line 5 of main</a>"), "{}", shown.body);

    let back = [("revision", "1"), ("expected_revision", "2"), ("note", "too few")];
    let rolled = visitor.post("/policy/roll-back", &back);
    assert_eq!(rolled.status, 200, "{}", rolled.body);
    assert!(text(&rolled.body).contains("as revision 3"), "{}", rolled.body);
    let again = visitor.post("/policy/roll-back", &back);
    assert_eq!(again.status, 409, "another is in force by now");
    assert!(text(&again.body).contains("Revision 3"), "{}", again.body);
    let older = text(&visitor.get("/policy?revision=2").body);
    assert!(older.contains("limit: 2") && older.contains("What is in force"), "{older}");
}

#[test]
fn another_revision_is_told_and_the_text_stays() {
    let console = Console::open();
    let visitor = console.visitor();
    console.product.apply(MAIN, 0).unwrap();
    console.product.apply(&MAIN.replace("limit: 3", "limit: 4"), 1).unwrap();
    let mine = MAIN.replace("limit: 3", "limit: 1");
    let refused = press(&visitor, "apply", "1", &mine);
    assert_eq!(refused.status, 409, "{}", refused.body);
    let says = text(&refused.body);
    assert!(says.contains("Meanwhile") && says.contains("weekly: limit 4 → 1"), "{says}");
    assert_eq!(area(&refused), mine);
    assert_eq!(hidden(&refused, "expected_revision"), "1");

    let on = press(&visitor, "go-on:2", "1", &mine);
    assert_eq!((hidden(&on, "expected_revision"), area(&on)), ("2", mine.clone()));
    assert!(text(&press(&visitor, "apply", "2", &mine).body).contains("Revision 3 is in force"));
}

#[test]
fn a_revision_is_scheduled_and_cancelled() {
    let console = Console::open();
    let visitor = console.visitor();
    console.product.apply(MAIN, 0).unwrap();
    let fewer = MAIN.replace("limit: 3", "limit: 2");
    for (at, expected) in [("2026-11-01T10:00", 400), ("tomorrow", 400), ("2026-12-01T09:30", 200)]
    {
        let answer = press_with(&visitor, "apply", "1", &[("text", &fewer), ("at", at)]);
        assert_eq!(answer.status, expected, "{at}: {}", answer.body);
        assert_eq!(area(&answer), fewer);
        if expected == 200 {
            let says = text(&answer.body);
            assert!(says.contains("Revision 2 is scheduled.") && says.contains("09:30"), "{says}");
        }
    }
    let second = press(&visitor, "apply", "1", &MAIN.replace("limit: 3", "limit: 1"));
    assert_eq!(second.status, 409, "one is scheduled: {}", second.body);

    let calendar = visitor.get("/calendar?year=2026");
    assert!(
        calendar.body.contains("revision 2 comes into force at 09:30 UTC"),
        "{}",
        calendar.body
    );
    let shown = visitor.get("/policy");
    assert!(shown.body.contains("action=\"/policy/cancel\""), "{}", shown.body);
    let cancelled = visitor.post("/policy/cancel", &[("revision", "2")]);
    assert!(text(&cancelled.body).contains("Revision 2 is cancelled"), "{}", cancelled.body);
    assert!(!cancelled.body.contains("action=\"/policy/cancel\""));
}

#[test]
fn documents_come_and_go() {
    let console = Console::open();
    let visitor = console.visitor();
    console.product.apply(MAIN, 0).unwrap();
    let added = press(&visitor, "add", "1", MAIN);
    assert_eq!(added.body.matches("<textarea").count(), 2, "{}", added.body);
    assert_eq!(area(&added), MAIN);
    let more = "name: more\nspacing:\n  - {name: apart, for: {purposes: [marketing]}, lest: 20h}\n";
    let two = [("text", MAIN), ("document", ""), ("text", more)];
    let checked = press_with(&visitor, "check", "1", &two);
    assert!(checked.body.contains("href=\"#more-3\" data-text=\"text-1\""), "{}", checked.body);
    let nameless = [("text", MAIN), ("document", ""), ("text", "spacing: 3\n")];
    let nameless = press_with(&visitor, "check", "1", &nameless);
    assert!(nameless.body.contains("data-text=\"text-1\""), "{}", nameless.body);
    let fewer = press_with(&visitor, "remove:0", "1", &two);
    assert_eq!(fewer.body.matches("<textarea").count(), 1, "{}", fewer.body);
    assert_eq!(area(&fewer), more);
}

#[test]
fn who_may_not_change_a_policy_finds_no_button_for_it() {
    let console = Console::guarded();
    for role in ["crm", "sender", "privacy"] {
        for path in ["/policy", "/policy/edit", "/policy/presets"] {
            assert_eq!(console.signed_in(role).get(path).status, 403, "{role} {path}");
        }
    }
    let operator = console.signed_in("operator");
    assert_eq!(press(&operator, "apply", "0", MAIN).status, 200);
    assert_eq!(press(&operator, "apply", "1", &MAIN.replace("limit: 3", "limit: 2")).status, 200);
    assert!(operator.get("/policy").body.contains("Roll back to this"));
    assert!(operator.get("/policy").body.contains("by key:the operator"));

    let auditor = console.signed_in("auditor");
    let shown = auditor.get("/policy");
    assert!(shown.status == 200 && !shown.body.contains("Roll back"), "{}", shown.body);
    let checked = press(&auditor, "check", "2", MAIN);
    assert!(text(&checked.body).contains("weekly: limit 2 → 3"), "{}", checked.body);
    assert!(!checked.body.contains("value=\"apply\""), "{}", checked.body);
    assert!(checked.body.contains("value=\"simulate\""), "{}", checked.body);
    let forged = press(&auditor, "apply", "2", MAIN);
    assert_eq!(forged.status, 403, "{}", forged.body);
    assert!(text(&forged.body).contains("You may not do this"), "{}", forged.body);
    let back = [("revision", "1"), ("expected_revision", "2"), ("note", "back")];
    assert_eq!(auditor.post("/policy/roll-back", &back).status, 403);
    assert_eq!(auditor.post("/policy/cancel", &[("revision", "3")]).status, 403);
}

#[test]
fn what_is_typed_is_never_markup() {
    const CANARY: &str = "</textarea><script>alert(1)</script>\"'&amp;";
    let console = Console::open();
    let visitor = console.visitor();
    let said = format!("# {CANARY}\n{MAIN}");
    let wrong = format!("{said}{CANARY}: 1\n");
    let note = [("note", CANARY), ("at", "\"><script>")];
    let checked = press_with(&visitor, "check", "0", &[&[("text", &*wrong)], &note[..]].concat());
    assert_eq!(area(&checked), wrong);
    let applied = press_with(&visitor, "apply", "0", &[("text", &said), ("note", CANARY)]);
    assert_eq!(applied.status, 200, "{}", applied.body);
    for answer in
        [checked, applied, visitor.get("/policy"), visitor.get("/policy?rule=%3Cscript%3E")]
    {
        let scripts = answer.body.matches("<script").count();
        assert_eq!(scripts, 1, "our own: {}", answer.body);
        assert!(!answer.body.contains("style="), "{}", answer.body);
    }
}

#[test]
fn two_hundred_rules_fit_a_small_page() {
    use std::fmt::Write;
    let console = Console::open();
    let mut rules = MAIN.to_owned();
    for number in 0..199 {
        let rule = "for: {purposes: [marketing]}\n    limit: 9\n    per: 7d\n";
        writeln!(rules, "  - name: rule-of-some-length-{number}\n    {}", rule.trim_end()).unwrap();
    }
    console.product.apply(&rules, 0).unwrap();
    for (path, times) in [("/policy", 1), ("/policy/edit", 1), ("/policy/presets", 0)] {
        let shown = console.visitor().get(path);
        assert_eq!(shown.status, 200, "{path}");
        let besides = shown.body.len() - times * rules.len();
        assert!(besides <= 100_000, "{path}: {besides} bytes");
    }
    let mistake = rules.replace("limit: 9", "limt: 9");
    let checked = press(&console.visitor(), "check", "1", &mistake);
    let besides = checked.body.len() - 2 * mistake.len();
    assert!(besides <= 200_000, "with 199 mistakes: {besides} bytes");
}

#[test]
fn a_simulation_is_drawn_and_its_customers_stay_out_of_addresses() {
    let console = Console::open();
    let visitor = console.visitor();
    console.product.apply(MAIN, 0).unwrap();
    console.product.seed("ada@example.com", &mailed(&[16, 17, 18]));
    let fewer = MAIN.replace("limit: 3", "limit: 1");
    let whole = press(&visitor, "simulate", "1", &fewer);
    assert_eq!((whole.status, area(&whole)), (200, fewer.clone()));
    let says = text(&whole.body);
    assert!(says.contains("2 newly refused"), "{says}");
    assert!(says.contains("ada@example.com"), "who may look customers up sees who it is: {says}");
    for part in ["id=\"by-day-t\"", "id=\"by-rule-t\"", "href=\"/customers/"] {
        assert!(whole.body.contains(part), "{part}: {}", whole.body);
    }
    let (_, link) = whole.body.split_once("href=\"/customers/").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    assert!(!link.contains("ada"), "{link}");
    let looked = visitor.get(&format!("/customers/{link}"));
    assert!(looked.status == 200 && looked.body.contains("<h1>ada@example.com</h1>"));

    let live = ["sec-fetch-site: same-origin", "accept: text/event-stream"];
    let fields =
        [("expected_revision", "1"), ("document", "main"), ("text", &*fewer), ("do", "simulate")];
    let live = visitor.post_with("/policy/edit", &fields, &live);
    assert!(live.head.contains("content-type: text/event-stream"), "{}", live.head);
    assert!(live.body.contains("event: result") && live.body.contains("2 newly refused"));
    let wrong = press_with(&visitor, "simulate", "1", &[("text", &mistaken())]);
    assert_eq!((wrong.status, area(&wrong)), (400, mistaken()));
}

#[test]
fn who_may_not_look_customers_up_learns_no_id() {
    let console = Console::guarded();
    let operator = console.signed_in("operator");
    assert_eq!(press(&operator, "apply", "0", MAIN).status, 200);
    console.product.seed("grace", &mailed(&[16, 17, 18]));
    let fewer = MAIN.replace("limit: 3", "limit: 1");
    let whole = press(&operator, "simulate", "1", &fewer);
    assert!(text(&whole.body).contains("2 newly refused"), "{}", whole.body);
    assert!(!whole.body.contains("grace") && !whole.body.contains("/customers/"), "{}", whole.body);
    let told = press(&console.signed_in("auditor"), "simulate", "1", &fewer);
    assert!(told.body.contains("<td>grace</td>"), "{}", told.body);
}

#[test]
fn presets_say_what_they_rest_on() {
    let console = Console::open();
    let listed = text(&console.visitor().get("/policy/presets").body);
    assert!(listed.contains("us-tcpa") && listed.contains("de-uwg"), "{listed}");
    let shown = console.visitor().get("/policy/presets?name=us-tcpa");
    let says = text(&shown.body);
    assert!(says.contains("held against its sources on 20") && says.contains("What it rests on"));
    assert!(shown.body.contains("<li id=\"us-tcpa-1\">"), "{}", shown.body);
    assert_eq!(console.visitor().get("/policy/presets?name=%3Cb%3E").status, 404);
}

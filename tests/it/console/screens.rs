//! The smaller screens: what waits, what is decided, what was done.

use courtesy::proto::v1;

use super::support::Console;
use crate::api::product::NOW;

fn contact(customer_id: &str, channel: &str, purpose: &str) -> v1::Contact {
    v1::Contact {
        customer_id: customer_id.to_owned(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        ..Default::default()
    }
}

#[test]
fn a_pause_stops_a_channel_and_is_ended_again() {
    let console = Console::open();
    let visitor = console.visitor();
    let sent =
        visitor.post("/pauses", &[("channel", "sms"), ("reason", "carrier"), ("hours", "2")]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = visitor.get("/pauses").body;
    // Above every screen, until when.
    assert!(page.contains("Paused: sms") && page.contains("carrier"), "{page}");
    assert!(page.contains("2026-11-22T14:00:00Z"), "two hours after {NOW}: {page}");
    let decided = console.product.check(contact("linus", "sms", "transactional")).unwrap();
    let codes: Vec<&str> = decided.reasons.iter().map(|it| it.code().as_str_name()).collect();
    assert!(codes.contains(&"REASON_CODE_PAUSED"), "{codes:?}");

    let everything = visitor.post("/pauses", &[("reason", "all"), ("typed", "")]);
    assert!(everything.status == 400 && everything.body.contains("type `pause`"));
    for hours in ["0", "-1", "two", "9601"] {
        let fields = [("channel", "email"), ("reason", "x"), ("hours", hours)];
        assert_eq!(visitor.post("/pauses", &fields).status, 400, "{hours}");
    }
    let name = page.split("name=\"name\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(visitor.post("/pauses/resume", &[("name", name)]).status, 303);
    assert!(visitor.get("/pauses").body.contains("Nothing is paused."));
}

#[test]
fn the_overview_tells_how_things_stand_and_a_board_for_the_wall_tells_it_larger() {
    let console = Console::open();
    let visitor = console.visitor();
    console.product.check(contact("linus", "email", "transactional")).unwrap();
    let page = visitor.get("/").body;
    for said in [
        "ready",
        "the starter policy",
        "0 overdue",
        "The next 30 days",
        "Decisions of the last day",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let wall = visitor.get("/?wall=1");
    assert!(wall.head.contains("refresh: 15") && wall.body.contains("overdue"), "{}", wall.body);
    assert!(!wall.body.contains("<form") && !wall.body.contains("<nav"), "no controls");
}

#[test]
fn decisions_are_listed_with_their_reasons_and_without_ids() {
    let console = Console::open();
    let visitor = console.visitor();
    assert!(visitor.get("/decisions").body.contains("No such decision was made yet."));
    console.product.check(contact("linus", "email", "transactional")).unwrap();
    console.product.check(contact("linus", "whatsapp", "marketing")).unwrap();
    let page = visitor.get("/decisions").body;
    assert!(page.contains("allowed") && page.contains("NO_CONSENT"), "{page}");
    assert!(!page.contains("linus"), "{page}");
    let refused = visitor.get("/decisions?effect=refused&channel=whatsapp").body;
    assert!(refused.contains("NO_CONSENT") && !refused.contains("class=\"allow\""), "{refused}");
}

#[test]
fn pressure_is_counted_when_it_is_asked_for() {
    let console = Console::open();
    let visitor = console.visitor();
    assert!(visitor.get("/pressure").body.contains("reads the record of every customer"));
    console.product.check(contact("linus", "email", "transactional")).unwrap();
    let page = visitor.get("/pressure?days=56");
    assert!(page.status == 200 && page.body.contains("marketing-weekly"), "{}", page.body);
    for days in ["0", "401", "x"] {
        assert_eq!(visitor.get(&format!("/pressure?days={days}")).status, 400, "{days}");
    }
}

//! The customer's screen: why not, when again, and who can change that.

use courtesy::proto::v1;

use super::support::Console;
use super::support::Visitor;

/// What would run, turn around or break out, were it not escaped.
const CANARY: &str = "<script>alert(1)</script>\"'&\u{202e}";

fn open(visitor: &Visitor<'_>, customer_id: &str) -> String {
    visitor.post("/customers", &[("customer_id", customer_id)]).location.unwrap()
}

/// The text of a page between two others.
fn between<'a>(body: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = body.split_once(from).unwrap_or_else(|| panic!("no {from} in {body}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} in {rest}")).0
}

#[test]
fn a_refusal_tells_the_reason_the_end_and_who_can_change_it() {
    let console = Console::open();
    let contact = |purpose: &str| v1::Contact {
        customer_id: "linus".to_owned(),
        channel: "email".to_owned(),
        purpose: purpose.to_owned(),
        campaign: Some("black-friday".to_owned()),
        ..Default::default()
    };
    let customer = v1::Customer {
        customer_id: "linus".to_owned(),
        time_zone: Some("Europe/London".to_owned()),
        segments: vec!["vip".to_owned()],
        cadence: vec![v1::Cadence {
            limit: Some(1),
            window: Some(v1::cadence::Window::Sliding(prost_types::Duration {
                seconds: 7 * 86_400,
                nanos: 0,
            })),
            purposes: vec!["marketing".to_owned()],
            ..Default::default()
        }],
        ..Default::default()
    };
    let paths = ["time_zone", "segments", "cadence"].map(str::to_owned).into();
    let request = v1::UpdateCustomerRequest {
        customer: Some(customer),
        update_mask: Some(prost_types::FieldMask { paths }),
        ..Default::default()
    };
    let mut customers = console.product.customers();
    console.product.wait(customers.update_customer(request)).unwrap();
    console.product.record("sent-1", contact("marketing"));

    let visitor = console.visitor();
    let path = open(&visitor, "linus");
    assert!(!path.contains("linus"), "the address tells no id: {path}");
    let page = visitor.get(&format!("{path}?channel=email&purpose=marketing"));
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!between(&page.body, "<title>", "</title>").contains("linus"));
    let answer = between(&page.body, "id=\"answer\"", "id=\"evidence\"");
    for said in ["No, refused", "PERSONAL_CADENCE", "the customer asked for fewer", "Sun 29 Nov"] {
        assert!(answer.contains(said), "{said}: {answer}");
    }
    let evidence = between(&page.body, "id=\"evidence\"", "The other ways");
    assert!(evidence.contains("<svg") && evidence.contains("black-friday"), "{evidence}");
    let ways = between(&page.body, "The other ways", "id=\"when\"");
    assert!(ways.contains("transactional") && ways.contains("allowed"), "{ways}");
    let when = between(&page.body, "id=\"when\"", "id=\"wishes\"");
    assert!(when.contains("Europe/London") && when.contains("PERSONAL_CADENCE"), "{when}");

    // What may be sent is asked for another time, on the customer's clock.
    let later = visitor.get(&format!("{path}?channel=email&purpose=marketing&at=2026-12-03T10:00"));
    assert!(
        between(&later.body, "id=\"answer\"", "</h2>").contains("Yes, allowed"),
        "{}",
        later.body
    );
}

#[test]
fn what_others_wrote_is_text() {
    let console = Console::open();
    let visitor = console.visitor();
    let path = open(&visitor, "<script>x</script>\"&");
    let refused = visitor.get(&path);
    assert!(!refused.body.contains("<script>x"), "{}", refused.body);

    let path = open(&visitor, "linus");
    let sent = visitor.post(
        &format!("{path}/opt-out"),
        &[("channel", "email"), ("evidence", CANARY.trim_end_matches('\u{202e}'))],
    );
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert!(sent.body.contains("The opt-out is on record."), "{}", sent.body);
    assert!(sent.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", sent.body);
    assert_eq!(sent.body.matches("<script").count(), 1, "our own, in the head");
    for hidden in [("reason", CANARY), ("typed", CANARY)] {
        for form in ["suppress", "erase"] {
            let sent = visitor.post(&format!("{path}/{form}"), &[hidden]);
            assert!([200, 400].contains(&sent.status), "{form}: {}", sent.body);
            assert_eq!(sent.body.matches("<script").count(), 1, "{form}");
        }
    }
    for at in ["9999-99-99T99:99", CANARY, "-1"] {
        let at: String = at.bytes().map(|it| format!("%{it:02x}")).collect();
        let page =
            visitor.get(&format!("{path}?channel={at}&purpose={at}&topic={at}&at={at}&page={at}"));
        assert!([200, 400].contains(&page.status), "{}", page.body);
        assert_eq!(page.body.matches("<script").count(), 1, "{}", page.body);
    }
    assert_eq!(visitor.get("/customers/forged").status, 404);
}

#[test]
fn a_look_is_audited_without_the_id() {
    let console = Console::guarded();
    let visitor = console.signed_in("crm");
    let path = open(&visitor, "linus");
    for _look in 0..2 {
        assert_eq!(visitor.get(&path).status, 200);
    }
    // Who may not look leaves no trace of having looked.
    assert_eq!(console.signed_in("sender").get(&path).status, 403);
    let audit = console.signed_in("auditor").get("/audit?action=ViewCustomer").body;
    assert_eq!(audit.matches("<strong>ViewCustomer</strong>").count(), 2, "{audit}");
    assert!(audit.contains("key:the crm") && !audit.contains("linus"), "{audit}");
}

#[test]
fn a_customer_with_many_contacts_is_a_page() {
    let console = Console::open();
    for number in 0..900_u32 {
        let at =
            prost_types::Timestamp { seconds: i64::from(1_795_348_800 - 3_600 * number), nanos: 0 };
        let contact = v1::Contact {
            customer_id: "linus".to_owned(),
            channel: ["email", "sms", "push"][number as usize % 3].to_owned(),
            purpose: "transactional".to_owned(),
            contact_time: Some(at),
            ..Default::default()
        };
        console.product.record(&format!("sent-{number}"), contact);
    }
    let visitor = console.visitor();
    let page = visitor.get(&open(&visitor, "linus"));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Older contacts"));
    assert!(page.body.len() <= 100_000, "{} bytes", page.body.len());
}

//! What customers did, from lists.

use super::Desk;
use super::count;

#[test]
fn events_are_recorded_once_and_have_their_effect() {
    let desk = Desk::new();
    desk.reserve("list.csv", "id\nada\nbob\n", &[]);
    let rows = "customer_id,kind,channel,request_id,event_time,other\n\
                ada,bounced_hard,,spring-1,,x\nbob,Complained,email,,,\nbob,,,,,\ncyd,sneezed,,,,\n";
    let said = desk.say("engage", ("events.csv", rows), &["--json"]);
    assert_eq!(said.code, 1, "{}", said.out);
    let of = |what| count(&said, what);
    assert_eq!((of("done"), of("passedOver"), of("refused")), (2, 1, 1));
    assert!(said.err.contains("line 5, kind: is none of: opened, clicked"), "{}", said.err);
    assert_eq!(desk.states("ada"), ["BOUNCED"]);
    assert!(desk.check("bob").contains("SUPPRESSED"), "{}", desk.check("bob"));

    let events = |customer: &str| {
        let said = desk.serving.ask(&["customer", "export", "--customer", customer]);
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    };
    let before = events("bob");
    let file = desk.path("events.csv").to_str().unwrap().to_owned();
    let again = desk.again("engage", &file, &["--json"]);
    assert_eq!(count(&again, "done"), 2);
    assert_eq!(events("bob"), before, "the same rows are the same events");
}

#[test]
fn a_list_of_one_kind_needs_no_column_for_it() {
    let desk = Desk::new();
    let rows = "Email\nada\nbob\n";
    let more = ["--kind", "complained", "--channel", "email", "--id-column", "Email"];
    let said = desk.say("engage", ("complaints.csv", rows), &more);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    for customer in ["ada", "bob"] {
        assert!(desk.check(customer).contains("SUPPRESSED"), "{customer}");
    }
    let said = desk.say("engage", ("complaints.csv", "id\nada\n"), &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--kind says it for all rows"), "{}", said.err);
}

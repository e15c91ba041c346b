//! `clear --reserve` and then `confirm` is a campaign.

use super::Desk;
use super::ago;
use super::count;
use super::sums;

#[test]
fn what_clear_has_reserved_is_confirmed() {
    let desk = Desk::new();
    let opt_out = desk.serving.ask(&["customer", "opt-out", "--customer", "bob"]);
    assert_eq!(opt_out.code, 0, "{}", opt_out.err);
    // Bob is denied, and a row has no id: neither has a request.
    let list = "name,id\nAda,ada\nBob,bob\n\"No one, at all\",\nCyd,cyd\n";
    let sent = desk.reserve("list.csv", list, &[]);
    let said = desk.again("confirm", &sent, &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let lines: Vec<Vec<&str>> =
        said.out.lines().map(|line| line.rsplitn(2, "  ").map(str::trim).collect()).collect();
    let expected = [["4", "rows"], ["2", "confirmed"], ["2", "not reserved"], ["0", "refused"]];
    assert_eq!(lines, expected);
    assert_eq!(desk.states("ada"), ["SENT"]);
    assert_eq!(desk.states("cyd"), ["SENT"]);

    // Again, it says the same and changes nothing.
    let again = desk.again("confirm", &sent, &["--json"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!((count(&again, "done"), count(&again, "refused")), (2, 0));
    assert_eq!(desk.states("ada"), ["SENT"]);
    // What was confirmed is not given back.
    let release = desk.again("release", &sent, &["--json"]);
    assert_eq!((release.code, count(&release, "refused")), (1, 2), "{}", release.err);
    assert!(release.err.contains("sent-list.csv, line 2"), "{}", release.err);
    assert!(release.err.contains("has been confirmed as sent"), "{}", release.err);
}

#[test]
fn lists_of_json_and_columns_of_other_names_are_read_too() {
    let desk = Desk::new();
    let list = "{\"mail\": \"ada\"}\n{\"mail\": \"bob\"}\n";
    let more = ["--id-column", "mail", "--prefix", "c_", "--hold", "10m"];
    let sent = desk.reserve("list.jsonl", list, &more);
    let said = desk.again("release", &sent, &["--id-column", "mail", "--prefix", "c_"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(desk.states("ada"), ["RELEASED"]);

    let rows = "Customer ID,Request-ID,send_time,unanswered\nada,spring-1,,yes\n";
    let sent = desk.say("confirm", ("sent.csv", rows), &["--json"]);
    assert_eq!((sent.code, count(&sent, "refused")), (1, 1), "it was released: {}", sent.err);
    assert!(sent.err.contains("has been released"), "{}", sent.err);
}

#[test]
fn rows_that_are_refused_are_told_with_their_lines_and_the_others_count() {
    let desk = Desk::new();
    desk.reserve("list.csv", "id\nada\nbob\n", &[]);
    let errors = desk.path("errors.csv").to_str().unwrap().to_owned();
    let rows = format!(
        "id,request_id,send_time\nada,spring-1,yesterday\ncyd,spring-9,\nbob,spring-2,{}\nbob,,\n\
         ,spring-1,\nbob,spring-2\n",
        ago(1)
    );
    let said = desk.say("confirm", ("sent.csv", &rows), &["--errors", &errors, "--json"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(sums(&said)["rows"], 6);
    let of = |what| count(&said, what);
    assert_eq!((of("done"), of("passedOver"), of("refused")), (1, 1, 4));
    for told in [
        "line 2, send_time: is ",
        "line 3 no reservation of this customer",
        "line 6, customer_id: is empty",
        "line 7 has 2 fields, and the header has 3",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    let kept = std::fs::read_to_string(&errors).unwrap();
    assert_eq!(kept.lines().count(), 5, "{kept}");
    assert_eq!(desk.states("bob"), ["SENT"]);
    assert_eq!(desk.states("ada"), ["RESERVED"]);
}

#[test]
fn a_list_that_names_no_reservation_is_told_so() {
    let desk = Desk::new();
    let said = desk.say("confirm", ("list.csv", "id,effect\nada,ALLOW\n"), &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("has no column `request_id`"), "{}", said.err);
    assert!(said.err.contains("`courtesy clear --reserve` writes it"), "{}", said.err);
    let said = desk.say("confirm", ("list.csv", "id,request_id\nada,\n"), &[]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("nothing was confirmed"), "{}", said.out);
    let said = desk.say("confirm", ("list.xlsx", "id,request_id\nada,\n"), &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--format"), "{}", said.err);
    let both = desk.serving.ask(&["confirm", "list.csv", "--customer", "ada", "--request-id", "1"]);
    assert_eq!(both.code, 2);
    let neither = desk.serving.ask(&["confirm"]);
    assert_eq!(neither.code, 2);
}

#[test]
fn a_list_longer_than_a_batch_is_said_whole() {
    let desk = Desk::new();
    let ids: String = (0..2_500).map(|number| format!("c-{number}\n")).collect();
    let sent = desk.reserve("list.csv", &format!("id\n{ids}"), &[]);
    let said = desk.again("confirm", &sent, &["--json"]);
    assert_eq!((said.code, count(&said, "done")), (0, 2_500), "{}", said.err);
    for customer in ["c-0", "c-1000", "c-2499"] {
        assert_eq!(desk.states(customer), ["SENT"]);
    }
}

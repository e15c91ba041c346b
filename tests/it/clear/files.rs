//! Rows come back in their order, with all that they had, and with the answers behind it.

use serde_json::json;

use super::Desk;
use super::cells;
use super::objects;
use super::sums;
use crate::support::courtesy;

#[test]
fn each_row_comes_back_with_its_answer_in_its_order() {
    let desk = Desk::new();
    let cleared =
        desk.clear("c.csv", "name,id,city\nAda,ada,Paris\nBob,bob,\nCy,cy,\"a,b\"\n", &[]);
    assert_eq!((cleared.said.code, cleared.said.err.as_str()), (1, ""));
    assert_eq!(
        cleared.out,
        "name,id,city,effect,reasons,next_allowed_time,problem\n\
         Ada,ada,Paris,ALLOW,,,\n\
         Bob,bob,,DENY,OPTED_OUT,,\n\
         Cy,cy,\"a,b\",ALLOW,,,\n"
    );
    for (what, count) in [("recipients", 3), ("allowed", 2), ("denied", 1), ("  OPTED_OUT", 1)] {
        let line = format!("{what:<24}{count:>13}");
        assert!(cleared.said.out.contains(&line), "{line} is not in: {}", cleared.said.out);
    }
    assert!(desk.is_tidy("c.csv"));

    let cleared = desk.clear("c.csv", "id\nada\ncy\n", &["--json"]);
    assert_eq!(cleared.said.code, 0, "all of them may be contacted");
    assert_eq!(
        sums(&cleared.said),
        json!({"recipients": 2,
               "counts": {"allowed": 2, "denied": 0, "invalid": 0, "reasons": {}}, "run": null})
    );
    assert_eq!(desk.clear("c.csv", "id\n", &[]).said.code, 0, "no recipient was refused");
}

#[test]
fn a_refusal_says_when_it_ends() {
    let desk = Desk::new();
    let reserve = ["reserve", "--customer", "ada", "--channel", "email", "--purpose", "marketing"];
    assert_eq!(desk.serving.ask(&reserve).code, 0);
    let check =
        ["check", "--customer", "ada", "--channel", "email", "--purpose", "marketing", "--json"];
    let said: serde_json::Value = serde_json::from_str(&desk.serving.ask(&check).out).unwrap();
    let cleared = desk.clear("c.jsonl", "{\"id\": \"ada\"}\n", &[]);
    let row = objects(&cleared.out).pop().unwrap();
    assert_eq!(row["effect"], "DENY");
    assert_eq!(row["reasons"], json!(["TOO_SOON"]), "{row}");
    assert_eq!(row["next_allowed_time"], said["decision"]["nextAllowedTime"]);
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let desk = Desk::new();
    let content = "\u{feff}E-Mail ID;Note\r\nada;\"one\r\ntwo; \"\"three\"\"\"\r\n\r\nbob;last";
    let cleared = desk.clear("c.csv", content, &["--id-column", "E-Mail ID"]);
    assert_eq!((cleared.said.code, cleared.said.err.as_str()), (1, ""));
    assert_eq!(
        cleared.out,
        "\u{feff}E-Mail ID;Note;effect;reasons;next_allowed_time;problem\n\
         ada;\"one\r\ntwo; \"\"three\"\"\";ALLOW;;;\n\
         bob;last;DENY;OPTED_OUT;;\n"
    );
    let cleared = desk.clear("d.csv", "Customer ID\tx\nada\t1\n", &[]);
    assert!(cleared.out.starts_with("Customer ID\tx\teffect\t"), "{}", cleared.out);
}

#[test]
fn objects_keep_what_they_have_to_the_byte() {
    let desk = Desk::new();
    let rows = "{\"z\":1.0,\"customerId\":\"ada\",\"big\":123456789012345678901234567890}\n\n \
                {\"customerId\": \"bob\" } \n{\"id\": 7}\n{}\n";
    let cleared = desk.clear("c.jsonl", rows, &[]);
    assert_eq!(
        cleared.out,
        "{\"z\":1.0,\"customerId\":\"ada\",\"big\":123456789012345678901234567890,\"effect\":\"ALLOW\",\
         \"reasons\":[],\"next_allowed_time\":null,\"problem\":null}\n\
         {\"customerId\": \"bob\",\"effect\":\"DENY\",\"reasons\":[\"OPTED_OUT\"],\
         \"next_allowed_time\":null,\"problem\":null}\n\
         {\"id\": 7,\"effect\":\"ALLOW\",\"reasons\":[],\"next_allowed_time\":null,\"problem\":null}\n\
         {\"effect\":\"INVALID\",\"reasons\":[],\"next_allowed_time\":null,\
         \"problem\":\"line 5: has no `customer_id`\"}\n"
    );
}

#[test]
fn a_row_that_is_wrong_keeps_its_place_and_the_others_are_answered() {
    let desk = Desk::new();
    let long = "x".repeat(257);
    let content = format!("id,x\nada,1\n,2\n{long},3\nbob\ncy,4,5\ndan,6\n").into_bytes();
    let content = [content.as_slice(), b"\xff,7\neve,8\n"].concat();
    let cleared = desk.clear("c.csv", content, &["--json"]);
    assert_eq!((cleared.said.code, cleared.said.err.as_str()), (1, ""));
    let out = std::fs::read(desk.out("c.csv")).unwrap();
    let rows = cells(&String::from_utf8_lossy(&out));
    let told: Vec<[&str; 3]> = rows.iter().map(|row| [row[1].as_str(), &row[2], &row[5]]).collect();
    assert_eq!(
        told,
        [
            ["x", "effect", "problem"],
            ["1", "ALLOW", ""],
            ["2", "INVALID", "line 3: `id` must not be empty"],
            ["3", "INVALID", "line 4: `id` has at most 256 bytes, this one has 257"],
            ["", "INVALID", "line 5: has 1 cells, and the header has 2"],
            ["4", "INVALID", "line 6: has 3 cells, and the header has 2"],
            ["6", "ALLOW", ""],
            ["7", "INVALID", "line 8: `id` is not UTF-8"],
            ["8", "ALLOW", ""],
        ]
    );
    assert_eq!(sums(&cleared.said)["counts"]["invalid"], 5);

    let rows = [
        "{\"id\": \"ada\"}",
        "{\"id\": \"ada\"",
        "[1]",
        "{\"id\": null}",
        "{\"id\": \"ada\", \"effect\": 1}",
        "{\"id\": \"dan\"}",
    ];
    let cleared = desk.clear("c.jsonl", rows.join("\n"), &[]);
    assert_eq!(cleared.said.code, 1);
    let rows = objects(&cleared.out);
    let effects: Vec<&str> = rows.iter().map(|row| row["effect"].as_str().unwrap()).collect();
    assert_eq!(effects, ["ALLOW", "INVALID", "INVALID", "INVALID", "INVALID", "ALLOW"]);
    assert_eq!(rows[1]["row"], "{\"id\": \"ada\"", "what is not an object is kept as text");
    assert!(rows[4]["problem"].as_str().unwrap().contains("--prefix"), "{}", rows[4]);
}

#[test]
fn what_cannot_be_asked_is_an_error_and_leaves_no_output() {
    let desk = Desk::new();
    let refuse = |content: &str, more: &[&str], needle: &str| {
        let cleared = desk.clear("c.csv", content, more);
        assert_eq!((cleared.said.code, cleared.out.as_str()), (2, ""), "{}", cleared.said.err);
        assert!(cleared.said.err.contains(needle), "`{needle}` is not in: {}", cleared.said.err);
    };
    refuse("mail\nada\n", &[], "--id-column");
    refuse("id\nada\n", &["--id-column", "ID"], "no column `ID` among: id");
    refuse("id,effect\nada,1\n", &[], "--prefix");
    refuse("", &[], "there is no header");
    refuse("id\nada\n", &["--occasion", "nonsense"], "nonsense");
    assert!(desk.is_tidy("c.csv"), "what was never begun leaves nothing behind");
    let command = desk.command("c.csv", &["--server", "http://127.0.0.1:1"]);
    let said = courtesy(&command.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(said.code, 2);
    assert!(said.err.contains("no courtesy server answers"), "{}", said.err);
    let cleared = desk.clear("c.csv", "id,effect\nada,1\n", &["--prefix", "our_"]);
    assert_eq!(cleared.said.code, 0, "{}", cleared.said.err);
    assert!(cleared.out.starts_with("id,effect,our_effect,"), "{}", cleared.out);
}

#[test]
fn who_is_in_the_list_again_is_denied_there() {
    let desk = Desk::new();
    let cleared = desk.clear("c.csv", "id\nada\ncy\nada\n\"\"\nbob\nbob\nada\n", &[]);
    assert_eq!(
        cleared.out,
        "id,effect,reasons,next_allowed_time,problem\n\
         ada,ALLOW,,,\n\
         cy,ALLOW,,,\n\
         ada,DENY,DUPLICATE,,the same customer as row 1\n\
         ,INVALID,,,line 5: `id` must not be empty\n\
         bob,DENY,OPTED_OUT,,\n\
         bob,DENY,DUPLICATE,,the same customer as row 5\n\
         ada,DENY,DUPLICATE,,the same customer as row 1\n"
    );
}

#[test]
fn where_case_does_not_count_capitals_make_no_other_customer() {
    let list = "id\nAnn\nann\nbob\n ANN \nBOB\nann\n";
    let desk = Desk::new_with(&["--customer-ids", "lower_case"]);
    let cleared = desk.clear("c.csv", list, &[]);
    assert_eq!(
        cleared.out,
        "id,effect,reasons,next_allowed_time,problem\n\
         Ann,ALLOW,,,\n\
         ann,DENY,DUPLICATE,,the same customer as row 1\n\
         bob,DENY,OPTED_OUT,,\n\
         \u{20}ANN ,DENY,DUPLICATE,,the same customer as row 1\n\
         BOB,DENY,DUPLICATE,,the same customer as row 3\n\
         ann,DENY,DUPLICATE,,the same customer as row 1\n"
    );
    let exact = Desk::new().clear("c.csv", list, &[]);
    let duplicates = exact.out.lines().filter(|line| line.contains("DUPLICATE")).count();
    assert_eq!(duplicates, 1, "only the second `ann`: {}", exact.out);
}

//! What an import does to wishes: a no is never turned into a yes by accident, and saying a thing
//! twice changes nothing.

use super::Desk;
use super::count;

const YES: &str = "id,consent,consent_time,evidence\nada,email,2026-02-01T00:00:00Z,form 7\n";

fn is_allowed(desk: &Desk) -> bool {
    let check = ["check", "--customer", "ada", "--channel", "email", "--purpose", "marketing"];
    desk.serving.ask(&check).code == 0
}

#[test]
fn a_yes_ends_an_opt_out_only_if_told_to_and_the_count_is_shown() {
    let desk = Desk::new();
    let no = "id,opt_out,opt_out_time\nada,channel=email,2026-01-01T00:00:00Z\n";
    assert_eq!(count(&desk.import("no.csv", no, &["--json"]), "optOuts"), 1);
    assert!(!is_allowed(&desk));

    let said = desk.import("yes.csv", YES, &["--json"]);
    assert_eq!((said.code, count(&said, "optInsWithheld"), count(&said, "optIns")), (0, 1, 0));
    assert_eq!(count(&said, "unchanged"), 1);
    assert!(!is_allowed(&desk), "a no is never turned into a yes by accident");
    let said = desk.import("yes.csv", YES, &[]);
    assert!(said.out.contains("--allow-opt-in"), "{}", said.out);

    let older = YES.replace("2026-02-01", "2025-12-31");
    let said = desk.import("older.csv", older, &["--json", "--allow-opt-in"]);
    assert_eq!((count(&said, "optOutsEnded"), is_allowed(&desk)), (0, false));

    let said = desk.import("yes.csv", YES, &["--json", "--allow-opt-in", "--dry-run"]);
    assert_eq!((count(&said, "optOutsEnded"), is_allowed(&desk)), (1, false));
    let said = desk.import("yes.csv", YES, &["--allow-opt-in"]);
    assert!(
        said.out.lines().any(|it| it.starts_with("opt-outs ended") && it.ends_with(" 1")),
        "{}",
        said.out
    );
    assert!(is_allowed(&desk));

    let said = desk.import("no.csv", no, &["--json"]);
    assert_eq!(count(&said, "optOuts"), 0, "the yes was later");
    assert!(is_allowed(&desk));
}

#[test]
fn a_yes_without_a_time_does_not_end_an_opt_out_either() {
    let desk = Desk::new();
    assert_eq!(desk.import("no.csv", "id,opt_out\nada,yes\n", &[]).code, 0);
    let yes = "id,consent\nada,email;sms\n";
    let said = desk.import("yes.csv", yes, &["--json", "--evidence", "the form"]);
    // A yes to channels ends no refusal of everything, and is recorded beside it.
    assert_eq!((count(&said, "optIns"), count(&said, "optInsWithheld")), (2, 0));
    assert!(!is_allowed(&desk));

    assert_eq!(desk.import("no.csv", "id,opt_out\nada,channel=email\n", &[]).code, 0);
    let said = desk.import("yes.csv", yes, &["--json", "--evidence", "the form"]);
    assert_eq!((count(&said, "optIns"), count(&said, "unchanged")), (0, 1));
}

#[test]
fn an_import_that_is_repeated_changes_nothing() {
    let desk = Desk::new();
    let rows = "id,opt_out,opt_out_time,consent,evidence,time_zone\n\
                ada,everything,,,,\n\
                bob,channel=email,2026-01-01T00:00:00Z,sms,form,UTC\n\
                cleo,channel=sms;until=2026-01-01T00:00:00Z,,,,\n\
                dan,,,email,form,\n";
    let first = desk.import("c.csv", rows, &["--json", "--source", "crm"]);
    assert_eq!((count(&first, "imported"), count(&first, "unchanged")), (3, 1), "{}", first.err);
    let export = desk.export();
    let again = desk.import("c.csv", rows, &["--json", "--source", "crm"]);
    assert_eq!((count(&again, "imported"), count(&again, "unchanged")), (0, 4));
    assert_eq!(desk.export(), export);
    assert!(export.contains("\"source\":\"crm\""), "{export}");
}

#[test]
fn a_dry_run_counts_the_same_and_changes_nothing() {
    let desk = Desk::new();
    let rows = "id,opt_out,time_zone\nada,yes,\nbob,,UTC\ncleo,,Mars\n";
    let tried = desk.import("c.csv", rows, &["--json", "--dry-run"]);
    assert_eq!(desk.export(), "");
    assert!(!desk.path("c.csv.courtesy-import").exists());
    let done = desk.import("c.csv", rows, &["--json"]);
    for what in ["imported", "unchanged", "refused", "optOuts"] {
        assert_eq!(count(&tried, what), count(&done, what), "{what}");
    }
    assert_eq!((tried.code, done.code, tried.err), (1, 1, done.err));
    assert!(tried.out.contains("\"dryRun\": true"), "{}", tried.out);
}

#[test]
fn a_row_replaces_only_the_fields_that_it_has() {
    let desk = Desk::new();
    let rows = "id,time_zone,segments,locale\nada,Europe/Paris,vip,fr\n";
    assert_eq!(desk.import("c.csv", rows, &[]).code, 0);
    let rows = "id,time_zone,segments,locale\nada,,family,\nada,,late,\n";
    assert_eq!(desk.import("c.csv", rows, &[]).code, 0);
    let ada: serde_json::Value = serde_json::from_str(&desk.export()).unwrap();
    assert_eq!(ada["timeZone"], "Europe/Paris");
    assert_eq!((&ada["locale"], &ada["segments"][0]), (&"fr".into(), &"late".into()));
}

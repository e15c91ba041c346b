//! How ids are kept, and `courtesy merge-ids`.

use std::path::Path;

use courtesy::codec::Decoded;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Scope;
use courtesy::model::wish::OptOut;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;

use super::Desk;
use crate::command::Serving;
use crate::support::courtesy;

const MARKETING: [&str; 4] = ["--channel", "email", "--purpose", "marketing"];

fn check(serving: &Serving, id: &str) -> i32 {
    let said = serving.ask(&[&["check", "--customer", id], &MARKETING[..]].concat());
    assert!(said.code < 2, "{}", said.err);
    said.code
}

#[test]
fn lists_refuse_what_a_spreadsheet_has_made_of_ids_and_name_the_row() {
    let desk = Desk::new();
    let ids = ["4.479E+11", " ann ", "#REF!", "NULL", "=A1", "'x", "\u{200b}"];
    let text = ids.map(|id| format!("{id},yes\n")).concat();
    let said = desk.import("c.csv", format!("customer_id,opt_out\n{text}"), &[]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    for line in [2, 4, 5, 6, 7, 8] {
        let place = format!("line {line}, customer_id: ");
        assert!(said.err.contains(&place) || said.out.contains(&place), "{}{}", said.out, said.err);
    }
    assert_eq!(desk.ids(), ["ann"]);
    assert_eq!(["ann", " ann", "NULL"].map(|id| check(&desk.serving, id)), [1, 1, 0]);

    let list = desk.file("list.csv", format!("customer_id,x\n{text}"));
    let out = desk.path("out.csv");
    let clear = ["clear", &list, "-o", out.to_str().unwrap()];
    let said = desk.serving.ask(&[&clear, &MARKETING[..]].concat());
    let cleared = std::fs::read_to_string(&out).unwrap();
    let invalid = cleared.lines().filter(|line| line.contains("INVALID")).count();
    assert_eq!(invalid, 6, "{cleared}{}", said.err);
}

/// A store as an older release has left it: its customer has opted out, and it has no mark.
fn older(store: &Path, ids: &[&str]) {
    let store = Embedded::open(store).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let no = OptOut { scope: Scope::default(), at: None, until: None, source: None, stop: None };
    let value = Decoded::default().write(&Record { opt_outs: vec![no], ..Record::default() });
    for id in ids {
        let tenant = Name::new("default").unwrap();
        let key = Key { space: Space::Customers, tenant, id: Box::from(*id) };
        let value = value.clone();
        let replacement = Replacement { key, expected: None, value, expires: None };
        runtime.block_on(store.replace(replacement, Durability::Synced)).unwrap();
    }
}

#[test]
fn what_older_releases_kept_with_white_space_is_found_and_merged() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    older(&store, &["ann ", "bob", "\u{a0}"]);
    let place = ["--store", store.to_str().unwrap()];
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--operations",
        "off",
        "--console",
        "off",
        "--pages",
        "off",
    ];
    let lower = courtesy(&[&serve[..], &place, &["--customer-ids", "lower_case"]].concat());
    assert!(lower.code == 2 && lower.err.contains("courtesy merge-ids"), "{}", lower.err);

    let serving = Serving::start(&place);
    assert_eq!(["ann ", "ann", "bob "].map(|id| check(&serving, id)), [1, 0, 1]);
    let found = courtesy(&[&["doctor"], &place[..]].concat());
    let says = "1 of 3 records are under other spellings";
    assert!(found.out.contains(says), "it is told while it is served: {}", found.out);
    assert!(found.out.contains("1 of 3 records are under ids of white space"), "{}", found.out);
    let busy = courtesy(&[&["merge-ids"], &place[..]].concat());
    assert_eq!(busy.code, 2, "{}", busy.out);
    serving.stop();

    let merged = courtesy(&[&["merge-ids"], &place[..]].concat());
    assert!(merged.code == 0 && merged.out.contains("1 merged, 0 not"), "{}", merged.err);
    let serving = Serving::start(&place);
    assert_eq!(["ann ", "ann", "bob", "cy"].map(|id| check(&serving, id)), [1, 1, 1, 0]);
    let audited = serving.ask(&["audit", "list"]);
    assert!(audited.out.contains("MergeIds"), "{}", audited.out);
}

#[test]
fn how_ids_are_kept_is_the_stores_and_a_command_changes_it() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    let place = ["--store", store.to_str().unwrap()];
    let serving = Serving::start(&place);
    for id in ["Ann@Example.org", "ANN@example.org", "bob@example.org"] {
        let said = serving.ask(&["customer", "opt-out", "--customer", id]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    serving.stop();
    let lower = [&place[..], &["--customer-ids", "lower_case"]].concat();

    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--operations",
        "off",
        "--console",
        "off",
        "--pages",
        "off",
    ];
    let refused = courtesy(&[&serve[..], &lower].concat());
    assert_eq!(refused.code, 2);
    let way_out = "courtesy merge-ids --customer-ids lower_case";
    assert!(refused.err.contains(way_out), "{}", refused.err);
    let found = courtesy(&[&["doctor"], &lower[..]].concat());
    assert!(found.out.contains("2 of 3 records"), "{}", found.out);
    assert!(found.out.contains(way_out), "{}", found.out);
    let counted = courtesy(&[&["merge-ids", "--dry-run"], &lower[..]].concat());
    assert!(counted.out.contains("2 of 3 records"), "{}{}", counted.out, counted.err);
    let merged = courtesy(&[&["merge-ids"], &lower[..]].concat());
    assert_eq!(merged.code, 0, "{}{}", merged.out, merged.err);
    assert!(merged.out.contains("2 merged, 0 not"), "{}", merged.out);

    let serving = Serving::start(&lower);
    for id in ["ann@example.org", "Ann@Example.org", "aNN@EXAMPLE.ORG "] {
        assert_eq!(check(&serving, id), 1, "{id}");
    }
    assert_eq!(check(&serving, "cy@example.org"), 0);
    assert_eq!(serving.ask(&["export"]).out.lines().count(), 2);
    serving.stop();
    let refused = courtesy(&[&serve[..], &place].concat());
    assert!(refused.err.contains("`lower_case`"), "{}", refused.err);
    // Who opted out as `Ann` would not be found any more.
    let back = courtesy(&[&["merge-ids"], &place[..]].concat());
    assert_eq!(back.code, 2, "{}", back.out);
    assert!(back.err.contains("cannot be told apart"), "{}", back.err);
    let well = courtesy(&[&["doctor"], &lower[..]].concat());
    assert!(well.out.contains("none of 2 records"), "{}", well.out);
}

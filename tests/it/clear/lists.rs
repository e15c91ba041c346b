//! Lists of recipients as people have them are read by the same reader as imports.

use std::io::Write;

use flate2::write::GzEncoder;

use super::Desk;
use super::cells;
use super::objects;

#[test]
fn recipients_behind_an_open_quote_are_answered() {
    let desk = Desk::new();
    let text = "id,note\nada,\"x\nbob,\ncy,\n";
    let cleared = desk.clear("c.csv", text, &[]);
    assert_eq!(cleared.said.code, 1, "{}", cleared.said.err);
    let rows = cells(&cleared.out);
    let told: Vec<_> = rows.iter().skip(1).map(|row| [row[0].as_str(), &row[2]]).collect();
    assert_eq!(told, [["ada", "INVALID"], ["bob", "DENY"], ["cy", "ALLOW"]]);
    assert!(rows[1][5].starts_with("line 2: has an open quote"), "{}", rows[1][5]);
    std::fs::remove_file(desk.out("c.csv")).unwrap();
    let cleared = desk.clear("c.csv", text, &["--open-quotes", "stop"]);
    assert_eq!((cleared.said.code, cleared.out.as_str()), (2, ""));
    assert!(cleared.said.err.contains("line 2: a quote opens here"), "{}", cleared.said.err);
}

#[test]
fn recipients_may_be_packed_encoded_and_in_a_document() {
    let desk = Desk::new();
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(b"id,name\rada,Ren\xe9\rbob,Bob\r").unwrap();
    let packed = packer.finish().unwrap();
    let cleared = desk.clear("c.csv", packed, &["--encoding", "windows-1252"]);
    assert_eq!(cleared.said.code, 1, "{}", cleared.said.err);
    assert_eq!(
        cleared.out,
        "id,name,effect,reasons,next_allowed_time,problem\nada,René,ALLOW,,,\nbob,Bob,DENY,OPTED_OUT,,\n"
    );
    let cleared = desk.clear("c.json", "[{\"id\":\n\"ada\"}, {\"id\": \"bob\"}]", &[]);
    let effects = objects(&cleared.out);
    let effects: Vec<_> = effects.iter().map(|row| row["effect"].as_str().unwrap()).collect();
    assert_eq!(effects, ["ALLOW", "DENY"], "{}", cleared.said.err);
}

//! Lists as people have them: stray quotes, line ends, pipes, packed files and encodings. No row is
//! lost, and the sums say so.

use std::fmt::Write as _;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use flate2::write::GzEncoder;
use ruzstd::encoding::CompressionLevel;
use ruzstd::encoding::compress_to_vec;

use super::Desk;
use super::count;
use crate::support::Said;

const LIST: &str =
    "customer_id,opt_out\nann@example.com,channel=email\nbob@example.com,channel=email\n";
const BOTH: [&str; 2] = ["ann@example.com", "bob@example.com"];

/// A number of the sum of lines.
#[track_caller]
fn lines(said: &Said, what: &str) -> u64 {
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    json.pointer(&format!("/lines/{what}")).unwrap().as_u64().unwrap()
}

/// Imports through standard input.
fn through(desk: &Desk, file: &str, bytes: &[u8], args: &[&str]) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["import", file, "--json", "--server", &desk.serving.url("API")])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn an_open_quote_loses_its_own_row_and_no_other() {
    let open = "customer_id,opt_out,notes\n\
                ann@example.com,channel=email,\"called at 5 pm\n\
                bob@example.com,channel=email,\n\
                cyd@example.com,channel=email,\n";
    let stray =
        open.replace("\ncyd@example.com,channel=email,", "\ncyd@example.com,yes,said \"yes\"");
    let closed = open.replace("\ncyd@example.com,channel=email,", "\ncyd@example.com,yes,27\"");
    for text in [open, &stray, &closed] {
        let desk = Desk::new();
        let said = desk.import("c.csv", text, &["--map", "notes=-", "--json"]);
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(said.err.contains("line 2 has an open quote"), "{}", said.err);
        assert_eq!((count(&said, "imported"), count(&said, "refused")), (2, 1));
        assert_eq!(lines(&said, "all"), 4);
        assert_eq!(desk.ids(), ["bob@example.com", "cyd@example.com"]);

        let desk = Desk::new();
        let stop = ["--map", "notes=-", "--open-quotes", "stop"];
        let said = desk.import("c.csv", text, &stop);
        assert_eq!((said.code, said.out.as_str()), (2, ""));
        assert!(said.err.contains("line 2: a quote opens here"), "{}", said.err);
        assert!(desk.ids().is_empty(), "nothing landed");
    }
    let desk = Desk::new();
    let text = ["--map", "notes=-", "--open-quotes", "text", "--json"];
    let said = desk.import("c.csv", closed, &text);
    assert_eq!((said.code, lines(&said, "withinRows")), (0, 2), "{}", said.err);
    assert_eq!(desk.ids(), ["ann@example.com"], "it was the user's own word");
}

#[test]
fn five_thousand_rows_behind_a_stray_quote_land() {
    let desk = Desk::new();
    let mut text = "customer_id,opt_out,notes\n".to_owned();
    for row in 1..=5_000 {
        let note = if row == 3 { "\"left a message" } else { "" };
        writeln!(text, "c{row}@example.com,channel=email,{note}").unwrap();
    }
    let said = desk.import("c.csv", text, &["--map", "notes=-", "--json"]);
    assert_eq!((said.code, count(&said, "optOuts"), count(&said, "refused")), (1, 4_999, 1));
    assert_eq!(lines(&said, "all"), lines(&said, "rows") + lines(&said, "header"));
}

#[test]
fn the_summary_adds_up_to_the_lines_of_the_file() {
    let desk = Desk::new();
    let text = "\ncustomer_id,opt_out,attributes.note\r\nann,yes,\"two\nlines\"\r\r\n,,\nbob,perhaps,\n\ncy,no,x";
    let said = desk.import("c.csv", text, &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    for (what, count) in [("imported", 2), ("refused", 1), ("passed over", 1), ("rows in all", 4)] {
        let line = format!("{what:<24}{count:>13}");
        assert!(said.out.contains(&line), "{line} is not in: {}", said.out);
    }
    let sum = "lines read: 9 = 4 rows + 1 of headers + 3 empty + 1 within rows of several lines";
    assert!(said.out.contains(sum), "{}", said.out);
    assert!(said.err.contains("line 7, opt_out: is not an opt-out"), "{}", said.err);
}

#[test]
fn line_ends_of_any_sort_end_lines() {
    let mixed = "customer_id,opt_out\rann@example.com,channel=email\r\nbob@example.com,yes";
    for text in [LIST.replace('\n', "\r"), LIST.replace('\n', "\r\n"), mixed.to_owned()] {
        let desk = Desk::new();
        let said = desk.import("c.csv", &text, &["--json"]);
        assert_eq!((said.code, lines(&said, "all")), (0, 3), "{text:?}: {}", said.err);
        assert_eq!(desk.ids(), BOTH);
    }
    let desk = Desk::new();
    let objects =
        "{\"customerId\":\"ann\",\"locale\":\"fr\"}\r{\"customerId\":\"bob\",\"locale\":\"fr\"}\r";
    assert_eq!(desk.import("c.jsonl", objects, &[]).code, 0);
    assert_eq!(desk.ids(), ["ann", "bob"]);
}

#[test]
fn pipes_and_packed_files_are_read_as_they_come() {
    let desk = Desk::new();
    let bytes = LIST.as_bytes();
    let frames = [zstd(&bytes[..40]), b"\x50\x2a\x4d\x18\x02\0\0\0xx".to_vec(), zstd(&bytes[40..])];
    let packed =
        [("c.csv.gz", gzip(bytes)), ("c.csv.zst", frames.concat()), ("c.csv", gzip(bytes))];
    for (name, content) in packed {
        let said = desk.import(name, content, &["--json"]);
        assert_eq!((said.code, lines(&said, "rows")), (0, 2), "{name}: {}", said.err);
        assert_eq!(desk.ids(), BOTH);
    }
    for content in [bytes.to_vec(), gzip(bytes), zstd(bytes)] {
        for file in ["-", "/dev/stdin"] {
            let said = through(&desk, file, &content, &[]);
            assert_eq!((said.code, count(&said, "unchanged")), (0, 2), "{}", said.err);
        }
    }
    let object = br#"{"customerId": "cy", "locale": "fr"}"#;
    assert_eq!(count(&through(&desk, "-", object, &[]), "imported"), 1);
    let half = &gzip(LIST.repeat(99).as_bytes())[..60];
    let said = desk.import("half.csv.gz", half, &[]);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
    let mut damaged = zstd(bytes);
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    assert_eq!(desk.import("damaged.csv.zst", damaged, &[]).code, 2);
}

#[test]
fn a_list_is_read_in_its_own_encoding() {
    let wide = |text: &str, mark: bool| {
        let mark = mark.then_some('\u{feff}').into_iter();
        mark.chain(text.chars()).collect::<String>().encode_utf16().collect::<Vec<u16>>()
    };
    let little: Vec<u8> = wide(LIST, true).into_iter().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = wide(LIST, true).into_iter().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xef\xbb\xbf", LIST.as_bytes()].concat();
    for content in [little, big, marked] {
        let desk = Desk::new();
        assert_eq!(desk.import("c.csv", content, &[]).code, 0);
        assert_eq!(desk.ids(), BOTH);
    }
    let desk = Desk::new();
    let bare: Vec<u8> = wide(LIST, false).into_iter().flat_map(u16::to_le_bytes).collect();
    let said = desk.import("c.csv", &bare, &[]);
    assert!(said.code == 2 && said.err.contains("--encoding utf-16le"), "{}", said.err);
    assert_eq!(desk.import("c.csv", &bare, &["--encoding", "utf-16le"]).code, 0);

    let old = b"id,attributes.name\nann,Ren\xe9\nbob,Bob\n";
    let said = desk.import("c.csv", old, &[]);
    assert_eq!(said.code, 1);
    let hint = "line 2, attributes.name: is not UTF-8";
    assert!(said.err.contains(hint) && said.err.contains("windows-1252"), "{}", said.err);
    assert_eq!(desk.import("c.csv", old, &["--encoding", "windows-1252"]).code, 0);
    assert!(desk.export().contains("René"), "{}", desk.export());
    let said = desk.import("c.csv", old, &["--encoding", "klingon"]);
    assert!(said.code == 2 && said.err.contains("macintosh"), "{}", said.err);
    let said = desk.import("c.csv", b"PK\x03\x04rest", &[]);
    assert!(said.code == 2 && said.err.contains("save it as CSV"), "{}", said.err);
}

#[test]
fn a_json_document_is_a_list_of_its_objects() {
    let one = r#"{"customerId": "ann", "locale": "fr"}"#;
    let two = "{\n  \"customerId\": \"bob\",\n  \"attributes\": {\"a\": \"]}\\\"\"}\n}";
    let documents = [
        format!("[{one}, {two}]"),
        format!("{{\"next\": null, \"items\": [\n{one},\n{two}\n], \"paging\": {{}}}}"),
        format!("{one}\n{two}"),
    ];
    for document in documents {
        let desk = Desk::new();
        let said = desk.import("c.json", &document, &["--json"]);
        assert_eq!((said.code, lines(&said, "all")), (0, 2), "{document}: {}", said.err);
        assert_eq!(desk.ids(), ["ann", "bob"]);
    }
    let desk = Desk::new();
    let said = desk.import("c.json", format!("[{one}, {{\"id\": "), &[]);
    assert!(said.code == 2 && said.err.contains("does not end"), "{}", said.err);
}

#[test]
fn a_file_from_which_nothing_is_taken_says_so() {
    let desk = Desk::new();
    let said = desk.import("c.csv", "Email\nann\nbob\n", &["--map", "Email=customer_id"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("nothing was taken from"), "{}", said.err);
    assert!(said.err.contains("--wish channel=email"), "{}", said.err);
    let said = desk.import("c.csv", "id,locale,\nann,fr,\nbob,fr,\n,,\n   \n", &[]);
    assert_eq!(said.code, 0, "columns without a name and without values are passed over");
    for empty in ["id,locale\n", "id,locale"] {
        let said = desk.import("c.csv", empty, &[]);
        assert!(said.code == 1 && said.err.contains("there are no rows in it"), "{}", said.err);
    }
    let said = desk.import("c.csv", "id,opt_out\nann,perhaps\n", &[]);
    assert!(said.code == 1 && said.err.contains("nothing was taken from"), "{}", said.err);
    let said = desk.import("c.csv", "id,locale,\nann,fr,x\n", &[]);
    assert!(said.code == 1 && said.err.contains("that has no name"), "{}", said.err);
}

#[test]
fn a_file_without_a_header_is_read_by_names_or_numbers() {
    let list = "ann@example.com,2026-03-09\n\"bob@example.com\",2026-03-10\n";
    let wish = ["--wish", "channel=email", "--json"];
    for by in [
        &["--no-header", "--columns", "customer_id,"][..],
        &["--no-header", "--columns", "\"Mail, private\",-", "--id", "Mail, private"],
        &["--no-header", "--id", "1", "--ignore-other-columns"],
    ] {
        let desk = Desk::new();
        let columns = if by.contains(&"customer_id,") {
            list.replace("2026-03-", "")
        } else {
            list.to_owned()
        };
        let columns = columns.replace(",09", ",").replace(",10", ",");
        let said = desk.import("c.csv", &columns, &[by, &wish].concat());
        assert_eq!(
            (said.code, lines(&said, "all"), lines(&said, "header")),
            (0, 2, 0),
            "{}",
            said.err
        );
        assert_eq!(desk.ids(), BOTH);
    }
    let desk = Desk::new();
    let alone = "\n\nann@example.com\r\nbob@example.com";
    let said =
        desk.import("c.csv", alone, &[&["--no-header", "--columns", "id"], &wish[..]].concat());
    assert_eq!((said.code, lines(&said, "all"), lines(&said, "empty")), (0, 4, 2), "{}", said.err);
    assert_eq!(desk.ids(), BOTH);
    let said = desk.import("c.csv", list, &["--no-header", "--columns", "id"]);
    assert!(said.code == 1 && said.err.contains("line 1 has 2 fields"), "{}", said.err);
    let said = desk.import("c.csv", list, &["--columns", "id"]);
    assert!(said.code == 2 && said.err.contains("--no-header"), "{}", said.err);
    let said = desk.import("c.jsonl", "{}", &["--no-header"]);
    assert!(said.code == 2 && said.err.contains("--no-header is for CSV"), "{}", said.err);
}

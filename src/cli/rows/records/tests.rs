use std::fmt::Write as _;
use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::cli::rows::list::Format;
use crate::cli::rows::source::Source;

/// Rows by their lines, and the lines, header lines, empty lines and rows that were counted.
type Read = (Vec<(u64, String)>, [u64; 4]);

fn file_of(text: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    file
}

/// The rows of a text, with the lines on which they begin, and the sum of its lines.
fn read(text: &[u8], open_quotes: OpenQuotes) -> Result<Read, String> {
    let file = file_of(text);
    let source = Source::open(file.path(), None).map_err(|error| error.to_string())?;
    let list = List { source, format: Format::Csv, open_quotes, headless: None };
    let opened = Records::open(&list);
    let (mut records, _header) = opened.map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    while let Some(begun) = records.next().map_err(|error| error.to_string())? {
        let fields: Vec<_> =
            records.fields().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
        rows.push((begun.line, begun.problem.unwrap_or_else(|| fields.join("/"))));
    }
    let empty = records.take_empty_lines();
    let sums = [records.lines(), records.header_lines(), empty, rows.len() as u64];
    Ok((rows, sums))
}

/// The rows by their lines, with what is wrong cut short.
fn lines(text: &str) -> Vec<(u64, String)> {
    let (rows, [lines, header, empty, rows_read]) =
        read(text.as_bytes(), OpenQuotes::Rows).unwrap();
    assert!(lines >= header + empty + rows_read, "{text:?}");
    rows.into_iter().map(|(line, it)| (line, it.split(':').next().unwrap().to_owned())).collect()
}

fn rows<const N: usize>(expected: [(u64, &str); N]) -> Vec<(u64, String)> {
    expected.into_iter().map(|(line, row)| (line, row.to_owned())).collect()
}

#[test]
fn a_quote_that_swallows_rows_is_given_up() {
    const OPEN: &str = "has an open quote";
    let cases: [(&str, Vec<(u64, String)>); 8] = [
        ("i,o,n\na,y,\"x\nb,y,\nc,y,\n", rows([(2, OPEN), (3, "b/y/"), (4, "c/y/")])),
        (
            "i,o,n\na,y,\"x\nb,y,\nc,y,\"z\"\nd,y,\n",
            rows([(2, OPEN), (3, "b/y/"), (4, "c/y/z"), (5, "d/y/")]),
        ),
        ("i,o,n\na,y,\"x\nb,y,27\"\nc,y,\n", rows([(2, OPEN), (3, "b/y/27\""), (4, "c/y/")])),
        ("i,o,n\na,y,\"12\" tv\"\nb,y,\n", rows([(2, OPEN), (3, "b/y/")])),
        ("i\n\"a\nb\"\nc\n", rows([(2, OPEN), (3, "b\""), (4, "c")])),
        ("i,n\na,\"one\ntwo\"\nb,\"x\nc,y\n", rows([(2, "a/one\ntwo"), (4, OPEN), (5, "c/y")])),
        ("i,n\na,\"one\ntwo, three\"\nb,x\n", rows([(2, "a/one\ntwo, three"), (4, "b/x")])),
        ("i,n\na,\"x\" \nb,\"\"\"y\"\"\"", rows([(2, "a/x"), (3, "b/\"y\"")])),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text), expected, "{text:?}");
    }
}

#[test]
fn line_ends_of_any_sort_are_line_ends() {
    let expected = rows([(2, "a/1"), (3, "b/2"), (5, "c/3"), (6, "d/4")]);
    for ends in [["\n"; 5], ["\r"; 5], ["\r\n"; 5], ["\r", "\n", "\r\n", "\r\n", "\r"]] {
        let [one, two, three, four, five] = ends;
        let text = format!("i,n{one}a,1{two}b,2{three}{three}c,3{four}d,4{five}");
        assert_eq!(lines(&text), expected, "{text:?}");
    }
}

#[test]
fn the_user_says_what_becomes_of_open_quotes() {
    let text = b"i,o,n\na,y,\"x\nb,y,27\"\nc,y,\n";
    let stopped = read(text, OpenQuotes::Stop).unwrap_err();
    assert!(stopped.contains("line 2: a quote opens here"), "{stopped}");
    let (believed, sums) = read(text, OpenQuotes::Text).unwrap();
    assert_eq!(believed, rows([(2, "a/y/x\nb,y,27"), (4, "c/y/")]));
    assert_eq!(sums, [4, 1, 0, 2]);
    let header = read(b"i,\"n\na,b\n", OpenQuotes::Rows).unwrap_err();
    assert!(header.contains("line 1: the header has an open quote"), "{header}");
}

#[test]
fn a_spreadsheet_may_say_its_separator_and_add_empty_cells() {
    assert_eq!(lines("sep=;\ni;n\na;1\n"), rows([(3, "a/1")]));
    assert_eq!(lines("i|n\na|1,2\n"), rows([(2, "a/1,2")]));
    assert_eq!(lines("i,n\na,1,,\nb,2,,3\n"), rows([(2, "a/1"), (3, "b/2//3")]));
    let long = format!("i,n\na,{}\nb,2\n", "x".repeat(3 << 20));
    assert_eq!(lines(&long), rows([(2, "is longer than 1 MiB"), (3, "b/2")]));
}

/// Pieces of which files are made, and of which mistakes are.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(&b"ann"[..]),
        4 => Just(&b","[..]),
        3 => Just(&b"\n"[..]),
        2 => Just(&b"\r"[..]),
        2 => Just(&b"\r\n"[..]),
        3 => Just(&b"\""[..]),
        1 => Just(&b"\"\""[..]),
        1 => Just(&b" "[..]),
        1 => Just(&b"\xff"[..]),
        1 => Just(&b"\0"[..]),
        1 => Just(&b"a,\"b\nc\",d\n"[..]),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn rows_and_lines_add_up_for_any_bytes(tail in text(), columns in 1..4_usize) {
        let header = ["i", "n", "o"][..columns].join(",");
        let text = [header.as_bytes(), b"\n", &tail].concat();
        let mut whole = text.clone();
        if !matches!(whole.last(), Some(b'\n' | b'\r')) {
            whole.push(b'\n');
        }
        let count = whole.iter().enumerate().filter(|(at, byte)| {
            **byte == b'\r' || (**byte == b'\n' && (*at == 0 || whole[at - 1] != b'\r'))
        });
        let count = count.count() as u64;
        let (rows, [lines, header, empty, _]) = match read(&text, OpenQuotes::Rows) {
            Ok(read) => read,
            // Zeros at every other place are what UTF-16 has.
            Err(why) if tail.contains(&0) && why.contains("looks like UTF-16") => return Ok(()),
            Err(why) => return Err(TestCaseError::fail(why)),
        };
        prop_assert_eq!(lines, count);
        // Each row takes its own line and those up to the next row, or to an empty line.
        let starts: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
        let further: u64 = rows.iter().map(|(_, row)| breaks(row)).sum();
        prop_assert!(rows.len() as u64 + header + empty + further <= lines);
        if rows.iter().all(|(_, row)| !row.starts_with("has an open quote")) {
            prop_assert_eq!(rows.len() as u64 + header + empty + further, lines);
        }
    }

    #[test]
    fn no_line_of_a_plain_table_is_lost_behind_a_stray_quote(
        count in 1..40_usize, at in 0..40_usize, cell in 0..3_usize, twice in any::<bool>(),
    ) {
        let mut text = "id,opt_out,notes\n".to_owned();
        for row in 0..count {
            let quote = |here: usize| if row == at % count && here == cell { "\"" } else { "" };
            let other = if twice && row == count - 1 { "said \"yes\"" } else { "" };
            writeln!(text, "{}c{row}@x,{}yes,{}note{other}", quote(0), quote(1), quote(2)).unwrap();
        }
        let (rows, [lines, header, empty, read]) = read(text.as_bytes(), OpenQuotes::Rows).unwrap();
        prop_assert_eq!(lines, header + empty + read);
        let refused = rows.iter().filter(|(_, row)| row.starts_with("has an open quote"));
        let refused: Vec<u64> = refused.map(|(line, _)| *line).collect();
        prop_assert_eq!(refused, [(at % count) as u64 + 2]);
    }
}

/// How many line ends a row has within its cells.
fn breaks(row: &str) -> u64 {
    let ends = row.replace("\r\n", "\n");
    ends.chars().filter(|c| matches!(c, '\n' | '\r')).count() as u64
}

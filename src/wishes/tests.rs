use super::*;

#[test]
fn every_line_can_be_read_and_no_word_is_two_things() {
    let mut known = BTreeMap::new();
    for (line, number) in WISHES.lines().zip(1_usize..) {
        if line.starts_with('#') {
            continue;
        }
        let entries = read(line).unwrap_or_else(|| panic!("line {number}: {line}"));
        for (words, language, class) in entries {
            assert!(["en", "es", "fr", "de", "pt", "it"].contains(&language), "line {number}");
            let before = known.insert((language, words), class);
            assert_eq!(before, None, "line {number}: {words} is there twice");
        }
    }
}

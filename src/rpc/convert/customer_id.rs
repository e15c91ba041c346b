//! Customers' ids in requests, and what spreadsheets make of ids in lists.

use super::violations::Path;
use super::violations::Violations;
use crate::model::customer_id::CUSTOMER_ID_BYTES_MAX;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::model::customer_id::trimmed;

/// The words that programs write for a missing value, in lower case.
const NOTHING: [&str; 10] = [
    "null",
    "(null)",
    "<null>",
    "none",
    "nan",
    "undefined",
    "n/a",
    "<na>",
    "\\n",
    "[object object]",
];
/// The least number of digits of a number that cannot be a short id with a version.
const LONG_DIGITS: usize = 5;

impl Violations {
    /// A customer's id.
    pub fn customer_id(&mut self, path: Path, id: &str) -> Option<CustomerId> {
        let seen = trimmed(id);
        if seen.is_empty() && !id.is_empty() {
            self.add(path, "customer_id", "holds nothing but white space");
            return None;
        }
        // As it is sent it may be longer, unless it is kept so.
        let bounded = if self.spelling() == Spelling::AsSent { id } else { seen };
        self.text(path, "customer_id", bounded, CUSTOMER_ID_BYTES_MAX)?;
        Some(CustomerId::new(id, self.spelling()))
    }

    /// The id of a row of a list, which a spreadsheet may have spoiled.
    pub fn listed_customer_id(&mut self, path: Path, id: &str) -> Option<CustomerId> {
        let id = self.customer_id(path, id)?;
        self.not_spoiled(path, &id).then_some(id)
    }

    /// Refuses an id of a list that a spreadsheet has spoiled, and returns whether it has not.
    pub(super) fn not_spoiled(&mut self, path: Path, id: &CustomerId) -> bool {
        let accident = accident(trimmed(id));
        if let Some(accident) = accident {
            let problem = format!(
                "is no id but {accident}; format the column as text where the list comes from, and \
                 write it again"
            );
            self.add(path, "customer_id", problem);
        }
        accident.is_none()
    }
}

/// The mistake by which a value is no longer an id.
fn accident(id: &str) -> Option<&'static str> {
    if id.starts_with('=') {
        Some("a formula")
    } else if id.starts_with('\'') {
        Some("a text with the apostrophe by which spreadsheets mark texts")
    } else if is_error(id) {
        Some("a spreadsheet's error")
    } else if is_scientific(id) {
        Some("a number that a spreadsheet has rounded")
    } else if is_decimal(id) {
        Some("a whole number with decimals")
    } else if NOTHING.contains(&id.to_lowercase().as_str()) || id == "NA" {
        Some("what programs write where there is no value")
    } else if id.chars().all(|c| c.is_ascii_punctuation()) {
        Some("a mark for no value")
    } else {
        None
    }
}

/// `#REF!`, `#NAME?`, `#DIV/0!`, `#N/A`, and `####` of a column that is too narrow.
fn is_error(id: &str) -> bool {
    let Some(rest) = id.strip_prefix('#') else { return false };
    let known = ["N/A", "NV", "GETTING_DATA", "N/D"];
    let word = rest.strip_suffix(['!', '?']);
    known.contains(&rest)
        || rest.chars().all(|c| c == '#')
        || word.is_some_and(|word| word.chars().all(|c| c.is_uppercase() || "/0_".contains(c)))
}

/// `4.479E+11`, also with a comma.
fn is_scientific(id: &str) -> bool {
    let Some((number, exponent)) = id.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix(['+', '-']) else { return false };
    let number = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    [whole, part, exponent].into_iter().all(is_digits)
}

/// `447900123456.0`.
fn is_decimal(id: &str) -> bool {
    let whole = id.strip_suffix(".0").or_else(|| id.strip_suffix(",0"));
    whole.is_some_and(|whole| whole.len() >= LONG_DIGITS && is_digits(whole))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_make_of_ids_is_none() {
        for spoiled in [
            "4.479E+11",
            "4,479E+11",
            "4E+11",
            "4.479e+11",
            "-1.5E-05",
            "#REF!",
            "#N/A",
            "#NAME?",
            "#DIV/0!",
            "#WERT!",
            "#NV",
            "####",
            "NULL",
            "null",
            "Null",
            "None",
            "nan",
            "NaN",
            "undefined",
            "N/A",
            "n/a",
            "-",
            "--",
            "?",
            ".",
            "=\"+447\"",
            "=A1",
            "'+447900123456",
            " NULL ",
            "447900123456.0",
            "NA",
            "\\N",
        ] {
            let mut violations = Violations::default();
            assert_eq!(violations.listed_customer_id(Path::ROOT, spoiled), None, "{spoiled}");
            assert_eq!(violations.into_fields().len(), 1, "{spoiled}");
            assert!(Violations::default().customer_id(Path::ROOT, spoiled).is_some(), "{spoiled}");
        }
    }

    #[test]
    fn what_looks_odd_may_be_an_id() {
        for id in [
            "ada",
            "+447900123456",
            "a-b",
            "#42",
            "#ann",
            "12e4",
            "1E5",
            "1.0",
            "12345",
            "nulla",
            "nano",
            "none@x",
            "@ann",
            "o'hara",
            "a=b",
            "0",
            "E+11",
            "4.4.7E+1",
            "#Hello!",
            "名前",
        ] {
            let read = Violations::default().listed_customer_id(Path::ROOT, id);
            assert_eq!(read.as_deref(), Some(id));
        }
    }

    #[test]
    fn an_id_is_what_is_left_without_white_space_around_it() {
        let read = |id: &str| {
            let mut violations = Violations::default();
            let read = violations.customer_id(Path::ROOT, id).map(|it| it.to_string());
            let broken = violations.into_fields().pop();
            read.ok_or_else(|| broken.map(|it| it.description).unwrap_or_default())
        };
        assert_eq!(read("\u{feff} ann\u{200b}\t").as_deref(), Ok("ann"));
        assert_eq!(read(""), Err("must not be empty".to_owned()));
        for nothing in [" ", "\u{200b}", "\u{a0}\u{feff}\t\n"] {
            assert_eq!(read(nothing), Err("holds nothing but white space".to_owned()));
        }
        assert_eq!(read("a\tb"), Err("must not contain control characters".to_owned()));
        assert!(read(&format!("{} ", "a".repeat(256))).is_ok() && read(&"a".repeat(257)).is_err());
    }
}

//! Columns of a file that has no header: what the caller calls them, or their numbers.

use std::str::FromStr;

use crate::cli::rows::plan::quoted;
use crate::cli::rows::plan::split;

/// The names of the columns of a file without a header, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names(Vec<String>);

impl FromStr for Names {
    type Err = String;

    /// Reads names between commas. One with a comma stands in quotes, and an empty one has no name.
    fn from_str(text: &str) -> Result<Self, String> {
        let name = |part: &str| match part.trim().strip_prefix('"') {
            Some(rest) => match quoted(rest) {
                Some((name, "")) => Ok(name),
                Some(_) | None => Err("a quote is open: write \"NAME\",NAME".to_owned()),
            },
            None => Ok(part.trim().to_owned()),
        };
        split(text).map(name).collect::<Result<_, _>>().map(Self)
    }
}

impl Names {
    /// The names of `count` columns: those that were given, or numbers from 1 if none were.
    pub(super) fn of(&self, count: usize) -> Vec<String> {
        if self.0.is_empty() {
            (1..=count).map(|it| it.to_string()).collect()
        } else {
            self.0.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_or_numbers() {
        let told: Names = r#"id, "last, first",,x"#.parse().unwrap();
        assert_eq!(told.of(1), ["id", "last, first", "", "x"]);
        assert_eq!(Names::default().of(3), ["1", "2", "3"]);
        assert!("\"a,b".parse::<Names>().is_err());
    }
}

//! The numbers of a list's rows by result.

use std::io::Write;

use serde::Serialize;
use serde_json::json;

use super::Phrases;
use crate::cli::Error;
use crate::cli::output;
use crate::cli::output::grouped;

/// The numbers of rows. All but the late ones add up to the rows of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    pub(super) done: u64,
    /// The rows that came after the reservation had expired.
    pub(super) late: u64,
    pub(super) passed_over: u64,
    pub(super) refused: u64,
}

impl Counts {
    pub(super) const fn rows(self) -> u64 {
        self.done + self.passed_over + self.refused
    }

    pub(super) const fn add(&mut self, other: Self) {
        self.done += other.done;
        self.late += other.late;
        self.passed_over += other.passed_over;
        self.refused += other.refused;
    }

    /// Writes the sums.
    pub(super) fn write(
        self,
        words: Phrases,
        json: bool,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        if json {
            let sums = json!({"rows": self.rows(), "counts": self});
            return Ok(output::write_json(&sums, out)?);
        }
        let mut lines = vec![("rows", self.rows()), (words.done, self.done)];
        lines.extend(words.late.filter(|_| self.late > 0).map(|late| (late, self.late)));
        lines.extend([(words.passed, self.passed_over), ("refused", self.refused)]);
        for (what, count) in lines {
            writeln!(out, "{what:<24}{:>13}", grouped(count))?;
        }
        if self.rows() > 0 && self.rows() == self.passed_over {
            writeln!(out, "\n{}", words.nothing)?;
        }
        Ok(())
    }
}

//! The numbers of recipients by answer.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Deserialize;
use serde::Serialize;
use serde_json::json;

use crate::cli::Error;
use crate::cli::output;
use crate::cli::output::grouped;

/// The numbers of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) allowed: u64,
    pub(super) denied: u64,
    pub(super) invalid: u64,
    /// Denied ones by reason; one may have several.
    pub(super) reasons: BTreeMap<String, u64>,
}

impl Counts {
    /// The number of all rows.
    pub(super) const fn rows(&self) -> u64 {
        self.allowed + self.denied + self.invalid
    }

    /// Counts a refusal.
    pub(super) fn deny(&mut self, reasons: &[String]) {
        self.denied += 1;
        for reason in reasons {
            *self.reasons.entry(reason.clone()).or_default() += 1;
        }
    }

    /// Writes the sums: a table, or JSON with the run's name.
    pub(super) fn write(
        &self,
        run: Option<&str>,
        json: bool,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        if json {
            let sums = json!({"recipients": self.rows(), "counts": self, "run": run});
            return Ok(output::write_json(&sums, out)?);
        }
        let mut line = |what: &str, count| writeln!(out, "{what:<24}{:>13}", grouped(count));
        line("recipients", self.rows())?;
        line("allowed", self.allowed)?;
        line("denied", self.denied)?;
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
        for (reason, count) in reasons {
            line(&format!("  {reason}"), *count)?;
        }
        if self.invalid > 0 {
            line("invalid", self.invalid)?;
        }
        if let Some(run) = run {
            writeln!(out, "\nreserved as {run}-1, {run}-2 and so on; see the column request_id")?;
        }
        Ok(())
    }
}

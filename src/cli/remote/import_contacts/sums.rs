//! The sums of the rows' results.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::json;

use crate::cli::Error;
use crate::cli::output;
use crate::cli::output::grouped;
use crate::proto::v1;

/// The name for a limit of the customer's own.
const OWN: &str = "(asked for fewer)";

/// The numbers of rows, which add up to those of the files, and of customers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    recorded: u64,
    unchanged: u64,
    pub(super) refused: u64,
    too_old: u64,
    erased: u64,
    customers: u64,
    at_limit: u64,
    limits: BTreeMap<String, u64>,
}

impl Sums {
    /// The sums before a call, plus the counts of the call.
    pub(super) fn plus(&self, answer: &v1::ImportContactsResponse) -> Self {
        let mut sums = self.clone();
        let counts = answer.counts.unwrap_or_default();
        let limits = answer
            .reached_limits
            .iter()
            .map(|it| (it.rule.clone().unwrap_or_else(|| OWN.to_owned()), it.customers));
        sums.add(&Self {
            recorded: counts.recorded,
            unchanged: counts.unchanged,
            refused: counts.refused,
            too_old: counts.too_old,
            erased: counts.erased,
            customers: counts.customers,
            at_limit: counts.customers_at_limit,
            limits: limits.collect(),
        });
        sums
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.recorded += other.recorded;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
        self.too_old += other.too_old;
        self.erased += other.erased;
        self.customers += other.customers;
        self.at_limit += other.at_limit;
        for (limit, customers) in &other.limits {
            *self.limits.entry(limit.clone()).or_default() += customers;
        }
    }

    pub(super) const fn rows(&self) -> u64 {
        self.recorded + self.unchanged + self.refused + self.too_old + self.erased
    }

    /// Writes them: a table, or JSON.
    pub(super) fn write(
        &self,
        (dry_run, json): (bool, bool),
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        if json {
            let counts = json!({
                "recorded": self.recorded, "unchanged": self.unchanged, "refused": self.refused,
                "tooOld": self.too_old, "erased": self.erased,
            });
            let at_limit = dry_run.then_some(self.at_limit);
            let limits = dry_run.then_some(&self.limits);
            let sums = json!({
                "dryRun": dry_run, "rows": self.rows(), "counts": counts,
                "customers": self.customers, "customersAtLimit": at_limit, "limits": limits,
            });
            return Ok(output::write_json(&sums, out)?);
        }
        let mut lines = vec![
            ("rows", self.rows()),
            ("recorded", self.recorded),
            ("on record before", self.unchanged),
            ("too old", self.too_old),
        ];
        lines.extend((self.erased > 0).then_some(("of erased customers", self.erased)));
        lines.extend([("refused", self.refused), ("customers", self.customers)]);
        lines.extend(dry_run.then_some(("customers at a limit", self.at_limit)));
        for (what, count) in lines {
            writeln!(out, "{what:<24}{:>13}", grouped(count))?;
        }
        for (limit, customers) in &self.limits {
            let what = format!("  {limit}");
            writeln!(out, "{what:<24}{:>13}", grouped(*customers))?;
        }
        if self.too_old > 0 {
            let why =
                "too old: before the policy's history_retention, or a record is full of newer ones";
            writeln!(out, "\n{why}; no rule looks back to them")?;
        }
        if dry_run {
            writeln!(out, "\nthis was a dry run: nothing was changed")?;
        }
        Ok(())
    }
}

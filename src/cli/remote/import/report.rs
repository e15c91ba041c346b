//! The report of an import: refused rows as they come, and sums at the end.

use std::io::Write;
use std::path::Path;

use serde::Deserialize;
use serde::Serialize;
use serde_json::json;

use crate::cli::Error;
use crate::cli::output;
use crate::cli::output::grouped;
use crate::cli::remote::import::Args;
use crate::cli::remote::problems::Problems;
use crate::cli::rows::Problem;
use crate::cli::rows::table::Lines;
use crate::proto::v1;

/// The numbers of rows by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) imported: u64,
    pub(super) unchanged: u64,
    pub(super) refused: u64,
    pub(super) opt_outs: u64,
    pub(super) opt_ins: u64,
    pub(super) opt_ins_withheld: u64,
    pub(super) opt_outs_ended: u64,
    #[serde(default)]
    pub(super) events: u64,
    #[serde(default, flatten)]
    pub(super) passed: Passed,
}

/// The rows and lines that were read and not sent to a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Passed {
    /// Rows that say nothing which is ours to know.
    #[serde(rename = "passed_over", default)]
    pub(super) rows: u64,
    #[serde(default)]
    pub(super) empty_lines: u64,
    /// Rows that say nothing but whose they are; they are counted among the others too.
    #[serde(default)]
    pub(super) mute: u64,
}

impl Passed {
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            empty_lines: self.empty_lines + other.empty_lines,
            mute: self.mute + other.mute,
        }
    }
}

impl Counts {
    pub(super) const fn plus(self, counts: v1::ImportCounts) -> Self {
        Self {
            imported: self.imported + counts.imported,
            unchanged: self.unchanged + counts.unchanged,
            refused: self.refused + counts.refused,
            opt_outs: self.opt_outs + counts.opt_outs,
            opt_ins: self.opt_ins + counts.opt_ins,
            opt_ins_withheld: self.opt_ins_withheld + counts.opt_ins_withheld,
            opt_outs_ended: self.opt_outs_ended + counts.opt_outs_ended,
            events: self.events + counts.events,
            passed: self.passed,
        }
    }

    pub(super) const fn rows(self) -> u64 {
        self.imported + self.unchanged + self.refused + self.passed.rows
    }

    /// The counts, for programs.
    fn to_json(self) -> serde_json::Value {
        json!({
            "imported": self.imported,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "optOuts": self.opt_outs,
            "optIns": self.opt_ins,
            "optInsWithheld": self.opt_ins_withheld,
            "optOutsEnded": self.opt_outs_ended,
            "events": self.events,
            "passedOver": self.passed.rows,
            "emptyLines": self.passed.empty_lines,
            "mute": self.passed.mute,
        })
    }

    /// The reason why no row was accepted, if none was.
    pub(super) const fn nothing_taken(self) -> Option<&'static str> {
        let rows = self.rows();
        if rows == 0 {
            Some("there are no rows in it")
        } else if self.passed.mute + self.passed.rows == rows {
            Some(
                "no row says more than whose it is; --wish says what each row stands for, such as \
                 --wish channel=email, and --as reads a provider's export",
            )
        } else if self.refused + self.passed.rows == rows {
            Some("every row that says something was refused")
        } else {
            None
        }
    }

    const fn sum(self, other: Self) -> Self {
        let passed = self.passed.plus(other.passed);
        let sum = self.plus(v1::ImportCounts {
            imported: other.imported,
            unchanged: other.unchanged,
            refused: other.refused,
            opt_outs: other.opt_outs,
            opt_ins: other.opt_ins,
            opt_ins_withheld: other.opt_ins_withheld,
            opt_outs_ended: other.opt_outs_ended,
            events: other.events,
        });
        Self { passed, ..sum }
    }
}

/// The report of an import.
#[derive(Debug)]
pub(super) struct Report {
    problems: Problems,
    /// The sums over all files.
    pub(super) counts: Counts,
    lines: Lines,
    /// Whether there was a file from which nothing was accepted.
    pub(super) nothing_taken: bool,
}

impl Report {
    /// Opens the file for problems, if one is wanted; an import that continues adds to it.
    pub(super) fn start(errors: Option<&Path>, resume: bool) -> Result<Self, Error> {
        Ok(Self {
            problems: Problems::start(errors, resume)?,
            counts: Counts::default(),
            lines: Lines::default(),
            nothing_taken: false,
        })
    }

    /// Reports a refused row.
    pub(super) fn refused(
        &mut self,
        (file, line): (&str, u64),
        problems: &[Problem],
        err: &mut dyn Write,
    ) -> Result<(), Error> {
        self.problems.refused((file, line), problems, err)
    }

    /// Makes sure that the file has all reported problems.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        self.problems.flush()
    }

    /// Adds what became of a file.
    pub(super) const fn add(&mut self, counts: Counts, lines: Lines) {
        self.counts = self.counts.sum(counts);
        self.lines.all += lines.all;
        self.lines.header += lines.header;
    }

    /// Writes the sums.
    pub(super) fn write(&mut self, args: &Args, out: &mut dyn Write) -> Result<(), Error> {
        self.flush()?;
        let counts = self.counts;
        let (rows, empty) = (counts.rows(), counts.passed.empty_lines);
        let Lines { all, header } = self.lines;
        let within = all.saturating_sub(rows + header + empty);
        if args.remote.json {
            let lines = json!({"all": all, "rows": rows, "header": header, "empty": empty,
                               "withinRows": within});
            let counts = counts.to_json();
            let sums = json!({"dryRun": args.dry_run, "counts": counts, "lines": lines});
            return Ok(output::write_json(&sums, out)?);
        }
        let mut lines = vec![
            ("imported", counts.imported),
            ("unchanged", counts.unchanged),
            ("refused", counts.refused),
            ("passed over", counts.passed.rows),
            ("rows in all", rows),
            ("opt-outs recorded", counts.opt_outs),
            ("opt-ins recorded", counts.opt_ins),
            ("events recorded", counts.events),
        ];
        if args.allow_opt_in {
            lines.push(("opt-outs ended by them", counts.opt_outs_ended));
        } else {
            lines.push(("opt-ins withheld", counts.opt_ins_withheld));
        }
        for (what, count) in lines {
            writeln!(out, "{what:<24}{:>13}", grouped(count))?;
        }
        writeln!(
            out,
            "\nlines read: {} = {} rows + {} of headers + {} empty + {} within rows of several \
             lines",
            grouped(all),
            grouped(rows),
            grouped(header),
            grouped(empty),
            grouped(within)
        )?;
        if counts.opt_ins_withheld > 0 {
            let why =
                "an opt-out stands where these rows say yes; --allow-opt-in lets a yes end it";
            writeln!(out, "\n{why}")?;
        }
        if args.dry_run {
            writeln!(out, "\nthis was a dry run: nothing was changed")?;
        }
        Ok(())
    }
}

//! What became of the calls of one part.

use std::time::Duration;

use tonic::Code;
use tonic::Status;

use crate::flood::Kind;

/// The calls of one part.
#[derive(Default)]
pub(crate) struct Tally {
    /// How long those took that were answered in time, and those that were refused, in
    /// microseconds.
    good: Vec<u64>,
    refused: Vec<u64>,
    late: u64,
    /// How long calls waited before this process came to make them, in microseconds.
    starts: Vec<u64>,
    opt_outs: u64,
    opt_outs_good: u64,
}

impl Tally {
    /// Notes how long after its time a call was made. Where that is long, this process is what does
    /// not keep up.
    pub(crate) fn note_start(&mut self, after: Duration) {
        self.starts.push(u64::try_from(after.as_micros()).unwrap());
    }

    /// Notes how a call ended; none is that its caller has given up.
    pub(crate) fn note(
        &mut self,
        kind: Kind,
        elapsed: Duration,
        answer: Option<Result<&(), &Status>>,
    ) {
        let micros = u64::try_from(elapsed.as_micros()).unwrap();
        self.opt_outs += u64::from(kind == Kind::OptOut);
        match answer {
            Some(Ok(())) => {
                self.good.push(micros);
                self.opt_outs_good += u64::from(kind == Kind::OptOut);
            }
            Some(Err(status)) if status.code() == Code::ResourceExhausted => {
                self.refused.push(micros);
            }
            Some(Err(status)) => {
                let late = [Code::DeadlineExceeded, Code::Cancelled];
                assert!(late.contains(&status.code()), "{status:?}");
                self.late += 1;
            }
            None => self.late += 1,
        }
    }

    /// How many were answered in time, each second.
    pub(crate) fn good_rate(&self, window: Duration) -> u64 {
        per_second(count(&self.good), window)
    }

    /// What the columns of `row` are.
    pub(crate) fn heads() -> &'static str {
        "| asked, of capacity | asked/s | asked late p99 ms | server busy | answered, of peak | \
         refused | late | answers p50 ms | p99 ms | refusals p50 ms | p99 ms | opt-outs answered \
         |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    }

    /// A row of the table.
    pub(crate) fn row(
        &mut self,
        (tenths, busy): (u64, u64),
        peak: u64,
        window: Duration,
    ) -> String {
        let (good, refused) = (count(&self.good), count(&self.refused));
        let all = good + refused + self.late;
        let of_peak = good * 1_000 / u64::try_from(window.as_millis()).unwrap() * 100 / peak.max(1);
        let [_, asked_99] = percentiles(&mut self.starts);
        let [good_50, good_99] = percentiles(&mut self.good);
        let [refused_50, refused_99] = percentiles(&mut self.refused);
        let cells = [
            format!("{}.{} ×", tenths / 10, tenths % 10),
            per_second(all, window).to_string(),
            asked_99,
            format!("{busy} %"),
            format!("{}.{:02}", of_peak / 100, of_peak % 100),
            share(refused, all),
            share(self.late, all),
            good_50,
            good_99,
            refused_50,
            refused_99,
            share(self.opt_outs_good, self.opt_outs),
        ];
        format!("| {} |", cells.join(" | "))
    }
}

fn count(of: &[u64]) -> u64 {
    u64::try_from(of.len()).unwrap()
}

fn per_second(count: u64, window: Duration) -> u64 {
    count * 1_000 / u64::try_from(window.as_millis()).unwrap()
}

/// A share in percent, with one decimal.
fn share(part: u64, all: u64) -> String {
    let permille = part * 1_000 / all.max(1);
    format!("{}.{} %", permille / 10, permille % 10)
}

fn percentiles(micros: &mut [u64]) -> [String; 2] {
    micros.sort_unstable();
    [50, 99].map(|percent| match micros.len().checked_sub(1) {
        Some(last) => {
            let at = micros[last * percent / 100];
            format!("{}.{}", at / 1_000, at % 1_000 / 100)
        }
        None => "–".to_owned(),
    })
}

//! One line on a terminal that shows the progress of the work on a file.

use std::io;
use std::io::Write;

use crate::cli::output::grouped;
use crate::cli::rows::Source;
use crate::clock::Stopwatch;

const SHOW_EVERY_MILLIS: u128 = 200;
/// Back to the start of the line, and away with what stands there.
const CLEAR: &str = "\r\x1b[K";

/// The progress of the work on a file.
#[derive(Debug)]
pub(crate) struct Progress {
    name: String,
    bytes: u64,
    shown: bool,
    begun: Stopwatch,
    /// The bytes and rows that were done at the beginning.
    from: Option<(u64, u64)>,
    last: Option<Stopwatch>,
}

impl Progress {
    /// The progress before anything is done. It is shown only if `shown` is true.
    pub(crate) fn of(source: &Source, shown: bool) -> Self {
        let (name, bytes) = (source.name().to_owned(), source.bytes());
        Self { name, bytes, shown, begun: Stopwatch::start(), from: None, last: None }
    }

    /// Shows how many bytes and rows are done, from time to time.
    pub(crate) fn show(&mut self, byte: u64, rows: u64, err: &mut dyn Write) -> io::Result<()> {
        let (from_byte, from_rows) = *self.from.get_or_insert((byte, rows));
        let lately = self.last.as_ref().map(|last| last.elapsed().as_millis());
        if !self.shown || lately.is_some_and(|lately| lately < SHOW_EVERY_MILLIS) {
            return Ok(());
        }
        self.last = Some(Stopwatch::start());
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = (rows - from_rows).saturating_mul(1_000) / millis;
        // A packed file has fewer bytes than its text, and how much is left of it is not known.
        let left = self.bytes.checked_sub(byte).map(|left| left.saturating_mul(millis));
        let left = left.and_then(|left| left.checked_div(byte - from_byte));
        let left = left.map(|millis| millis.div_ceil(1_000));
        let left = left.map(|secs| format!(", {}:{:02} left", secs / 60, secs % 60));
        let (name, rows, rate) = (&self.name, grouped(rows), grouped(rate));
        write!(err, "{CLEAR}{name}: {rows} rows, {rate}/s{}", left.unwrap_or_default())?;
        err.flush()
    }

    /// Makes the line free for something else.
    pub(crate) fn clear(&mut self, err: &mut dyn Write) -> io::Result<()> {
        if self.shown && self.last.take().is_some() { write!(err, "{CLEAR}") } else { Ok(()) }
    }
}

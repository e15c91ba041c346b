//! Finds the end of one record and its fields, in a window on the text that is widened as needed.

use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::input::Input;
use crate::cli::rows::quotes::Span;

/// The fields of a record, one behind the other, and where each ends.
#[derive(Debug, Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// The result of a scan at the beginning of a record.
#[derive(Debug)]
pub(super) enum Found {
    /// A record: its length with its line end, and its quoted cells that go over several lines.
    Record { length: usize, spans: Vec<Span> },
    /// A quote that does not close before the end of the file, or of what a row may have.
    Open { open: usize },
    /// A quoted cell with text behind the quote that closes it.
    Followed { open: usize },
    /// A line that is too long for a row.
    TooLong,
}

/// Within what the scan is.
#[derive(Clone, Copy, Debug)]
enum ScanState {
    Start,
    Plain,
    /// A quoted cell, and whether it has gone over a line end.
    Quoted(usize, bool),
    /// Behind a quote in one, which closes it unless another follows.
    Quote(usize, bool),
    /// Behind the cell, among blanks.
    Closed(usize),
}

impl Fields {
    /// Reads the record at which the window begins.
    pub(super) fn scan(&mut self, input: &mut Input, separator: u8) -> Result<Found, Error> {
        self.clear();
        let mut spans = Vec::new();
        let mut state = ScanState::Start;
        let mut at = 0;
        loop {
            let byte = input.byte(at)?;
            if at >= ROW_BYTES_MAX && byte.is_some() {
                return Ok(match state {
                    ScanState::Quoted(open, _) => Found::Open { open },
                    ScanState::Start
                    | ScanState::Plain
                    | ScanState::Quote(..)
                    | ScanState::Closed(_) => Found::TooLong,
                });
            }
            if let ScanState::Quote(open, true) = state
                && byte != Some(b'"')
            {
                spans.push(Span { open, close: at - 1 });
            }
            state = match (state, byte) {
                (ScanState::Quoted(open, _), None) => return Ok(Found::Open { open }),
                (ScanState::Quoted(open, broken), Some(b'"')) => ScanState::Quote(open, broken),
                (ScanState::Quoted(open, broken), Some(byte)) => {
                    self.bytes.push(byte);
                    ScanState::Quoted(open, broken || matches!(byte, b'\n' | b'\r'))
                }
                (ScanState::Quote(open, broken), Some(b'"')) => {
                    self.bytes.push(b'"');
                    ScanState::Quoted(open, broken)
                }
                (ScanState::Start, Some(b'"')) => ScanState::Quoted(at, false),
                (_, Some(byte)) if byte == separator => {
                    self.ends.push(self.bytes.len());
                    ScanState::Start
                }
                (_, None | Some(b'\n' | b'\r')) => {
                    self.ends.push(self.bytes.len());
                    return Ok(Found::Record { length: at + input.line_end(at)?, spans });
                }
                (ScanState::Quote(open, _) | ScanState::Closed(open), Some(b' ' | b'\t')) => {
                    ScanState::Closed(open)
                }
                (ScanState::Quote(open, _) | ScanState::Closed(open), Some(_)) => {
                    return Ok(Found::Followed { open });
                }
                (ScanState::Start | ScanState::Plain, Some(byte)) => {
                    self.bytes.push(byte);
                    ScanState::Plain
                }
            };
            at += 1;
        }
    }

    /// Takes a line apart as if quotes meant nothing, and returns in which field, from 1, a place
    /// is.
    pub(super) fn split(&mut self, line: &[u8], separator: u8, at: usize) -> usize {
        self.clear();
        for field in line.split(|byte| *byte == separator) {
            self.bytes.extend(field);
            self.ends.push(self.bytes.len());
        }
        let before = line.get(..at).unwrap_or_default();
        before.iter().filter(|byte| **byte == separator).count() + 1
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// The number of fields, without empty ones after the first `expected`.
    pub(super) fn count_up_to(&self, expected: usize) -> usize {
        let all = self.bytes.len();
        let filled = self.ends.iter().position(|end| *end == all).map_or(0, |last| last + 1);
        let filled = if all == 0 { 0 } else { filled };
        self.ends.len().min(expected.max(filled))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(from, to)| self.bytes.get(*from..*to).unwrap_or_default())
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, std::str::Utf8Error> {
        self.iter().map(|bytes| std::str::from_utf8(bytes).map(ToOwned::to_owned)).collect()
    }
}

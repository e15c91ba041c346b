//! The text of a list, read from the front, and where the reading stands.

use std::fmt;
use std::io;
use std::io::Read;

use serde::Deserialize;
use serde::Serialize;

use crate::cli::Error;
use crate::cli::rows::charset::BYTE_ORDER_MARK;
use crate::cli::rows::charset::Beginning;
use crate::cli::rows::source::Source;
use crate::cli::rows::unpack::unpacked;

const STEP_BYTES: u64 = 64 << 10;
/// The length of the beginning of a list that shows its encoding.
const BEGINNING_BYTES: u64 = 1_024;

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The number of bytes before it.
    pub(crate) byte: u64,
    /// The number of its line, from 1.
    pub(crate) line: u64,
}

/// A list that is being read: a window on its text, which the reader widens and passes over.
pub(super) struct Input {
    source: Source,
    text: Box<dyn Read>,
    /// Whether its bytes are the text, so that it can jump to a place.
    plain: bool,
    begins_with_mark: bool,
    buffer: Vec<u8>,
    /// The position in the buffer at which the window begins.
    start: usize,
    place: Place,
    /// The last byte that was passed.
    last: Option<u8>,
    empty_lines: u64,
}

impl Input {
    /// Opens the text of a list, behind its byte-order mark.
    pub(super) fn open(source: &Source) -> Result<Self, Error> {
        let stored = source.beginning(BEGINNING_BYTES)?;
        let packed = unpacked(&stored, source.from(0)).is_some();
        let beginning = match unpacked(&stored, source.from(0)) {
            None => stored.clone(),
            Some(text) => beginning(source, text)?,
        };
        let Beginning { mark, charset } = Beginning::of(&beginning, source.charset())
            .map_err(|what| Error::Input(format!("`{}` {what}", source.name())))?;
        let plain = !packed && charset.is_utf_8();
        let mut text: Box<dyn Read> = match unpacked(&stored, source.from(0)) {
            None => Box::new(source.from(u64::try_from(mark).unwrap_or_default())),
            Some(mut text) => {
                pass(source, &mut text, mark)?;
                text
            }
        };
        text = charset.translated(text);
        // Places in a file that is read as it is are those of the file itself.
        let byte = if plain { u64::try_from(mark).unwrap_or_default() } else { 0 };
        Ok(Self {
            source: source.clone(),
            text,
            plain,
            begins_with_mark: beginning.starts_with(BYTE_ORDER_MARK),
            buffer: Vec::new(),
            start: 0,
            place: Place { byte, line: 1 },
            last: None,
            empty_lines: 0,
        })
    }

    /// Whether it begins with the byte-order mark of UTF-8.
    pub(super) const fn begins_with_mark(&self) -> bool {
        self.begins_with_mark
    }

    pub(super) const fn place(&self) -> Place {
        self.place
    }

    /// Goes to a place that a reading has been at.
    pub(super) fn go_to(&mut self, place: Place) -> Result<(), Error> {
        if self.plain {
            self.text = Box::new(self.source.from(place.byte));
        } else {
            *self = Self::open(&self.source)?;
            let mut left = place.byte;
            while left > 0 && self.widen()? {
                let here = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX).min(left);
                self.start += usize::try_from(here).unwrap_or_default();
                left -= here;
                self.buffer.drain(..self.start);
                self.start = 0;
            }
        }
        if self.plain {
            self.buffer.clear();
            self.start = 0;
        }
        (self.place, self.last, self.empty_lines) = (place, None, 0);
        Ok(())
    }

    /// The bytes that were read and not passed.
    pub(super) fn window(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads more into the window; false at the end of the list.
    pub(super) fn widen(&mut self) -> Result<bool, Error> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let read = self.text.by_ref().take(STEP_BYTES).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| unreadable(&self.source, error))?;
        Ok(read > 0)
    }

    /// The byte at a place of the window; `None` at the end of the list.
    pub(super) fn byte(&mut self, at: usize) -> Result<Option<u8>, Error> {
        while self.window().len() <= at {
            if !self.widen()? {
                return Ok(None);
            }
        }
        Ok(self.window().get(at).copied())
    }

    /// The length of the line end at a place of the window: 0 if there is none.
    pub(super) fn line_end(&mut self, at: usize) -> Result<usize, Error> {
        Ok(match self.byte(at)? {
            Some(b'\n') => 1,
            Some(b'\r') if self.byte(at + 1)? == Some(b'\n') => 2,
            Some(b'\r') => 1,
            Some(_) | None => 0,
        })
    }

    /// Passes over bytes of the window.
    pub(super) fn pass(&mut self, count: usize) {
        for byte in self.buffer.get(self.start..self.start + count).unwrap_or_default() {
            let ends = match byte {
                b'\n' => self.last != Some(b'\r'),
                b'\r' => true,
                _ => false,
            };
            self.place.line += u64::from(ends);
            self.last = Some(*byte);
        }
        self.place.byte += u64::try_from(count).unwrap_or_default();
        self.start += count;
    }

    /// Passes over line ends, and with them over empty lines. False at the end of the list.
    pub(super) fn pass_line_ends(&mut self) -> Result<bool, Error> {
        loop {
            let length = self.line_end(0)?;
            if length == 0 {
                return Ok(!self.window().is_empty());
            }
            self.pass(length);
            self.empty_lines += 1;
        }
    }

    /// Passes over the rest of a line and its end, however long it is.
    pub(super) fn pass_line(&mut self) -> Result<(), Error> {
        loop {
            let here = self.window().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            if let Some(here) = here {
                let length = self.line_end(here)?;
                self.pass(here + length);
                return Ok(());
            }
            self.pass(self.window().len());
            if !self.widen()? {
                return Ok(());
            }
        }
    }

    /// Counts lines that say nothing, though there may be something in them.
    pub(super) const fn count_empty_lines(&mut self, count: u64) {
        self.empty_lines += count;
    }

    /// The number of empty lines that were passed since the last call.
    pub(super) const fn take_empty_lines(&mut self) -> u64 {
        std::mem::replace(&mut self.empty_lines, 0)
    }

    /// The number of lines that were passed. The last need not have a line end.
    pub(super) const fn lines(&self) -> u64 {
        let whole = matches!(self.last, None | Some(b'\n' | b'\r'));
        if whole { self.place.line - 1 } else { self.place.line }
    }

    /// An error that stops the reading.
    pub(super) fn error(&self, line: u64, what: &str) -> Error {
        Error::Input(format!("`{}`, line {line}: {what}", self.source.name()))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("place", &self.place).finish_non_exhaustive()
    }
}

fn beginning(source: &Source, text: Box<dyn Read>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = text.take(BEGINNING_BYTES).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(source, error))?;
    Ok(bytes)
}

fn pass(source: &Source, text: &mut Box<dyn Read>, count: usize) -> Result<(), Error> {
    let mut passed = vec![0; count];
    text.read_exact(&mut passed).map_err(|error| unreadable(source, error))
}

fn unreadable(source: &Source, error: io::Error) -> Error {
    Error::Read { path: source.name().to_owned(), source: error }
}

//! A file that is read from the front, and where the reading stands.

use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Seek;
use std::io::SeekFrom;
use std::path::Path;

use serde::Deserialize;
use serde::Serialize;

use crate::cli::Error;

const BUFFER_BYTES: usize = 64 << 10;
/// What Windows programs put before text in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const BYTE_ORDER_MARKS_OF_UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// How many bytes come before it.
    pub(crate) byte: u64,
    /// The number of its line, from 1.
    pub(crate) line: u64,
}

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Input {
    name: String,
    file: BufReader<File>,
    place: Place,
}

impl Input {
    /// Opens a file of text. A byte-order mark is passed over.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let unreadable = |source| Error::Read { path: name.clone(), source };
        let file = File::open(path).map_err(unreadable)?;
        let file = BufReader::with_capacity(BUFFER_BYTES, file);
        let mut input = Self { name, file, place: Place { byte: 0, line: 1 } };
        let start = input.peek()?;
        if BYTE_ORDER_MARKS_OF_UTF_16.iter().any(|mark| start.starts_with(mark)) {
            let name = &input.name;
            return Err(Error::Input(format!("`{name}` is UTF-16; save it as UTF-8")));
        }
        if start.starts_with(BYTE_ORDER_MARK) {
            input.pass(BYTE_ORDER_MARK.len());
        }
        Ok(input)
    }

    pub(super) const fn place(&self) -> Place {
        self.place
    }

    pub(super) fn go_to(&mut self, place: Place) -> Result<(), Error> {
        let sought = self.file.seek(SeekFrom::Start(place.byte));
        sought.map_err(|source| self.unreadable(source))?;
        self.place = place;
        Ok(())
    }

    /// What has been read and not passed; nothing at the end of the file.
    pub(super) fn peek(&mut self) -> Result<&[u8], Error> {
        let name = &self.name;
        let unreadable = |source| Error::Read { path: name.clone(), source };
        self.file.fill_buf().map_err(unreadable)
    }

    /// Passes over bytes that `peek` has shown.
    pub(super) fn pass(&mut self, count: usize) {
        let passed = self.file.buffer().get(..count).unwrap_or_default();
        let lines = passed.iter().filter(|byte| **byte == b'\n').count();
        self.place.line += u64::try_from(lines).unwrap_or_default();
        self.place.byte += u64::try_from(count).unwrap_or_default();
        self.file.consume(count);
    }

    /// Passes over line ends, and with them over empty lines. False at the end of the file.
    pub(super) fn pass_line_ends(&mut self) -> Result<bool, Error> {
        loop {
            let bytes = self.peek()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let ends = bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            if ends == 0 {
                return Ok(true);
            }
            self.pass(ends);
        }
    }

    /// An error that stops the reading.
    pub(super) fn error(&self, line: u64, what: &str) -> Error {
        Error::Input(format!("`{}`, line {line}: {what}", self.name))
    }

    fn unreadable(&self, source: io::Error) -> Error {
        Error::Read { path: self.name.clone(), source }
    }
}

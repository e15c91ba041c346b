//! The lines of a file, without empty ones.

use std::path::Path;

use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;

/// A file that is being read line by line.
#[derive(Debug)]
pub(crate) struct Lines {
    input: Input,
    line: Vec<u8>,
}

/// Where a line was read, and whether it was short enough to be kept whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// False where it is longer than 1 MiB, and then only its beginning is kept.
    pub(crate) whole: bool,
}

impl Lines {
    /// Opens a file, and goes to a line.
    pub(crate) fn open(path: &Path, from: Option<Place>) -> Result<Self, Error> {
        let mut input = Input::open(path)?;
        if let Some(from) = from {
            input.go_to(from)?;
        }
        Ok(Self { input, line: Vec::new() })
    }

    /// Where the next line begins, or the line end before it.
    pub(crate) const fn place(&self) -> Place {
        self.input.place()
    }

    /// What the line says that was read last, without white space around it.
    pub(crate) fn text(&self) -> &[u8] {
        self.line.trim_ascii()
    }

    /// Reads a line that says something; none at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, Error> {
        loop {
            if !self.input.pass_line_ends()? {
                return Ok(None);
            }
            let number = self.input.place().line;
            let whole = self.read_line()?;
            if !self.text().is_empty() {
                return Ok(Some(Line { number, whole }));
            }
        }
    }

    /// Reads a line without its end; false if it is too long, and then only its beginning is kept.
    fn read_line(&mut self) -> Result<bool, Error> {
        self.line.clear();
        let mut whole = true;
        loop {
            let bytes = self.input.peek()?;
            let length = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..length.unwrap_or(bytes.len())).unwrap_or_default();
            let count = part.len();
            whole &= self.line.len() + count <= ROW_BYTES_MAX;
            if whole {
                self.line.extend(part);
            }
            self.input.pass(count);
            if length.is_some() || count == 0 {
                return Ok(whole);
            }
        }
    }
}

//! The lines of a file, without empty ones.

use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;
use crate::cli::rows::source::Source;

/// A file that is being read line by line.
#[derive(Debug)]
pub(crate) struct Lines {
    input: Input,
    line: Vec<u8>,
}

/// The place of a line, and whether it was short enough to be kept whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The number of the line, from 1.
    pub(crate) number: u64,
    /// False where it is longer than 1 MiB, and then only its beginning is kept.
    pub(crate) whole: bool,
}

impl Lines {
    /// Opens a file, and goes to a line.
    pub(crate) fn open(source: &Source, from: Option<Place>) -> Result<Self, Error> {
        let mut input = Input::open(source)?;
        if let Some(from) = from {
            input.go_to(from)?;
        }
        Ok(Self { input, line: Vec::new() })
    }

    /// The place at which the next line begins.
    pub(crate) const fn place(&self) -> Place {
        self.input.place()
    }

    /// The number of lines that were read, all of them at the end of the file.
    pub(crate) const fn lines(&self) -> u64 {
        self.input.lines()
    }

    /// The number of empty lines that were passed since the last call.
    pub(crate) const fn take_empty_lines(&mut self) -> u64 {
        self.input.take_empty_lines()
    }

    /// The text of the last line, without white space around it.
    pub(crate) fn text(&self) -> &[u8] {
        self.line.trim_ascii()
    }

    /// Reads a line that is not blank; `None` at the end of the file.
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
            self.input.count_empty_lines(1);
        }
    }

    /// Reads a line and passes over its end; false if it is too long, and then only its beginning
    /// is kept.
    fn read_line(&mut self) -> Result<bool, Error> {
        let mut length = 0;
        while self.input.byte(length)?.is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
            length += 1;
            if length > ROW_BYTES_MAX {
                break;
            }
        }
        self.line.clear();
        self.line.extend(self.input.window().get(..length).unwrap_or_default());
        self.input.pass_line()?;
        Ok(length <= ROW_BYTES_MAX)
    }
}

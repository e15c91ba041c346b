//! The entries of a JSON document, as the APIs of providers return it: a list of objects, an object
//! with a field that is such a list, or objects one after the other.

use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;
use crate::cli::rows::source::Source;

/// A JSON document that is being read entry by entry.
#[derive(Debug)]
pub(crate) struct Values {
    input: Input,
    entry: Vec<u8>,
    number: u64,
}

impl Values {
    /// Opens a document, and goes to the entry behind the first `passed`.
    pub(crate) fn open(source: &Source, passed: u64) -> Result<Self, Error> {
        let mut input = Input::open(source)?;
        if let Some(length) = list_begins(&mut input)? {
            input.pass(length);
        }
        let mut values = Self { input, entry: Vec::new(), number: 0 };
        while values.number < passed && values.next()?.is_some() {}
        Ok(values)
    }

    /// The number of bytes that were read, and the number of the next entry.
    pub(crate) const fn place(&self) -> Place {
        Place { byte: self.input.place().byte, line: self.number + 1 }
    }

    /// The text of the entry that was read last.
    pub(crate) fn text(&self) -> &[u8] {
        &self.entry
    }

    /// Reads an entry and returns its number, from 1; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<u64>, Error> {
        loop {
            match self.input.byte(0)? {
                None | Some(b']') => return Ok(None),
                Some(byte) if byte == b',' || byte.is_ascii_whitespace() => self.input.pass(1),
                Some(_) => break,
            }
        }
        let line = self.input.place().line;
        let Some(length) = value_length(&mut self.input)? else {
            let what = "the JSON value that begins here does not end, or is longer than 1 MiB";
            return Err(self.input.error(line, what));
        };
        self.entry.clear();
        self.entry.extend(self.input.window().get(..length).unwrap_or_default());
        self.input.pass(length);
        self.number += 1;
        Ok(Some(self.number))
    }
}

/// The length of the text before the entries of a list; `None` if the entries are not in a list.
fn list_begins(input: &mut Input) -> Result<Option<usize>, Error> {
    let mut start = 0;
    while input.byte(start)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
        start += 1;
    }
    match input.byte(start)? {
        Some(b'[') => Ok(Some(start + 1)),
        Some(b'{') => {
            input.pass(start);
            if let Some(length) = value_length(input)? {
                let mut behind = length;
                while input.byte(behind)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
                    behind += 1;
                }
                if input.byte(behind)?.is_some() {
                    return Ok(None);
                }
            }
            list_within(input)
        }
        Some(_) | None => Ok(None),
    }
}

/// The place at which the first list of objects begins, within the object at the window's
/// beginning.
fn list_within(input: &mut Input) -> Result<Option<usize>, Error> {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(byte) = input.byte(at)?
        && at < ROW_BYTES_MAX
    {
        scan.step(byte);
        at += 1;
        if scan.depth == 0 {
            return Ok(None);
        }
        if byte == b'[' && scan.depth == 2 && !scan.quoted {
            let mut next = at;
            while input.byte(next)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
                next += 1;
            }
            if matches!(input.byte(next)?, Some(b'{' | b']')) {
                return Ok(Some(at));
            }
        }
    }
    Ok(None)
}

/// The length of the value at the window's beginning; `None` if it does not end in time.
fn value_length(input: &mut Input) -> Result<Option<usize>, Error> {
    let mut scan = Scan::default();
    let mut at = 0;
    while at < ROW_BYTES_MAX {
        let byte = input.byte(at)?;
        let within = scan.depth > 0 || scan.quoted;
        match byte {
            None => return Ok((!within).then_some(at)),
            Some(b',' | b']' | b'}') if !within => return Ok(Some(at)),
            Some(byte) => scan.step(byte),
        }
        at += 1;
        if within && scan.depth == 0 && !scan.quoted {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// The depth in a JSON text.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        if self.quoted {
            self.quoted = byte != b'"' || self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            return;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

//! The records of a CSV file, as spreadsheets and CRM systems write it: separated by commas,
//! semicolons, tabs or bars, with line ends of any sort, also mixed, and line breaks within quotes.
//!
//! **Invariant:** every line is part of one record, or empty, or of the header. A quote that takes
//! lines away from others is given up: its own line is refused, and the next line is read as a row.

mod scan;
#[cfg(test)]
mod tests;

use clap::ValueEnum;

use self::scan::Fields;
use self::scan::Found;
use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::charset::HINT;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;
use crate::cli::rows::list::List;
use crate::cli::rows::quotes::Shape;

/// The separators of fields.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The line with which a spreadsheet names the separator before the header.
const SEPARATOR_LINE: &[u8] = b"sep=";

/// What becomes of a quote that swallows rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OpenQuotes {
    /// The line on which it opens is refused, and the lines after it are read as rows
    #[default]
    Rows,
    /// Nothing is taken from the file
    Stop,
    /// A quote that closes is believed, also where its cell looks like rows
    Text,
}

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct Records {
    input: Input,
    open_quotes: OpenQuotes,
    separator: u8,
    header_lines: u64,
    /// The number of the header's columns; 0 while it is read.
    columns: usize,
    fields: Fields,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    /// The number of the line on which it begins, from 1; on which the quote opens where one is
    /// wrong.
    pub(crate) line: u64,
    /// The problem, if its fields cannot be trusted.
    pub(crate) problem: Option<String>,
}

impl Records {
    /// Opens a file, and reads its header where it has one.
    pub(crate) fn open(list: &List) -> Result<(Self, Vec<String>), Error> {
        let mut input = Input::open(&list.source)?;
        input.pass_line_ends()?;
        let before = input.take_empty_lines();
        let first = first_line(&mut input)?;
        let told = first.strip_prefix(SEPARATOR_LINE).filter(|rest| rest.len() == 1);
        let told = told.and_then(|rest| rest.first().copied());
        if told.is_some() {
            input.pass_line()?;
        }
        let separator = told.unwrap_or_else(|| separator(&first));
        let mut records = Self {
            input,
            open_quotes: list.open_quotes,
            separator,
            header_lines: 0,
            columns: 0,
            fields: Fields::default(),
        };
        if let Some(names) = &list.headless {
            let start = records.place();
            // Without a row there are no columns to count.
            records.next()?;
            let header = names.of(records.fields.iter().count());
            records.columns = header.len();
            records.header_lines = u64::from(told.is_some());
            records.go_to(start)?;
            records.input.count_empty_lines(before);
            return Ok((records, header));
        }
        let Some(Begun { line, problem }) = records.next()? else {
            return Err(records.input.error(1, "there is no header"));
        };
        if let Some(problem) = problem {
            return Err(records.input.error(line, &format!("the header {problem}")));
        }
        let header = records.fields.texts().map_err(|error| {
            records.input.error(line, &format!("the header is not UTF-8: {error}; {HINT}"))
        })?;
        records.columns = header.len();
        records.header_lines = records.input.lines() - before - records.input.take_empty_lines();
        records.input.count_empty_lines(before);
        Ok((records, header))
    }

    /// Goes to a row.
    pub(crate) fn go_to(&mut self, place: Place) -> Result<(), Error> {
        self.input.go_to(place)
    }

    /// The place at which the next row begins, or the line end before it.
    pub(crate) const fn place(&self) -> Place {
        self.input.place()
    }

    /// The separator of this file's fields.
    pub(crate) const fn separator(&self) -> u8 {
        self.separator
    }

    /// Whether it begins with a byte-order mark.
    pub(crate) const fn begins_with_mark(&self) -> bool {
        self.input.begins_with_mark()
    }

    /// The number of the header's lines.
    pub(crate) const fn header_lines(&self) -> u64 {
        self.header_lines
    }

    /// The number of lines that were read, all of them at the end of the file.
    pub(crate) const fn lines(&self) -> u64 {
        self.input.lines()
    }

    /// The number of empty lines that were passed since the last call.
    pub(crate) const fn take_empty_lines(&mut self) -> u64 {
        self.input.take_empty_lines()
    }

    /// The number of fields of the last record. Empty ones beyond the header do not count.
    pub(crate) fn count(&self) -> usize {
        self.fields.count_up_to(self.columns)
    }

    /// The fields of the last record.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.fields.iter().take(self.count())
    }

    /// Whether all of its fields are empty, or blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.fields().all(|field| field.trim_ascii().is_empty())
    }

    /// Reads a record; `None` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Begun>, Error> {
        if !self.input.pass_line_ends()? {
            return Ok(None);
        }
        let line = self.input.place().line;
        let found = self.fields.scan(&mut self.input, self.separator)?;
        let (open, what) = match found {
            Found::Record { length, spans } => {
                let shape = Shape { separator: self.separator, columns: self.columns };
                let record = self.input.window().get(..length).unwrap_or_default();
                let believed = self.open_quotes == OpenQuotes::Text || self.columns == 0;
                let wrong =
                    spans.into_iter().find(|span| !believed && shape.swallows(record, *span));
                match wrong {
                    Some(span) => (span.open, "closes only behind what looks like further rows"),
                    None => {
                        self.input.pass(length);
                        return Ok(Some(Begun { line, problem: None }));
                    }
                }
            }
            Found::Open { open } => (open, "never closes"),
            Found::Followed { open } => (open, "has text behind the quote that closes it"),
            Found::TooLong => {
                self.fields.clear();
                self.input.pass_line()?;
                let what = format!("is longer than {} MiB", ROW_BYTES_MAX >> 20);
                return Ok(Some(Begun { line, problem: Some(what) }));
            }
        };
        self.give_up(open, what).map(Some)
    }

    /// Refuses the line on which a quote opens.
    fn give_up(&mut self, open: usize, what: &str) -> Result<Begun, Error> {
        let before = self.input.window().get(..open).unwrap_or_default();
        let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        self.input.pass(start.map_or(0, |end| end + 1));
        let line = self.input.place().line;
        if self.open_quotes == OpenQuotes::Stop && self.columns > 0 {
            let what = format!("a quote opens here that {what}; nothing was taken from the file");
            return Err(self.input.error(line, &what));
        }
        let text = first_line(&mut self.input)?;
        let field = self.fields.split(&text, self.separator, open - start.map_or(0, |end| end + 1));
        self.input.pass_line()?;
        let rest = "; the lines after this one are read as rows";
        let rest = if self.columns > 0 { rest } else { "" };
        let problem = format!("has an open quote: the one before field {field} {what}{rest}");
        Ok(Begun { line, problem: Some(problem) })
    }
}

/// The line at which the window begins, without its end, and no more of it than a row may have.
fn first_line(input: &mut Input) -> Result<Vec<u8>, Error> {
    let mut length = 0;
    while length < ROW_BYTES_MAX
        && input.byte(length)?.is_some_and(|byte| !matches!(byte, b'\n' | b'\r'))
    {
        length += 1;
    }
    Ok(input.window().get(..length).unwrap_or_default().to_vec())
}

/// The separator of the header's fields: the one that occurs most often outside of quotes.
fn separator(header: &[u8]) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in header {
        quoted ^= *byte == b'"';
        let counted =
            SEPARATORS.iter().zip(&mut counts).filter(|(separator, _)| *separator == byte);
        counted.for_each(|(_, count)| *count += usize::from(!quoted));
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let found = SEPARATORS.iter().zip(counts).find(|(_, count)| *count == most);
    found.map_or(b',', |(separator, _)| *separator)
}

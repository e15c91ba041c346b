//! The records of a CSV file, as spreadsheets and CRM systems write it: separated by commas,
//! semicolons or tabs, with or without a byte-order mark, with line ends of any sort, and line breaks
//! within quotes.

use std::path::Path;

use csv_core::ReadRecordResult;
use csv_core::Reader;
use csv_core::ReaderBuilder;

use crate::cli::Error;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;

/// What separates fields.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct Records {
    input: Input,
    parser: Reader,
    separator: u8,
    begins_with_mark: bool,
    record: Record,
}

/// One record: its fields one behind the other, and where each ends.
#[derive(Debug, Default)]
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Records {
    /// Opens a file, and reads its header.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<String>), Error> {
        let mut input = Input::open(path)?;
        let begins_with_mark = input.place().byte > 0;
        input.pass_line_ends()?;
        let separator = separator(input.peek()?);
        let parser = ReaderBuilder::new().delimiter(separator).build();
        let mut records =
            Self { input, parser, separator, begins_with_mark, record: Record::default() };
        let Some(line) = records.next()? else {
            return Err(records.input.error(1, "there is no header"));
        };
        let header = records.record.texts().map_err(|error| {
            records.input.error(line, &format!("the header is no UTF-8: {error}"))
        })?;
        Ok((records, header))
    }

    /// Goes to a row.
    pub(crate) fn go_to(&mut self, place: Place) -> Result<(), Error> {
        self.input.go_to(place)?;
        self.parser.reset();
        Ok(())
    }

    /// Where the next row begins, or the line end before it.
    pub(crate) const fn place(&self) -> Place {
        self.input.place()
    }

    /// What separates the fields of this file.
    pub(crate) const fn separator(&self) -> u8 {
        self.separator
    }

    /// Whether it begins with a byte-order mark.
    pub(crate) const fn begins_with_mark(&self) -> bool {
        self.begins_with_mark
    }

    /// How many fields the record has that was read last.
    pub(crate) const fn count(&self) -> usize {
        self.record.count
    }

    /// Its fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.record.fields()
    }

    /// Reads a record, and returns the line on which it begins; none at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<u64>, Error> {
        if !self.input.pass_line_ends()? {
            return Ok(None);
        }
        let line = self.input.place().line;
        let (mut length, mut count) = (0, 0);
        loop {
            let Record { bytes, ends, .. } = &mut self.record;
            let (result, read, written, ended) = self.parser.read_record(
                self.input.peek()?,
                bytes.get_mut(length..).unwrap_or_default(),
                ends.get_mut(count..).unwrap_or_default(),
            );
            self.input.pass(read);
            length += written;
            count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if bytes.len() >= ROW_BYTES_MAX => {
                    let what = "the row that begins here is longer than 1 MiB: is a quote open?";
                    return Err(self.input.error(line, what));
                }
                ReadRecordResult::OutputFull => bytes.resize((bytes.len() * 2).max(1_024), 0),
                ReadRecordResult::OutputEndsFull => ends.resize((ends.len() * 2).max(64), 0),
                ReadRecordResult::Record => {
                    self.record.count = count;
                    return Ok(Some(line));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl Record {
    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.iter().take(self.count);
        let starts = std::iter::once(&0).chain(ends.clone());
        starts.zip(ends).map(|(from, to)| self.bytes.get(*from..*to).unwrap_or_default())
    }

    fn texts(&self) -> Result<Vec<String>, std::str::Utf8Error> {
        self.fields().map(|bytes| std::str::from_utf8(bytes).map(ToOwned::to_owned)).collect()
    }
}

/// What the header separates its fields with: whichever occurs most outside of quotes.
fn separator(start: &[u8]) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in start.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        let counted =
            SEPARATORS.iter().zip(&mut counts).filter(|(separator, _)| *separator == byte);
        counted.for_each(|(_, count)| *count += usize::from(!quoted));
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let found = SEPARATORS.iter().zip(counts).find(|(_, count)| *count == most);
    found.map_or(b',', |(separator, _)| *separator)
}

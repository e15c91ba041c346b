//! CSV, as spreadsheets and CRM systems write it: separated by commas, semicolons or tabs, with or
//! without a byte-order mark, with line ends of any sort, and line breaks within quotes.

use std::path::Path;

use csv_core::ReadRecordResult;
use csv_core::Reader;
use csv_core::ReaderBuilder;

use crate::cli::Error;
use crate::cli::rows::Problem;
use crate::cli::rows::ROW_BYTES_MAX;
use crate::cli::rows::Row;
use crate::cli::rows::columns::Columns;
use crate::cli::rows::columns::Mapping;
use crate::cli::rows::input::Input;
use crate::cli::rows::input::Place;
use crate::proto::v1;

/// What separates fields.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct Comma {
    input: Input,
    parser: Reader,
    columns: Columns,
    record: Record,
}

/// One record: its fields one behind the other, and where each ends.
#[derive(Debug, Default)]
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Comma {
    /// Reads the header, and goes to a row.
    pub(super) fn open(path: &Path, mapping: &Mapping, from: Option<Place>) -> Result<Self, Error> {
        let mut input = Input::open(path)?;
        input.pass_line_ends()?;
        let separator = separator(input.peek()?);
        let parser = ReaderBuilder::new().delimiter(separator).build();
        let columns = Columns::default();
        let mut rows = Self { input, parser, columns, record: Record::default() };
        let header = rows.record()?.map(|line| (line, rows.record.texts()));
        let Some((line, header)) = header else {
            return Err(rows.input.error(1, "there is no header"));
        };
        let header = header
            .map_err(|error| rows.input.error(line, &format!("the header is no UTF-8: {error}")))?;
        rows.columns = Columns::of(&header, mapping)?;
        if let Some(from) = from {
            rows.input.go_to(from)?;
            rows.parser.reset();
        }
        Ok(rows)
    }

    pub(super) const fn place(&self) -> Place {
        self.input.place()
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some(line) = self.record()? else { return Ok(None) };
        Ok(Some(Row { line, customer: self.customer() }))
    }

    fn customer(&self) -> Result<v1::CustomerRow, Vec<Problem>> {
        let (count, expected) = (self.record.count, self.columns.count());
        if count != expected {
            let what = format!("has {count} fields, and the header has {expected}");
            return Err(vec![Problem::new(None, what)]);
        }
        let mut texts = Vec::with_capacity(count);
        let mut problems = Vec::new();
        for (position, bytes) in self.record.fields().enumerate() {
            match std::str::from_utf8(bytes) {
                Ok(text) => texts.push(text),
                Err(_details) => {
                    let column = self.columns.column(position);
                    problems.push(Problem::new(Some(column), "is no UTF-8"));
                }
            }
        }
        if problems.is_empty() { self.columns.customer(&texts) } else { Err(problems) }
    }

    /// Reads a record, and returns the line on which it begins; none at the end of the file.
    fn record(&mut self) -> Result<Option<u64>, Error> {
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

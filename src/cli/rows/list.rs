//! A list that a command was given, and how it is to be read. Every command that reads lists takes
//! these flags and opens its lists here.

use std::path::Path;

use clap::ValueEnum;

use crate::cli::Error;
use crate::cli::rows::charset::Charset;
use crate::cli::rows::headless::Names;
use crate::cli::rows::input::Input;
use crate::cli::rows::records::OpenQuotes;
use crate::cli::rows::records::Records;
use crate::cli::rows::source::Source;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-, semicolon-, tab- or bar-separated, with a header
    Csv,
    /// JSON Lines: an object on each line
    Jsonl,
    /// A JSON document: a list of objects, or an object that has one
    Json,
}

impl Format {
    /// The format that the name of a file tells.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The format of a file that may be packed, by its name.
    fn of_packed(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "gz" | "zst" => Self::of(Path::new(path.file_stem()?)),
            _ => Self::of(path),
        }
    }
}

/// How lists are read.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Reading {
    /// The format of the file; by default, from the file name's ending. `.gz` and `.zst` are
    /// unpacked
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The encoding of its text, such as windows-1252; by default, from its byte-order mark, or
    /// UTF-8
    #[arg(long, value_name = "NAME")]
    encoding: Option<Charset>,
    /// The treatment of a quote in CSV that never closes, or closes only after further rows
    #[arg(long, value_enum, default_value = "rows", value_name = "WHAT")]
    open_quotes: OpenQuotes,
    /// The first line of CSV is a row: its columns are called 1, 2, 3, or as --columns names them
    #[arg(long)]
    no_header: bool,
    /// The names of the columns of CSV without a header, such as email,,since
    #[arg(long, value_name = "NAMES", requires = "no_header")]
    columns: Option<Names>,
}

/// A list that was opened.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) source: Source,
    pub(crate) format: Format,
    pub(crate) open_quotes: OpenQuotes,
    /// The columns of CSV without a header; `None` if it has a header.
    pub(crate) headless: Option<Names>,
}

impl Reading {
    /// Opens a list: a file, a pipe, or `-` for standard input.
    pub(crate) fn open(&self, path: &Path) -> Result<List, Error> {
        let told = self.format.or_else(|| Format::of_packed(path));
        let source = Source::open(path, self.encoding)?;
        let format = match told {
            Some(format) => format,
            None if source.is_piped() => guessed(&source)?,
            None => {
                let name = source.name();
                return Err(Error::Input(format!(
                    "`{name}` ends in none of .csv, .tsv, .jsonl and .json; --format says what it \
                     is"
                )));
            }
        };
        if self.no_header && format != Format::Csv {
            let name = source.name();
            return Err(Error::Input(format!("`{name}` is JSON, and --no-header is for CSV")));
        }
        let headless = self.no_header.then(|| self.columns.clone().unwrap_or_default());
        let list = List { source, format, open_quotes: self.open_quotes, headless };
        if list.open_quotes == OpenQuotes::Stop && format == Format::Csv {
            // Nothing is to land of a file with such a quote: all of it is read before.
            let (mut records, _header) = Records::open(&list)?;
            while records.next()?.is_some() {}
        }
        Ok(list)
    }
}

impl List {
    /// The settings that must be equal for work on it to continue.
    pub(crate) fn settings(&self) -> String {
        let Self { source, format, open_quotes, headless } = self;
        format!("{format:?} {:?} {open_quotes:?} {headless:?}", source.charset())
    }
}

/// The format of a list from a pipe, which has no name: a text that begins with a brace is JSON.
fn guessed(source: &Source) -> Result<Format, Error> {
    let mut input = Input::open(source)?;
    let mut at = 0;
    while input.byte(at)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    Ok(match input.byte(at)? {
        Some(b'{') => Format::Jsonl,
        Some(b'[') => Format::Json,
        Some(_) | None => Format::Csv,
    })
}

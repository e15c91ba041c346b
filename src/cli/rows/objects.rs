//! The objects of a JSON Lines file or of a JSON document, as text.

use crate::cli::Error;
use crate::cli::rows::input::Place;
use crate::cli::rows::lines::Lines;
use crate::cli::rows::list::Format;
use crate::cli::rows::list::List;
use crate::cli::rows::values::Values;

/// An object's line, or entry, and its text or the reason why there is none.
pub(crate) type Object<'a> = (u64, Result<&'a [u8], String>);

/// A file of objects that is being read.
#[derive(Debug)]
pub(crate) enum Objects {
    /// One object on each line.
    Lines(Lines),
    /// Objects in a document.
    Values(Values),
}

impl Objects {
    /// Opens a list, and goes to an object.
    pub(crate) fn open(list: &List, from: Option<Place>) -> Result<Self, Error> {
        if list.format == Format::Json {
            let passed = from.map_or(0, |place| place.line - 1);
            return Ok(Self::Values(Values::open(&list.source, passed)?));
        }
        Ok(Self::Lines(Lines::open(&list.source, from)?))
    }

    /// The place at which the next object begins. In a document, entries are counted instead of
    /// lines.
    pub(crate) const fn place(&self) -> Place {
        match self {
            Self::Lines(lines) => lines.place(),
            Self::Values(values) => values.place(),
        }
    }

    /// The number of lines, or entries, that were read.
    pub(crate) const fn lines(&self) -> u64 {
        match self {
            Self::Lines(lines) => lines.lines(),
            Self::Values(values) => values.place().line - 1,
        }
    }

    /// The number of empty lines that were passed since the last call.
    pub(crate) const fn take_empty_lines(&mut self) -> u64 {
        match self {
            Self::Lines(lines) => lines.take_empty_lines(),
            Self::Values(_) => 0,
        }
    }

    /// The next object's line, or entry, and its text or the reason why there is none; `None` at
    /// the end.
    pub(crate) fn next(&mut self) -> Result<Option<Object<'_>>, Error> {
        match self {
            Self::Lines(lines) => {
                let Some(line) = lines.next()? else { return Ok(None) };
                let text = lines.text();
                let text =
                    if line.whole { Ok(text) } else { Err("is longer than 1 MiB".to_owned()) };
                Ok(Some((line.number, text)))
            }
            Self::Values(values) => {
                let Some(number) = values.next()? else { return Ok(None) };
                Ok(Some((number, Ok(values.text()))))
            }
        }
    }

    /// The text that was read last.
    pub(crate) fn text(&self) -> &[u8] {
        match self {
            Self::Lines(lines) => lines.text(),
            Self::Values(values) => values.text(),
        }
    }
}

//! Tables for people and JSON for programs.

use std::io;
use std::io::Write;

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Row;
use comfy_table::Table;
use comfy_table::Width;
use comfy_table::presets;
use prost::Message;
use rustix::termios::tcgetwinsize;
use serde_json::Value;

use crate::cli::Error;
use crate::policy::Problems;
use crate::proto;

/// An empty table with these columns, without lines, as wide as its content.
pub(crate) fn table<const N: usize>(columns: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns);
    table
}

/// Writes a table, without the spaces that fill its lines. If it is wider than the screen, texts
/// continue on the next line, and words stay whole. If that does not help, empty columns are left
/// out, and then each row is written as lines of its own.
pub(crate) fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    let fits = |widths: &[u16]| {
        let needed: u32 = widths.iter().map(|width| u32::from(*width).saturating_add(2)).sum();
        // The last space of a line is cut off.
        width.is_none_or(|width| needed <= u32::from(width).saturating_add(1))
    };
    let mut table = table.clone();
    if !fits(&longest_words(&table)) {
        table = without_empty_columns(&table);
    }
    let longest = longest_words(&table);
    if !fits(&longest) {
        return write_rows(&table, out);
    }
    if let Some(width) = width {
        table.set_width(width.saturating_add(1));
    }
    for (column, word) in table.column_iter_mut().zip(longest) {
        // The space at both sides of a cell counts.
        column
            .set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(word.saturating_add(2))));
    }
    for line in table.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The table without columns that are empty in every row.
fn without_empty_columns(table: &Table) -> Table {
    let is_told = |column: usize| {
        let mut cells = table.row_iter().filter_map(|row| row.cell_iter().nth(column));
        cells.any(|cell| !cell.content().is_empty())
    };
    let kept = |row: &Row| {
        let cells = row.cell_iter().enumerate().filter(|(column, _)| is_told(*column));
        Row::from(cells.map(|(_, cell)| cell.content()).collect::<Vec<String>>())
    };
    let mut fewer = self::table::<0>([]);
    fewer.set_header(table.header().map(kept).unwrap_or_default());
    table.row_iter().for_each(|row| {
        fewer.add_row(kept(row));
    });
    fewer
}

/// Writes the rows of a table that is too wide for the screen: each cell that is not empty, after
/// the name of its column.
fn write_rows(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> =
        table.header().iter().flat_map(|row| row.cell_iter()).map(|cell| cell.content()).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (position, row) in table.row_iter().enumerate() {
        if position > 0 {
            writeln!(out)?;
        }
        for (name, cell) in names.iter().zip(row.cell_iter()) {
            for (line, text) in cell.content().lines().enumerate() {
                let name = if line == 0 { name.as_str() } else { "" };
                write_hanging(&format!(" {name:widest$}  "), text, out)?;
            }
        }
    }
    Ok(())
}

/// Writes text. On a screen, lines break between words and continue with an indent.
pub(crate) fn write_prose(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in text.lines() {
        if width().is_none_or(|width| line.chars().count() <= usize::from(width)) {
            writeln!(out, "{line}")?;
            continue;
        }
        let indent = line.chars().take_while(|c| *c == ' ').count();
        writeln!(out, "{}", wrapped(line, width(), indent, indent + 2))?;
    }
    Ok(())
}

/// Writes what is wrong with documents. The lines of documents among it stay as they are.
pub(crate) fn write_problems(problems: &Problems, out: &mut dyn Write) -> io::Result<()> {
    const SAID: [&str; 3] = ["error: ", "warning: ", "= help: "];
    for line in problems.to_string().lines() {
        let is_said = SAID.iter().any(|begins| line.trim_start().starts_with(begins));
        if is_said { write_prose(line, out)? } else { writeln!(out, "{line}")? }
    }
    Ok(())
}

/// Writes a text after a beginning, and continues below the text.
pub(crate) fn write_hanging(begins: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let indent = begins.chars().count();
    let text = wrapped(text, width(), indent, indent);
    writeln!(out, "{begins}{}", text.trim_start())
}

/// A line broken between words, where it is wider than `width`.
pub(crate) fn wrapped(line: &str, width: Option<u16>, first: usize, rest: usize) -> String {
    let width = width.map_or(usize::MAX, usize::from);
    let mut text = " ".repeat(first);
    let mut column = first;
    for (position, word) in line.split_whitespace().enumerate() {
        let length = word.chars().count();
        let space = usize::from(position > 0);
        if position > 0 && column + space + length > width {
            text.push('\n');
            text.push_str(&" ".repeat(rest));
            column = rest;
        } else if position > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}

/// The number of elements that a list shows, and how many there are.
pub(crate) struct Listed {
    pub(crate) shown: usize,
    /// The number of all elements, if known.
    pub(crate) all: Option<u64>,
    pub(crate) is_more: bool,
    /// The name of one element.
    pub(crate) what: &'static str,
}

impl Listed {
    /// Writes how many are shown of how many, and how to see more.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { shown, all, is_more, what } = self;
        let count = u64::try_from(*shown).unwrap_or(u64::MAX);
        let shown = grouped(count);
        let all = all.filter(|all| count <= *all);
        match (all, *is_more && all != Some(count)) {
            (Some(all), true) => {
                writeln!(out, "\n{shown} of {} {what}s; --limit {all} shows all", grouped(all))
            }
            (None, true) => {
                writeln!(out, "\nthe newest {shown} {what}s; there are more, --limit shows them")
            }
            (Some(_) | None, false) if count == 1 => {
                writeln!(out, "\n1 {what} in all")
            }
            (Some(_) | None, false) => writeln!(out, "\n{shown} {what}s in all"),
        }
    }
}

/// The width of the screen in columns: from the environment, or else from the terminal; `None`
/// without a terminal.
fn width() -> Option<u16> {
    let terminal = || {
        let size = tcgetwinsize(io::stdout()).ok()?;
        Some(size.ws_col).filter(|columns| *columns > 0)
    };
    columns().or_else(terminal)
}

/// The width of the screen in columns, if the environment gives it.
fn columns() -> Option<u16> {
    let said = std::env::var_os("COLUMNS")?;
    said.to_str()?.trim().parse().ok().filter(|columns| *columns > 0)
}

/// The length of the longest word of each column.
fn longest_words(table: &Table) -> Vec<u16> {
    let mut longest: Vec<u16> = Vec::new();
    for row in table.header().into_iter().chain(table.row_iter()) {
        for (column, cell) in row.cell_iter().enumerate() {
            let content = cell.content();
            let word = content.split_whitespace().map(|word| word.chars().count()).max();
            let word = u16::try_from(word.unwrap_or_default()).unwrap_or(u16::MAX);
            match longest.get_mut(column) {
                Some(known) => *known = (*known).max(word),
                None => longest.push(word),
            }
        }
    }
    longest
}

/// Writes one JSON value over several lines.
pub(crate) fn write_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{value:#}")
}

/// A message of the API as JSON, in the form in which the API itself writes and reads it.
pub(crate) fn message(name: &str, message: &impl Message) -> Result<Value, Error> {
    proto::json::message(name, message)
        .map_err(|error| Error::Input(format!("the answer cannot be written as JSON: {error}")))
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("  one two three", Some(11), 2, 4), "  one two\n    three");
        assert_eq!(wrapped("a-word-that-is-long", Some(5), 0, 2), "a-word-that-is-long");
        assert_eq!(wrapped("one two", None, 0, 2), "one two");
    }

    #[test]
    fn thousands_are_told_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(super::grouped(number), text);
        }
    }
}

//! Finds quoted cells that have swallowed rows. One stray quote opens a cell that ends at the next
//! quote, however many rows later. If the number of cells is right by chance, nothing else shows
//! the mistake.

/// A quoted cell that goes over lines, by its place in the record: its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) open: usize,
    pub(super) close: usize,
}

/// The form by which rows are distinguished from text: a table and its columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) separator: u8,
    /// The number of columns.
    pub(super) columns: usize,
}

impl Shape {
    /// Whether a line within a quoted cell is a row by itself. A table of one column has none: its
    /// cells have no line breaks at all.
    pub(super) fn swallows(self, record: &[u8], span: Span) -> bool {
        let cell = record.get(span.open + 1..span.close).unwrap_or_default();
        if self.columns < 2 {
            return true;
        }
        if self.has_pair(record, span) {
            return false;
        }
        let begins = line_start(record, span.open);
        let first = self.cells(line(record.get(begins..).unwrap_or_default()));
        let mut at = span.open + 1 + line(cell).len();
        while at < span.close {
            at += end_length(record.get(at..).unwrap_or_default());
            let inner = line(record.get(at..).unwrap_or_default());
            if at <= span.close && self.is_row(inner, first.first().copied().unwrap_or_default()) {
                return true;
            }
            at += inner.len();
        }
        false
    }

    /// Whether the cell has a doubled quote that is not an empty cell. Only a program that quotes
    /// with care writes one, and such a program closes its quotes.
    fn has_pair(self, record: &[u8], span: Span) -> bool {
        let bounds = |byte: Option<&u8>| {
            byte.is_none_or(|byte| *byte == self.separator || matches!(byte, b'\n' | b'\r'))
        };
        let mut at = span.open + 1;
        while at + 1 < span.close {
            if record.get(at..at + 2) == Some(b"\"\"") {
                let before = record.get(at - 1).filter(|_| at > span.open + 1);
                if !(bounds(before) && bounds(record.get(at + 2))) {
                    return true;
                }
                at += 1;
            }
            at += 1;
        }
        false
    }

    /// Whether a line has as many cells as the table, and begins like the line that is certainly a
    /// row. In prose there is a blank after a separator.
    fn is_row(self, line: &[u8], id: &[u8]) -> bool {
        let cells = self.cells(line);
        let prose = cells.iter().skip(1).any(|cell| cell.first() == Some(&b' '));
        let begins = cells.first().copied().unwrap_or_default();
        cells.len() == self.columns && !prose && likeness(begins) == likeness(id)
    }

    fn cells(self, line: &[u8]) -> Vec<&[u8]> {
        line.split(|byte| *byte == self.separator).collect()
    }
}

/// The features by which two cells of one column are compared: whether they are addresses, numbers,
/// or have blanks.
fn likeness(cell: &[u8]) -> [bool; 3] {
    let cell = cell.trim_ascii();
    let cell = cell.strip_prefix(b"\"").unwrap_or(cell);
    let cell = cell.strip_suffix(b"\"").unwrap_or(cell);
    [cell.contains(&b'@'), cell.iter().all(u8::is_ascii_digit), cell.contains(&b' ')]
}

fn line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn line_start(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1)
}

fn end_length(text: &[u8]) -> usize {
    if text.starts_with(b"\r\n") { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the first quote and the last are found to have swallowed rows.
    fn swallows(record: &str, columns: usize) -> bool {
        let (open, close) = (record.find('"').unwrap(), record.rfind('"').unwrap());
        let shape = Shape { separator: b',', columns };
        shape.swallows(record.as_bytes(), Span { open, close })
    }

    #[test]
    fn rows_within_quotes_are_told_from_text() {
        assert!(swallows("ann@x,yes,\"left\nbob@x,yes,\ncy@x,yes,27\"", 3));
        assert!(swallows("1,yes,\"left\r\n2,yes,\"", 3));
        assert!(swallows("ann,\"yes\rbob,\"", 2));
        assert!(swallows("\"ann,a\nbob,b\"", 2));
        assert!(swallows("\"ann\nbob\"", 1));
        assert!(swallows("ann,\"a\nbob,\"\"\ncy,\"", 2), "an empty cell is no doubled quote");
        assert!(!swallows("ann,\"one\ntwo, three\"", 2));
        assert!(!swallows("ann,\"one\ntwo,\"\"three\"\"\"", 2));
        assert!(!swallows("ann@x,yes,\"12, Rue X\n75001,Paris,France\"", 3));
        assert!(!swallows("ann,yes,\"one\ntwo\n\nthree\"", 3));
        assert!(!swallows("ann,yes,\"one\n\"", 3));
    }
}

//! Explains the errors of the YAML parser, and finds the characters of a scalar's source.

use granit_parser::ErrorKind;

/// Whether YAML allows the character anywhere: no control characters but tabs and line breaks.
pub(super) fn is_printable(c: char) -> bool {
    !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}')
}

/// The error and the help.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's kinds grow with its releases")]
pub(super) fn explain(kind: &ErrorKind) -> (String, &'static str) {
    let (message, help) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("a tab cannot indent a line", "use spaces"),
        ErrorKind::UnclosedQuotedScalar => {
            ("this quote is never closed", "close it with the same quote")
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "there is no such escape in double quotes",
            "write a backslash as `\\\\`, or use single quotes",
        ),
        ErrorKind::UnclosedFlowCollection { open } => {
            return (format!("`{open}` is never closed"), "close it, and check the quotes in it");
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), "close it with its own kind");
        }
        ErrorKind::MisplacedFlowCollectionEnd => ("this closes nothing", "remove it"),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            ("the document ends before a bracket is closed", "close it with `]` or `}`")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            ("expected `,` or `}`", "separate the keys of a map by commas")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            ("expected `,` or `]`", "separate the items of a list by commas")
        }
        ErrorKind::UnknownAnchor => {
            ("nothing has this name", "write `&name` before the value that `*name` repeats")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` cannot stand here",
            "check the indentation, and put a text that contains `: ` in quotes",
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            ("this line is not indented like its neighbours", "align it with the lines around it")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("expected a key, which ends with `:`", "write `key: value`, with a space between")
        }
        ErrorKind::DirectiveDisallowed => {
            ("directives are not read", "remove the line that begins with `%`")
        }
        ErrorKind::RecursionLimitExceeded => (
            "lists and maps are nested too deep",
            "nothing in a policy is nested that deep: check the brackets",
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("a text cannot begin with `{}`", character.escape_default());
            return (message, "put the text in quotes");
        }
        other => return (other.to_string(), "check quotes, brackets and indentation around here"),
    };
    (message.to_owned(), help)
}

/// The byte offsets of those characters of a scalar's source that are characters of its text,
/// blanks left out.
pub(super) fn visible_characters(raw: &str) -> impl Iterator<Item = usize> {
    let style = raw.chars().next().unwrap_or(' ');
    let skipped = match style {
        '|' | '>' => raw.find('\n').map_or(raw.len(), |at| at + 1),
        '"' | '\'' => 1,
        _ => 0,
    };
    let mut chars = raw.char_indices().skip_while(move |(at, _)| *at < skipped).peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, c) = chars.next()?;
            match (style, c) {
                (_, c) if c.is_whitespace() => {}
                ('\'', '\'') => {
                    chars.next();
                    return Some(at);
                }
                ('"', '\\') => {
                    let (_, escape) = chars.next()?;
                    let digits = match escape {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        // Blanks, written as escapes: they are blanks in the text.
                        ' ' | 't' | '\t' | 'n' | 'r' | 'v' | 'f' | 'N' | '_' | 'L' | 'P' | '\n'
                        | '\r' => continue,
                        _ => 0,
                    };
                    for _ in 0..digits {
                        chars.next();
                    }
                    return Some(at);
                }
                _ => return Some(at),
            }
        }
    })
}

//! The one file that knows how `cel` parses and how it reports what it cannot parse.

use cel::Env;
use cel::IdedExpr;
use cel::ParseError;
use cel::common::ast::SourceInfo;

use crate::expression::Fault;
use crate::expression::NESTING_MAX;
use crate::expression::scan::Tokens;

/// The number of times that the parser may guess how to continue: only its first error is shown.
const RECOVERIES_MAX: u32 = 4;

/// A syntax tree, in which macros are calls like any other.
pub(super) struct Parsed {
    pub(super) root: IdedExpr,
    info: SourceInfo,
}

impl Parsed {
    /// The beginning of the token that made a node: its operator, bracket, name or literal.
    pub(super) fn offset(&self, node: &IdedExpr) -> usize {
        let start = self.info.offset_for(node.id).map_or(0, |(start, _)| start);
        usize::try_from(start).unwrap_or(0)
    }
}

/// Parses a source that has been scanned.
///
/// # Errors
/// The first mistake, since the parser's later ones tend to follow from it.
pub(super) fn parse(source: &str, tokens: &Tokens) -> Result<Parsed, Fault> {
    // An environment without the standard library expands no macros.
    let parser = Env::default()
        .with_optional_support(false)
        .parser()
        .max_recursion_depth(u16::try_from(NESTING_MAX).unwrap_or(u16::MAX))
        .error_recovery_limit(RECOVERIES_MAX);
    match parser.parse_with_source_info(source) {
        Ok((root, info)) => Ok(Parsed { root, info }),
        Err(errors) => Err(first_fault(&errors.errors, source, tokens)),
    }
}

/// Errors of the grammar come first: those of the visitor that say "incomplete" follow from them.
fn first_fault(errors: &[ParseError], source: &str, tokens: &Tokens) -> Fault {
    let grammatical = errors.iter().find(|error| error.msg.starts_with(SYNTAX));
    let Some(error) = grammatical.or_else(|| errors.first()) else {
        return Fault::new(0, "this is not an expression");
    };
    let offset = offset(source, error.pos);
    let before = tokens.before(offset);
    if source.get(before.clone()) == Some("not") {
        return Fault::new(before.start, "unexpected `not`").help("\"not\" is written `!`");
    }
    let token = source.get(tokens.at(offset)).unwrap_or_default();
    fault(&error.msg, offset, token)
}

const SYNTAX: &str = "Syntax error: ";

fn fault(message: &str, offset: usize, token: &str) -> Fault {
    if message.contains("Recursion limit") {
        return Fault::new(offset, format!("this is nested more than {NESTING_MAX} deep"));
    }
    if message.contains("invalid int literal") {
        return Fault::new(offset, format!("`{token}` does not fit into 64 bits"));
    }
    if message.contains("invalid string literal") {
        return Fault::new(offset, format!("{token} contains what is not a Unicode character"));
    }
    if let Some(syntax) = message.strip_prefix("unsupported syntax '") {
        let syntax = syntax.trim_end_matches('\'');
        return Fault::new(offset, format!("`{syntax}` is not part of content rules"));
    }
    if message.contains("reserved identifier") {
        return Fault::new(offset, format!("`{token}` is reserved and names nothing"));
    }
    if let Some(missing) = message.strip_prefix(SYNTAX).and_then(|m| m.strip_prefix("missing "))
        && let Some((sign, _)) = missing.split_once(" at ")
    {
        return Fault::new(offset, format!("`{}` is missing here", sign.trim_matches('\'')));
    }
    if token.is_empty() {
        return Fault::new(offset, "the expression ends too early");
    }
    let help = match token {
        "and" => Some("\"and\" is written `&&`"),
        "or" => Some("\"or\" is written `||`"),
        _ => None,
    };
    Fault::new(offset, format!("unexpected `{token}`")).maybe_help(help.map(str::to_owned))
}

/// The position in bytes of a line and a column in characters, both of which begin with 1.
fn offset(source: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let within: usize =
        source.get(before..).unwrap_or_default().chars().take(column).map(char::len_utf8).sum();
    before.saturating_add(within)
}

//! A message without what it quotes: earlier text, and signatures.

use std::sync::LazyLock;

use regex::Captures;
use regex::Regex;

use super::INBOUND_TEXT_MAX;
use super::kind::Key;
use super::table::TABLE;
use crate::words::fold;

/// A longer line introduces no quoted text. In bytes.
const LINE_COMPARED_MAX: usize = 300;
/// So many underscores are a rule that a mail program drew.
const RULE_MIN: usize = 10;
/// How many lines a line that introduces quoted text may be broken into.
const OPENER_LINES_MAX: usize = 3;
/// How many lines the first line of a quoted message's head may be apart from one that confirms it.
const HEAD_LINES_MAX: usize = 3;
/// A shorter quotation within a line may be a key word in inverted commas. In words.
const QUOTATION_WORDS_MIN: usize = 4;

/// What stands in inverted commas, of any kind.
static QUOTATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|\"([^\"]*)\"").ok());

/// The customer's own new words, cut at [`INBOUND_TEXT_MAX`].
pub(super) fn own_part(text: &str) -> String {
    let own = own_lines(text);
    let shortened = |quotation: &Captures<'_>| {
        let quoted = quotation.iter().skip(1).flatten().next().map_or("", |it| it.as_str());
        let is_long = quoted.split_whitespace().count() >= QUOTATION_WORDS_MIN;
        if is_long { " ".to_owned() } else { format!("{quoted} ") }
    };
    let without = QUOTATION.as_ref().map(|it| it.replace_all(&own, shortened).into_owned());
    // A quotation may be all there is.
    without.filter(|it| !it.trim().is_empty()).unwrap_or(own)
}

fn own_lines(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut rest = lines.as_slice();
    let mut own = String::new();
    while let [line, after @ ..] = rest {
        rest = match what_is(line, after) {
            Line::Own => {
                let room = INBOUND_TEXT_MAX.saturating_sub(own.len());
                own.push_str(fold::start_of(line, room));
                if line.len() >= room {
                    break;
                }
                own.push('\n');
                after
            }
            Line::Passed(more) => after.get(more..).unwrap_or_default(),
            Line::Ends => break,
        };
    }
    own
}

/// What a line is.
enum Line {
    /// The customer wrote it.
    Own,
    /// It is quoted, or a program wrote it, and so are so many lines after it.
    Passed(usize),
    /// Nothing of the customer's follows.
    Ends,
}

fn what_is(line: &str, after: &[&str]) -> Line {
    let text = line.trim();
    if is_quoted(text) {
        return Line::Passed(0);
    }
    let is_rule = text.len() >= RULE_MIN && text.chars().all(|c| c == '_');
    if text == "--" || is_rule {
        return Line::Ends;
    }
    let mut chunks = text.split_whitespace();
    let first = chunks.find(|chunk| chunk.contains(char::is_alphanumeric)).unwrap_or_default();
    // Most lines are seen by their first word to be the customer's own.
    let begins_mail = fold::words(first).first().is_none_or(|it| TABLE.mail_words.contains(it));
    if text.is_empty() || text.len() > LINE_COMPARED_MAX || !begins_mail {
        return Line::Own;
    }
    let words = fold::words(text);
    if is_whole(&words, Key::Original) || is_head(text, &words, after) {
        return Line::Ends;
    }
    if is_whole(&words, Key::Device) {
        return Line::Passed(0);
    }
    let Some(more) = introduces(text, words, after) else { return Line::Own };
    let mut quoted = after.iter().skip(more).filter(|line| !line.trim().is_empty());
    if quoted.next().is_some_and(|line| is_quoted(line)) { Line::Passed(more) } else { Line::Ends }
}

/// How many lines after this one also belong to the line that introduces quoted text: `On Tuesday
/// Acme wrote:`. It ends in a colon, and has an opener at its start and a verb later on.
fn introduces(text: &str, mut words: Vec<String>, after: &[&str]) -> Option<usize> {
    TABLE.longest(&words, &[Key::ReplyOpener])?;
    let mut last = text;
    for more in 0..OPENER_LINES_MAX {
        if last.ends_with(':') {
            let begins_verb = |from| {
                let words = words.get(from..).unwrap_or_default();
                TABLE.longest(words, &[Key::ReplyVerb]).is_some()
            };
            return (0..words.len()).any(begins_verb).then_some(more);
        }
        last = after.get(more)?.trim();
        if last.is_empty() || last.len() > LINE_COMPARED_MAX {
            return None;
        }
        words.extend(fold::words(last));
    }
    None
}

/// Whether a quoted message's head begins here: `From: …`, and soon after `Sent: …`.
fn is_head(text: &str, words: &[String], after: &[&str]) -> bool {
    let is_field = |text: &str, words: &[String], kind| {
        let name = text.split_once(':').map(|(name, _)| fold::words(name).len());
        name.is_some() && TABLE.longest(words, &[kind]) == name
    };
    let mut following = after.iter().take(HEAD_LINES_MAX);
    is_field(text, words, Key::HeadFrom)
        && following.any(|line| {
            let is_short = line.len() <= LINE_COMPARED_MAX;
            is_short && is_field(line.trim(), &fold::words(line), Key::HeadNext)
        })
}

fn is_whole(words: &[String], kind: Key) -> bool {
    TABLE.longest(words, &[kind]).is_some_and(|length| length == words.len())
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

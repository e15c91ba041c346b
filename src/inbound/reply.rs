//! A message without what it quotes: earlier text, and signatures.

use super::INBOUND_TEXT_MAX;
use super::fold;
use super::kind::Key;
use super::table::TABLE;

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

/// The customer's own new words, cut at [`INBOUND_TEXT_MAX`].
pub(super) fn own_part(text: &str) -> String {
    without_quotations(&own_lines(text))
}

/// The text without what stands in inverted commas in it, unless that is all there is.
fn without_quotations(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['“', '„', '«', '"']) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        own.push_str(before);
        let mut letters = from.chars();
        let closing: &[char] = match letters.next() {
            Some('“') => &['”'],
            Some('„') => &['“', '”'],
            Some('«') => &['»'],
            _ => &['"'],
        };
        let within = letters.as_str();
        let Some(end) = within.find(closing) else {
            own.push_str(from);
            return own;
        };
        let (quoted, after) = within.split_at_checked(end).unwrap_or((within, ""));
        if quoted.split_whitespace().count() < QUOTATION_WORDS_MIN {
            own.push_str(quoted);
        }
        own.push(' ');
        let mut after = after.chars();
        after.next();
        rest = after.as_str();
    }
    own.push_str(rest);
    if own.trim().is_empty() { text.to_owned() } else { own }
}

fn own_lines(text: &str) -> String {
    let mut own = String::new();
    let mut rest = text;
    while let Some((line, after)) = split_line(rest) {
        rest = after;
        match what_is(line, after) {
            Line::Own => {
                let room = INBOUND_TEXT_MAX.saturating_sub(own.len());
                if line.len() >= room {
                    own.push_str(start_of(line, room));
                    break;
                }
                own.push_str(line);
                own.push('\n');
            }
            Line::Passed => {}
            Line::Introduces(lines) => {
                rest = after_lines(after, lines);
                if !is_quoted(next_text(rest)) {
                    break;
                }
            }
            Line::Ends => break,
        }
    }
    own
}

/// The whole words within so many bytes.
fn start_of(line: &str, room: usize) -> &str {
    let fits = |end: &usize| line.get(..*end).is_some();
    let end = (0..=room.min(line.len())).rev().find(fits).unwrap_or_default();
    let (within, beyond) = line.split_at_checked(end).unwrap_or_default();
    let is_cut = beyond.starts_with(|c: char| !c.is_whitespace());
    let word_end = within.rfind(char::is_whitespace).filter(|_| is_cut);
    word_end.and_then(|end| within.get(..end)).unwrap_or(within)
}

/// What a line is.
enum Line {
    /// The customer wrote it.
    Own,
    /// It is quoted, or a program wrote it.
    Passed,
    /// It introduces quoted text, together with so many lines after it.
    Introduces(usize),
    /// Nothing of the customer's follows.
    Ends,
}

fn what_is(line: &str, after: &str) -> Line {
    let text = line.trim();
    if is_quoted(text) {
        return Line::Passed;
    }
    if text == "--" || is_rule(text) {
        return Line::Ends;
    }
    if text.is_empty() || text.len() > LINE_COMPARED_MAX {
        return Line::Own;
    }
    let mut chunks = text.split_whitespace();
    let first = chunks.find(|chunk| chunk.contains(char::is_alphanumeric)).unwrap_or_default();
    // Most lines are seen by their first word to be the customer's own.
    if fold::words(first).first().is_some_and(|word| !TABLE.mail_words.contains(word)) {
        return Line::Own;
    }
    let words = fold::words(text);
    if is_whole(&words, Key::Original) || is_head(text, &words, after) {
        return Line::Ends;
    }
    if is_whole(&words, Key::Device) {
        return Line::Passed;
    }
    introduces(text, words, after).map_or(Line::Own, Line::Introduces)
}

/// How many lines after this one also belong to the line that introduces quoted text: `On Tuesday
/// Acme wrote:`. It ends in a colon, and has an opener at its start and a verb later on.
fn introduces(text: &str, mut words: Vec<String>, after: &str) -> Option<usize> {
    TABLE.longest(&words, &[Key::ReplyOpener])?;
    let mut last = text;
    let mut rest = after;
    for lines in 0..OPENER_LINES_MAX {
        if last.ends_with(':') {
            let has_verb = |from| {
                let words = words.get(from..).unwrap_or_default();
                TABLE.longest(words, &[Key::ReplyVerb]).is_some()
            };
            return (0..words.len()).any(has_verb).then_some(lines);
        }
        let (line, after) = split_line(rest)?;
        last = line.trim();
        rest = after;
        if last.is_empty() || last.len() > LINE_COMPARED_MAX {
            return None;
        }
        words.extend(fold::words(last));
    }
    None
}

/// Whether a quoted message's head begins here: `From: …`, and soon after `Sent: …`.
fn is_head(text: &str, words: &[String], after: &str) -> bool {
    let is_field = |text: &str, words: &[String], kind| {
        text.contains(':')
            && TABLE.longest(words, &[kind]).is_some_and(|length| {
                text.split(':').next().is_some_and(|name| fold::words(name).len() == length)
            })
    };
    let mut rest = after;
    is_field(text, words, Key::HeadFrom)
        && (0..HEAD_LINES_MAX).any(|_| {
            let Some((line, after)) = split_line(rest) else { return false };
            rest = after;
            let short = line.len() <= LINE_COMPARED_MAX;
            short && is_field(line.trim(), &fold::words(line), Key::HeadNext)
        })
}

fn is_whole(words: &[String], kind: Key) -> bool {
    TABLE.longest(words, &[kind]).is_some_and(|length| length == words.len())
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn is_rule(text: &str) -> bool {
    text.len() >= RULE_MIN && text.chars().all(|c| c == '_')
}

/// The next line that is not blank.
fn next_text(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}

fn after_lines(mut text: &str, lines: usize) -> &str {
    for _ in 0..lines {
        text = split_line(text).map_or("", |(_, after)| after);
    }
    text
}

/// The first line, and what follows it.
fn split_line(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    Some(text.split_once('\n').unwrap_or((text, "")))
}

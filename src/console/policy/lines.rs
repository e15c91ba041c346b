//! The lines of documents: their numbers, where a rule is, and what is wrong in them.

use std::collections::BTreeMap;

use maud::Markup;
use maud::html;

use crate::proto::v1;

/// A line of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LinePlace<'a> {
    pub(super) document: &'a str,
    /// Counted from 1.
    pub(super) line: usize,
}

/// The places at which documents name their rules.
#[derive(Debug)]
pub(super) struct Places<'a>(BTreeMap<&'a str, LinePlace<'a>>);

/// The look of a line.
#[derive(Debug)]
pub(super) enum Line {
    Plain,
    /// It stands out.
    Marked,
    /// It stands out, with problems below it.
    Wrong(Markup),
}

impl LinePlace<'_> {
    /// The line's id on the page.
    pub(super) fn id(self) -> String {
        id(self.document, self.line)
    }
}

impl<'a> Places<'a> {
    /// The first line that gives each name.
    pub(super) fn of(documents: &'a [v1::PolicyDocument]) -> Self {
        let mut places = BTreeMap::new();
        for it in documents {
            for (index, line) in it.text.lines().enumerate() {
                if let Some(name) = named(line) {
                    let place = LinePlace { document: &it.name, line: index.saturating_add(1) };
                    places.entry(name).or_insert(place);
                }
            }
        }
        Self(places)
    }

    /// The line of a rule.
    pub(super) fn of_rule(&self, name: &str) -> Option<LinePlace<'a>> {
        self.0.get(name).copied()
    }
}

/// The id of a line: the document's name, as far as it can be one, and the number.
pub(super) fn id(document: &str, line: usize) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '_' };
    let document: String = document.chars().map(plain).collect();
    format!("{document}-{line}")
}

/// The name in a line of a list: `breathing-room` in `- {name: breathing-room, …`. A name without
/// indentation is the document's own.
fn named(line: &str) -> Option<&str> {
    const QUOTES: [char; 2] = ['"', '\''];
    let (before, after) = line.split_once("name")?;
    let begins = before.trim_end_matches(QUOTES);
    if begins.is_empty() || !begins.ends_with([' ', '{', ',', '\t']) {
        return None;
    }
    let after = after.trim_start_matches(QUOTES).trim_start().strip_prefix(':')?.trim_start();
    let name = match after.chars().next().filter(|it| QUOTES.contains(it)) {
        Some(quote) => after.split(quote).nth(1)?,
        None => {
            let end = after.find([',', '}', '#']).unwrap_or(after.len());
            after.get(..end)?.trim_end()
        }
    };
    Some(name).filter(|it| !it.is_empty())
}

/// The name that a document gives itself.
pub(super) fn own_name(text: &str) -> Option<String> {
    if text.trim_start().starts_with('{') {
        let json: serde_json::Value = serde_json::from_str(text).ok()?;
        return json.get("name")?.as_str().map(str::to_owned);
    }
    let said = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    let said = said.split(" #").next().unwrap_or_default().trim();
    Some(said.trim_matches(['"', '\'']).to_owned()).filter(|it| !it.is_empty())
}

/// A document's text, line by line, each with an id.
pub(super) fn numbered(name: &str, text: &str, show: impl Fn(usize) -> Line) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label={ "The text of " (name) } {
            ol class="lines" {
                @for (index, line) in text.lines().enumerate() {
                    @let number = index.saturating_add(1);
                    @match show(number) {
                        Line::Plain => li id=(id(name, number)) { (line) },
                        Line::Marked => li id=(id(name, number)) class="marked" { mark { (line) } },
                        Line::Wrong(says) => {
                            li id=(id(name, number)) class="wrong" { (line) (says) }
                        }
                    }
                }
            }
        }
    }
}

/// The differences, in words.
pub(super) fn changes(changes: &[v1::PolicyChange]) -> Markup {
    html! {
        @if changes.is_empty() {
            p class="empty" { "Nothing that a rule says is different." }
        } @else {
            ul class="changes" { @for it in changes { li { (it.text) } } }
            @if changes.len() >= CHANGES_MAX {
                p class="soft" { "These are the first " (changes.len()) "; there may be more." }
            }
        }
    }
}

/// The number of changes that the API lists.
const CHANGES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_rule_in_whatever_style_it_is_written() {
        for (line, expected) in [
            ("  - name: weekly", Some("weekly")),
            ("  - {name: weekly, least: 20h}", Some("weekly")),
            ("  - {least: 20h, name: weekly}", Some("weekly")),
            ("  - name: \"a b, c\" # so", Some("a b, c")),
            ("    { \"name\": \"weekly\", \"limit\": 3 }", Some("weekly")),
            ("  - name: weekly # three", Some("weekly")),
            ("name: main", None),
            ("  - rename: weekly", None),
            ("  # the name is told", None),
            ("  - name:", None),
        ] {
            assert_eq!(named(line), expected, "{line}");
        }
        assert_eq!(id("a b\"<", 7), "a_b__-7");
        for (text, expected) in [
            ("# policy\nname: main\n", Some("main")),
            ("name: \"main\" # ours\n", Some("main")),
            ("{\"name\": \"main\"}", Some("main")),
            ("budgets:\n  - name: weekly\n", None),
            ("{", None),
        ] {
            assert_eq!(own_name(text).as_deref(), expected, "{text}");
        }
    }
}

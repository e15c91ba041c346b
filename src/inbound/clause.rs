//! What one clause says.
//!
//! A clause of keywords and courtesy alone is what the keywords say. In any other clause phrases are
//! looked for from left to right, the longest first, so that `don't stop` hides the `stop` in it.

use super::Match;
use super::table::Breadth;
use super::table::Entry;
use super::table::Kind;
use super::table::TABLE;

/// What counts within a clause.
const PHRASES: &[Kind] = &[
    Kind::Negated,
    Kind::Innocent,
    Kind::StopPhrase,
    Kind::Stop,
    Kind::WrongPerson,
    Kind::Mention,
];

/// What can be a whole clause, and what may surround it.
const WHOLES: &[(&[Kind], &[Kind])] = &[
    (&[Kind::Stop, Kind::StopAlone], &[Kind::Courtesy]),
    (&[Kind::Stop], &[Kind::Courtesy, Kind::Filler]),
    (&[Kind::Start], &[Kind::Courtesy]),
    (&[Kind::Yes], &[Kind::Courtesy]),
    (&[Kind::Help], &[Kind::Courtesy]),
    (&[Kind::Doubt], &[Kind::Courtesy]),
];

/// A shorter keyword looks like too many ordinary words.
const KEYWORD_LETTERS_MIN: usize = 4;

/// A keyword as typed has at most one mistake in this many letters.
const LETTERS_PER_MISTAKE: usize = 5;

/// A longer word is no keyword with a mistake in it. In bytes.
const TYPED_MAX: usize = 64;

/// What was found in a clause.
pub(super) struct Clause {
    pub(super) found: Vec<Found>,
    /// The keyword that the clause's only word looks like.
    pub(super) misspelt: Option<Match>,
}

/// A phrase that was found.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) breadth: Breadth,
    /// Whether the clause says nothing else.
    pub(super) is_whole: bool,
    pub(super) because: Match,
}

/// Whether the clause is courtesy and nothing else.
pub(super) fn is_courtesy(words: &[String]) -> bool {
    without_courtesy(words).is_empty()
}

/// What the clause says.
pub(super) fn read(words: &[String]) -> Clause {
    let whole = WHOLES.iter().find_map(|(kinds, around)| consists_of(words, kinds, around));
    let found = whole.unwrap_or_else(|| phrases(words));
    Clause { found, misspelt: misspelt(words) }
}

/// The findings of these kinds, if they and what may surround them are all that the clause says.
fn consists_of(words: &[String], kinds: &[Kind], around: &[Kind]) -> Option<Vec<Found>> {
    let mut rest = words;
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (matched, after) = match TABLE.longest(rest, kinds) {
            Some((entry, length)) => {
                let (matched, after) = rest.split_at_checked(length)?;
                all.push(found(entry, matched, true));
                (matched, after)
            }
            None => rest.split_at_checked(TABLE.longest(rest, around)?.1)?,
        };
        debug_assert!(!matched.is_empty(), "a phrase has a word");
        rest = after;
    }
    (!all.is_empty()).then_some(all)
}

/// The phrases in the clause that mean something.
fn phrases(words: &[String]) -> Vec<Found> {
    let mut rest = words;
    let mut all = Vec::new();
    while let Some((_, mut after)) = rest.split_first() {
        if let Some((entry, length)) = TABLE.longest(rest, PHRASES)
            && let Some((matched, behind)) = rest.split_at_checked(length)
        {
            // A mention hides nothing: a clearer phrase may begin within it.
            if !matches!(entry.kind, Kind::Mention | Kind::Stop) {
                after = behind;
            }
            all.push(found(entry, matched, false));
        }
        rest = after;
    }
    all.retain(|found| found.kind != Kind::Innocent);
    all
}

fn found(entry: &Entry, words: &[String], is_whole: bool) -> Found {
    Found { kind: entry.kind, breadth: entry.breadth, is_whole, because: entry.found(words) }
}

/// The words that are no courtesy.
fn without_courtesy(words: &[String]) -> Vec<&String> {
    let mut rest = words;
    let mut left = Vec::new();
    while let Some((word, mut after)) = rest.split_first() {
        match TABLE.longest(rest, &[Kind::Courtesy]) {
            Some((_, length)) => after = rest.get(length..).unwrap_or_default(),
            None => left.push(word),
        }
        rest = after;
    }
    left
}

/// The keyword that the clause's only word begins with, or that it is but for a mistake or two.
fn misspelt(words: &[String]) -> Option<Match> {
    let left = without_courtesy(words);
    let [typed] = left.as_slice() else { return None };
    if typed.len() > TYPED_MAX {
        return None;
    }
    let keywords = TABLE.entries.iter().filter(|entry| entry.kind == Kind::Stop);
    let mut close = keywords.filter(|entry| {
        entry.pattern.single_words().iter().any(|keyword| looks_like(typed, keyword))
    });
    close.next().map(|keyword| keyword.found(&[(*typed).clone()]))
}

fn looks_like(typed: &str, keyword: &str) -> bool {
    let letters = keyword.chars().count();
    let mistakes = letters / LETTERS_PER_MISTAKE;
    letters >= KEYWORD_LETTERS_MIN
        && (typed.starts_with(keyword)
            || (mistakes > 0 && strsim::osa_distance(typed, keyword) <= mistakes))
}

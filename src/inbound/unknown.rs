//! Whether a message is in a language of which the tables know nothing.

use super::kind::Key;
use super::language::Language;
use super::lexicon::Sense;
use super::pattern::Token;
use super::table::Class;
use super::table::TABLE;

/// A message of fewer words, in letters that are known, may be names.
const WORDS_MIN: usize = 3;

/// From how many of a hundred words a language is known.
const KNOWN_PERCENT_MIN: usize = 20;

/// So many words of another language are no chance.
const OTHERS_MIN: usize = 2;

/// The first words of a message that no language of the tables explains; `None` if one does.
pub(super) fn words(tokens: &[&Token]) -> Option<String> {
    let words: Vec<&Token> = tokens.iter().copied().filter(|token| is_word(&token.word)).collect();
    let foreign = words.iter().filter(|token| has_other_letters(&token.word)).count();
    let most = Language::READ.iter().map(|own| count(&words, |class| class.language == *own)).max();
    let most = most.unwrap_or_default();
    let is_other = || {
        let languages = TABLE.classes.iter().filter(|it| it.key == Some(Key::Common));
        let counts = languages.map(|it| count(&words, |class| class.language == it.language));
        counts.max().is_some_and(|others| others >= OTHERS_MIN && others > most)
    };
    let is_known = most * 100 >= words.len() * KNOWN_PERCENT_MIN;
    let is_unknown = foreign * 2 > words.len() || (words.len() >= WORDS_MIN && !is_known);
    let first = || words.iter().take(6).map(|it| it.word.as_str()).collect::<Vec<_>>().join(" ");
    (is_unknown || is_other()).then(first)
}

/// How many of the words are in such a class.
fn count(words: &[&Token], is_one: impl Fn(&Class) -> bool) -> usize {
    let is_in = |sense: &Sense| TABLE.classes.get(sense.class).is_some_and(&is_one);
    words.iter().filter(|token| token.senses.iter().any(is_in)).count()
}

fn is_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}

/// Whether the word is of letters that are not Latin.
fn has_other_letters(word: &str) -> bool {
    word.chars()
        .any(|c| c > '\u{24f}' && !matches!(c, '\u{1e00}'..='\u{1eff}') && c.is_alphabetic())
}

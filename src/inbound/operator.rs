//! The words that an operator adds.

use super::Match;
use super::kind::Key;
use super::table::TABLE;
use crate::words::fold;
use crate::words::pattern::Token;

/// Key words of an operator's own, each as the whole message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    words: Vec<(Vec<String>, OwnWord)>,
}

/// What a word of an operator's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnWord {
    /// No more contact.
    Stop,
    /// Contact again.
    Start,
    /// Help.
    Help,
}

impl OwnWord {
    const ALL: [Self; 3] = [Self::Stop, Self::Start, Self::Help];

    /// The keys of the tables that are the same. The first is what a word of an operator's counts
    /// as.
    const fn keys(self) -> &'static [Key] {
        match self {
            Self::Stop => &[Key::StopAlone, Key::Stop],
            Self::Start => &[Key::Start],
            Self::Help => &[Key::Help],
        }
    }
}

/// Why a word cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdded {
    /// It has no letter or digit, or more than six words.
    NoWord,
    /// The tables have it as something else, which it would hide.
    Taken(OwnWord),
    /// The operator has it as something else.
    Twice(OwnWord),
    /// It is everyday courtesy: `ok`.
    Courtesy,
}

/// The most words of an operator's key word.
const WORDS_MAX: usize = 6;

impl Operator {
    /// Adds a word.
    ///
    /// # Errors
    /// If it is none, or means something else already. What refuses in the tables cannot be made an
    /// opt-in.
    pub fn add(&mut self, text: &str, what: OwnWord) -> Result<(), NotAdded> {
        let words = fold::words(text);
        if words.is_empty() || words.len() > WORDS_MAX {
            return Err(NotAdded::NoWord);
        }
        if let Some((_, other)) = self.words.iter().find(|(known, _)| *known == words) {
            return if *other == what { Ok(()) } else { Err(NotAdded::Twice(*other)) };
        }
        let is_whole = |keys: &[Key]| TABLE.longest(&words, keys) == Some(words.len());
        let mut others = OwnWord::ALL.into_iter().filter(|it| *it != what);
        if let Some(known) = others.find(|it| is_whole(it.keys())) {
            return Err(NotAdded::Taken(known));
        }
        if is_whole(&[Key::Courtesy]) {
            return Err(NotAdded::Courtesy);
        }
        self.words.push((words, what));
        Ok(())
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The word that stands at the start of these, if it is one of these kinds, and its length.
    pub(super) fn key_at(&self, tokens: &[Token], keys: &[Key]) -> Option<(Key, Match, usize)> {
        self.words.iter().find_map(|(words, what)| {
            let key = what.keys().first().filter(|key| keys.contains(key))?;
            let here = tokens.get(..words.len())?;
            let stands = words.iter().zip(here).all(|(one, token)| *one == token.word);
            let because = Match::told("a word of the policy's inbound_messages", words.join(" "));
            stands.then_some((*key, because, words.len()))
        })
    }
}

//! The words that an operator adds.

use super::Match;
use super::fold;
use super::kind::Key;
use super::language::Language;
use super::pattern::Token;
use super::table::TABLE;

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
        let kinds = [
            (OwnWord::Stop, &[Key::Stop, Key::StopAlone][..]),
            (OwnWord::Start, &[Key::Start]),
            (OwnWord::Help, &[Key::Help]),
        ];
        if let Some((known, _)) =
            kinds.into_iter().find(|(kind, keys)| *kind != what && is_whole(keys))
        {
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
        let stands = |words: &[String]| {
            tokens.len() >= words.len()
                && words.iter().zip(tokens).all(|(one, token)| *one == token.word)
        };
        let key = |what| match what {
            OwnWord::Stop => Key::StopAlone,
            OwnWord::Start => Key::Start,
            OwnWord::Help => Key::Help,
        };
        let mut here =
            self.words.iter().filter(|(words, what)| keys.contains(&key(*what)) && stands(words));
        let (words, what) = here.next()?;
        let because = Match {
            language: Language::UNDETERMINED,
            phrase: "a word of the policy's inbound_messages",
            words: words.join(" "),
            source: None,
            place: None,
        };
        Some((key(*what), because, words.len()))
    }
}

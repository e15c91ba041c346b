//! What a customer who wrote to us wants of us: no more contact, contact again, help, or none of these.
//!
//! Pure, and a table of words: nothing is recorded, sent or decided here. The words are data,
//! `inbound/words.tsv`; a new phrase is a new line there and a new line in `tests/inbound/messages.tsv`.
//! Nothing is guessed: what may be a refusal, and cannot be told, is [`Meaning::Unclear`].

mod clause;
mod fold;
mod language;
mod pattern;
mod read;
mod reply;
mod table;

use std::fmt;

pub use language::Language;
pub use table::Breadth;

/// The most of a message that is read, in bytes, after quoted text and signature are taken away. What
/// comes after it is not looked at.
pub const INBOUND_TEXT_MAX: usize = 16_384;

/// What a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// No more contact.
    Stop {
        /// What was refused, sorted, at least one. Each is a refusal of its own: `no more texts, no
        /// more calls` has two.
        breadths: Vec<Breadth>,
        /// What says so.
        because: Match,
    },
    /// Contact again, asked for in so many words.
    Start {
        /// What says so.
        because: Match,
    },
    /// A bare yes. It is an opt-in if the customer was asked for one, and an answer to something else
    /// otherwise; only the caller knows what was asked.
    Yes {
        /// What says so.
        because: Match,
    },
    /// Who is writing, and how can it be stopped?
    Help {
        /// What says so.
        because: Match,
    },
    /// It may be a refusal, or is about being contacted, and a human must look.
    Unclear {
        /// Why it cannot be told.
        doubt: Doubt,
        /// What raises the doubt.
        because: Match,
    },
    /// An ordinary message, which says nothing about being contacted.
    Other,
}

/// Why a message is unclear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It reached somebody else: `wrong number`. The address must be put right.
    WrongPerson,
    /// It says two things: `stop. no, don't stop`.
    Contradicts,
    /// It says not to stop: `don't stop`. That is no refusal, and no opt-in either.
    Negated,
    /// It mentions what a refusal would mention: `how do I unsubscribe?`
    Mentions,
    /// It is one word, and looks like a keyword: `unsubscibe`, `stopwatch`.
    Misspelt,
}

/// What was found in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The language of the phrase. A phrase that several languages share has the first of them.
    pub language: Language,
    /// The phrase as the table of words has it.
    pub phrase: &'static str,
    /// The customer's words that it matched: lower case, without accents and punctuation.
    pub words: String,
    /// Which law or carriers list the phrase, if any does.
    pub source: Option<&'static str>,
}

/// Understands a message, in any of the languages there are.
///
/// Only the customer's own new words count: quoted lines, what follows `On … wrote:` and signatures are
/// passed over. Takes time linear in the length of the text, and reads at most [`INBOUND_TEXT_MAX`]
/// bytes of the customer's own words.
#[must_use]
pub fn understand(text: &str) -> Meaning {
    read::meaning(&fold::clauses(&reply::own_part(text)))
}

impl fmt::Display for Match {
    /// `stop texting me` (en).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.words, self.language.code())
    }
}

#[cfg(test)]
mod tests;

//! What a customer who wrote to us wants of us: no more contact, contact again, help, or none of
//! these.
//!
//! Pure: nothing is recorded, sent or decided here. The words are data, `inbound/tables/*.tsv`,
//! which `docs/inbound.md` tells how to read. In four steps: a message is folded into plain words;
//! key words are looked for, as the whole of it; then the lines of each language's grammar, which
//! apply a refusing word to something of ours; and what else speaks of us, or is in a language that
//! no table knows, is [`Meaning::Unclear`]. What is no message of ours, such as an order, is in no
//! line that refuses.

mod clause;
mod explain;
mod kind;
mod language;
mod operator;
mod read;
mod reply;
mod scattered;
mod table;

use std::fmt;

use strum::EnumString;
use strum::IntoStaticStr;

use crate::wishes;
pub use crate::wishes::Preference;
use crate::words::fold;

pub use explain::Explained;
pub use explain::Explanation;
pub use explain::explain;
pub use language::Language;
pub use operator::NotAdded;
pub use operator::Operator;
pub use operator::OwnWord;
pub use table::Place;

/// The most of a message that is read, in bytes, after quoted text and signature are taken away.
/// What comes after it is not looked at.
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
    /// A bare yes. It is an opt-in if the customer was asked for one, and an answer to something
    /// else otherwise; only the caller knows what was asked.
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
    /// A wish that is neither a yes nor a no, and nothing else.
    Preference {
        /// The wish.
        wish: Preference,
        /// What says so.
        because: Match,
    },
    /// An ordinary message, which says nothing about being contacted.
    Other,
}

/// What a customer refuses. Which channels and purposes of a policy these are is for the caller to
/// say; see each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Breadth {
    /// Not said: a bare `STOP`. What it covers is a setting: the channel it came by, or, by the
    /// rule of the FCC that is waived until 2027-01-31, everything that needs consent.
    #[strum(disabled)]
    Unsaid,
    /// Everything, in so many words: `stop all`, `never contact me again`.
    Everything,
    /// Advertising, by whatever channel: `no more ads`.
    Marketing,
    /// Text messages, whatever channel the customer wrote on.
    Texts,
    /// Calls.
    Calls,
    /// E-mail.
    Emails,
    /// Letters.
    Letters,
    /// Push notifications.
    Notifications,
    /// Calls and texts, as what is to go is a telephone number: `lose my number`.
    Number,
}

/// Why a message is unclear. Of several, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Doubt {
    /// The customer has died.
    Death,
    /// It reached another person: `wrong number`. The address must be put right.
    WrongPerson,
    /// It speaks of a lawyer, a court or an authority.
    Legal,
    /// It says two things: `stop. no, don't stop`.
    Contradicts,
    /// It says not to stop: `don't stop`. That is no refusal, and no opt-in either.
    Negated,
    /// It complains of our messages: `too many texts`.
    Complaint,
    /// It abuses us.
    Abuse,
    /// It mentions what a refusal would mention: `did STOP work?`
    Mentions,
    /// It is one word, and looks like a key word: `stopwatch`.
    Misspelt,
    /// It is in a language or script of which the tables know key words at most.
    UnknownLanguage,
}

impl Doubt {
    /// Its name, as answers have it: `wrong_person`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
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
    /// The line of the tables that decided.
    pub place: Option<Place>,
}

/// Understands a message, in any of the languages there are.
///
/// Only the customer's own new words count: quoted lines, what follows `On … wrote:` and signatures
/// are passed over. Takes time linear in the length of the text, and reads at most
/// [`INBOUND_TEXT_MAX`] bytes of the customer's own words.
#[must_use]
pub fn understand(text: &str, operator: &Operator) -> Meaning {
    read(fold::clauses(&reply::own_part(text), is_known), operator)
}

/// Reads the tables, which the first message would have to wait for otherwise.
pub fn warm_up() {
    drop(understand("\"hello there, all of you\"", &Operator::default()));
}

fn read(clauses: Vec<Vec<String>>, operator: &Operator) -> Meaning {
    let wish = wishes::of(&clauses);
    let words = wish.map(|_| clauses.concat().join(" ")).unwrap_or_default();
    let clauses_count = clauses.len();
    let read = read::meaning(clauses, operator);
    let Some(said) = wish.filter(|it| gives_way(&read, it.wish, clauses_count)) else {
        return read;
    };
    let language = Language::READ.into_iter().find(|it| it.code() == said.language);
    let because = Match {
        language: language.unwrap_or(Language::UNDETERMINED),
        phrase: "a wish",
        words,
        source: None,
        place: Some(Place { file: "wishes.tsv", line: said.line }),
    };
    Meaning::Preference { wish: said.wish, because }
}

/// Whether what was read in a message gives way to the wish that it is. A refusal does only where
/// all of it is one clause that says when or how often: `no texts before nine`.
fn gives_way(read: &Meaning, wish: Preference, clauses: usize) -> bool {
    let is_limit = !matches!(wish, Preference::Fewer) && clauses == 1;
    match read {
        Meaning::Other | Meaning::Unclear { .. } => true,
        Meaning::Stop { because, .. } => is_limit && because.is_of_line(),
        Meaning::Start { .. }
        | Meaning::Yes { .. }
        | Meaning::Help { .. }
        | Meaning::Preference { .. } => false,
    }
}

impl Meaning {
    /// The meaning, or a refusal where the provider took the message for one: that counts, whatever
    /// the text. What is refused is what the text says, or not said.
    #[must_use]
    pub fn or_refusal(self, provider_refuses: bool) -> Self {
        if !provider_refuses || matches!(self, Self::Stop { .. }) {
            return self;
        }
        let phrase = "the provider took it for a refusal";
        let because = Match::told(phrase, "provider_meaning".to_owned());
        Self::Stop { breadths: vec![Breadth::Unsaid], because }
    }
}

impl Match {
    /// What no line of the tables says.
    const fn told(phrase: &'static str, words: String) -> Self {
        Self { language: Language::UNDETERMINED, phrase, words, source: None, place: None }
    }

    /// Whether a line of a grammar says so, and no key word.
    fn is_of_line(&self) -> bool {
        self.place.is_some_and(|place| place.file != "keywords.tsv")
    }
}

/// Whether the tables have a word: what is in disguise may be one of them.
fn is_known(word: &str) -> bool {
    table::TABLE.lexicon.is_known(word)
}

impl fmt::Display for Match {
    /// `stop texting me` (en).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.words, self.language.code())
    }
}

#[cfg(test)]
#[path = "../tests/inbound/understood.rs"]
mod tests;

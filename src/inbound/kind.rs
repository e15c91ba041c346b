//! What the lines of the tables are.

use strum::EnumString;

use super::Breadth;
use super::Doubt;

/// What a key word is, or a line of a mail program. The tables have the names in small letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Key {
    /// A refusal as a clause of its own.
    Stop,
    /// A refusal as the whole message; as a clause among others unclear.
    StopAlone,
    /// An opt-in as the whole message.
    Start,
    /// A bare yes.
    Yes,
    /// A call for help as the whole message.
    Help,
    /// Unclear as the whole message.
    Doubt,
    /// May surround any key word.
    Courtesy,
    /// May surround a `Stop`.
    Filler,
    /// An ordinary word of a language that is not read.
    Common,
    /// How a line that introduces quoted text begins, and what it also holds.
    ReplyOpener,
    ReplyVerb,
    /// A line after which all is quoted.
    Original,
    /// The first and a later line of a quoted message's head.
    HeadFrom,
    HeadNext,
    /// A line that a program signs with.
    Device,
}

/// What a line of a grammar means. Of two that are equally long, the later one here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// A human must look.
    Doubt(Doubt),
    /// A refusal, of what its words name, or of this.
    Stop(Option<Breadth>),
    /// Takes what it covers out of sight: `bus stop`.
    Innocent,
    /// Takes what it covers out of sight, and is a doubt: `don't stop`.
    Negated,
}

impl Says {
    /// What a line of a grammar means, by its first two columns.
    pub(super) fn of(kind: &str, detail: &str) -> Option<Self> {
        Some(match (kind, detail) {
            ("negated", "-") => Self::Negated,
            ("innocent", "-") => Self::Innocent,
            ("stop", "-") => Self::Stop(None),
            ("stop", breadth) => Self::Stop(Some(breadth.parse().ok()?)),
            ("doubt", doubt) => Self::Doubt(doubt.parse().ok()?),
            _ => return None,
        })
    }
}

//! What the lines of the tables are.

use super::Breadth;
use super::Doubt;

/// What a key word is, or a line of a mail program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// What a line of a grammar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// Takes what it covers out of sight, and is a doubt: `don't stop`.
    Negated,
    /// Takes what it covers out of sight: `bus stop`.
    Innocent,
    /// A refusal, of what its words name, or of this.
    Stop(Option<Breadth>),
    /// A human must look.
    Doubt(Doubt),
}

/// What a line of a grammar means, by its first two columns.
pub(super) fn says(kind: &str, detail: &str) -> Option<Says> {
    Some(match (kind, detail) {
        ("negated", "-") => Says::Negated,
        ("innocent", "-") => Says::Innocent,
        ("stop", "-") => Says::Stop(None),
        ("stop", breadth) => Says::Stop(Some(Breadth::of(breadth)?)),
        ("doubt", doubt) => Says::Doubt(Doubt::of(doubt)?),
        _ => return None,
    })
}

/// What a line of key words is, by its kind.
pub(super) fn key(text: &str) -> Option<Key> {
    Some(match text {
        "stop" => Key::Stop,
        "stop_alone" => Key::StopAlone,
        "start" => Key::Start,
        "yes" => Key::Yes,
        "help" => Key::Help,
        "doubt" => Key::Doubt,
        "courtesy" => Key::Courtesy,
        "filler" => Key::Filler,
        "common" => Key::Common,
        "reply_opener" => Key::ReplyOpener,
        "reply_verb" => Key::ReplyVerb,
        "original" => Key::Original,
        "head_from" => Key::HeadFrom,
        "head_next" => Key::HeadNext,
        "device" => Key::Device,
        _ => return None,
    })
}

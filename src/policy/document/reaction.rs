//! Reactions: what an event does by itself.

use serde_json::Value as Json;

use super::Effective;
use super::Length;
use crate::model::EventKind;
use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::Constraint;
use crate::policy::decode::Fault;
use crate::policy::decode::Scalar;
use crate::policy::decode::Text;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::decode::scalars;
use crate::policy::decode::text;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Mode;
use crate::policy::rules::PurposeKind;

record! {
    #![expect(dead_code, reason = "texts for people stay in the document")]
    /// An effect of an event.
    pub(in crate::policy) struct Reaction {
        /// The reaction's name, if it has one: unique in the tenant's policy.
        name: Option<At<Name>>,
        /// The use of the reaction, for people.
        description: Option<Text>,
        /// The source of the reaction: a law, a contract.
        source: Option<Text>,
        /// The event.
        on: EventKind,
        /// The number of events that it takes; by default one. Without `within` they must be in a
        /// row.
        times: Option<Whole<1, 100>>,
        /// The time in which the events must happen, such as `30d`. They need not be in a row then.
        within: Option<At<Span>>,
        /// The contacts that are suppressed then. A part that is not named is suppressed whole.
        suppress: At<Suppress>,
        /// The time of the suppression: a duration such as `30d`, or days of the calendar; by
        /// default for good.
        r#for: Option<At<Length>>,
        /// The days on which the reaction is in force; by default all.
        effective: Option<At<Effective>>,
        /// `enforce` (the default), `shadow` to try it out, or `off`.
        mode: Option<Mode>,
    }
    where
        Constraint::Needs("within", "times"),
}

record! {
    /// The contacts that are suppressed: every list that is given must match. A missing list
    /// matches everything.
    pub(in crate::policy) struct Suppress {
        /// The channel, or `same`: the one of the event.
        channel: Option<At<SuppressedChannel>>,
        /// The kinds of channels, whatever they are called.
        channel_kinds: Option<At<Vec<At<ChannelKind>>>>,
        /// The purposes of contacts.
        purposes: Option<At<Vec<At<Name>>>>,
        /// The kinds of purposes, whatever they are called.
        purpose_kinds: Option<At<Vec<At<PurposeKind>>>>,
        /// The labels of contacts.
        labels: Labels<Option<At<Vec<At<Name>>>>>,
        /// About which occasions.
        occasions: Option<At<Vec<At<Name>>>>,
        /// Under which law the customer falls: one of the customer's is enough; `US` covers
        /// `US-FL`.
        jurisdictions: Option<At<Vec<At<Jurisdiction>>>>,
        /// The customer's segments. One of them is enough.
        segments: Option<At<Vec<At<Name>>>>,
    }
}

/// The channel that a reaction suppresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) enum SuppressedChannel {
    /// The one of the event.
    Same,
    /// The named channel.
    Named(Name),
}

impl Scalar for SuppressedChannel {
    const WHAT: &'static str = "a channel";
    const EXAMPLE: &'static str = "`same`, or the name of a channel";

    fn parse(text: &str) -> Result<Self, Fault> {
        if text == "same" {
            return Ok(Self::Same);
        }
        let named = Name::new(text).map(Self::Named);
        named.map_err(|error| Fault::new(error.to_string(), "write `same`, or a channel's name"))
    }

    fn schema() -> Json {
        text::name_schema()
    }
}

scalars!(SuppressedChannel);

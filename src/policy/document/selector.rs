//! Selectors: the contacts and customers that a rule applies to.

use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::policy::decode::At;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::PurposeKind;

record! {
    /// The contacts and customers that a rule applies to: every list that is given must match. A
    /// missing list matches everything.
    pub(in crate::policy) struct Selector {
        /// The channels.
        channels: Option<At<Vec<At<Name>>>>,
        /// The kinds of channels: `channel_kinds: [call, text]` selects every channel of these
        /// kinds, whatever its name.
        channel_kinds: Option<At<Vec<At<ChannelKind>>>>,
        /// The purposes.
        purposes: Option<At<Vec<At<Name>>>>,
        /// The kinds of purposes: `purpose_kinds: [marketing]` selects every purpose that is
        /// marketing, whatever it is called.
        purpose_kinds: Option<At<Vec<At<PurposeKind>>>>,
        /// The labels.
        labels: Labels<Option<At<Vec<At<Name>>>>>,
        /// About which occasions: one of them is enough.
        occasions: Option<At<Vec<At<Name>>>>,
        /// Under which law the customer falls: one of the customer's is enough; `US` covers
        /// `US-FL`.
        jurisdictions: Option<At<Vec<At<Jurisdiction>>>>,
        /// The customer's segments. One of them is enough.
        segments: Option<At<Vec<At<Name>>>>,
        /// The least priority, from 0 to 100.
        priority_at_least: Option<At<Whole<0, 100>>>,
        /// The priority below which a contact must be, from 1 to 100.
        priority_below: Option<At<Whole<1, 100>>>,
    }
}

//! The pages that customers see, and what things are called there.

use crate::model::Name;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Either;
use crate::policy::decode::Named;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::rules::ShownHistory;
use crate::policy::value::Address;
use crate::policy::value::Colour;
use crate::policy::value::Title;
use crate::policy::value::WebAddress;

record! {
    /// The pages that customers see: what they offer, and who writes.
    pub(in crate::policy) struct Pages {
        /// The sender's name, as customers know it.
        name: Option<Title>,
        /// The sender's postal address, on one line.
        address: Option<Address>,
        /// The address of the sender's privacy notice.
        privacy_url: Option<WebAddress>,
        /// The colour of buttons, such as `"#1a4fb4"`; white on it must be readable.
        colour: Option<Colour>,
        /// The purposes of the pages; by default every purpose that is not exempt from opt-outs and
        /// is no reply.
        purposes: Option<AtLeastOne<At<Name>>>,
        /// The channels that are offered; by default all.
        channels: Option<AtLeastOne<At<Name>>>,
        /// The channels of these that need a consent and are offered all the same: a person asks
        /// the customer on the channel itself before anything else is sent.
        confirm: Vec<At<Name>>,
        /// The limits that a customer may choose for the purposes; by default once a week and once
        /// in 30 days.
        cadence: Option<Vec<At<PageCadence>>>,
        /// The breaks that are offered; by default 14, 30 and 90 days.
        breaks: Option<Vec<At<Span>>>,
        /// The occasions that are shown first; by default the commonest.
        occasions: Option<Vec<At<Name>>>,
        /// Whether customers may name a date of their own; by default they may.
        own_date: Option<bool>,
        /// The part of the contacts that the preference page shows; by default nothing.
        history: Option<ShownHistory>,
        /// The brands of the sender, by name. A part that a brand does not set is that of the page.
        brands: Named<Brand>,
    }
}

record! {
    /// A maximum number of messages in a period.
    pub(in crate::policy) struct PageCadence {
        /// The maximum number.
        limit: Whole<1, 10_000>,
        /// The length of the period.
        per: At<Span>,
    }
}

record! {
    /// One brand of the sender.
    pub(in crate::policy) struct Brand {
        /// The brand's name, as customers know it.
        name: Title,
        /// The brand's postal address, on one line.
        address: Option<Address>,
        /// The address of the brand's privacy notice.
        privacy_url: Option<WebAddress>,
        /// The colour of the brand's buttons.
        colour: Option<Colour>,
    }
}

record! {
    /// A topic and what it is called.
    pub(in crate::policy) struct Topic {
        /// The name that contacts and wishes use.
        name: At<Name>,
        /// Its name for customers, by language.
        title: Named<Title>,
    }
}

/// A topic, by its name alone or with a title.
pub(in crate::policy) type NamedTopic = Either<At<Name>, Topic>;

impl NamedTopic {
    /// The topic's name.
    pub(in crate::policy) const fn name(&self) -> &At<Name> {
        match self {
            Self::Short(name) => name,
            Self::Long(topic) => &topic.name,
        }
    }
}

//! A policy as the engine runs it: names resolved, zones loaded, expressions compiled, rules
//! indexed by channel and purpose. It is made by `policy::compile`, never changes, and knows
//! nothing of the documents it came from.

mod budget;
mod consent;
mod family;
mod hours;
mod inbound;
mod kind;
mod pages;
mod pause;
mod reply_time;
mod spacing;

pub use budget::Budget;
pub use budget::CalendarWindow;
pub use budget::Dimension;
pub use budget::Window;
pub use consent::Accepted;
pub use consent::ConsentRule;
pub use family::Families;
pub use family::Family;
pub(in crate::policy) use family::families;
pub use hours::Hour;
pub use hours::Hours;
pub use hours::SpecialDays;
pub use inbound::HOLD_UNCLEAR_FOR;
pub use inbound::InboundMessages;
pub use inbound::Preferences;
pub use inbound::StopReach;
pub use inbound::UnknownLanguage;
pub use kind::ChannelKind;
pub use kind::PurposeKind;
pub use pages::OCCASIONS_FIRST;
pub use pages::Pages;
pub use pages::Sender;
pub use pages::ShownHistory;
pub use pages::Title;
pub use pages::Titles;
pub use pages::spoken;
pub use pages::titled;
pub use pause::Pause;
pub use reply_time::ReplyTime;
pub use spacing::Backoff;
pub use spacing::Lapse;
pub use spacing::ROW_AGE;
pub use spacing::Reaction;
pub use spacing::Spacing;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Weekday;

use crate::expression::Expression;
use crate::model::Day;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::Span;
use crate::model::decision::NotInForce;
use crate::model::word::words;
use crate::policy::days::Days;
use crate::policy::decode::At;
use crate::policy::document;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;
use crate::zone::Zone;
use crate::zone::Zones;

/// The most channels, and the most purposes, that a policy declares.
pub const DECLARED_MAX: usize = 63;
/// The most rules in a policy.
pub const RULES_MAX: usize = 1_000;

/// All of a tenant's rules in force, and what they refer to.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The revision of the tenant's policy; 0 if it has none.
    pub revision: u64,
    /// The time-zone database in use.
    pub zones: Arc<Zones>,
    /// Settings for all rules.
    pub settings: Settings,
    /// The declared channels; a position here is a bit in a selector's mask.
    pub channels: Vec<Channel>,
    /// The declared purposes, with bits in the same way.
    pub purposes: Vec<Purpose>,
    /// The topics that may be named; any if unset.
    pub topics: Option<BTreeSet<Name>>,
    /// The grounds of consents that may be named: those that ship, and those that rules name.
    pub grounds: BTreeSet<Name>,
    /// The occasions that may be named.
    pub occasions: BTreeSet<Name>,
    /// The dates of the occasions that the policy defines itself, in order.
    pub own_occasions: BTreeMap<Name, Vec<Day>>,
    /// The settings of the pages for customers.
    pub pages: Pages,
    /// Every rule, in order of name, those that are off included. A quiet period around any
    /// occasion becomes one for each occasion, all with its name.
    pub rules: Vec<Rule>,
    /// The effects of events.
    pub reactions: Vec<Reaction>,
    /// The pauses of operators.
    pub pauses: Vec<Pause>,
    /// For each channel and each purpose (`channel × purposes + purpose`), the positions in
    /// `rules` of those that can match and are not off.
    pub index: Vec<Vec<u16>>,
}

/// Settings for all rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time zone of customers whose own is unknown, if one is assumed.
    pub assumed_zone: Option<Arc<Zone>>,
    /// Whether a customer without a zone must be satisfied on all clocks of the customer's
    /// jurisdictions.
    pub strictest: bool,
    /// The jurisdictions of customers who have none.
    pub assumed_jurisdictions: Vec<Jurisdiction>,
    /// The day on which weeks start, unless a rule sets it.
    pub week_starts: Weekday,
    /// The time for which history is kept.
    pub history_retention: Span,
    /// The time for which a conversation stays open after the customer's last message; unset if
    /// the policy has no conversations.
    pub conversation_window: Option<Span>,
    /// The time within which customers who write are answered; unset if it is not watched.
    pub reply: Option<ReplyTime>,
    /// The treatment of customers' messages.
    pub inbound: InboundMessages,
}

/// A way of reaching customers.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name.
    pub name: Name,
    /// Its kind; unset if neither the document nor the name shows it.
    pub kind: Option<ChannelKind>,
    /// The consent that it needs; unset if it needs none.
    pub consent: Option<ConsentNeed>,
    /// The longest time in which a message arrives.
    pub transit: Span,
}

/// A recorded opt-in that is needed.
#[derive(Clone, Copy, Debug)]
pub struct ConsentNeed {
    /// The time for which an opt-in holds; for good if unset.
    pub valid_for: Option<Span>,
}

/// A reason for reaching customers.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Its name.
    pub name: Name,
    /// Whether it is marketing, which customers may always refuse.
    pub marketing: bool,
    /// The families it may pass.
    pub exempt: Families,
    /// Whether it answers customers, and is free while a conversation is open.
    pub replies: bool,
    /// The answer while the store is out of reach.
    pub on_store_failure: OnStoreFailure,
    /// The consent that it needs; unset if it needs none.
    pub consent: Option<ConsentNeed>,
}

words! {
    /// The answer while the store is out of reach.
    pub enum OnStoreFailure {
        /// Allow, and report that the record was not read.
        Allow,
        /// Deny.
        Deny,
    }
}

words! {
    /// Whether a rule denies, or only says that it would.
    pub enum Mode {
        // INVARIANT: in this order, the strongest first.
        /// It denies.
        Enforce,
        /// It is evaluated and reported, and denies nothing.
        Shadow,
        /// It does nothing.
        Off,
    }
}

impl Mode {
    /// This mode, or `most` if that is weaker.
    #[must_use]
    pub fn at_most(self, most: Self) -> Self {
        self.max(most)
    }

    /// This mode, or `least` if that is stronger.
    #[must_use]
    pub fn at_least(self, least: Self) -> Self {
        self.min(least)
    }
}

/// The days on which a rule is in force, both included, on the customer's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// The first day; unset if it has always been in force.
    pub from: Option<Day>,
    /// The last day; unset if it stays in force.
    pub until: Option<Day>,
}

impl Effective {
    /// The days that a document names.
    pub(in crate::policy) fn of(written: Option<&At<document::Effective>>) -> Self {
        written.map_or_else(Self::default, |effective| Self {
            from: effective.from.as_deref().copied(),
            until: effective.until.as_deref().copied(),
        })
    }

    /// The side of the dates on which a day lies, if not within them.
    #[must_use]
    pub fn not_in_force(self, day: Day) -> Option<NotInForce> {
        let ended = self.until.filter(|until| *until < day);
        let to_come = self.from.filter(|from| day < *from);
        let ended = ended.map(|until| NotInForce::Since(until.plus(1)));
        ended.or_else(|| to_come.map(NotInForce::Until))
    }

    /// Whether the rule is in force on all days.
    #[must_use]
    pub const fn is_always(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub name: Name,
    /// Its source, for people: a law, a contract.
    pub source: Option<String>,
    /// Whether it denies.
    pub mode: Mode,
    /// The days on which it is in force.
    pub effective: Effective,
    /// The contacts and customers that it applies to.
    pub selector: Selector,
    /// Its family and demands.
    pub kind: Kind,
}

/// Makes [`Kind`] of the table of families.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $kind:ident($document:ty, $compiled:ty):
        $section:ident, $noun:literal, $family:expr;)+) => {
        /// What a rule asks for.
        #[derive(Clone, Debug)]
        pub enum Kind {
            $(#[doc = $doc] $kind($compiled),)+
        }

        impl Kind {
            /// The family that a purpose can be exempt from; content rules have none.
            #[must_use]
            pub const fn family(&self) -> Option<Family> {
                match self { $(Self::$kind(_) => $family),+ }
            }

            /// The section of documents.
            #[must_use]
            pub const fn section(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($section)),+ }
            }
        }
    };
}

families!(kinds);

impl Kind {
    /// Whether it reads the customer's clock.
    #[must_use]
    pub fn reads_clock(&self) -> bool {
        match self {
            Self::Budget(budget) => budget.window.reads_clock(),
            Self::Spacing(spacing) => !matches!(spacing.least, Lapse::Span(_)),
            Self::Backoff(_) | Self::Consent(_) => false,
            Self::ContactHours(hours) | Self::QuietHours(hours) => hours.zone.is_none(),
            Self::QuietPeriod(_) => true,
            Self::Content(content) => content.expression.grain().is_some(),
        }
    }
}

/// Closed on these days.
#[derive(Clone, Debug)]
pub struct QuietPeriod {
    /// The days.
    pub days: Days,
    /// The occasion whose days they are, if they are one's.
    pub occasion: Option<Name>,
    /// The occasion that customers must have opted out of for it to hold; unset is everyone.
    pub opted_out_of: Option<Name>,
}

/// Denies content by an expression.
#[derive(Clone, Debug)]
pub struct Content {
    /// The condition that denies.
    pub expression: Expression,
    /// The message for the caller.
    pub message: Option<String>,
}

impl Policy {
    /// The position of a declared channel.
    #[must_use]
    pub fn channel_position(&self, name: &str) -> Option<usize> {
        self.channels.iter().position(|channel| channel.name.as_str() == name)
    }

    /// Whether any of its purposes is marketing.
    #[must_use]
    pub fn has_marketing(&self) -> bool {
        self.purposes.iter().any(|purpose| purpose.marketing)
    }

    /// The position of a declared purpose.
    #[must_use]
    pub fn purpose_position(&self, name: &str) -> Option<usize> {
        self.purposes.iter().position(|purpose| purpose.name.as_str() == name)
    }

    /// The rules that can match a channel and a purpose, by their positions.
    pub fn rules_for(&self, channel: usize, purpose: usize) -> impl Iterator<Item = &Rule> {
        let row = self.index.get(channel * self.purposes.len() + purpose);
        let positions = row.map_or(&[][..], Vec::as_slice);
        positions.iter().filter_map(|&position| self.rules.get(usize::from(position)))
    }

    /// The same policy with other pauses in force.
    #[must_use]
    pub fn with_pauses(mut self, pauses: Vec<Pause>) -> Self {
        self.pauses = pauses;
        self
    }
}

/// The index of rules by channel and purpose.
#[must_use]
pub fn index(rules: &[Rule], channels: usize, purposes: usize) -> Vec<Vec<u16>> {
    let pairs =
        (0..channels).flat_map(|channel| (0..purposes).map(move |purpose| (channel, purpose)));
    pairs
        .map(|(channel, purpose)| {
            let can_match = |rule: &&(usize, &Rule)| {
                let selector = &rule.1.selector;
                rule.1.mode != Mode::Off
                    && selector.channels.meets(Mask::of(Some(channel)))
                    && selector.purposes.meets(Mask::of(Some(purpose)))
            };
            let numbered: Vec<(usize, &Rule)> = rules.iter().enumerate().collect();
            let positions = numbered.iter().filter(can_match);
            positions.filter_map(|(position, _rule)| u16::try_from(*position).ok()).collect()
        })
        .collect()
}

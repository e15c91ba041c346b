//! The words that values can be.

use jiff::civil::Weekday;

use crate::model::EventKind;
use crate::model::Word;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::model::history::State;
use crate::model::weekdays;
use crate::model::wish::CalendarUnit;
use crate::model::word::words;
use crate::policy::decode::choices;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Dimension;
use crate::policy::rules::Family;
use crate::policy::rules::Mode;
use crate::policy::rules::OnStoreFailure;
use crate::policy::rules::Preferences;
use crate::policy::rules::PurposeKind;
use crate::policy::rules::ShownHistory;
use crate::policy::rules::StopReach;
use crate::policy::rules::UnknownLanguage;

words! {
    /// Whether a consent is needed.
    pub(in crate::policy) enum Need {
        /// It is needed.
        Required,
    }
}

words! {
    /// The treatment of customers whose time zone is unknown.
    pub(in crate::policy) enum Unknown {
        /// A rule that needs a clock denies.
        Deny,
        /// All clocks of the customer's jurisdictions must agree.
        Strictest,
    }
}

words! {
    /// The customers that a quiet period is for.
    pub(in crate::policy) enum Who {
        /// Every customer.
        Everyone,
        /// Customers who opted out of the occasion.
        OptedOut,
    }
}

words! {
    /// Things that are counted once, however often they occur.
    pub(in crate::policy) enum Distinct {
        /// The channel.
        Channel,
    }
}

words! {
    /// Whether a double opt-in is complete.
    pub(in crate::policy) enum ConsentState {
        /// The customer has not confirmed it yet.
        Pending,
        /// The double opt-in is complete.
        Confirmed,
    }
}

words! {
    /// The reliability of a document's sources.
    pub enum Confidence {
        /// The text of the law, or its regulator, was read.
        High,
        /// Others quote the text, or several report it.
        Medium,
        /// One vendor or newspaper says so.
        Low,
    }
}

/// A day of the week in a list of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct DayName(pub(in crate::policy) Weekday);

/// The day on which weeks start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct WeekStart(pub(in crate::policy) Weekday);

impl Word for DayName {
    fn all() -> impl Iterator<Item = Self> {
        weekdays::all().map(Self)
    }

    fn word(self) -> &'static str {
        weekdays::name_of(self.0)
    }
}

impl Word for WeekStart {
    fn all() -> impl Iterator<Item = Self> {
        weekdays::all().map(Self)
    }

    fn word(self) -> &'static str {
        match self.0 {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        }
    }
}

choices! {
    Need: "the word `required`",
    Unknown: "what to do without a clock",
    StopReach: "what a bare STOP refuses",
    UnknownLanguage: "what is done about a message in a language that is not known",
    ShownHistory: "what the preference page shows of the contacts that were made",
    Preferences: "what is done about a wish that is neither a yes nor a no",
    Who: "a group of customers",
    Distinct: "what can be counted distinctly",
    ConsentState: "the state of a consent",
    Confidence: "how sure sources are",
    DayName: "a day of the week",
    WeekStart: "a day of the week",
    Mode: "a mode",
    Family: "a family of rules",
    OnStoreFailure: "an answer",
    ChannelKind: "a kind of channel",
    PurposeKind: "a kind of purpose",
    Dimension: "what a budget can be divided by",
    CalendarUnit: "a stretch of the calendar",
    EventKind: "a type of event",
    State: "the state of a contact",
    Effect: "an effect",
    Code: "a reason",
}

//! The words that values can be.

use jiff::civil::Weekday;

use crate::model::EventKind;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::decode::choice;
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

/// That something is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Need;

/// What is done for customers whose time zone is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Unknown {
    /// What needs a clock denies.
    Deny,
    /// All clocks of the customer's jurisdictions must agree.
    Strictest,
}

/// The customers that a quiet period is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Who {
    /// Every customer.
    Everyone,
    /// Those who opted out of the occasion.
    OptedOut,
}

/// What is counted once, however often it occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Distinct {
    /// The channel.
    Channel,
}

/// Whether a double opt-in is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum ConsentState {
    /// The customer has not confirmed it yet.
    Pending,
    /// It holds.
    Confirmed,
}

/// How sure the sources of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// The text of the law, or its regulator, was read.
    High,
    /// The text was quoted by others, or told by several.
    Medium,
    /// One vendor or newspaper says so.
    Low,
}

impl Confidence {
    /// The word in the policy language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// A day of the week in a list of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct DayName(pub(in crate::policy) Weekday);

/// The day on which weeks start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct WeekStart(pub(in crate::policy) Weekday);

choice!(Need, "the word `required`", "required" => Self);

choice!(Unknown, "what to do without a clock",
    "deny" => Self::Deny,
    "strictest" => Self::Strictest,
);

choice!(StopReach, "what a bare STOP refuses",
    "channel" => Self::Channel,
    "everything" => Self::Everything,
);
choice!(UnknownLanguage, "what is done about a message in a language that is not known",
    "hold" => Self::Hold,
    "list" => Self::List,
    "ignore" => Self::Ignore,
);
choice!(ShownHistory, "what the preference page shows of the contacts that were made",
    "off" => Self::Off,
    "channels" => Self::Channels,
);
choice!(Preferences, "what is done about a wish that is neither a yes nor a no",
    "ask" => Self::Ask,
    "record" => Self::Record,
);

choice!(Who, "a group of customers",
    "everyone" => Self::Everyone,
    "opted_out" => Self::OptedOut,
);

choice!(Distinct, "what can be counted distinctly", "channel" => Self::Channel);

choice!(ConsentState, "the state of a consent",
    "pending" => Self::Pending,
    "confirmed" => Self::Confirmed,
);

choice!(Confidence, "how sure sources are",
    "high" => Self::High,
    "medium" => Self::Medium,
    "low" => Self::Low,
);

choice!(DayName, "a day of the week",
    "mon" => Self(Weekday::Monday),
    "tue" => Self(Weekday::Tuesday),
    "wed" => Self(Weekday::Wednesday),
    "thu" => Self(Weekday::Thursday),
    "fri" => Self(Weekday::Friday),
    "sat" => Self(Weekday::Saturday),
    "sun" => Self(Weekday::Sunday),
);

choice!(WeekStart, "a day of the week",
    "monday" => Self(Weekday::Monday),
    "tuesday" => Self(Weekday::Tuesday),
    "wednesday" => Self(Weekday::Wednesday),
    "thursday" => Self(Weekday::Thursday),
    "friday" => Self(Weekday::Friday),
    "saturday" => Self(Weekday::Saturday),
    "sunday" => Self(Weekday::Sunday),
);

choice!(Mode, "a mode",
    "enforce" => Self::Enforce,
    "shadow" => Self::Shadow,
    "off" => Self::Off,
);

choice!(Family, "a family of rules",
    "budgets" => Self::Budgets,
    "spacing" => Self::Spacing,
    "backoff" => Self::Backoff,
    "contact_hours" => Self::ContactHours,
    "quiet_hours" => Self::QuietHours,
    "quiet_periods" => Self::QuietPeriods,
    "opt_outs" => Self::OptOuts,
    "suppressions" => Self::Suppressions,
    "consent" => Self::Consent,
);

choice!(OnStoreFailure, "an answer",
    "allow" => Self::Allow,
    "deny" => Self::Deny,
);

choice!(ChannelKind, "a kind of channel",
    "email" => Self::Email,
    "text" => Self::Text,
    "call" => Self::Call,
    "push" => Self::Push,
    "messenger" => Self::Messenger,
    "post" => Self::Post,
    "other" => Self::Other,
);

choice!(PurposeKind, "a kind of purpose",
    "marketing" => Self::Marketing,
    "collection" => Self::Collection,
    "other" => Self::Other,
);

choice!(Dimension, "what a budget can be divided by");

choice!(CalendarUnit, "a stretch of the calendar",
    "day" => Self::Day,
    "week" => Self::Week,
    "month" => Self::Month,
    "quarter" => Self::Quarter,
    "year" => Self::Year,
);

choice!(EventKind, "a type of event",
    "inbound" => Self::Inbound,
    "conversation" => Self::Conversation,
    "opened" => Self::Opened,
    "clicked" => Self::Clicked,
    "replied" => Self::Replied,
    "converted" => Self::Converted,
    "complained" => Self::Complained,
    "bounced_hard" => Self::BouncedHard,
    "bounced_soft" => Self::BouncedSoft,
    "refused" => Self::Refused,
);

choice!(State, "the state of a contact",
    "reserved" => Self::Reserved,
    "sent" => Self::Sent,
    "released" => Self::Released,
    "expired" => Self::Expired,
    "bounced" => Self::Bounced,
);

choice!(Effect, "an effect",
    "ALLOW" => Self::Allow,
    "DENY" => Self::Deny,
);

choice!(Code, "a reason",
    "OPTED_OUT" => Self::OptedOut,
    "NO_CONSENT" => Self::NoConsent,
    "SUPPRESSED" => Self::Suppressed,
    "BUDGET_SPENT" => Self::BudgetSpent,
    "PERSONAL_CADENCE" => Self::PersonalCadence,
    "TOO_SOON" => Self::TooSoon,
    "BACKING_OFF" => Self::BackingOff,
    "OUTSIDE_CONTACT_HOURS" => Self::OutsideContactHours,
    "QUIET_HOURS" => Self::QuietHours,
    "QUIET_PERIOD" => Self::QuietPeriod,
    "CONTENT_RULE" => Self::ContentRule,
    "PAUSED" => Self::Paused,
    "UNKNOWN_TIME_ZONE" => Self::UnknownTimeZone,
    "STORE_UNAVAILABLE" => Self::StoreUnavailable,
    "RECORD_UNREADABLE" => Self::RecordUnreadable,
    "HISTORY_FULL" => Self::HistoryFull,
    "ALREADY_SENT" => Self::AlreadySent,
    "RESERVATION_ENDED" => Self::ReservationEnded,
    "CUSTOMER_ERASED" => Self::CustomerErased,
);

//! A policy as the engine runs it: names resolved, zones loaded, expressions compiled, rules
//! indexed by channel and purpose. It is made by `policy::compile`, never changes, and says
//! nothing about the documents it came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Weekday;

use crate::expression::Expression;
use crate::model::Day;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::Span;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::days::Days;
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
    /// The revision of the tenant's policy, 0 where it has none.
    pub revision: u64,
    /// The time-zone database in use.
    pub zones: Arc<Zones>,
    /// What holds for all rules.
    pub settings: Settings,
    /// The declared channels; a position here is a bit in a selector's mask.
    pub channels: Vec<Channel>,
    /// The declared purposes, likewise.
    pub purposes: Vec<Purpose>,
    /// The topics that may be named; unset where any may.
    pub topics: Option<BTreeSet<Name>>,
    /// The occasions that may be named.
    pub occasions: BTreeSet<Name>,
    /// Every rule, in order of name, those that are off included.
    pub rules: Vec<Rule>,
    /// What events do by themselves.
    pub reactions: Vec<Reaction>,
    /// What operators have stopped for now.
    pub pauses: Vec<Pause>,
    /// For each channel and each purpose (`channel × purposes + purpose`), the positions in
    /// `rules` of those that can match and are not off.
    pub index: Vec<Vec<u16>>,
}

/// What holds for all rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The clock of customers whose own nobody knows; unset is none.
    pub assumed_zone: Option<Arc<Zone>>,
    /// Whether a customer without a zone must be satisfied on all clocks of the customer's
    /// jurisdictions.
    pub strictest: bool,
    /// The jurisdictions of customers who have none.
    pub assumed_jurisdictions: Vec<Jurisdiction>,
    /// The day on which weeks start, where a rule does not say.
    pub week_starts: Weekday,
    /// How long history is kept.
    pub history_retention: Span,
    /// How long a conversation stays open after the customer's last message; unset where there
    /// are none.
    pub conversation_window: Option<Span>,
}

/// A way of reaching customers.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name.
    pub name: Name,
    /// What consent it needs; unset is none.
    pub consent: Option<ConsentNeed>,
    /// How long a message may be on its way.
    pub transit: Span,
}

/// A recorded opt-in that is needed.
#[derive(Clone, Copy, Debug)]
pub struct ConsentNeed {
    /// How long an opt-in holds; unset is for good.
    pub valid_for: Option<Span>,
}

/// A reason for reaching customers.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Its name.
    pub name: Name,
    /// The families it may pass.
    pub exempt: Families,
    /// Whether it answers customers, and is free while a conversation is open.
    pub replies: bool,
    /// What is answered when the store is out of reach.
    pub on_store_failure: OnStoreFailure,
    /// What consent it needs; unset is none.
    pub consent: Option<ConsentNeed>,
}

/// What is answered when the store is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStoreFailure {
    /// Allow, and say that nobody looked.
    Allow,
    /// Deny.
    Deny,
}

/// What a purpose may be exempt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Budgets, and the customer's own cadence.
    Budgets,
    /// Spacing.
    Spacing,
    /// Back-off.
    Backoff,
    /// Contact hours.
    ContactHours,
    /// Quiet hours, and the customer's own.
    QuietHours,
    /// Quiet periods, and the customer's own days.
    QuietPeriods,
    /// Opt-outs.
    OptOuts,
    /// Suppressions and reactions.
    Suppressions,
    /// The need for consent.
    Consent,
}

impl Family {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::Budgets,
        Self::Spacing,
        Self::Backoff,
        Self::ContactHours,
        Self::QuietHours,
        Self::QuietPeriods,
        Self::OptOuts,
        Self::Suppressions,
        Self::Consent,
    ];

    /// The name in the policy language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Budgets => "budgets",
            Self::Spacing => "spacing",
            Self::Backoff => "backoff",
            Self::ContactHours => "contact_hours",
            Self::QuietHours => "quiet_hours",
            Self::QuietPeriods => "quiet_periods",
            Self::OptOuts => "opt_outs",
            Self::Suppressions => "suppressions",
            Self::Consent => "consent",
        }
    }

    /// Whether replies pass it while a conversation is open.
    #[must_use]
    pub const fn yields_to_replies(self) -> bool {
        !matches!(self, Self::OptOuts | Self::Suppressions)
    }
}

/// A set of families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Families(u16);

impl Families {
    /// The set with one more.
    #[must_use]
    pub const fn with(self, family: Family) -> Self {
        Self(self.0 | Self::bit(family))
    }

    /// Whether it holds the family.
    #[must_use]
    pub const fn contains(self, family: Family) -> bool {
        self.0 & Self::bit(family) != 0
    }

    const fn bit(family: Family) -> u16 {
        match family {
            Family::Budgets => 1,
            Family::Spacing => 1 << 1,
            Family::Backoff => 1 << 2,
            Family::ContactHours => 1 << 3,
            Family::QuietHours => 1 << 4,
            Family::QuietPeriods => 1 << 5,
            Family::OptOuts => 1 << 6,
            Family::Suppressions => 1 << 7,
            Family::Consent => 1 << 8,
        }
    }
}

/// Whether a rule denies, or only says that it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It denies.
    Enforce,
    /// It is evaluated and reported, and denies nothing.
    Shadow,
    /// It does nothing.
    Off,
}

/// The days on which a rule is in force, both included, on the customer's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// The first day; unset is always.
    pub from: Option<Day>,
    /// The last day; unset is for good.
    pub until: Option<Day>,
}

impl Effective {
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
    /// Whether it denies.
    pub mode: Mode,
    /// When it is in force.
    pub effective: Effective,
    /// What is limited by it.
    pub selector: Selector,
    /// What it asks for.
    pub kind: Kind,
}

/// What a rule asks for.
#[derive(Clone, Debug)]
pub enum Kind {
    /// At most so many contacts in any window.
    Budget(Budget),
    /// A least time between contacts, or after events.
    Spacing(Spacing),
    /// A spacing that grows while the customer does not answer.
    Backoff(Backoff),
    /// Closed outside these hours.
    ContactHours(Hours),
    /// Closed inside these hours.
    QuietHours(Hours),
    /// Closed on these days.
    QuietPeriod(QuietPeriod),
    /// Denies what an expression says.
    Content(Content),
}

impl Kind {
    /// The family that a purpose can be exempt from; content rules have none.
    #[must_use]
    pub const fn family(&self) -> Option<Family> {
        match self {
            Self::Budget(_) => Some(Family::Budgets),
            Self::Spacing(_) => Some(Family::Spacing),
            Self::Backoff(_) => Some(Family::Backoff),
            Self::ContactHours(_) => Some(Family::ContactHours),
            Self::QuietHours(_) => Some(Family::QuietHours),
            Self::QuietPeriod(_) => Some(Family::QuietPeriods),
            Self::Content(_) => None,
        }
    }

    /// Whether it reads the customer's clock.
    #[must_use]
    pub fn reads_clock(&self) -> bool {
        match self {
            Self::Budget(budget) => budget.window.reads_clock(),
            Self::Spacing(spacing) => !matches!(spacing.least, Lapse::Span(_)),
            Self::Backoff(_) => false,
            Self::ContactHours(hours) | Self::QuietHours(hours) => hours.zone.is_none(),
            Self::QuietPeriod(_) => true,
            Self::Content(content) => content.expression.grain().is_some(),
        }
    }
}

/// At most so many contacts in any window.
#[derive(Clone, Debug)]
pub struct Budget {
    /// How many units, for customers of whom no override speaks.
    pub limit: u32,
    /// Overrides by segment; the first that names one of the customer's holds.
    pub overrides: Vec<(Vec<Name>, u32)>,
    /// The stretch of time.
    pub window: Window,
    /// What spends it.
    pub counts: Selector,
    /// What has a budget of its own for each value.
    pub by: Vec<Dimension>,
    /// Units that a contact costs, by the position of its channel; what is not listed costs 1.
    pub costs: Vec<u32>,
    /// Whether it counts different channels instead of contacts.
    pub distinct_channels: bool,
    /// Units that are kept for contacts of a priority at least.
    pub keep: Vec<(u8, u32)>,
    /// The states in which a contact is given back.
    pub refund_on: Vec<State>,
}

/// The stretch of time of a budget.
#[derive(Clone, Debug)]
pub enum Window {
    /// `(t - span, t]`.
    Sliding(Span),
    /// A stretch of the calendar.
    Calendar(CalendarWindow),
}

impl Window {
    /// Whether it reads the customer's clock.
    #[must_use]
    pub const fn reads_clock(&self) -> bool {
        match self {
            Self::Sliding(_) => false,
            Self::Calendar(calendar) => calendar.zone.is_none(),
        }
    }
}

/// A day, week, month, quarter or year on somebody's clock.
#[derive(Clone, Debug)]
pub struct CalendarWindow {
    /// How long.
    pub unit: CalendarUnit,
    /// The clock; unset is the customer's.
    pub zone: Option<Arc<Zone>>,
    /// The day on which weeks start.
    pub week_starts: Weekday,
}

/// What a budget can be divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// One budget for each topic.
    Topic,
    /// One for each campaign.
    Campaign,
    /// One for each brand.
    Brand,
    /// One for each channel.
    Channel,
    /// One for each purpose.
    Purpose,
}

/// A least time between contacts, or after events.
#[derive(Clone, Debug)]
pub struct Spacing {
    /// The events after which it holds; none: between any two contacts that the rule selects.
    pub since: Vec<EventKind>,
    /// The least time.
    pub least: Lapse,
}

/// How long something holds after a contact or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Absolute time.
    Span(Span),
    /// Civil days, its own being the first.
    CalendarDays(u16),
    /// Whole civil days after its own.
    FullDays(u16),
}

/// A spacing that grows while the customer does not answer.
#[derive(Clone, Debug)]
pub struct Backoff {
    /// Consecutive contacts without an engagement from which on it holds.
    pub after: u32,
    /// The spacing then.
    pub base: Span,
    /// What each further one multiplies it by.
    pub factor: u32,
    /// The longest spacing; unset is no bound.
    pub most: Option<Span>,
    /// The events that count as an engagement.
    pub reset_on: Vec<EventKind>,
}

/// Hours of the week.
#[derive(Clone, Debug)]
pub struct Hours {
    /// The clock; unset is the customer's.
    pub zone: Option<Arc<Zone>>,
    /// The spans that begin on each day of the week, Monday first.
    pub week: [Vec<Hour>; 7],
    /// Days with hours of their own.
    pub holidays: Option<SpecialDays>,
    /// Days that narrow the day's own hours: the days before those listed.
    pub eves: Option<SpecialDays>,
}

/// A span of the wall clock, `[from, to)`, in milliseconds after the midnight on which its day
/// begins; `to` is beyond 24 hours where it crosses the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour {
    /// Where it begins, below 24 hours.
    pub from_millis: i64,
    /// Where it ends, after `from_millis` and below 48 hours.
    pub to_millis: i64,
}

/// Days with hours of their own.
#[derive(Clone, Debug)]
pub struct SpecialDays {
    /// The days, in order.
    pub days: Arc<[Day]>,
    /// Their hours.
    pub hours: Vec<Hour>,
}

/// Closed on these days.
#[derive(Clone, Debug)]
pub struct QuietPeriod {
    /// The days.
    pub days: Days,
    /// The occasion that customers must have opted out of for it to hold; unset is everyone.
    pub opted_out_of: Option<Name>,
}

/// Denies what an expression says.
#[derive(Clone, Debug)]
pub struct Content {
    /// What is denied.
    pub expression: Expression,
    /// What to tell the caller.
    pub message: Option<String>,
}

/// What an event does by itself.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Whether it suppresses.
    pub mode: Mode,
    /// When it is in force.
    pub effective: Effective,
    /// The event.
    pub on: EventKind,
    /// How many in a row it takes.
    pub times: u32,
    /// Whether it suppresses the channel of the event only.
    pub same_channel: bool,
    /// What it suppresses.
    pub suppress: Selector,
    /// For how long; unset is for good.
    pub lasts: Option<Lapse>,
}

/// What an operator has stopped for now.
#[derive(Clone, Debug)]
pub struct Pause {
    /// What is stopped.
    pub selector: Selector,
    /// The first instant; unset is long ago.
    pub from: Option<Instant>,
    /// The first instant at which it is over; unset is when somebody ends it.
    pub until: Option<Instant>,
    /// Why.
    pub reason: String,
}

impl Policy {
    /// The position of a declared channel.
    #[must_use]
    pub fn channel_position(&self, name: &str) -> Option<usize> {
        self.channels.iter().position(|channel| channel.name.as_str() == name)
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

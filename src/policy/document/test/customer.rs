//! A customer: what is known, wanted, and on record.

use std::collections::BTreeMap;

use crate::model::Day;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Profile;
use crate::model::Span;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::model::wish::MonthDay;
use crate::policy::decode::At;
use crate::policy::decode::Constraint;
use crate::policy::decode::Either;
use crate::policy::decode::List;
use crate::policy::decode::Named;
use crate::policy::decode::Text;
use crate::policy::decode::Whole;
use crate::policy::decode::record;
use crate::policy::value::ConsentState;
use crate::policy::value::DayName;
use crate::policy::value::Days;
use crate::policy::value::From;
use crate::policy::value::To;
use crate::policy::value::ZoneName;

record! {
    /// A customer: what is known, wanted, and on record.
    pub(in crate::policy) struct Customer {
        /// The customer's own time zone.
        time_zone: Option<At<ZoneName>>,
        /// The zones in which the customer may be, where the own one is unknown.
        time_zones: Vec<At<ZoneName>>,
        /// The laws under which the customer falls, as ISO 3166 codes.
        jurisdictions: Vec<At<Jurisdiction>>,
        /// The customer's language, such as `en-US`.
        locale: Option<Name>,
        /// The groups to which the customer belongs.
        segments: Vec<Name>,
        /// The attributes that content rules may read.
        attributes: Named<Text>,
        /// The customer's refusals. An empty one is everything.
        opt_outs: Vec<OptOut>,
        /// The customer's recorded yeses.
        consents: Vec<Consent>,
        /// The operator's refusals.
        suppressions: Vec<Suppression>,
        /// The customer's own limits on the number of contacts.
        cadence: Vec<Cadence>,
        /// The times at which the customer wants no contacts.
        quiet: Vec<Quiet>,
        /// Contacts that were made, and reservations in the future.
        contacts: Vec<PastContact>,
        /// The customer's past events.
        events: Vec<PastEvent>,
    }
}

impl Customer {
    /// The customer's profile.
    pub(in crate::policy) fn profile(&self) -> Profile {
        Profile {
            time_zone: self.time_zone.as_ref().map(|zone| zone.0.clone()),
            time_zones: self.time_zones.iter().map(|zone| zone.0.clone()).collect(),
            jurisdictions: self.jurisdictions.iter().map(|it| it.value.clone()).collect(),
            locale: self.locale.clone(),
            segments: self.segments.clone(),
            attributes: self.attributes.texts(),
        }
    }
}

impl Named<Text> {
    /// The texts by their names alone.
    pub(in crate::policy) fn texts(&self) -> BTreeMap<Name, String> {
        self.iter().map(|(name, text)| (name.value.clone(), text.to_string())).collect()
    }
}

record! {
    /// The scope of a wish: every part that is given must match.
    pub(in crate::policy) struct Scope {
        /// The channel.
        channel: Option<At<Name>>,
        /// The purpose.
        purpose: Option<At<Name>>,
        /// About what.
        topic: Option<Name>,
        /// The brand.
        brand: Option<Name>,
        /// About which occasion.
        occasion: Option<At<Name>>,
    }
}

record! {
    /// A customer's refusal.
    pub(in crate::policy) struct OptOut with scope: Scope {
        /// Whether only marketing purposes are refused; all purposes, if the policy has no
        /// marketing.
        marketing: Option<bool>,
        /// The first instant at which it no longer holds; by default it always holds.
        until: Option<Instant>,
    }
}

record! {
    /// A customer's recorded yes.
    pub(in crate::policy) struct Consent {
        /// The channel it is for. A consent that names none allows nothing.
        channel: Option<At<Name>>,
        /// The purpose it is for; by default any.
        purpose: Option<At<Name>>,
        /// The topic it is for, and no other; by default any.
        topic: Option<Name>,
        /// The brand it is for, and no other; by default any.
        brand: Option<Name>,
        /// The time at which it was given; by default long ago, and then it does not age.
        at: Option<Instant>,
        /// `confirmed` (the default), or `pending` while a double opt-in is not complete.
        state: Option<ConsentState>,
        /// The ground on which it rests; by default `express`.
        ground: Option<At<Name>>,
    }
}

record! {
    /// An operator's refusal.
    pub(in crate::policy) struct Suppression with scope: Scope {
        /// The operator's code for the reason, such as `open_case`.
        reason: Option<Name>,
        /// The first instant at which it no longer holds; by default it always holds.
        until: Option<Instant>,
    }
}

record! {
    /// A limit of the customer's own on the number of contacts.
    pub(in crate::policy) struct Cadence {
        /// The channel it is about; by default all of them together.
        channel: Option<At<Name>>,
        /// The purposes it is about, together; by default all.
        purposes: Vec<At<Name>>,
        /// The topics it is about, together; by default all.
        topics: Vec<Name>,
        /// The maximum number of contacts.
        limit: Whole<0, 10_000>,
        /// The stretch of time: a duration such as `7d`, or a stretch of the calendar.
        per: Either<Span, OwnCalendar>,
    }
}

record! {
    /// A stretch of the calendar on the customer's clock.
    pub(in crate::policy) struct OwnCalendar {
        /// The unit of the calendar.
        calendar: CalendarUnit,
    }
}

record! {
    /// Days or hours that the customer keeps free of us, on the customer's clock.
    pub(in crate::policy) struct Quiet {
        /// The first day, included.
        from: Option<At<Day>>,
        /// The last day, included.
        to: Option<At<Day>>,
        /// A date of every year, such as `03-03`.
        yearly: Option<MonthDay>,
        /// Days before and after the date that are quiet too, such as `3d`.
        around: Option<Days>,
        /// Hours of the week.
        hours: Option<OwnHours>,
    }
    where
        Constraint::ExactlyOne(&["from", "yearly", "hours"]),
        Constraint::Needs("from", "to"),
        Constraint::Needs("to", "from"),
        Constraint::Needs("around", "yearly"),
}

record! {
    /// Hours of some days of the week. Those that cross midnight belong to the day they begin.
    pub(in crate::policy) struct OwnHours {
        /// The days; by default all.
        days: Option<At<List<At<DayName>>>>,
        /// The channels that are quiet; by default all.
        channels: Vec<At<Name>>,
        /// The beginning, as `"HH:MM"`.
        from: At<From>,
        /// The end, as `"HH:MM"`, exclusive; `"24:00"` is the end of the day.
        to: At<To>,
    }
}

record! {
    /// A contact that was made, or is reserved.
    pub(in crate::policy) struct PastContact {
        /// The time.
        at: Instant,
        /// The channel.
        channel: At<Name>,
        /// The purpose.
        purpose: At<Name>,
        /// The labels.
        labels: Labels<Option<At<Name>>>,
        /// About which occasions.
        occasions: Vec<At<Name>>,
        /// The priority, from 0 to 100; by default 50.
        priority: Option<Whole<0, 100>>,
        /// The state of the contact; by default `sent`.
        state: Option<State>,
        /// Whether the attempt was not answered; by default it was answered.
        unanswered: Option<bool>,
    }
}

record! {
    /// A past event of the customer.
    pub(in crate::policy) struct PastEvent {
        /// The time.
        at: Instant,
        /// The kind of event.
        r#type: EventKind,
        /// The channel, if known.
        channel: Option<At<Name>>,
    }
}

//! The numbers that stand for kinds, states and units, in stores and in the API.

use crate::model::EventKind;
use crate::model::decision::Code;
use crate::model::wish::CalendarUnit;
use crate::proto::v1::EngagementKind;
use crate::proto::v1::ReasonCode;

const EVENT_KINDS: [(EventKind, EngagementKind); 10] = [
    (EventKind::Opened, EngagementKind::Opened),
    (EventKind::Clicked, EngagementKind::Clicked),
    (EventKind::Replied, EngagementKind::Replied),
    (EventKind::Converted, EngagementKind::Converted),
    (EventKind::BouncedHard, EngagementKind::BouncedHard),
    (EventKind::BouncedSoft, EngagementKind::BouncedSoft),
    (EventKind::Complained, EngagementKind::Complained),
    (EventKind::Inbound, EngagementKind::Inbound),
    (EventKind::Conversation, EngagementKind::Conversation),
    (EventKind::Refused, EngagementKind::Refused),
];

const CALENDAR_UNITS: [(CalendarUnit, i32); 5] = [
    (CalendarUnit::Day, 1),
    (CalendarUnit::Week, 2),
    (CalendarUnit::Month, 3),
    (CalendarUnit::Quarter, 4),
    (CalendarUnit::Year, 5),
];

/// The number of a kind of event.
#[must_use]
pub fn of_event_kind(kind: EventKind) -> EngagementKind {
    let known = EVENT_KINDS.iter().find(|(own, _)| *own == kind);
    known.map_or(EngagementKind::Unspecified, |(_, number)| *number)
}

/// The kind of event with a number.
#[must_use]
pub fn event_kind(number: i32) -> Option<EventKind> {
    EVENT_KINDS.iter().find(|(_, it)| i32::from(*it) == number).map(|(kind, _)| *kind)
}

/// The number of a unit of the calendar.
#[must_use]
pub fn of_calendar_unit(unit: CalendarUnit) -> i32 {
    let known = CALENDAR_UNITS.iter().find(|(own, _)| *own == unit);
    known.map_or(0, |(_, number)| *number)
}

/// The unit of the calendar with a number.
#[must_use]
pub fn calendar_unit(number: i32) -> Option<CalendarUnit> {
    CALENDAR_UNITS.iter().find(|(_, it)| *it == number).map(|(unit, _)| *unit)
}

/// The number of a reason's code.
#[must_use]
pub fn of_code(code: Code) -> ReasonCode {
    match code {
        Code::OptedOut => ReasonCode::OptedOut,
        Code::NoConsent => ReasonCode::NoConsent,
        Code::Suppressed => ReasonCode::Suppressed,
        Code::BudgetSpent => ReasonCode::BudgetSpent,
        Code::PersonalCadence => ReasonCode::PersonalCadence,
        Code::TooSoon => ReasonCode::TooSoon,
        Code::BackingOff => ReasonCode::BackingOff,
        Code::OutsideContactHours => ReasonCode::OutsideContactHours,
        Code::QuietHours => ReasonCode::QuietHours,
        Code::QuietPeriod => ReasonCode::QuietPeriod,
        Code::ContentRule => ReasonCode::ContentRule,
        Code::Paused => ReasonCode::Paused,
        Code::UnknownTimeZone => ReasonCode::UnknownTimeZone,
        Code::StoreUnavailable => ReasonCode::StoreUnavailable,
        Code::RecordUnreadable => ReasonCode::RecordUnreadable,
        Code::HistoryFull => ReasonCode::HistoryFull,
        Code::AlreadySent => ReasonCode::AlreadySent,
        Code::ReservationEnded => ReasonCode::ReservationEnded,
        Code::CustomerErased => ReasonCode::CustomerErased,
    }
}

/// The code of a reason with a number.
#[must_use]
pub fn code(number: i32) -> Option<Code> {
    Code::ALL.into_iter().find(|code| i32::from(of_code(*code)) == number)
}

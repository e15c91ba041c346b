//! The numbers that stand for kinds, units and reasons, in stores and in the API: those of the
//! API's enums, whose names are the words behind a prefix. A test holds them.

use std::sync::LazyLock;

use crate::model::EventKind;
use crate::model::Word;
use crate::model::decision::Code;
use crate::model::wish::CalendarUnit;
use crate::proto::v1;
use crate::proto::v1::EngagementKind;
use crate::proto::v1::ReasonCode;

type Numbers<W, N> = LazyLock<Vec<(W, N)>>;

static EVENT_KINDS: Numbers<EventKind, EngagementKind> =
    LazyLock::new(|| numbers("ENGAGEMENT_KIND_", EngagementKind::from_str_name));
static CALENDAR_UNITS: Numbers<CalendarUnit, v1::CalendarUnit> =
    LazyLock::new(|| numbers("CALENDAR_UNIT_", v1::CalendarUnit::from_str_name));
static CODES: Numbers<Code, ReasonCode> =
    LazyLock::new(|| numbers("REASON_CODE_", ReasonCode::from_str_name));

/// Each word with its number.
fn numbers<W: Word, N>(prefix: &str, named: impl Fn(&str) -> Option<N>) -> Vec<(W, N)> {
    let number = |it: W| named(&format!("{prefix}{}", it.word().to_uppercase()));
    W::all().filter_map(|it| Some((it, number(it)?))).collect()
}

fn number_of<W: Copy + PartialEq, N: Copy + Default>(all: &[(W, N)], word: W) -> N {
    all.iter().find(|(own, _)| *own == word).map(|(_, number)| *number).unwrap_or_default()
}

fn word_of<W: Copy, N: Copy + Into<i32>>(all: &[(W, N)], number: i32) -> Option<W> {
    all.iter().find(|(_, own)| (*own).into() == number).map(|(word, _)| *word)
}

/// The number of a kind of event.
#[must_use]
pub fn of_event_kind(kind: EventKind) -> EngagementKind {
    number_of(&EVENT_KINDS, kind)
}

/// The kind of event with a number.
#[must_use]
pub fn event_kind(number: i32) -> Option<EventKind> {
    word_of(&EVENT_KINDS, number)
}

/// The number of a unit of the calendar.
#[must_use]
pub fn of_calendar_unit(unit: CalendarUnit) -> i32 {
    number_of(&CALENDAR_UNITS, unit).into()
}

/// The unit of the calendar with a number.
#[must_use]
pub fn calendar_unit(number: i32) -> Option<CalendarUnit> {
    word_of(&CALENDAR_UNITS, number)
}

/// The number of a reason's code.
#[must_use]
pub fn of_code(code: Code) -> ReasonCode {
    number_of(&CODES, code)
}

/// The code of a reason with a number.
#[must_use]
pub fn code(number: i32) -> Option<Code> {
    word_of(&CODES, number)
}

#[cfg(test)]
mod tests;

//! Time along the width, and the days marked on it.

use jiff::civil::Date;
use maud::Markup;
use maud::html;

use super::stamp;
use super::text::WHOLE;
use super::text::percent;
use super::text::share;
use crate::model::Day;
use crate::model::Instant;
use crate::zone::Zone;

/// The lengths that lie between two ticks, in days.
const STEPS: [i32; 5] = [1, 2, 7, 14, 28];
/// The number of ticks that have room, each with its label.
const TICKS: i32 = 8;
/// The number of days from which on ticks are firsts of months.
const MONTHS_FROM: i32 = 150;

/// A span of time that is as wide as the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    from: Instant,
    to: Instant,
}

/// A line of the picture with a label.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) place: i64,
    pub(super) label: String,
}

impl Axis {
    pub(super) const fn new(from: Instant, to: Instant) -> Self {
        Self { from, to }
    }

    fn length(self) -> i64 {
        self.to.millis().saturating_sub(self.from.millis())
    }

    pub(super) fn is_empty(self) -> bool {
        self.length() <= 0
    }

    pub(super) fn holds(self, at: Instant) -> bool {
        (self.from..=self.to).contains(&at)
    }

    /// The place of an instant; one outside is at the edge.
    pub(super) fn place(self, at: Instant) -> i64 {
        share(at.millis().saturating_sub(self.from.millis()), self.length())
    }

    /// The part of a stretch that is on the axis.
    pub(super) fn clip(self, from: Instant, to: Instant) -> Option<(Instant, Instant)> {
        let (from, to) = (from.max(self.from), to.min(self.to));
        (from < to).then_some((from, to))
    }

    /// Midnights, as many as have room.
    pub(super) fn ticks(self, zone: &Zone) -> Vec<Tick> {
        let (first, last) = (zone.day(self.from), zone.day(self.to));
        let days = last.number().saturating_sub(first.number());
        let step = STEPS.into_iter().find(|step| days / step <= TICKS);
        let marked = match step {
            Some(step) if days <= MONTHS_FROM => every(first, last, step),
            Some(_) | None => months(first, last),
        };
        let with_year = days > MONTHS_FROM;
        let tick = |day: Day| {
            let at = zone.start_of(day);
            let year = day.date().year();
            let label = match with_year {
                true => format!("{} {year}", stamp::month(day.date().month())),
                false => stamp::day(day),
            };
            self.holds(at).then(|| Tick { place: self.place(at), label })
        };
        marked.into_iter().filter_map(tick).collect()
    }

    /// Every midnight, with its weekday.
    pub(super) fn midnights(self, zone: &Zone) -> Vec<Tick> {
        let tick = |day: Day| {
            let at = zone.start_of(day);
            let label = stamp::weekday_and_day(day);
            self.holds(at).then(|| Tick { place: self.place(at), label })
        };
        let (first, last) = (zone.day(self.from), zone.day(self.to));
        every(first, last, 1).into_iter().filter_map(tick).collect()
    }
}

/// Each `step`th day, whole weeks from a Monday.
fn every(first: Day, last: Day, step: i32) -> Vec<Day> {
    let since_monday = first.number().saturating_add(3).rem_euclid(step);
    let start = if since_monday == 0 { first } else { first.plus(step - since_monday) };
    let next = |day: &Day| (*day < last).then(|| day.plus(step));
    std::iter::successors(Some(start), next).filter(|day| *day <= last).collect()
}

/// The first of each month, or of each second, third, sixth or twelfth.
fn months(first: Day, last: Day) -> Vec<Day> {
    let index = |day: Day| i32::from(day.date().year()) * 12 + i32::from(day.date().month()) - 1;
    let (first, last) = (index(first).saturating_add(1), index(last));
    let steps = [1, 2, 3, 6, 12, 24, 60, 120, 600];
    let fits = |step: &i32| last.saturating_sub(first) / step < TICKS;
    let step = steps.into_iter().find(fits).unwrap_or(1_200);
    let first_of = |index: i32| {
        let year = i16::try_from(index.div_euclid(12)).ok()?;
        let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok().map(Day::from)
    };
    (first..=last).filter(|index| index % step == 0).filter_map(first_of).collect()
}

/// A label below or above a place: it stays inside of the picture.
pub(super) fn label(place: i64, y: i64, class: &str, text: &str) -> Markup {
    let anchor = match place {
        ..400 => "start",
        9_601.. => "end",
        _ => "middle",
    };
    let x = percent(place.clamp(0, WHOLE));
    html! { text x=(x) y=(y) class=(class) text-anchor=(anchor) { (text) } }
}

/// A line from top to bottom.
pub(super) fn upright(place: i64, from: i64, to: i64, class: &str) -> Markup {
    let x = percent(place);
    html! { line x1=(x) x2=(x) y1=(from) y2=(to) class=(class) {} }
}

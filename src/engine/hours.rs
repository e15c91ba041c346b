//! Contact hours and quiet hours: the wall clock.

use crate::engine::status::Status;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::wish::QuietHours;
use crate::policy::rules::Hour;
use crate::policy::rules::Hours;
use crate::policy::rules::SpecialDays;
use crate::zone::WallClock;
use crate::zone::Zone;

const DAY_MILLIS: i64 = 86_400_000;

/// Closed outside the hours.
pub(crate) fn contact_hours(hours: &Hours, clock: &Zone, at: Instant) -> Status {
    let wall_clock = clock.wall_clock(at);
    let moment = moment(hours, wall_clock);
    let until = Some(steady(wall_clock, at, moment.changes_at));
    if moment.inside {
        Status::Clear(until)
    } else {
        Status::Denied(Code::OutsideContactHours, until)
    }
}

/// Closed inside the hours.
pub(crate) fn quiet_hours(hours: &Hours, clock: &Zone, at: Instant) -> Status {
    let wall_clock = clock.wall_clock(at);
    let moment = moment(hours, wall_clock);
    let until = Some(steady(wall_clock, at, moment.changes_at));
    if moment.inside { Status::Denied(Code::QuietHours, until) } else { Status::Clear(until) }
}

/// Closed inside one span that begins on some days of the week: the customer's own quiet hours.
pub(crate) fn personal_hours(own: &QuietHours, clock: &Zone, at: Instant) -> Status {
    let crosses = own.to_secs <= own.from_secs;
    let hour = Hour {
        from_millis: i64::from(own.from_secs) * 1_000,
        to_millis: i64::from(own.to_secs) * 1_000 + if crosses { DAY_MILLIS } else { 0 },
    };
    let wall_clock = clock.wall_clock(at);
    let mut moment = Moment::new(wall_clock);
    for (earlier, earlier_millis) in [(0, 0), (-1, DAY_MILLIS)] {
        if own.days.contains(wall_clock.day.plus(earlier).weekday()) {
            moment.look_at(hour, earlier_millis);
        }
    }
    let until = Some(steady(wall_clock, at, moment.changes_at));
    if moment.inside { Status::Denied(Code::QuietHours, until) } else { Status::Clear(until) }
}

/// The instant at which the clock shows `shows`, or the earlier one at which it may be set.
fn steady(wall_clock: WallClock, at: Instant, shows: i64) -> Instant {
    at.plus(Span::from_millis(shows - wall_clock.millis)).min(wall_clock.steady_until)
}

/// A moment of the day, among the spans that begin on it and on the day before.
struct Moment {
    millis: i64,
    inside: bool,
    /// The local time at which that may change: the next end or beginning of a span, or midnight.
    changes_at: i64,
}

impl Moment {
    const fn new(wall_clock: WallClock) -> Self {
        Self { millis: wall_clock.millis, inside: false, changes_at: DAY_MILLIS }
    }

    /// Considers a span of the day that began `earlier_millis` before today's midnight.
    fn look_at(&mut self, hour: Hour, earlier_millis: i64) {
        let (from, to) = (hour.from_millis - earlier_millis, hour.to_millis - earlier_millis);
        self.inside |= from <= self.millis && self.millis < to;
        for boundary in [from, to] {
            if boundary > self.millis {
                self.changes_at = self.changes_at.min(boundary);
            }
        }
    }
}

fn moment(hours: &Hours, wall_clock: WallClock) -> Moment {
    let mut moment = Moment::new(wall_clock);
    for_each_hour(hours, wall_clock.day, |hour| moment.look_at(hour, 0));
    // Only what crosses midnight reaches into today.
    for_each_hour(hours, wall_clock.day.plus(-1), |hour| {
        if hour.to_millis > DAY_MILLIS {
            moment.look_at(hour, DAY_MILLIS);
        }
    });
    moment
}

/// The spans that begin on a day: a holiday's own, or the weekday's, narrowed on the day before a
/// holiday.
fn for_each_hour(hours: &Hours, day: Day, mut each: impl FnMut(Hour)) {
    if let Some(holiday) = special(hours.holidays.as_ref(), day) {
        holiday.iter().for_each(|hour| each(*hour));
        return;
    }
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    let usual = hours.week.get(weekday).map_or(&[][..], Vec::as_slice);
    let Some(eve) = special(hours.eves.as_ref(), day.plus(1)) else {
        usual.iter().for_each(|hour| each(*hour));
        return;
    };
    for usual in usual {
        for narrow in eve {
            let both = Hour {
                from_millis: usual.from_millis.max(narrow.from_millis),
                to_millis: usual.to_millis.min(narrow.to_millis),
            };
            if both.from_millis < both.to_millis {
                each(both);
            }
        }
    }
}

fn special(days: Option<&SpecialDays>, day: Day) -> Option<&[Hour]> {
    let days = days?;
    days.days.binary_search(&day).is_ok().then_some(days.hours.as_slice())
}

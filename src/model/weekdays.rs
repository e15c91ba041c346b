//! Days of the week.

use jiff::civil::Weekday;

/// The names of the days, as policies and callers write them, Monday first.
pub const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A set of days of the week, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// The set of these days; an empty list makes the set of all days.
    #[must_use]
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Self {
        let bits = days.into_iter().fold(0, |bits, day| bits | bit(day));
        if bits == 0 { Self::ALL } else { Self(bits) }
    }

    /// The days of a number that [`Self::bits`] gave; `None` for any other number.
    #[must_use]
    pub fn from_bits(bits: u32) -> Option<Self> {
        let bits = u8::try_from(bits).ok()?;
        (1..=Self::ALL.0).contains(&bits).then_some(Self(bits))
    }

    /// A number that stands for them: Monday is 1, Tuesday 2, Wednesday 4 and so on.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether a day is in the set.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// The names of the days, Monday first; empty if it is every day.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named =
            move |(number, _name): &(u32, &str)| self != Self::ALL && self.0 >> number & 1 != 0;
        (0..).zip(NAMES).filter(named).map(|(_number, name)| name)
    }
}

/// The days of a week, Monday first.
pub fn all() -> impl Iterator<Item = Weekday> {
    Weekday::Monday.cycle_forward().take(NAMES.len())
}

/// The day with one of [`NAMES`].
#[must_use]
pub fn day_named(name: &str) -> Option<Weekday> {
    all().find(|day| name_of(*day) == name)
}

/// The name of a day in [`NAMES`].
#[must_use]
pub fn name_of(day: Weekday) -> &'static str {
    let number = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
    NAMES.get(number).copied().unwrap_or_default()
}

fn bit(day: Weekday) -> u8 {
    1_u8.checked_shl(day.to_monday_zero_offset().unsigned_abs().into()).unwrap_or(0)
}

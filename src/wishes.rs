//! Wishes that are neither a yes nor a no: how often, when, and around which days.
//!
//! Each word of such a message is in a class of `wishes/wishes.tsv`, and the words that are not
//! `fill` make one of a few sentences. So a message with any other statement is not read as a wish.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::Weekdays;
use crate::model::weekdays;
use crate::model::wish::CalendarUnit;

/// A wish in words, as a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// `only once a month`: a maximum number of contacts in each period.
    Cadence {
        /// The maximum number.
        limit: u32,
        /// The period.
        per: CalendarUnit,
    },
    /// `fewer of these`, with no number.
    Fewer,
    /// `nothing around Mother's Day`: the name of an occasion that ships.
    Occasion(&'static str),
    /// `not before nine`, `not at weekends`: hours of some days, in seconds after midnight.
    Quiet {
        /// The beginning of the hours.
        from_secs: u32,
        /// The end of the hours, at most a day.
        to_secs: u32,
        /// The days on which they begin.
        days: Weekdays,
    },
}

/// A wish that a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The wish.
    pub wish: Preference,
    /// The BCP 47 code of its language.
    pub language: &'static str,
    /// The line of the table that has its deciding word, from one.
    pub line: usize,
}

/// The table.
const WISHES: &str = include_str!("wishes/wishes.tsv");
/// The maximum number of words. A longer message says more than a wish.
const WORDS_MAX: usize = 16;
/// The most contacts in a stretch of time that a wish asks for.
const LIMIT_MAX: u32 = 10;
/// Without `am` or `pm`, it is not clear whether an earlier hour is one of the night or of the
/// afternoon.
const MORNING: u32 = 6;
const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;

/// The class of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Fill,
    Not,
    Only,
    Fewer,
    Per,
    Every(CalendarUnit),
    Unit(CalendarUnit),
    Before,
    After,
    Between,
    Am,
    Pm,
    Days(Weekdays),
    Number(u32),
    /// A time of day, in seconds after midnight.
    Time(u32),
    Occasion(&'static str),
}

/// A word or several, and what they are in a language.
#[derive(Debug)]
struct WishEntry {
    language: &'static str,
    /// The words after the first.
    rest: Vec<&'static str>,
    class: Class,
    line: usize,
}

/// The entries by their first words.
static ENTRIES: LazyLock<BTreeMap<&'static str, Vec<WishEntry>>> = LazyLock::new(|| {
    let mut entries: BTreeMap<&'static str, Vec<WishEntry>> = BTreeMap::new();
    for (text, line) in WISHES.lines().zip(1..) {
        for (words, language, class) in read(text).into_iter().flatten() {
            let mut words = words.split('_');
            let first = words.next().unwrap_or_default();
            let entry = WishEntry { language, rest: words.collect(), class, line };
            entries.entry(first).or_default().push(entry);
        }
    }
    entries
});

/// The languages of the table, in its order.
static LANGUAGES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let entries = WISHES.lines().filter_map(read).flatten();
    let mut languages: Vec<&str> = entries.map(|(_, language, _)| language).collect();
    languages.dedup();
    languages
});

/// The wish of a message with these clauses of folded words, if the message is one and nothing
/// else.
#[must_use]
pub fn of(clauses: &[Vec<String>]) -> Option<Said> {
    let words = clauses.iter().flatten().map(String::as_str);
    let words: Vec<&str> = words.take(WORDS_MAX + 1).collect();
    if !(2..=WORDS_MAX).contains(&words.len()) {
        return None;
    }
    LANGUAGES.iter().find_map(|language| {
        let (wish, line) = preference(&classes(&words, language)?)?;
        Some(Said { wish, language, line })
    })
}

/// The classes of the words in a language, without `fill`; `None` if a word has none.
fn classes(words: &[&str], language: &str) -> Option<Vec<(Class, usize)>> {
    let mut said = Vec::new();
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let own = ENTRIES.get(first).into_iter().flatten().filter(|it| it.language == language);
        let stands = |it: &&WishEntry| after.starts_with(&it.rest);
        let found = own.filter(stands).max_by_key(|it| it.rest.len());
        let (class, line, length) = match (found, number(first)) {
            (Some(entry), _) => (entry.class, entry.line, entry.rest.len()),
            (None, Some(class)) => (class, 0, 0),
            (None, None) => return None,
        };
        if class != Class::Fill {
            said.push((class, line));
        }
        rest = after.get(length..).unwrap_or_default();
    }
    Some(said)
}

/// The sentence that the classes say, and the line of its deciding word.
fn preference(said: &[(Class, usize)]) -> Option<(Preference, usize)> {
    let count = |class: Class| said.iter().filter(|(it, _)| *it == class).count();
    let (not, only) = (count(Class::Not), count(Class::Only) > 0);
    if not > 1 {
        return None;
    }
    let is_bare = |class: &Class| !matches!(class, Class::Not | Class::Only);
    let all: Vec<Class> = said.iter().map(|(class, _)| *class).filter(is_bare).collect();
    let without: Vec<Class> = all.iter().copied().filter(|it| *it != Class::Per).collect();
    let not = not == 1;
    let preference = match (all.as_slice(), without.as_slice()) {
        (_, [Class::Fewer]) if !not => Preference::Fewer,
        (_, [Class::Occasion(name)]) if not => Preference::Occasion(name),
        ([.., Class::Per, Class::Unit(per)], [Class::Number(limit), Class::Unit(_)])
        | (_, [Class::Number(limit), Class::Every(per)])
            if !not =>
        {
            cadence(*limit, *per, only)?
        }
        (_, [Class::Every(per)]) if !not => cadence(1, *per, only)?,
        (_, times) => quiet(times, not, only)?,
    };
    let deciding = said.iter().rev().find(|(class, line)| *line > 0 && is_bare(class));
    deciding.map(|(_, line)| (preference, *line))
}

/// `daily` is a limit only if the message calls it one.
fn cadence(limit: u32, per: CalendarUnit, only: bool) -> Option<Preference> {
    let is_limit = only || per > CalendarUnit::Day;
    (is_limit && (1..=LIMIT_MAX).contains(&limit)).then_some(Preference::Cadence { limit, per })
}

fn quiet(times: &[Class], not: bool, only: bool) -> Option<Preference> {
    if !not && !only {
        return None;
    }
    if let Some(days) = days(times) {
        let days = if not { days } else { others(days)? };
        return Some(Preference::Quiet { from_secs: 0, to_secs: DAY, days });
    }
    let (kind, hours) = times.split_first()?;
    let (from_secs, to_secs) = match (kind, times_of(hours, *kind)?.as_slice()) {
        (Class::Before, [hour]) if not => (0, *hour),
        (Class::Before, [hour]) => (*hour, DAY),
        (Class::After, [hour]) if not => (*hour, DAY),
        (Class::After, [hour]) => (0, *hour),
        (Class::Between, [from, to]) if not => (*from, *to),
        (Class::Between, [from, to]) => (*to, *from),
        _ => return None,
    };
    let is_some_time = from_secs != to_secs && from_secs < DAY && to_secs > 0;
    is_some_time.then_some(Preference::Quiet { from_secs, to_secs, days: Weekdays::ALL })
}

/// The days, where it is nothing but days.
fn days(times: &[Class]) -> Option<Weekdays> {
    let mut all = 0;
    for class in times {
        let Class::Days(days) = class else { return None };
        all |= u32::from(days.bits());
    }
    Weekdays::from_bits(all)
}

fn others(days: Weekdays) -> Option<Weekdays> {
    Weekdays::from_bits(u32::from(Weekdays::ALL.bits() & !days.bits()))
}

/// The times of day in numbers, with `am`, `pm` and minutes after them; `None` if they are not
/// clear.
fn times_of(classes: &[Class], kind: Class) -> Option<Vec<u32>> {
    let mut times: Vec<u32> = Vec::new();
    let mut rest = classes;
    while let Some((first, mut after)) = rest.split_first() {
        let mut minutes = 0;
        if let (Class::Number(_), [Class::Number(number), more @ ..]) = (first, after)
            && kind != Class::Between
        {
            (minutes, after) = (*number, more);
        }
        let half = match after {
            [half @ (Class::Am | Class::Pm), more @ ..] => {
                after = more;
                Some(*half)
            }
            _ => None,
        };
        let time = if let Class::Time(secs) = *first {
            Some(secs).filter(|_| half.is_none())
        } else if let Class::Number(hour) = *first {
            let hour = hour_of(hour, half, kind)?.checked_mul(HOUR)?;
            Some(hour.checked_add(minutes.checked_mul(60)?)?).filter(|_| minutes < 60)
        } else {
            None
        };
        times.push(time?);
        rest = after;
    }
    Some(times).filter(|times| times.iter().all(|secs| *secs <= DAY))
}

fn hour_of(hour: u32, half: Option<Class>, kind: Class) -> Option<u32> {
    match (half, hour) {
        (Some(Class::Pm), 1..=11) => Some(hour + 12),
        (Some(Class::Pm), 12..=24) | (Some(Class::Am), 1..=11) => Some(hour),
        (Some(Class::Am), 12) => Some(0),
        (Some(_), _) => None,
        // `not after nine` is the evening, and `not before nine` the morning.
        (None, 1..=11) if kind == Class::After => Some(hour + 12),
        (None, MORNING..=24) => Some(hour),
        (None, _) => None,
    }
}

/// A number in digits: `9`, `9am`, `21h`, `2100`, `2x`.
fn number(word: &str) -> Option<Class> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (digits, unit) = word.split_at_checked(end)?;
    let number: u32 = digits.parse().ok()?;
    match (digits.len(), unit) {
        (1..=2, "" | "x") => Some(Class::Number(number)),
        (1..=2, "am") if (1..=12).contains(&number) => Some(Class::Time(number % 12 * HOUR)),
        (1..=2, "pm") if (1..=12).contains(&number) => Some(Class::Time((number % 12 + 12) * HOUR)),
        (1..=2, "h") if number <= 24 => Some(Class::Time(number * HOUR)),
        (4, "") if number / 100 < 24 && number % 100 < 60 => {
            Some(Class::Time(number / 100 * HOUR + number % 100 * 60))
        }
        _ => None,
    }
}

/// The entries of a line; `None` if it is a remark or cannot be read.
fn read(line: &'static str) -> Option<Vec<(&'static str, &'static str, Class)>> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let &[language, class, words] = columns.as_slice() else { return None };
    let class = class_of(class)?;
    Some(words.split(' ').map(|word| (word, language, class)).collect())
}

fn class_of(text: &'static str) -> Option<Class> {
    let (kind, detail) = text.split_once(':').unwrap_or((text, ""));
    Some(match kind {
        "fill" => Class::Fill,
        "not" => Class::Not,
        "only" => Class::Only,
        "fewer" => Class::Fewer,
        "per" => Class::Per,
        "every" => Class::Every(unit(detail)?),
        "unit" => Class::Unit(unit(detail)?),
        "before" => Class::Before,
        "after" => Class::After,
        "between" => Class::Between,
        "am" => Class::Am,
        "pm" => Class::Pm,
        "days" => Class::Days(Weekdays::of(detail.split(',').filter_map(weekdays::day_named))),
        "number" => Class::Number(detail.parse().ok()?),
        "hour" => Class::Time(detail.parse::<u32>().ok()?.checked_mul(HOUR)?),
        "occasion" => Class::Occasion(detail),
        _ => return None,
    })
}

fn unit(text: &str) -> Option<CalendarUnit> {
    Some(match text {
        "day" => CalendarUnit::Day,
        "week" => CalendarUnit::Week,
        "month" => CalendarUnit::Month,
        "quarter" => CalendarUnit::Quarter,
        "year" => CalendarUnit::Year,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

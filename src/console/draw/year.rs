//! A year's calendar in twelve months, and what is marked in it.

use jiff::civil::Date;
use maud::Markup;
use maud::html;
use strum::IntoEnumIterator;

use super::figure::Figure;
use super::figure::FigureTable;
use super::figure::Picture;
use super::figure::figure;
use super::figure::nothing;
use super::legend;
use super::stamp;
use super::text;
use crate::model::Day;

/// A year and its marks.
#[derive(Clone, Copy, Debug)]
pub struct Year<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// The title of the picture.
    pub title: &'a str,
    /// The year, such as 2027.
    pub year: i16,
    /// The day that is today, if it is in the year.
    pub today: Day,
    /// The marks, in any order. Days outside the year are left out.
    pub marks: &'a [Mark<'a>],
}

/// Days that are marked.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// The kind of days.
    pub kind: Kind,
    /// The name of the days.
    pub label: &'a str,
}

/// The reason why a day is marked. If there are several, the first gives the day its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter)]
pub enum Kind {
    /// Contacts are paused.
    Pause,
    /// A rule lets nothing through.
    QuietPeriod,
    /// A revision comes into force.
    Revision,
    /// A public holiday.
    Holiday,
    /// A day that customers may want to hear nothing about.
    Occasion,
}

impl Kind {
    const fn letter(self) -> char {
        match self {
            Self::Pause => 'P',
            Self::QuietPeriod => 'Q',
            Self::Revision => 'R',
            Self::Holiday => 'H',
            Self::Occasion => 'O',
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::QuietPeriod => "quiet",
            Self::Revision => "revision",
            Self::Holiday => "holiday",
            Self::Occasion => "occasion",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::QuietPeriod => "quiet period",
            Self::Revision => "scheduled revision",
            Self::Holiday => "public holiday",
            Self::Occasion => "occasion",
        }
    }
}

const LEFT: i64 = 26;
const TOP: i64 = 40;
const CELL: i64 = 28;
const LINE: i64 = 30;
const WIDTH: i64 = LEFT + 7 * CELL;

/// Draws it.
#[must_use]
pub fn year(it: &Year<'_>) -> Markup {
    let bounds = first_of(it.year, 1).zip(last_of(it.year, 12));
    let Some((first, last)) = bounds else { return nothing("There is no such year.") };
    let mut marks: Vec<Mark<'_>> =
        it.marks.iter().filter(|mark| mark.from <= last && mark.to >= first).copied().collect();
    if marks.is_empty() {
        return nothing(&format!("No day of {} is marked.", it.year));
    }
    marks.sort_by_key(|mark| (mark.from, mark.to, mark.kind));
    let kinds: Vec<Kind> =
        Kind::iter().filter(|kind| marks.iter().any(|mark| mark.kind == *kind)).collect();
    let hatch = format!("{}-p", it.id);
    let months = html! {
        div class="months" {
            @for number in 1..=12 { (month(it, number, &marks)) }
        }
    };
    figure(Figure {
        id: it.id,
        title: it.title,
        says: String::new(),
        class: "year",
        picture: Picture::Several(months),
        legend: html! {
            @for kind in &kinds { (legend::key(&swatch(*kind, &hatch), kind.name())) }
            @if (first..=last).contains(&it.today) {
                (legend::key(&html! { circle class="today" cx="7" cy="7" r="6" {} }, "today"))
            }
        },
        table: table(&marks),
    })
}

fn swatch(kind: Kind, hatch: &str) -> Markup {
    html! {
        (shape(kind, (0, 0, 14), hatch))
        text class="letter" x="7" y="11" { (kind.letter()) }
    }
}

fn first_of(year: i16, month: i8) -> Option<Day> {
    Date::new(year, month, 1).ok().map(Day::from)
}

fn last_of(year: i16, month: i8) -> Option<Day> {
    Date::new(year, month, 1).ok().map(|date| Day::from(date.last_of_month()))
}

fn month(it: &Year<'_>, number: i8, marks: &[Mark<'_>]) -> Markup {
    let Some((first, last)) = first_of(it.year, number).zip(last_of(it.year, number)) else {
        return html! {};
    };
    let (id, name) = (format!("{}-{number}", it.id), stamp::full_month(number));
    let held: Vec<&Mark<'_>> =
        marks.iter().filter(|mark| mark.from <= last && mark.to >= first).collect();
    let says = text::count(held.len(), "mark", "marks");
    // Days before the first in its week.
    let before = first.number().saturating_add(3).rem_euclid(7);
    let days = last.number().saturating_sub(first.number()).saturating_add(1);
    let weeks = i64::from((before + days + 6) / 7);
    let height = TOP + LINE * weeks + 4;
    let hatch = format!("{}-p", it.id);
    html! {
        svg role="img" aria-labelledby={ (id) "-t " (id) "-d" } width=(WIDTH) height=(height) {
            title id={ (id) "-t" } { (name) " " (it.year) }
            desc id={ (id) "-d" } { (says) }
            @if number == 1 { defs { (legend::hatch(&hatch, "stripe")) } }
            text class="month" x=(LEFT) y="14" { (name) }
            g class="heads" {
                @for (x, letter) in (LEFT + CELL / 2..).step_by(28).zip("MTWTFSS".chars()) {
                    text x=(x) y="34" { (letter) }
                }
                @for week in 0..weeks {
                    @let monday = first.plus(i32::try_from(week * 7).unwrap_or(0) - before);
                    text x="10" y=(TOP + LINE * week + 17) { (week_of(monday)) }
                }
            }
            @for index in 0..days {
                @let day = first.plus(index);
                @let cell = before + index;
                @let x = LEFT + CELL * i64::from(cell % 7);
                @let y = TOP + LINE * i64::from(cell / 7);
                (day_cell(&DayCell { day, x, y, is_today: day == it.today }, &held, &hatch))
            }
        }
    }
}

fn week_of(monday: Day) -> i8 {
    monday.date().iso_week_date().week()
}

/// A day, and the corner of its cell.
struct DayCell {
    day: Day,
    x: i64,
    y: i64,
    is_today: bool,
}

fn day_cell(cell: &DayCell, held: &[&Mark<'_>], hatch: &str) -> Markup {
    let DayCell { day, x, y, is_today } = *cell;
    let marked: Vec<&&Mark<'_>> =
        held.iter().filter(|mark| (mark.from..=mark.to).contains(&day)).collect();
    let mut kinds: Vec<Kind> = marked.iter().map(|mark| mark.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let letters: String = kinds.iter().take(3).map(|kind| kind.letter()).collect();
    let names: Vec<String> = marked.iter().map(|mark| text::clean(mark.label)).collect();
    let middle = x + CELL / 2;
    html! {
        @if let Some(kind) = kinds.first() {
            g {
                title { (stamp::day(day)) ": " (names.join(", ")) }
                (shape(*kind, (x + 1, y, CELL - 2), hatch))
                text class="marked" x=(middle) y=(y + 13) { (day.date().day()) }
                text class="letter" x=(middle) y=(y + 24) { (letters) }
            }
        } @else {
            text x=(middle) y=(y + 17) { (day.date().day()) }
        }
        @if is_today {
            rect class="today" x=(x + 1) y=(y) width=(CELL - 2) height=(LINE - 2) rx="4" {}
        }
    }
}

/// The shape below a marked day, or the sign in the legend.
fn shape(kind: Kind, (x, y, side): (i64, i64, i64), hatch: &str) -> Markup {
    let height = if side < CELL / 2 + 1 { side } else { LINE - 2 };
    html! {
        rect class=(kind.class()) x=(x) y=(y) width=(side) height=(height) rx="4" {}
        @if kind == Kind::QuietPeriod {
            rect fill=(legend::fill(hatch)) x=(x) y=(y) width=(side) height=(height) rx="4" {}
        }
    }
}

fn table(marks: &[Mark<'_>]) -> FigureTable {
    let weekday = |day: Day| format!("{} {}", stamp::weekday(day.weekday()), stamp::day(day));
    let body = html! {
        @for mark in marks {
            tr {
                td { (weekday(mark.from)) }
                td { (weekday(mark.to)) }
                td { (mark.kind.name()) }
                th scope="row" { (text::clean(mark.label)) }
            }
        }
    };
    let head = ["From", "To", "Kind", "What"].map(str::to_owned).into();
    FigureTable { head, body, note: None }
}

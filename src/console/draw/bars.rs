//! Stacked bars by category: upright ones along a line, or one below the other.

mod columns;
mod rows;

use maud::Markup;
use maud::html;

use super::figure::Figure;
use super::figure::FigureTable;
use super::figure::figure;
use super::figure::nothing;
use super::legend;
use super::text;

/// Numbers by category and series.
#[derive(Clone, Copy, Debug)]
pub struct Bars<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// The title of the picture.
    pub title: &'a str,
    /// The direction of the bars.
    pub layout: Layout,
    /// The kind of category, such as `Hour`: the head of the table's first column.
    pub of: &'a str,
    /// The series that are stacked, from the axis on.
    pub series: &'a [Series<'a>],
    /// The categories beside each other.
    pub categories: &'a [Category<'a>],
}

/// The direction in which bars grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Upright, for what follows each other: hours, days, buckets.
    Columns,
    /// To the right, for names: rules, reasons.
    Rows,
}

/// One series: a number in each category.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Its name in the legend.
    pub label: &'a str,
    /// Its colour.
    pub tone: Tone,
}

/// A colour with a meaning, or one that only differs from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Green.
    Allowed,
    /// Red.
    Refused,
    /// Any other, by number; they begin again after six.
    Other(usize),
}

/// An hour, a day, a bucket, a rule.
#[derive(Clone, Copy, Debug)]
pub struct Category<'a> {
    /// Its name.
    pub label: &'a str,
    /// A number for each series; missing ones are zero.
    pub values: &'a [u64],
}

impl Category<'_> {
    fn value(&self, series: usize) -> u64 {
        self.values.get(series).copied().unwrap_or(0)
    }

    fn total(&self, series: usize) -> u64 {
        self.values.iter().take(series).fold(0, |sum, value| sum.saturating_add(*value))
    }
}

/// The number of series that are distinguished in the picture; all further ones share the last
/// place.
const DRAWN_MAX: usize = 8;

/// A part of a bar: which series, and the numbers where it begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    drawn: usize,
    from: u64,
    to: u64,
}

/// The parts of a category's bar that are not empty.
fn parts(it: &Bars<'_>, category: &Category<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut from: u64 = 0;
    for (index, _) in it.series.iter().enumerate() {
        let to = from.saturating_add(category.value(index));
        let drawn = index.min(DRAWN_MAX - 1);
        match parts.last_mut() {
            Some(last) if last.drawn == drawn => last.to = to,
            Some(_) | None if to > from => parts.push(Part { drawn, from, to }),
            Some(_) | None => {}
        }
        from = to;
    }
    parts
}

/// The name of a drawn series.
fn name(it: &Bars<'_>, drawn: usize) -> String {
    let more = it.series.len().saturating_sub(DRAWN_MAX);
    match it.series.get(drawn) {
        Some(_) if drawn == DRAWN_MAX - 1 && more > 0 => format!("{} others", more + 1),
        Some(series) => text::clean(series.label),
        None => String::new(),
    }
}

/// The class of a drawn series.
fn class(it: &Bars<'_>, drawn: usize) -> &'static str {
    let more = it.series.len() > DRAWN_MAX;
    match it.series.get(drawn).map(|series| series.tone) {
        Some(_) if drawn == DRAWN_MAX - 1 && more => "c6",
        Some(Tone::Allowed) => "yes",
        Some(Tone::Refused) => "refused",
        Some(Tone::Other(number)) => match number % 6 {
            0 => "c0",
            1 => "c1",
            2 => "c2",
            3 => "c3",
            4 => "c4",
            _ => "c5",
        },
        None => "c6",
    }
}

/// Every second series is striped, so that neighbours differ without their colours.
fn stripes(it: &Bars<'_>, drawn: usize) -> Option<String> {
    (drawn % 2 == 1).then(|| legend::fill(&format!("{}-p", it.id)))
}

/// The largest sum.
fn largest(it: &Bars<'_>) -> u64 {
    it.categories.iter().map(|category| category.total(it.series.len())).max().unwrap_or(0)
}

/// The place of `value` on a scale from 0 to `top` that is `length` long.
fn scaled(value: u64, top: u64, length: i64) -> i64 {
    let place = i128::from(value) * i128::from(length) / i128::from(top.max(1));
    i64::try_from(place).unwrap_or(length).min(length)
}

/// Draws it.
#[must_use]
pub fn bars(it: &Bars<'_>) -> Markup {
    if largest(it) == 0 {
        return nothing("Nothing has been counted yet.");
    }
    let sum =
        |sum: u64, category: &Category<'_>| sum.saturating_add(category.total(it.series.len()));
    let total = it.categories.iter().fold(0, sum);
    let most = it.categories.iter().max_by_key(|category| category.total(it.series.len()));
    let most = most.map(|it| text::clean(it.label)).unwrap_or_default();
    let says = format!("{total} altogether, the most in {most}: {}.", largest(it));
    let (picture, class) = match it.layout {
        Layout::Columns => (columns::picture(it), "bars columns"),
        Layout::Rows => (rows::picture(it), "bars rows"),
    };
    figure(Figure {
        id: it.id,
        title: it.title,
        says,
        class,
        picture,
        legend: keys(it),
        table: table(it),
    })
}

fn keys(it: &Bars<'_>) -> Markup {
    let drawn = it.series.len().min(DRAWN_MAX);
    html! {
        @for series in 0..drawn {
            @let stripes = stripes(it, series);
            (legend::key(&legend::swatch(class(it, series), stripes.as_deref()), &name(it, series)))
        }
    }
}

fn defs(it: &Bars<'_>) -> Markup {
    html! { defs { (legend::hatch(&format!("{}-p", it.id), "gap")) } }
}

fn table(it: &Bars<'_>) -> FigureTable {
    let several = it.series.len() > 1;
    let series = it.series.iter().map(|series| text::clean(series.label));
    let head = std::iter::once(text::clean(it.of)).chain(series);
    let head = head.chain(several.then(|| "Altogether".to_owned())).collect();
    let body = html! {
        @for category in it.categories {
            tr {
                th scope="row" { (text::clean(category.label)) }
                @for (index, _) in it.series.iter().enumerate() {
                    td class="n" { (category.value(index)) }
                }
                @if several { td class="n" { (category.total(it.series.len())) } }
            }
        }
    };
    FigureTable { head, body, note: None }
}

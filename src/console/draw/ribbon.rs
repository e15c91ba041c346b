//! The times at which contacts may be made: a bar for each channel and purpose, allowed or refused.

use std::collections::BTreeMap;

use maud::Markup;
use maud::html;

use super::axis;
use super::axis::Axis;
use super::figure::Figure;
use super::figure::FigureTable;
use super::figure::Picture;
use super::figure::figure;
use super::figure::nothing;
use super::legend;
use super::stamp;
use super::text;
use super::text::percent;
use crate::model::Instant;
use crate::zone::Zone;

/// Bars over a span of time.
#[derive(Clone, Copy, Debug)]
pub struct Ribbon<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// The title of the picture. It names no customer.
    pub title: &'a str,
    /// The clock by which days begin.
    pub zone: &'a Zone,
    /// The left edge.
    pub from: Instant,
    /// The right edge.
    pub to: Instant,
    /// The rows, one above the other.
    pub rows: &'a [Row<'a>],
}

/// A channel and a purpose.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The label of the row, such as `email, marketing`.
    pub label: &'a str,
    /// The stretches of the row, in any order. Parts outside the span are cut off.
    pub stretches: &'a [Stretch<'a>],
}

/// A time over which the answer does not change.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// Its beginning.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
    /// The reason for a refusal, such as `QUIET_HOURS, sms-hours`; `None` if it is allowed.
    pub refused: Option<&'a str>,
}

/// The number of stretches up to which each shows its times when a pointer rests on it.
const TOLD_MAX: usize = 300;
const HEAD: i64 = 26;
const ROW: i64 = 44;
const BAR: i64 = 18;

/// Draws it.
#[must_use]
pub fn ribbon(it: &Ribbon<'_>) -> Markup {
    let axis = Axis::new(it.from, it.to);
    if it.rows.is_empty() || axis.is_empty() {
        return nothing("There is no channel and purpose to plan for.");
    }
    let open = it.rows.iter().filter(|row| row.stretches.iter().any(|it| it.refused.is_none()));
    let says = format!(
        "{} from {} to {}; {} of them may be used at some time. The table names the times.",
        text::count(it.rows.len(), "way", "ways"),
        stamp::near(it.zone, it.from),
        stamp::near(it.zone, it.to),
        open.count()
    );
    let hatch = legend::fill(&format!("{}-p", it.id));
    figure(Figure {
        id: it.id,
        title: it.title,
        says,
        class: "ribbon",
        picture: picture(it, axis, &hatch),
        legend: html! {
            (legend::key(&legend::swatch("yes", None), "allowed"))
            (legend::key(&legend::swatch("no", Some(&hatch)), "refused"))
            span { "by the clock of " (text::clean(it.zone.name())) }
        },
        table: table(it.zone, axis, it.rows),
    })
}

fn picture(it: &Ribbon<'_>, axis: Axis, hatch: &str) -> Picture {
    let height = HEAD + ROW * i64::try_from(it.rows.len()).unwrap_or(0);
    let told = it.rows.iter().map(|row| row.stretches.len()).sum::<usize>() <= TOLD_MAX;
    let midnights = axis.midnights(it.zone);
    let body = html! {
        defs { (legend::hatch(&format!("{}-p", it.id), "stripe")) }
        @for (index, tick) in midnights.iter().enumerate() {
            @let class = match (index % 4, index % 2) {
                (0, _) => "when",
                (_, 0) => "when roomy",
                (_, _) => "when wide",
            };
            (axis::upright(tick.place, 18, height, "tick"))
            (axis::label(tick.place, 11, class, &tick.label))
        }
        @for (top, row) in (HEAD..).step_by(44).zip(it.rows) {
            g transform={ "translate(0 " (top) ")" } {
                text class="name" y="12" { (text::short(row.label, 44)) }
                rect class="unknown" y="18" width="100%" height=(BAR) {}
                (stretches(it.zone, axis, row, told, hatch))
            }
        }
    };
    Picture::One { height, body }
}

fn stretches(zone: &Zone, axis: Axis, row: &Row<'_>, told: bool, hatch: &str) -> Markup {
    let (allowed, refused) = by_reason(axis, row);
    let bars = |parts: &[(Instant, Instant)], why: &str| {
        html! {
            @for (from, to) in parts {
                @let (x, end) = (axis.place(*from), axis.place(*to));
                rect x=(percent(x)) width=(percent((end - x).max(1))) y="18" height=(BAR) {
                    @if told { title { (why) ": " (stamp::stretch(zone, *from, *to)) } }
                }
            }
        }
    };
    html! {
        g class="yes" { (bars(&allowed, "allowed")) }
        @for (why, parts) in &refused {
            @let why = text::clean(why);
            g class="no" { (bars(parts, &why)) }
            g fill=(hatch) pointer-events="none" { (bars_only(axis, parts)) }
        }
    }
}

/// The pattern above the colour.
fn bars_only(axis: Axis, parts: &[(Instant, Instant)]) -> Markup {
    html! {
        @for (from, to) in parts {
            @let (x, end) = (axis.place(*from), axis.place(*to));
            rect x=(percent(x)) width=(percent((end - x).max(1))) y="18" height=(BAR) {}
        }
    }
}

type Parts = Vec<(Instant, Instant)>;

/// The stretches on the axis, those that are refused by why, each in order.
fn by_reason<'a>(axis: Axis, row: &Row<'a>) -> (Parts, BTreeMap<&'a str, Parts>) {
    let (mut allowed, mut refused): (Parts, BTreeMap<&str, Parts>) = Default::default();
    for stretch in row.stretches {
        let Some(part) = axis.clip(stretch.from, stretch.to) else { continue };
        match stretch.refused {
            None => allowed.push(part),
            Some(why) => refused.entry(why).or_default().push(part),
        }
    }
    allowed.sort_unstable();
    refused.values_mut().for_each(|parts| parts.sort_unstable());
    (allowed, refused)
}

fn table(zone: &Zone, axis: Axis, rows: &[Row<'_>]) -> FigureTable {
    let times = |parts: &[(Instant, Instant)]| {
        let each: Vec<_> =
            parts.iter().map(|(from, to)| stamp::stretch(zone, *from, *to)).collect();
        each.join("; ")
    };
    let line = |label: &str, answer: &str, why: &str, parts: &Parts| {
        html! {
            tr {
                th scope="row" { (text::clean(label)) }
                td { (answer) }
                td { (text::clean(why)) }
                td { (times(parts)) }
            }
        }
    };
    let body = html! {
        @for row in rows {
            @let (allowed, refused) = by_reason(axis, row);
            @if allowed.is_empty() && refused.is_empty() {
                (line(row.label, "not known", "", &allowed))
            }
            @if !allowed.is_empty() { (line(row.label, "allowed", "", &allowed)) }
            @for (why, parts) in &refused { (line(row.label, "refused", why, parts)) }
        }
    };
    let head = ["What", "May we?", "Why", "When"].map(str::to_owned).into();
    FigureTable { head, body, note: None }
}

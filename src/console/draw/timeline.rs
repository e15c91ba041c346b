//! A customer's contacts along time, and the windows of the rules that count them.

use maud::Markup;
use maud::html;

use super::axis;
use super::axis::Axis;
use super::cluster::Cluster;
use super::cluster::clusters;
use super::figure::Figure;
use super::figure::FigureTable;
use super::figure::Picture;
use super::figure::figure;
use super::figure::nothing;
use super::legend;
use super::stamp;
use super::text;
use super::text::percent;
use crate::model::Day;
use crate::model::Instant;
use crate::zone::Zone;

/// Contacts in a span of time.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
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
    /// The place of the line `now`.
    pub now: Instant,
    /// The lanes, one above the other.
    pub lanes: &'a [Lane<'a>],
    /// The windows that count contacts.
    pub windows: &'a [Window<'a>],
}

/// The contacts of one channel.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    /// The channel.
    pub label: &'a str,
    /// The contacts, in any order.
    pub contacts: &'a [Dot<'a>],
}

/// A contact.
#[derive(Clone, Copy, Debug)]
pub struct Dot<'a> {
    /// The time at which it was made.
    pub at: Instant,
    /// The label, such as `marketing, black-friday`.
    pub label: &'a str,
    /// The rules for which it counts; empty if none.
    pub counts_for: &'a str,
    /// The time from which it no longer counts.
    pub ages_out: Option<Instant>,
}

/// A stretch of time over which a rule counts.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The rule, and how much of it is spent.
    pub label: &'a str,
    /// Its beginning.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
}

/// The number of windows that are drawn.
const WINDOWS_MAX: usize = 8;
/// The number of contacts with a row of their own; older ones share one for each month.
const ROWS_MAX: usize = 300;
const HEAD: i64 = 20;
const WINDOW: i64 = 22;
const LANE: i64 = 46;

/// Draws it.
#[must_use]
pub fn timeline(it: &Timeline<'_>) -> Markup {
    let axis = Axis::new(it.from, it.to);
    let mut rows = rows(it, axis);
    let counting = rows.iter().filter(|row| row.counts()).count();
    if rows.is_empty() {
        let (from, to) = (stamp::full(it.zone, it.from), stamp::full(it.zone, it.to));
        return nothing(&format!("No contact was made between {from} and {to}."));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.dot.at));
    let says = format!(
        "{} from {} to {}; {counting} of them count. The table names each.",
        text::count(rows.len(), "contact", "contacts"),
        stamp::full(it.zone, it.from),
        stamp::full(it.zone, it.to)
    );
    let drawn: Vec<&Window<'_>> = it.windows.iter().take(WINDOWS_MAX).collect();
    let several = it.lanes.iter().any(|lane| marks(lane, axis).iter().any(|it| it.count > 1));
    figure(Figure {
        id: it.id,
        title: it.title,
        says,
        class: "timeline",
        picture: picture(it, axis, &drawn),
        legend: keys(several, it.windows.len().saturating_sub(drawn.len())),
        table: table(it.zone, &rows),
    })
}

fn picture(it: &Timeline<'_>, axis: Axis, windows: &[&Window<'_>]) -> Picture {
    let bands = HEAD + WINDOW * i64::try_from(windows.len()).unwrap_or(0);
    let foot = bands + LANE * i64::try_from(it.lanes.len()).unwrap_or(0) + 6;
    let body = html! {
        @for tick in axis.ticks(it.zone) {
            (axis::upright(tick.place, HEAD, foot + 4, "tick"))
            (axis::label(tick.place, foot + 18, "when", &tick.label))
        }
        @for (top, window) in (HEAD..).step_by(22).zip(windows) {
            (band(axis, window, top, foot))
        }
        @for (top, it) in (bands..).step_by(46).zip(it.lanes) { (lane(it, axis, top)) }
        @if axis.holds(it.now) {
            (axis::upright(axis.place(it.now), HEAD - 4, foot, "now"))
            (axis::label(axis.place(it.now), 11, "name", "now"))
        }
    };
    Picture::One { height: foot + 24, body }
}

/// A window: a bar with its label, and its shade over all that is below.
fn band(axis: Axis, window: &Window<'_>, top: i64, foot: i64) -> Markup {
    let Some((from, to)) = axis.clip(window.from, window.to) else { return html! {} };
    let (from, to) = (axis.place(from), axis.place(to));
    let (x, width) = (percent(from), percent(to - from));
    let (anchor, at, dx) =
        if to < 5_000 { ("start", percent(from), 5) } else { ("end", percent(to), -5) };
    html! {
        g class="window" {
            title { (text::clean(window.label)) }
            rect class="shade" x=(x) width=(width) y=(top) height=(foot - top) {}
            rect class="bar" x=(x) width=(width) y=(top) height="18" rx="3" {}
            text x=(at) dx=(dx) y=(top + 13) text-anchor=(anchor) {
                (text::short(window.label, 44))
            }
        }
    }
}

fn marks(lane: &Lane<'_>, axis: Axis) -> Vec<Cluster> {
    let held = lane.contacts.iter().filter(|dot| axis.holds(dot.at));
    let mut places: Vec<_> =
        held.map(|dot| (axis.place(dot.at), !dot.counts_for.is_empty())).collect();
    places.sort_unstable();
    clusters(places.into_iter())
}

fn lane(lane: &Lane<'_>, axis: Axis, top: i64) -> Markup {
    html! {
        g transform={ "translate(0 " (top) ")" } {
            text class="name" y="13" { (text::short(lane.label, 40)) }
            line class="lane" x2="100%" y1="30" y2="30" {}
            @for mark in marks(lane, axis) {
                @let x = percent(mark.place());
                @let class = (mark.counting > 0).then_some("counts");
                circle class=[class] cx=(x) cy="30" r=(mark.radius()) {}
                @if mark.count > 1 { text class=[class] x=(x) y="34" { (mark.count) } }
            }
        }
    }
}

fn keys(several: bool, more: usize) -> Markup {
    let dot = |class: &str| html! { circle class=(class) cx="7" cy="7" r="5" {} };
    let many = html! { circle class="free" cx="7" cy="7" r="6.5" {} text x="7" y="11" { "3" } };
    html! {
        (legend::key(&dot("counts"), "counts for a limit"))
        (legend::key(&dot("free"), "counts for none"))
        @if several {
            (legend::key(&many, "so many close together, filled where one of them counts"))
        }
        @if more > 0 {
            span { (text::count(more, "more limit is", "more limits are")) " not drawn" }
        }
    }
}

/// A contact with its channel.
#[derive(Clone, Copy)]
struct Made<'a> {
    lane: &'a str,
    dot: &'a Dot<'a>,
}

impl Made<'_> {
    const fn counts(&self) -> bool {
        !self.dot.counts_for.is_empty()
    }
}

fn rows<'a>(it: &Timeline<'a>, axis: Axis) -> Vec<Made<'a>> {
    let of = |lane: &'a Lane<'a>| lane.contacts.iter().map(|dot| Made { lane: lane.label, dot });
    it.lanes.iter().flat_map(of).filter(|made| axis.holds(made.dot.at)).collect()
}

/// The newest contacts one by one, older ones by month.
fn table(zone: &Zone, rows: &[Made<'_>]) -> FigureTable {
    let (new, old) = rows.split_at(rows.len().min(ROWS_MAX));
    let head = ["Made", "Channel", "What", "Counts for", "Ages out"].map(str::to_owned).into();
    let body = html! {
        @for Made { lane, dot } in new {
            tr {
                td { (stamp::full(zone, dot.at)) }
                td { (text::clean(lane)) }
                td { (text::clean(dot.label)) }
                td { (text::clean(dot.counts_for)) }
                td { @if let Some(at) = dot.ages_out { (stamp::full(zone, at)) } }
            }
        }
        @for (month, lane, count, counting) in months(zone, old) {
            tr {
                td { (month) }
                td { (text::clean(lane)) }
                td { (text::count(count, "contact", "contacts")) }
                td { (text::count(counting, "counts", "count")) }
                td {}
            }
        }
    };
    let note = format!("The newest {ROWS_MAX} one by one, older ones by month.");
    FigureTable { head, body, note: (!old.is_empty()).then_some(note) }
}

/// Each month's contacts on each channel, the newest first: how many, and how many count.
fn months<'a>(zone: &Zone, old: &[Made<'a>]) -> Vec<(String, &'a str, usize, usize)> {
    let mut months: Vec<(String, &'a str, usize, usize)> = Vec::new();
    let name = |day: Day| {
        let date = day.date();
        format!("{} {}", stamp::month(date.month()), date.year())
    };
    for made in old {
        let month = name(zone.day(made.dot.at));
        let known = months.iter_mut().find(|it| it.0 == month && it.1 == made.lane);
        match known {
            Some(known) => {
                known.2 += 1;
                known.3 += usize::from(made.counts());
            }
            None => months.push((month, made.lane, 1, usize::from(made.counts()))),
        }
    }
    months
}

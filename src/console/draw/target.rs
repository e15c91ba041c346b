//! The times that customers have waited for an answer, against the longest time they should wait.

use maud::Markup;
use maud::html;

use super::axis;
use super::figure::Figure;
use super::figure::FigureTable;
use super::figure::Picture;
use super::figure::figure;
use super::figure::nothing;
use super::legend;
use super::stamp;
use super::text;
use super::text::percent;
use super::text::share;
use crate::model::Span;

/// The waits, against their targets.
#[derive(Clone, Copy, Debug)]
pub struct AgainstTarget<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// The title of the picture.
    pub title: &'a str,
    /// The waits, in the order in which they are drawn.
    pub waits: &'a [Wait<'a>],
}

/// A conversation in which a customer waits.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// The label. It names no customer.
    pub label: &'a str,
    /// The time since the message.
    pub waited: Span,
    /// The longest time until the answer.
    pub target: Span,
}

impl Wait<'_> {
    fn is_late(&self) -> bool {
        self.waited > self.target
    }

    /// The part of the target that is left, or the time by which it is exceeded.
    fn apart(&self) -> String {
        let (waited, target) = (self.waited.millis(), self.target.millis());
        match self.is_late() {
            true => format!("{} over", stamp::length(waited - target)),
            false => format!("{} left", stamp::length(target - waited)),
        }
    }
}

/// The number of targets that are as wide as the picture. A longer wait ends in an arrow.
const TARGETS: i64 = 3;
const HEAD: i64 = 24;
const ROW: i64 = 40;
const BAR: i64 = 14;

/// Draws it: all targets stand on one line, so what passes the line is late.
#[must_use]
pub fn against_target(it: &AgainstTarget<'_>) -> Markup {
    if it.waits.is_empty() {
        return nothing("No customer is waiting for an answer.");
    }
    let late = it.waits.iter().filter(|wait| wait.is_late()).count();
    let says = format!(
        "{}, {late} of them for longer than the target.",
        text::count(it.waits.len(), "customer is waiting", "customers are waiting")
    );
    let hatch = legend::fill(&format!("{}-p", it.id));
    figure(Figure {
        id: it.id,
        title: it.title,
        says,
        class: "target",
        picture: picture(it, &hatch),
        legend: html! {
            (legend::key(&legend::swatch("c0", None), "within the target"))
            (legend::key(&legend::swatch("refused", Some(&hatch)), "longer than the target"))
        },
        table: table(it.waits),
    })
}

fn picture(it: &AgainstTarget<'_>, hatch: &str) -> Picture {
    let height = HEAD + ROW * i64::try_from(it.waits.len()).unwrap_or(0);
    let marks = [(1, "target"), (2, "twice"), (3, "3 times")];
    let body = html! {
        defs { (legend::hatch(&format!("{}-p", it.id), "gap")) }
        @for (times, label) in marks {
            @let place = share(times, TARGETS);
            (axis::upright(place, 16, height, "tick"))
            (axis::label(place, 11, "when", label))
        }
        @for (top, wait) in (HEAD..).step_by(40).zip(it.waits) { (row(wait, top, hatch)) }
    };
    Picture::One { height, body }
}

fn row(wait: &Wait<'_>, top: i64, hatch: &str) -> Markup {
    let whole = wait.target.millis().max(1).saturating_mul(TARGETS);
    let width = percent(share(wait.waited.millis(), whole).max(20));
    let class = if wait.is_late() { "refused" } else { "c0" };
    html! {
        g transform={ "translate(0 " (top) ")" } {
            rect class="unknown" y="18" width="100%" height=(BAR) {}
            rect class=(class) y="18" width=(width) height=(BAR) {}
            @if wait.is_late() { rect fill=(hatch) y="18" width=(width) height=(BAR) {} }
            @if wait.waited.millis() > whole {
                svg x="100%" y="18" overflow="visible" {
                    path class="refused" d="M-1-2l10 9-10 9z" {}
                }
            }
            (axis::upright(share(1, TARGETS), 14, 36, "goal"))
            text class="name" y="12" {
                title { (text::clean(wait.label)) }
                (text::short(wait.label, 24))
            }
            text class="value" x="100%" y="12" {
                tspan class="roomy" { (stamp::length(wait.waited.millis())) ", " }
                (wait.apart())
            }
        }
    }
}

fn table(waits: &[Wait<'_>]) -> FigureTable {
    let body = html! {
        @for wait in waits {
            tr {
                th scope="row" { (text::clean(wait.label)) }
                td { (stamp::length(wait.waited.millis())) }
                td { (stamp::length(wait.target.millis())) }
                td { (if wait.is_late() { "late" } else { "within the target" }) }
            }
        }
    };
    let head = ["What", "Waited", "Target", "Is it late?"].map(str::to_owned).into();
    FigureTable { head, body, note: None }
}

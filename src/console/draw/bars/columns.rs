//! Upright bars.

use maud::Markup;
use maud::html;

use super::Bars;
use super::class;
use super::defs;
use super::largest;
use super::name;
use super::parts;
use super::scaled;
use super::stripes;
use crate::console::draw::figure::Picture;
use crate::console::draw::text;
use crate::console::draw::text::WHOLE;
use crate::console::draw::text::percent;

const TOP: i64 = 10;
const PLOT: i64 = 170;
/// The numbers of labels that have room below a wide picture, and below a narrow one.
const LABELS_WIDE: usize = 12;
const LABELS_NARROW: usize = 4;

pub(super) fn picture(it: &Bars<'_>) -> Picture {
    let step = step(largest(it));
    let top = largest(it).div_ceil(step).saturating_mul(step);
    let count = it.categories.len();
    let pitch = WHOLE / i64::try_from(count.max(1)).unwrap_or(WHOLE).max(1);
    let body = html! {
        (defs(it))
        @for value in (0..=top / step).map(|it| it * step) {
            @let y = TOP + PLOT - scaled(value, top, PLOT);
            line class=(if value == 0 { "lane" } else { "tick" }) x2="100%" y1=(y) y2=(y) {}
            text class="scale" dx="-8" y=(y + 4) { (grouped(value)) }
        }
        @for (index, category) in it.categories.iter().enumerate() {
            @let left = pitch * i64::try_from(index).unwrap_or(0);
            g {
                @for part in parts(it, category) {
                    @let (low, high) = (scaled(part.from, top, PLOT), scaled(part.to, top, PLOT));
                    @let stripes = stripes(it, part.drawn);
                    @let (x, width) = (left + pitch / 10, pitch * 4 / 5);
                    @let (y, height) = (TOP + PLOT - high, (high - low).max(1));
                    @let block = Block { x, width, y, height };
                    (block.filled(Some(class(it, part.drawn)), None))
                    @if let Some(stripes) = stripes { (block.filled(None, Some(&stripes))) }
                }
                title { (says(it, index)) }
            }
            (label(index, count, left + pitch / 2, category.label))
        }
    };
    Picture::One { height: TOP + PLOT + 24, body }
}

/// A part of a column. `x` and `width` are parts of the whole width.
struct Block {
    x: i64,
    width: i64,
    y: i64,
    height: i64,
}

impl Block {
    fn filled(&self, class: Option<&str>, fill: Option<&str>) -> Markup {
        let Self { x, width, y, height } = *self;
        let (x, width) = (percent(x), percent(width));
        html! { rect class=[class] fill=[fill] x=(x) width=(width) y=(y) height=(height) {} }
    }
}

fn says(it: &Bars<'_>, index: usize) -> String {
    let Some(category) = it.categories.get(index) else { return String::new() };
    let part = |part: super::Part| {
        format!("{} {}", name(it, part.drawn), grouped(part.to.saturating_sub(part.from)))
    };
    let parts: Vec<String> = parts(it, category).into_iter().map(part).collect();
    format!("{}: {}", text::clean(category.label), parts.join(", "))
}

/// A label below its column, where it has room.
fn label(index: usize, count: usize, place: i64, label: &str) -> Markup {
    let (wide, narrow) = (count.div_ceil(LABELS_WIDE).max(1), count.div_ceil(LABELS_NARROW));
    // Whole multiples, so that a narrow picture shows some of those of a wide one.
    let narrow = narrow.div_ceil(wide).saturating_mul(wide).max(1);
    let class = match (index % narrow, index % wide) {
        (0, _) => "when mid",
        (_, 0) => "when mid roomy",
        (_, _) => return html! {},
    };
    html! { text class=(class) x=(percent(place)) y=(TOP + PLOT + 17) { (text::short(label, 10)) } }
}

/// One, two or five times a power of ten, so that there are at most four lines above the axis.
fn step(largest: u64) -> u64 {
    let mut ten: u64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = ten.saturating_mul(factor);
            if largest.div_ceil(step) <= 4 || step == u64::MAX {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// `12,345`.
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let first = digits.len() % 3;
    let comma = |(index, digit): (usize, char)| {
        let before = (index > 0 && index % 3 == first).then_some(',');
        before.into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}

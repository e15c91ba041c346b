//! Bars one below the other, each below its name.

use maud::html;

use super::Bars;
use super::class;
use super::columns::grouped;
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

const ROW: i64 = 38;
const BAR: i64 = 14;

pub(super) fn picture(it: &Bars<'_>) -> Picture {
    let top = largest(it);
    let body = html! {
        (defs(it))
        @for (y, category) in (0..).step_by(38).zip(it.categories) {
            g transform={ "translate(0 " (y) ")" } {
                text class="name" y="13" {
                    title { (text::clean(category.label)) }
                    (text::short(category.label, 34))
                }
                text class="value" x="100%" y="13" { (grouped(category.total(it.series.len()))) }
                rect class="unknown" y="19" width="100%" height=(BAR) {}
                @for part in parts(it, category) {
                    @let from = scaled(part.from, top, WHOLE);
                    @let width = percent((scaled(part.to, top, WHOLE) - from).max(20));
                    @let x = percent(from);
                    rect class=(class(it, part.drawn)) x=(x) width=(width) y="19" height=(BAR) {
                        title { (name(it, part.drawn)) " " (grouped(part.to - part.from)) }
                    }
                    @if let Some(fill) = stripes(it, part.drawn) {
                        rect fill=(fill) x=(x) width=(width) y="19" height=(BAR)
                            pointer-events="none" {}
                    }
                }
            }
        }
    };
    let count = i64::try_from(it.categories.len()).unwrap_or(0);
    Picture::One { height: ROW * count, body }
}

//! The meanings of the marks, and the patterns by which they differ beside their colours.

use maud::Markup;
use maud::html;

/// The side of a mark in a legend, in pixels.
const SIDE: i64 = 14;

/// One mark and its meaning. The mark is drawn in a square of fourteen pixels.
pub(super) fn key(mark: &Markup, meaning: &str) -> Markup {
    html! {
        span class="key" {
            svg width=(SIDE) height=(SIDE) aria-hidden="true" focusable="false" { (mark) }
            (meaning)
        }
    }
}

/// A square of a class, and of a pattern upon it if there is one.
pub(super) fn swatch(class: &str, pattern: Option<&str>) -> Markup {
    html! {
        rect class=(class) y="1" width="14" height="12" rx="2" {}
        @if let Some(pattern) = pattern {
            rect y="1" width="14" height="12" rx="2" fill=(pattern) {}
        }
    }
}

/// Slanted lines of a class: the definition.
pub(super) fn hatch(id: &str, class: &str) -> Markup {
    html! {
        pattern id=(id) width="6" height="6" patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)" {
            rect class=(class) width="2" height="6" {}
        }
    }
}

/// The value of `fill` that means a pattern.
pub(super) fn fill(id: &str) -> String {
    format!("url(#{id})")
}

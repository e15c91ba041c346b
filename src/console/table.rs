//! Tables. Each scrolls within itself where the screen is narrow.

use maud::Markup;
use maud::html;

/// A table that is called `label`, with its heads and rows; `empty` is the text if there is no row.
pub(super) fn table(label: &str, heads: &[&str], rows: &[Vec<Markup>], empty: &str) -> Markup {
    if rows.is_empty() {
        return html! { p class="empty" { (empty) } };
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(label) {
            table {
                thead { tr {
                    @for head in heads {
                        @if head.is_empty() { td {} } @else { th scope="col" { (head) } }
                    }
                } }
                tbody {
                    @for row in rows {
                        tr { @for cell in row { td { (cell) } } }
                    }
                }
            }
        }
    }
}

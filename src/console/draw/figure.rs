//! The frame of every picture: the SVG with its title, what its marks mean, and the table.

use maud::Markup;
use maud::html;

use super::text::clean;

/// A picture that is drawn.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// Unique on the page.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    /// The picture in one sentence.
    pub(super) says: String,
    /// Its class, beside `draw`.
    pub(super) class: &'static str,
    pub(super) picture: Picture,
    pub(super) legend: Markup,
    pub(super) table: FigureTable,
}

/// The content of the SVG, or of several.
#[derive(Debug)]
pub(super) enum Picture {
    One { height: i64, body: Markup },
    Several(Markup),
}

/// The data as a table.
#[derive(Debug)]
pub(super) struct FigureTable {
    pub(super) head: Vec<String>,
    pub(super) body: Markup,
    /// A note on the rows that are left out, if any are.
    pub(super) note: Option<String>,
}

/// The figure.
pub(super) fn figure(figure: Figure<'_>) -> Markup {
    let Figure { id, title, says, class, picture, legend, table } = figure;
    let title = clean(title);
    let name = format!("{id}-t {id}-d");
    html! {
        figure class={ "draw " (class) } {
            div class="scroll picture" tabindex="0" role="region" aria-label=(title) {
                @match picture {
                    Picture::One { height, body } => {
                        svg role="img" aria-labelledby=(name) width="100%" height=(height) {
                            title id={ (id) "-t" } { (title) }
                            desc id={ (id) "-d" } { (says) }
                            (body)
                        }
                    }
                    Picture::Several(body) => (body)
                }
            }
            figcaption { (legend) }
            (details(&title, &table))
        }
    }
}

fn details(title: &str, table: &FigureTable) -> Markup {
    let FigureTable { head, body, note } = table;
    html! {
        details {
            summary { "The same as a table" }
            @if let Some(note) = note { p class="soft" { (note) } }
            div class="scroll" tabindex="0" role="region" aria-label={ (title) ", as a table" } {
                table {
                    thead { tr { @for name in head { th scope="col" { (name) } } } }
                    tbody { (body) }
                }
            }
        }
    }
}

/// The text in place of an empty picture.
pub(super) fn nothing(sentence: &str) -> Markup {
    html! { p class="draw empty" { (sentence) } }
}

//! Pictures of numbers and times: plain data in, a `<figure>` out. Each has an SVG, and its data as
//! a table.
//!
//! Places along the width are shares of it and heights are pixels, so a picture fits every width
//! and its text is never scaled. There is no script and no style in the markup: colours and
//! patterns are classes of the style sheet. Every text that callers give is cleaned and escaped.

mod axis;
mod bars;
mod cluster;
mod figure;
mod legend;
mod ribbon;
mod stamp;
mod target;
mod text;
mod timeline;
mod year;

pub use bars::Bars;
pub use bars::Category;
pub use bars::Layout;
pub use bars::Series;
pub use bars::Tone;
pub use bars::bars;
pub use ribbon::Ribbon;
pub use ribbon::Row;
pub use ribbon::Stretch;
pub use ribbon::ribbon;
pub use target::AgainstTarget;
pub use target::Wait;
pub use target::against_target;
pub use timeline::Dot;
pub use timeline::Lane;
pub use timeline::Timeline;
pub use timeline::Window;
pub use timeline::timeline;
pub use year::Kind;
pub use year::Mark;
pub use year::Year;
pub use year::year;

#[cfg(test)]
mod tests;

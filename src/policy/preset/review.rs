//! The last comparison of presets with their sources: a law that was not read for long may have
//! changed.

use std::sync::LazyLock;

use super::Preset;
use super::all;
use super::find;
use crate::model::Day;
use crate::policy::documents::Documents;
use crate::policy::load::own_documents;
use crate::policy::problem::Problems;
use crate::policy::source::Source;

/// The number of days after which a review is old.
pub const REVIEW_DAYS_MAX: i32 = 400;

/// The presets that ship, with the days of their reviews.
static REVIEWS: LazyLock<Vec<(&'static Preset, Option<Day>)>> =
    LazyLock::new(|| all().iter().map(|preset| (preset, preset.about().reviewed)).collect());

/// The presets whose last review is old on a day, with the day of it. One that does not tell is
/// old.
pub fn unreviewed(today: Day) -> impl Iterator<Item = (&'static Preset, Option<Day>)> {
    let oldest = today.plus(-REVIEW_DAYS_MAX);
    let is_old = move |reviewed: Option<Day>| reviewed.is_none_or(|day| day < oldest);
    REVIEWS.iter().copied().filter(move |(_, reviewed)| is_old(*reviewed))
}

/// The presets that some documents include, and those that these include.
#[must_use]
pub fn included(sources: &[Source]) -> Vec<&'static Preset> {
    let mut problems = Problems::default();
    let own = own_documents(sources, &mut problems);
    let documents = Documents::with_presets(own, &mut problems);
    documents.presets.iter().filter_map(|document| find(&document.name)).collect()
}

//! The occasions that a customer may be spared, and whether their days are kept quiet.

use crate::model::Day;
use crate::model::Name;
use crate::model::Record;
use crate::operation::Context;
use crate::operation::occasion;

use super::Sort;
use super::form::Spared;
use super::form::state;
use super::reach::Reach;

/// The occasions of a form, those first that the pages show first.
pub(super) fn offered(context: Context<'_>, reach: &Reach<'_>, record: &Record) -> Vec<Spared> {
    if reach.purposes().is_empty() {
        return Vec::new();
    }
    let first = &context.policy.pages.occasions;
    let place = |name: &Name| first.iter().position(|it| it == name).unwrap_or(usize::MAX);
    let offered = occasion::offered(context, record).into_iter().map(|offered| Spared {
        choice: state(reach, record, (Sort::Occasion, &offered.name)),
        title: offered.title,
        next: only_day(&offered.next),
        keeps_days_quiet: offered.keeps_days_quiet,
        first: first.contains(&offered.name),
    });
    let mut offered: Vec<Spared> = offered.collect();
    offered.sort_by_key(|it| place(&it.choice.name));
    offered
}

/// The day of an occasion, if it is equal in every country that may be the customer's: a page that
/// named another country's Mother's Day would look wrong.
fn only_day(next: &[occasion::Next]) -> Option<Day> {
    let (first, others) = next.split_first()?;
    others.iter().all(|it| it.first == first.first).then_some(first.first)
}

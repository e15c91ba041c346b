//! Bounds on the numbers of declarations.

use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::DECLARED_MAX;
use crate::policy::rules::RULES_MAX;
use crate::policy::source::Position;

/// Whether all numbers are within bounds, so that further checks do not take long.
pub(super) fn check(documents: &Documents, problems: &mut Problems) -> bool {
    let before = problems.iter().count();
    let channels = documents.channels().map(|(name, _)| name.position);
    at_most(DECLARED_MAX, "channels", channels, problems);
    let purposes = documents.purposes().map(|(name, _)| name.position);
    at_most(DECLARED_MAX, "purposes", purposes, problems);
    let rules = documents.all().flat_map(|document| {
        let reactions = document.reactions.iter().map(|reaction| reaction.suppress.position);
        document.rules().map(|any| any.rule().name.position).chain(reactions)
    });
    at_most(RULES_MAX, "rules, those of presets included,", rules, problems);
    let occasions = documents.occasions().map(|dates| dates.name.position);
    at_most(CALENDARS_MAX, "occasions of its own", occasions, problems);
    let sets = documents.holiday_sets().map(|dates| dates.name.position);
    at_most(CALENDARS_MAX, "sets of holidays of its own", sets, problems);
    problems.iter().count() == before
}

/// The most occasions, and the most sets of holidays, that a policy defines.
const CALENDARS_MAX: usize = 256;

fn at_most(
    max: usize,
    what: &str,
    mut places: impl Iterator<Item = Position>,
    problems: &mut Problems,
) {
    if let Some(position) = places.nth(max) {
        let message = format!("a policy has at most {max} {what} and this is one more");
        problems.error(position, message, "remove what is not needed");
    }
}

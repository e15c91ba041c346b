//! How much of each there can be, and what marketing can never be exempt from.

use crate::policy::decode::At;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::DECLARED_MAX;
use crate::policy::rules::Family;
use crate::policy::rules::RULES_MAX;
use crate::policy::rules::names_marketing;
use crate::policy::source::Position;
use crate::policy::yaml::quoted;

/// Whether there are not too many of anything, so that it takes no long time to look further.
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

/// Marketing without a way out of it is no policy that this service enforces.
pub(super) fn marketing(documents: &Documents, problems: &mut Problems) {
    for (name, purpose) in documents.purposes().filter(|(name, _)| names_marketing(name)) {
        let wishes: Vec<&At<Family>> = purpose
            .exempt
            .iter()
            .filter(|family| matches!(family.value, Family::OptOuts | Family::Consent))
            .collect();
        for family in wishes {
            let family_name = family.as_str();
            let message = format!("{} cannot be exempt from `{family_name}`", quoted(name));
            let help = format!(
                "remove `{family_name}`; give what must be sent all the same a purpose of its own"
            );
            problems.error(family.position, message, help);
        }
    }
}

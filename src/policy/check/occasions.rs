//! Occasions that customers can opt out of and whose days no quiet period keeps.

use crate::policy::document::ANY_OCCASION;
use crate::policy::document::Selector;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::Mode;
use crate::policy::yaml::quoted;

use super::world::World;

/// The number of occasions that a warning names.
const NAMED_MAX: usize = 3;

/// A customer who is offered an occasion to opt out of expects its days to be quiet.
pub(super) fn check(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    let Some(document) = documents.own.first() else { return };
    let enforced = documents.all().filter(|document| document.mode() == Mode::Enforce);
    let periods = enforced.flat_map(|document| document.quiet_periods.iter());
    let periods = periods.filter(|it| it.rule.mode.unwrap_or(Mode::Enforce) == Mode::Enforce);
    let periods = periods.filter(|it| it.rule.r#for.as_ref().is_none_or(|it| is_whole(it)));
    let kept: Vec<&str> =
        periods.filter_map(|it| it.occasion.as_ref()).map(|name| name.as_str()).collect();
    if kept.contains(&ANY_OCCASION) {
        return;
    }
    let open: Vec<&str> =
        world.occasions.iter().copied().filter(|name| !kept.contains(name)).collect();
    let named: Vec<String> = open.iter().take(NAMED_MAX).map(|name| quoted(name)).collect();
    if named.is_empty() {
        return;
    }
    let message = format!(
        "customers can opt out of {} occasions whose days no quiet period keeps, such as {}: that \
         refuses only contacts that declare the occasion",
        open.len(),
        named.join(", ")
    );
    let help = "keep their days: `quiet_periods: [{name: occasions, occasion: any, who: opted_out, \
                before: 3d}]`";
    problems.warn(document.name.position, message, help);
}

/// Whether a rule applies to every customer, and to each message on its channels and for its
/// purposes.
fn is_whole(selector: &Selector) -> bool {
    selector.labels.each().into_iter().all(Option::is_none)
        && selector.occasions.is_none()
        && selector.jurisdictions.is_none()
        && selector.segments.is_none()
        && selector.priority_at_least.is_none()
        && selector.priority_below.is_none()
}

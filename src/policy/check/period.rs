//! Back-off and quiet periods whose ends are the wrong way round.

use crate::policy::document::Backoff;
use crate::policy::document::QuietPeriod;
use crate::policy::problem::Problems;

pub(super) fn backoff(backoff: &Backoff, problems: &mut Problems) {
    if let Some(most) = &backoff.most
        && **most < *backoff.base
    {
        let message = format!("`most` is shorter than `base`, which is {}", *backoff.base);
        problems.error(most.position, message, "write a longer one, or remove it");
    }
}

pub(super) fn quiet_period(period: &QuietPeriod, problems: &mut Problems) {
    let Some(dates) = &period.dates else { return };
    let (from, to) = (*dates.from, *dates.to);
    if to < from {
        let message = format!("the period ends on {to}, before it begins on {from}");
        problems.error(dates.to.position, message, "write a later date, or change the two over");
        return;
    }
    let Some(effective) = &period.rule.effective else { return };
    let begins_late = effective.from.as_ref().is_some_and(|first| **first > to);
    let ends_early = effective.until.as_ref().is_some_and(|last| **last < from);
    if begins_late || ends_early {
        let message = "this rule can never match: its dates lie outside of `effective`";
        problems.warn(effective.position, message, "widen `effective`, or remove it");
    }
}

//! Grounds of consents: a policy may have its own, so that a slip of the pen makes a new one.

use crate::model::Ground;
use crate::model::Name;
use crate::policy::decode::At;
use crate::policy::document::ConsentRule;
use crate::policy::problem::Problems;
use crate::policy::yaml::quoted;
use crate::words::closest;

pub(super) fn check(rule: &ConsentRule, problems: &mut Problems) {
    let mut seen: Vec<&At<Name>> = Vec::new();
    for ground in rule.named() {
        if seen.iter().any(|other| other.value == ground.value) {
            let message = format!("the ground {} is named twice", quoted(ground));
            problems.error(ground.position, message, "keep one of them");
        }
        seen.push(ground);
        if Ground::SHIPPED.contains(&ground.as_str()) {
            continue;
        }
        if let Some(meant) = closest(ground, &Ground::SHIPPED) {
            let message = format!("{} is a ground of the policy's own", quoted(ground));
            problems.warn(ground.position, message, format!("did you mean `{meant}`?"));
        }
    }
}

//! Marketing without a way out of it is not a policy that this service enforces.

use crate::policy::assumed;
use crate::policy::decode::At;
use crate::policy::document::Purpose;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::Family;
use crate::policy::rules::OnStoreFailure;
use crate::policy::source::Position;
use crate::policy::yaml::quoted;

/// The families that marketing can never be exempt from.
const WISHES: [Family; 3] = [Family::OptOuts, Family::Suppressions, Family::Consent];

pub(super) fn check(documents: &Documents, problems: &mut Problems) {
    for (name, purpose) in documents.purposes().filter(|(name, it)| assumed::marketing(name, it)) {
        let name = quoted(name);
        let wishes = purpose.exempt.iter().filter(|it| WISHES.contains(&it.value));
        for family in wishes {
            let word = family.as_str();
            let message = format!("{name} cannot be exempt from `{word}`");
            let help = format!(
                "remove `{word}`; give what must be sent all the same a purpose of its own"
            );
            refuse(purpose, family.position, (message, help), problems);
        }
        if let Some(At { position, .. }) = purpose.replies.as_ref().filter(|it| it.value) {
            let message = format!("{name} cannot be a reply: it is marketing");
            let help = "remove `replies`; give answers to customers a purpose of their own";
            refuse(purpose, *position, (message, help.to_owned()), problems);
        }
        let unseen = purpose.on_store_failure.as_ref();
        if let Some(At { position, .. }) = unseen.filter(|it| it.value == OnStoreFailure::Allow) {
            let message = format!(
                "{name} cannot be allowed while opt-outs cannot be looked up: it is marketing"
            );
            let help = "write `on_store_failure: deny`, or remove it";
            refuse(purpose, *position, (message, help.to_owned()), problems);
        }
    }
}

/// If only the name shows that it is marketing, the help may be to set `marketing: false`.
fn refuse(
    purpose: &Purpose,
    at: Position,
    (message, help): (String, String),
    problems: &mut Problems,
) {
    let assumed = "; if it is not marketing, write `marketing: false`";
    let otherwise = if purpose.marketing.is_none() { assumed } else { "" };
    problems.refuse(at, message, help + otherwise);
}

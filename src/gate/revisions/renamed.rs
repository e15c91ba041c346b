//! A document that was renamed: what it declares is there twice, under the old name and the new
//! one.

use std::sync::Arc;

use super::Edit;
use super::StoredPolicy;
use crate::gate::Gate;
use crate::policy::Policy;
use crate::policy::Problems;

impl Gate {
    /// The mistakes of an edit; or, where they would be none without one document in force, only
    /// the question whether that one was renamed.
    pub(super) async fn renamed(
        &self,
        base: &StoredPolicy,
        edit: &Edit,
        problems: Problems,
    ) -> Problems {
        if !problems.repeat_a_name() {
            return problems;
        }
        let in_force = base.sources();
        let is_there = |name: &str| in_force.iter().any(|it| it.name() == name);
        let new = edit.documents.iter().find(|it| !is_there(it.name()));
        let (Some(new), false, Some(_)) = (new, edit.prune, &base.in_force) else {
            return problems;
        };
        let is_edited = |name: &str| {
            edit.documents.iter().any(|it| it.name() == name)
                || edit.remove.iter().any(|it| it == name)
        };
        for old in in_force.iter().filter(|it| !is_edited(it.name())) {
            let mut remove = edit.remove.clone();
            remove.push(old.name().to_owned());
            let Ok(documents) = base.edited(&Edit { remove, ..edit.clone() }) else { continue };
            let zones = Arc::clone(&self.zones);
            let loads = self.compiler.run(move || Policy::load(&documents, &zones).is_ok());
            if loads.await {
                let (new, old) = (new.name(), old.name());
                let message = format!(
                    "the document `{new}` declares what the document `{old}` in force declares too"
                );
                let help = format!(
                    "replaces `{old}`? Then remove it in the same step: --remove {old}, or --prune \
                     for exactly the documents that are named"
                );
                return Problems::of_file(new, &message, &help);
            }
        }
        problems
    }
}

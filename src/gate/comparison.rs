//! Compares the policy in force with a candidate that might replace it.

use super::Applied;
use super::Edit;
use super::Failure;
use super::Gate;
use crate::model::Name;
use crate::policy::Policy;

/// Two policies to be compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The one in force by the store.
    pub current: Policy,
    /// Its revision, 0 for the starter policy.
    pub revision: u64,
    /// The one that might replace it.
    pub candidate: Policy,
    /// The differences, and the warnings.
    pub applied: Applied,
}

impl Gate {
    /// The policy in force, and a candidate: the same policy with some documents added, replaced or
    /// removed.
    ///
    /// # Errors
    /// If there are mistakes in them, or the policy in force cannot be read.
    pub async fn compare_policies(
        &self,
        tenant: &Name,
        edit: &Edit,
    ) -> Result<Comparison, Failure> {
        let base = self.base(tenant).await?;
        let now = base.sources();
        let (current, same) = self.compile(&base, &now, Policy::load_stored).await?;
        let revision = base.revision();
        if edit.documents.is_empty() && edit.remove.is_empty() {
            return Ok(Comparison { candidate: current.clone(), current, revision, applied: same });
        }
        let edited = base.edited(edit)?;
        let (candidate, applied) = self.compile(&base, &edited, Policy::load).await?;
        Ok(Comparison { current, revision, candidate, applied })
    }
}

//! How customers' ids are kept, as the marks have it.

use super::Marks;
use super::judge::Verdict;
use super::judge::judge;
use crate::codec::mark::Mark;
use crate::gate::Failure;
use crate::gate::Feature;
use crate::gate::Gate;
use crate::gate::copy::is_empty;
use crate::model::customer_id::Spelling;
use crate::store::Replaced;

impl Gate {
    /// Checks that the store keeps ids as this instance is set to.
    ///
    /// # Errors
    /// If it keeps them otherwise.
    pub(super) fn check_spelling(&self, marks: &Marks) -> Result<(), Failure> {
        let own = self.settings.spelling;
        let kept = marks.values().flatten().map(|(mark, _)| mark.customer_ids);
        match kept.into_iter().find(|kept| *kept != own) {
            Some(kept) => Err(Failure::OtherSpelling { kept, own }),
            None => Ok(()),
        }
    }

    /// Checks the same of a store without a mark: releases that knew no setting told every two
    /// spellings apart.
    ///
    /// # Errors
    /// If this instance is set otherwise and something is there, or the store cannot say.
    pub(super) async fn check_unmarked(&self) -> Result<(), Failure> {
        let own = self.settings.spelling;
        if own == Spelling::Exact || is_empty(self.store.as_ref()).await? {
            return Ok(());
        }
        let failure = Failure::OtherSpelling { kept: Spelling::Exact, own };
        self.guard.tell(Some(failure.to_string()));
        Err(failure)
    }

    /// The marks of a store that holds what it should, and on which no older release may run.
    ///
    /// # Errors
    /// If it is another, or cannot say.
    pub(in crate::gate) async fn sound_marks(&self) -> Result<Marks, Failure> {
        let known = self.guard.known();
        let mut marks = self.all_marks(&known).await?;
        let losses = self.asked(self.store.losses()).await?;
        match judge(&known, &marks, &losses) {
            Verdict::Sound => self.adopt(&marks),
            Verdict::Unmarked => {
                self.make_first_mark(Spelling::Exact).await?;
                marks = self.all_marks(&self.guard.known()).await?;
            }
            Verdict::Lost { why, .. } => return Err(Failure::StoreUnavailable(why)),
            Verdict::Newer(format) => return Err(Failure::StoreNewer(format)),
            Verdict::Copying => return Err(Failure::HalfCopied),
        }
        self.require_format(Feature::TrimmedIds)?;
        Ok(marks)
    }

    /// Notes in the store how this instance is set to keep ids.
    ///
    /// # Errors
    /// If the change is not acknowledged, or somebody else serves the store.
    pub(in crate::gate) async fn keep_spelling(&self) -> Result<(), Failure> {
        let customer_ids = self.settings.spelling;
        for (part, found) in self.all_marks(&self.guard.known()).await? {
            let Some((mark, version)) = found else { continue };
            let mark = Mark { customer_ids, ..mark };
            if let Replaced::Changed(_) = self.write_mark(part, Some(version), &mark).await? {
                return Err(Failure::Conflict);
            }
        }
        Ok(())
    }
}

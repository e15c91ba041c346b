//! The spelling rule for customers' ids in the marks.

use std::time::Duration;

use super::Marks;
use super::judge::Verdict;
use super::judge::judge;
use crate::codec::mark::Mark;
use crate::gate::Failure;
use crate::gate::Feature;
use crate::gate::Gate;
use crate::gate::change::ATTEMPTS;
use crate::gate::copy::is_empty;
use crate::model::customer_id::Spelling;
use crate::store::Replaced;

/// The note in a store while ids are merged in it. A record that was written under one spelling is
/// then found under another, so nothing is granted meanwhile.
const MERGING: &str = "`courtesy merge-ids` is at work on it, or was broken off; repeat it with \
                       the same `--customer-ids` until it succeeds";
/// The time until every instance has seen a note: they look twice a second.
const SEEN: Duration = Duration::from_secs(3);

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

    /// Checks the spelling rule of a store without a mark. Releases without the setting told all
    /// spellings apart.
    ///
    /// # Errors
    /// If this instance is set otherwise and something is there, or the store cannot be read.
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
    /// If it is another, or cannot be read.
    pub(in crate::gate) async fn sound_marks(&self) -> Result<Marks, Failure> {
        let known = self.guard.known();
        let mut marks = self.all_marks(&known).await?;
        for (mark, _) in marks.values_mut().flatten().filter(|(mark, _)| mark.lost == MERGING) {
            mark.lost.clear();
        }
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

    /// Keeps every instance from using the store, until ids are kept as this one is set to.
    ///
    /// # Errors
    /// If the change is not acknowledged.
    #[expect(clippy::disallowed_methods, reason = "there is no list of those who serve the store")]
    pub(in crate::gate) async fn close_for_merge(&self) -> Result<(), Failure> {
        self.change_marks(|mark| Mark { lost: MERGING.to_owned(), ..mark }).await?;
        if self.store.is_shared() {
            tokio::time::sleep(SEEN).await;
        }
        Ok(())
    }

    /// Notes in the store how this instance is set to keep ids, and opens it again.
    ///
    /// # Errors
    /// If the change is not acknowledged.
    pub(in crate::gate) async fn keep_spelling(&self) -> Result<(), Failure> {
        let customer_ids = self.settings.spelling;
        self.change_marks(|mark| Mark { customer_ids, lost: String::new(), ..mark }).await
    }

    /// Changes the marks of all parts. Instances that serve the store change them too.
    async fn change_marks(&self, change: impl Fn(Mark) -> Mark) -> Result<(), Failure> {
        for _attempt in 0..ATTEMPTS {
            let mut is_done = true;
            for (part, found) in self.all_marks(&self.guard.known()).await? {
                let Some((mark, version)) = found else { continue };
                let changed = change(mark.clone());
                if changed != mark {
                    let written = self.write_mark(part, Some(version), &changed).await?;
                    is_done &= matches!(written, Replaced::Done(_));
                }
            }
            if is_done {
                return Ok(());
            }
        }
        Err(Failure::Conflict)
    }
}

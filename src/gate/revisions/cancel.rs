//! Putting a stop to a revision that is scheduled.

use super::Attribution;
use super::Gate;
use crate::audit::Event;
use crate::codec::policy::Documents;
use crate::codec::policy::PolicyValue;
use crate::gate::Failure;
use crate::model::Name;
use crate::model::revision::About;

impl Gate {
    /// Lets a scheduled revision never be in force. It stays in the history, and its number is not
    /// given again. One that has been cancelled stays so. Returns the revision in force.
    ///
    /// # Errors
    /// If no revision with this number is scheduled, or it could not be stored.
    pub async fn cancel(
        &self,
        tenant: &Name,
        number: u64,
        words: &Attribution,
    ) -> Result<u64, Failure> {
        let _one_at_a_time = self.changing.lock().await;
        let base = self.base(tenant).await?;
        let scheduled = base.scheduled.clone().filter(|it| it.revision == number);
        let Some(scheduled) = scheduled else {
            return match self.known(tenant, &base, number).await {
                Ok(known) if known.about.cancelled.is_some() => Ok(base.revision()),
                Ok(_) => Err(Failure::NotScheduled(number)),
                Err(failure) => Err(failure),
            };
        };
        let note = words.note.as_deref().map(|note| format!("“{note}”"));
        let event = Event {
            actor: words.actor.clone(),
            action: "CancelPolicy".to_owned(),
            details: note.unwrap_or_default(),
            author: words.author.as_deref().map(str::to_owned),
            revisions: Some((number, base.revision())),
            failure: None,
        };
        let cancelled = Some(self.clock.now());
        let about = About { cancelled, ..scheduled.about };
        let scheduled = Documents { about, ..scheduled };
        let (written, directory) = (base.written(), base.directory);
        let stored = PolicyValue { written, scheduled: None, cancelled: number, directory };
        let change = async {
            self.archive(tenant, &scheduled).await?;
            self.put(tenant, &base, &stored).await
        };
        Box::pin(self.audited(tenant, event, change)).await?;
        Ok(base.revision())
    }
}

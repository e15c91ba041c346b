//! Pauses by operators: all pauses of a tenant are one value, which is replaced as a whole.

use super::Failure;
use super::Gate;
use super::revisions::Attribution;
use crate::audit::Event;
use crate::codec;
use crate::gate::change::ATTEMPTS;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Topic;
use crate::model::pause::PAUSES_MAX;
use crate::model::pause::Pause;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Version;

/// The result of ending pauses.
#[derive(Clone, Debug, Default)]
pub struct Resumed {
    /// The pauses that were ended.
    pub ended: Vec<Pause>,
    /// The pauses that remain.
    pub left: Vec<Pause>,
}

impl Gate {
    /// The pauses of a tenant that hold or will, in order of name.
    #[must_use]
    pub fn pauses(&self, tenant: &Name, now: Instant) -> Vec<Pause> {
        let mut pauses = self.policy(tenant).pauses.clone();
        pauses.retain(|pause| !pause.is_over(now));
        pauses
    }

    /// Sets a pause in place of one with its name, if there is one. It is in force when this
    /// returns.
    ///
    /// # Errors
    /// If there are too many, or it could not be stored.
    pub async fn pause(
        &self,
        tenant: &Name,
        pause: &Pause,
        words: &Attribution,
    ) -> Result<(), Failure> {
        let _one_at_a_time = self.changing.lock().await;
        let event = Event { details: told(pause), ..event("PauseContacts", words) };
        let set = |pauses: &mut Vec<Pause>| {
            pauses.retain(|it| it.name != pause.name);
            let place = pauses.partition_point(|it| it.name < pause.name);
            pauses.insert(place, pause.clone());
            if pauses.len() > PAUSES_MAX { Err(Failure::TooManyPauses) } else { Ok(()) }
        };
        // Found out before it is noted that it happens.
        set(&mut self.stored_pauses(tenant, pause.set).await?.0)?;
        let change = self.change_pauses(tenant, pause.set, set);
        Box::pin(self.audited(tenant, event, change)).await
    }

    /// Ends pauses by their names. Those that are not there are ended already.
    ///
    /// # Errors
    /// If it could not be stored.
    pub async fn resume(
        &self,
        tenant: &Name,
        names: &[Name],
        words: &Attribution,
    ) -> Result<Resumed, Failure> {
        let _one_at_a_time = self.changing.lock().await;
        let now = self.clock.now();
        let end = |pauses: &mut Vec<Pause>| {
            let (ended, left) = pauses.drain(..).partition(|it| names.contains(&it.name));
            pauses.clone_from(&left);
            Resumed { ended, left }
        };
        let (mut pauses, version) = self.stored_pauses(tenant, now).await?;
        let found = end(&mut pauses);
        if found.ended.is_empty() {
            // The instance that ended them may not know yet that it survives.
            if let Some(version) = version {
                let key = key(tenant);
                let settle = self.store.settle(&key, version, self.settings.wishes);
                if !self.within("settle", settle).await? {
                    return Err(Failure::Conflict);
                }
            }
            return Ok(found);
        }
        let told: Vec<String> = found.ended.iter().map(told).collect();
        let event = Event { details: told.join("; "), ..event("ResumeContacts", words) };
        let change = self.change_pauses(tenant, now, |pauses| Ok(end(pauses)));
        Box::pin(self.audited(tenant, event, change)).await
    }

    async fn change_pauses<T>(
        &self,
        tenant: &Name,
        now: Instant,
        change: impl Fn(&mut Vec<Pause>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        for _attempt in 0..ATTEMPTS {
            let (mut pauses, expected) = self.stored_pauses(tenant, now).await?;
            let result = change(&mut pauses)?;
            let (key, value) = (key(tenant), codec::pause::write(&pauses));
            let replacement = Replacement { key, expected, value, expires: None };
            let entries = [self.of_tenant(tenant, Topic::Pauses)];
            let write = self.store.replace_and_put(replacement, &entries, self.settings.wishes);
            if let Replaced::Done(version) = self.within("replace", write).await? {
                self.tell_changed(&entries);
                self.install(tenant, self.policy(tenant).with_pauses(pauses, version));
                return Ok(result);
            }
        }
        Err(Failure::Conflict)
    }

    /// The pauses in the store that are not over.
    async fn stored_pauses(
        &self,
        tenant: &Name,
        now: Instant,
    ) -> Result<(Vec<Pause>, Option<Version>), Failure> {
        let Some(stored) = self.within("load", self.store.load(&key(tenant))).await? else {
            return Ok((Vec::new(), None));
        };
        let mut pauses = codec::pause::read(&stored.value)?;
        pauses.retain(|pause| !pause.is_over(now));
        Ok((pauses, Some(stored.version)))
    }
}

fn event(action: &str, words: &Attribution) -> Event {
    Event {
        actor: words.actor.clone(),
        action: action.to_owned(),
        author: words.author.as_deref().map(str::to_owned),
        ..Event::default()
    }
}

fn told(pause: &Pause) -> String {
    let from = pause.from.map(|from| format!(" from {from}")).unwrap_or_default();
    let until = pause.until.map(|until| format!(" until {until}")).unwrap_or_default();
    format!("{} ({}){from}{until}: {}", pause.name, pause.selection, pause.reason)
}

fn key(tenant: &Name) -> Key {
    Key { space: Space::Pauses, tenant: tenant.clone(), id: Box::from("") }
}

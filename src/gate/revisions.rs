//! Changing a tenant's policy, and what it was before.
//!
//! The revision in force stands under the tenant's name; those before stand under their numbers. A
//! revision is put there before another takes its place, by the instance that replaces it: the
//! value in force is the only one that a number ever has, so that callers who race write the same.
//!
//! A scheduled revision stands beside the one in force, in the same value. Every instance puts it
//! in force at its time, by its own clock: that takes no write, and no instance has to be running.
//! While one is scheduled no other change is accepted.
//!
//! **Invariant:** every revision that was in force is in the store, verbatim.

mod cancel;
mod directory;
mod lately;
mod older_instances;
mod renamed;
mod stored_policy;

pub use directory::Adopted;
pub use directory::Directory;
pub(super) use stored_policy::StoredPolicy;

use std::sync::Arc;

use super::Failure;
use super::Gate;
use super::policies::sources;
use crate::audit::Event;
use crate::codec::policy::Documents;
use crate::codec::policy::PolicyValue;
use crate::gate::change::ATTEMPTS;
use crate::model::Instant;
use crate::model::Name;
use crate::model::agenda::Topic;
use crate::model::revision::About;
use crate::model::revision::Change;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::diff;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;
use crate::store::Stored;
use crate::zone::Zones;

/// A change of a policy.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The revision that it replaces.
    pub expected: u64,
    /// The candidate that replaces it.
    pub candidate: Candidate,
    /// The time from which it is in force; at once if unset.
    pub effective: Option<Instant>,
    /// Whether the change is only tried.
    pub validate_only: bool,
    /// The author and the reason.
    pub words: Attribution,
}

/// The replacement of a policy.
#[derive(Clone, Debug)]
pub enum Candidate {
    /// Other documents.
    Edited(Edit),
    /// The documents of an older revision.
    Restored(u64),
}

/// A change of the documents that there are.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Documents to add or to replace.
    pub documents: Vec<Source>,
    /// Documents to remove.
    pub remove: Vec<String>,
    /// Whether all other documents are removed.
    pub prune: bool,
}

/// The origin of a change: the caller, and the author and reason that the caller gave.
#[derive(Clone, Debug, Default)]
pub struct Attribution {
    /// The caller, as the server knows it.
    pub actor: String,
    /// The author, as the caller gave it.
    pub author: Option<Box<str>>,
    /// The reason.
    pub note: Option<Box<str>>,
}

/// A policy that was applied, or could be.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The number of the revision.
    pub revision: u64,
    /// Warnings about the revision.
    pub warnings: Problems,
    /// The differences from the revision before.
    pub changes: Vec<Change>,
}

/// The function that loads documents.
pub(super) type Load = fn(&[Source], &Arc<Zones>) -> Result<(Policy, Problems), Problems>;

impl Gate {
    /// Replaces a tenant's policy with a new revision. The very documents that are in force make
    /// none, unless they are scheduled.
    ///
    /// # Errors
    /// If the policy has moved on, the new one has mistakes, or it could not be stored. The one in
    /// force stays.
    pub async fn apply(&self, tenant: &Name, revision: &Revision) -> Result<Applied, Failure> {
        let one_at_a_time = self.changing.lock().await;
        let base = self.base(tenant).await?;
        if revision.expected != base.revision() {
            return Err(Failure::RevisionMoved(base.revision()));
        }
        base.is_free()?;
        let (documents, restored, load): (_, _, Load) = match &revision.candidate {
            Candidate::Edited(edit) => (base.edited(edit)?, None, Policy::load),
            Candidate::Restored(number) => {
                let known = self.known(tenant, &base, *number).await?;
                if known.about.cancelled.is_some() {
                    return Err(Failure::NoSuchRevision(*number));
                }
                (sources(&known), Some(*number), Policy::load_stored)
            }
        };
        if base.is(&documents) && revision.effective.is_none() {
            let (_, same) = self.compile(&base, &documents, Policy::load_stored).await?;
            drop(one_at_a_time);
            // The revision may have been stored by another instance just now, or by an earlier
            // attempt whose answer was lost: an acknowledged revision is in force here too.
            if self.policy(tenant).policy.revision != base.revision() {
                self.learn().await?;
            }
            return Ok(Applied { revision: base.revision(), ..same });
        }
        let compiled = self.compile(&base, &documents, load).await;
        let (policy, mut applied) = match (compiled, &revision.candidate) {
            (Err(Failure::InvalidPolicy(problems)), Candidate::Edited(edit)) => {
                return Err(Failure::InvalidPolicy(self.renamed(&base, edit, problems).await));
            }
            (compiled, _) => compiled?,
        };
        policy.must_declare(&documents).map_err(Failure::InvalidPolicy)?;
        self.require_known_words(&base, &documents).await?;
        let before = self.policy(tenant);
        self.warn_of_removals(tenant, (&before.policy, &policy), &mut applied.warnings).await;
        if revision.validate_only {
            return Ok(applied);
        }
        let about = About {
            effective: revision.effective,
            restored,
            ..self.about(&revision.words, &applied.changes)
        };
        let documents = documents_of(&documents, applied.revision, about);
        let event = event(&revision.words, base.revision(), &documents);
        let stored = base.following(documents);
        match Box::pin(self.audited(tenant, event, self.put(tenant, &base, &stored))).await {
            Ok(()) => Ok(applied),
            Err(Failure::RevisionMoved(_)) => {
                let base = self.base(tenant).await?;
                base.is_free()?;
                Err(Failure::RevisionMoved(base.revision()))
            }
            Err(failure) => Err(failure),
        }
    }

    /// The differences that other documents would make, and the revision in force.
    ///
    /// # Errors
    /// If they have mistakes, or the policy in force cannot be read.
    pub async fn validate(
        &self,
        tenant: &Name,
        edit: &Edit,
    ) -> Result<(u64, Result<Applied, Problems>), Failure> {
        let base = self.base(tenant).await?;
        let documents = base.edited(edit)?;
        let compiled = self.compile(&base, &documents, Policy::load).await;
        let compiled = compiled.and_then(|(policy, applied)| {
            policy.must_declare(&documents).map_err(Failure::InvalidPolicy)?;
            Ok((policy, applied))
        });
        let compiled = match compiled {
            Ok((policy, mut applied)) => {
                let (before, warnings) = (self.policy(tenant), &mut applied.warnings);
                self.warn_of_removals(tenant, (&before.policy, &policy), warnings).await;
                Ok(applied)
            }
            Err(Failure::InvalidPolicy(problems)) => Err(self.renamed(&base, edit, problems).await),
            Err(failure) => return Err(failure),
        };
        Ok((base.revision(), compiled))
    }

    /// A revision that is or was in force.
    ///
    /// # Errors
    /// If it was never, is not known any more, or the store cannot be read.
    pub async fn revision(&self, tenant: &Name, number: u64) -> Result<Documents, Failure> {
        let base = self.base(tenant).await?;
        self.known(tenant, &base, number).await
    }

    /// The number in force, and what is known of revisions whose numbers are at most `newest`, the
    /// newest first, as long as `more` wants more.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn revisions(
        &self,
        tenant: &Name,
        newest: Option<u64>,
        mut more: impl FnMut(u64, Option<&Documents>) -> bool,
    ) -> Result<u64, Failure> {
        let base = self.base(tenant).await?;
        let in_force = base.revision();
        let mut number = newest.unwrap_or(base.newest).min(base.newest);
        // One at a time: documents are long, and are not kept here.
        while number > 0 {
            let known = match self.known(tenant, &base, number).await {
                Ok(known) => Some(known),
                Err(Failure::NoSuchRevision(_)) => None,
                Err(failure) => return Err(failure),
            };
            if !more(number, known.as_ref()) {
                break;
            }
            number -= 1;
        }
        Ok(in_force)
    }

    pub(super) async fn base(&self, tenant: &Name) -> Result<StoredPolicy, Failure> {
        let stored = self.within("load", self.store.load(&in_force(tenant))).await?;
        let now = self.clock.now();
        let base = stored.map(|stored| StoredPolicy::at(&stored, now)).transpose()?;
        Ok(base.unwrap_or_default())
    }

    async fn known(
        &self,
        tenant: &Name,
        base: &StoredPolicy,
        number: u64,
    ) -> Result<Documents, Failure> {
        if let Some(documents) = base.own(number) {
            return Ok(documents.clone());
        }
        let key = numbered(tenant, number);
        let stored = self.within("load", self.store.load(&key)).await?;
        let stored = stored.ok_or(Failure::NoSuchRevision(number))?;
        Ok(Documents::read(&stored.value)?)
    }

    /// The facts about a revision that is made now.
    fn about(&self, words: &Attribution, changes: &[Change]) -> About {
        About {
            author: words.author.clone(),
            note: words.note.clone(),
            changes: changes.to_vec(),
            ..About::at(self.clock.now())
        }
    }

    /// `load` tells documents that are to be applied from those that were in force before.
    pub(super) async fn compile(
        &self,
        base: &StoredPolicy,
        documents: &[Source],
        load: Load,
    ) -> Result<(Policy, Applied), Failure> {
        let (before, after, zones) = (base.sources(), documents.to_vec(), Arc::clone(&self.zones));
        let compiled = self.compiler.run(move || {
            let (policy, warnings) = load(&after, &zones)?;
            Ok((policy, warnings, diff::changes(&before, &after)))
        });
        let (policy, warnings, changes) = compiled.await.map_err(Failure::InvalidPolicy)?;
        let revision = base.newest.saturating_add(1);
        Ok((policy, Applied { revision, warnings, changes }))
    }

    /// Writes what is in force and to come in place of what was, which is kept under its number
    /// first, and puts it in force here.
    async fn put(
        &self,
        tenant: &Name,
        base: &StoredPolicy,
        stored: &PolicyValue,
    ) -> Result<(), Failure> {
        if let Some(outgoing) = &base.in_force {
            self.archive(tenant, outgoing).await?;
        }
        let (key, value) = (in_force(tenant), stored.write());
        let replacement =
            Replacement { key, expected: base.version, value: value.clone(), expires: None };
        let entries = [self.of_tenant(tenant, Topic::Policy)];
        let write = self.store.replace_and_put(replacement, &entries, self.settings.wishes);
        match self.within("replace", write).await? {
            Replaced::Done(version) => {
                self.tell_changed(&entries);
                let (stored, now) = (Stored { version, value }, self.clock.now());
                let (before, zones) = (self.policy(tenant), Arc::clone(&self.zones));
                let compiled = self.compiler.run(move || before.with_stored(&stored, &zones, now));
                match compiled.await {
                    Ok(active) => self.install(tenant, active),
                    // The earlier policy may not load although the scheduled one does.
                    Err(why) => tracing::error!(%tenant, %why, "what is stored does not load"),
                }
                Ok(())
            }
            Replaced::Changed(_) => Err(Failure::RevisionMoved(base.revision())),
        }
    }

    async fn archive(&self, tenant: &Name, outgoing: &Documents) -> Result<(), Failure> {
        let (key, value) = (numbered(tenant, outgoing.revision), outgoing.write());
        let mut known = self.within("load", self.store.load(&key)).await?;
        for _attempt in 0..ATTEMPTS {
            let expected = known.as_ref().map(|stored| stored.version);
            match &known {
                Some(stored) if stored.value == value => {
                    let settle = self.store.settle(&key, stored.version, self.settings.wishes);
                    if self.within("settle", settle).await? {
                        return Ok(());
                    }
                    known = self.within("load", self.store.load(&key)).await?;
                }
                Some(_) | None => {
                    let (key, value) = (key.clone(), value.clone());
                    let replacement = Replacement { key, expected, value, expires: None };
                    let write = self.store.replace(replacement, self.settings.wishes);
                    match self.within("replace", write).await? {
                        Replaced::Done(_) => return Ok(()),
                        Replaced::Changed(current) => known = current,
                    }
                }
            }
        }
        Err(Failure::Conflict)
    }
}

/// Documents as they are stored, in order of name.
fn documents_of(sources: &[Source], revision: u64, about: About) -> Documents {
    let named = sources.iter().map(|it| (it.name().to_owned(), it.text().to_owned()));
    Documents { revision, documents: named.collect(), about }
}

fn event(words: &Attribution, before: u64, documents: &Documents) -> Event {
    let About { changes, note, restored, effective, .. } = &documents.about;
    let from = effective.iter().map(|effective| format!("from {effective} on"));
    let note = note.iter().map(|note| format!("“{note}”"));
    let restored_from = restored.iter().map(|number| format!("the documents of revision {number}"));
    let changes = changes.iter().map(|change| change.text.clone());
    let details: Vec<String> = from.chain(restored_from).chain(note).chain(changes).collect();
    Event {
        actor: words.actor.clone(),
        action: if restored.is_some() { "RollbackPolicy" } else { "ApplyPolicy" }.to_owned(),
        details: details.join("; "),
        author: words.author.as_deref().map(str::to_owned),
        revisions: Some((before, documents.revision)),
        failure: None,
    }
}

fn in_force(tenant: &Name) -> Key {
    Key { space: Space::Policies, tenant: tenant.clone(), id: Box::from("") }
}

/// Numbers in the order of their digits.
fn numbered(tenant: &Name, number: u64) -> Key {
    let id = format!("{number:020}").into();
    Key { space: Space::Revisions, tenant: tenant.clone(), id }
}

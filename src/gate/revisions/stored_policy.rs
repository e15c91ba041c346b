//! A tenant's policy in the store, as of an instant.

use std::collections::BTreeMap;

use crate::codec::Unreadable;
use crate::codec::policy::Documents;
use crate::codec::policy::Hash;
use crate::codec::policy::PolicyValue;
use crate::gate::Failure;
use crate::gate::policies::sources;
use crate::gate::policies::starter;
use crate::gate::revisions::Edit;
use crate::model::Instant;
use crate::model::revision::About;
use crate::policy::Source;
use crate::store::Stored;
use crate::store::Version;

/// The stored policy in force, whether or not it loads, and the one that is scheduled.
#[derive(Debug, Default)]
pub(in crate::gate) struct StoredPolicy {
    /// Unset is the starter policy.
    pub(in crate::gate) in_force: Option<Documents>,
    pub(in crate::gate) scheduled: Option<Documents>,
    /// The highest number that a revision has had.
    pub(in crate::gate) newest: u64,
    pub(super) version: Option<Version>,
    /// The hash of the last directory that an instance applied by itself.
    pub(super) directory: Option<Hash>,
}

impl StoredPolicy {
    /// The policy of a stored value as of an instant. A scheduled policy is in force from its time
    /// on, without a write.
    pub(in crate::gate) fn at(stored: &Stored, now: Instant) -> Result<Self, Unreadable> {
        let PolicyValue { written, scheduled, cancelled, directory } =
            PolicyValue::read(&stored.value)?;
        let numbers = [written.revision, cancelled];
        let newest = scheduled.iter().map(|it| it.revision).chain(numbers).max();
        let is_due = |it: &Documents| it.about.effective.is_none_or(|effective| effective <= now);
        let (in_force, scheduled) = match scheduled {
            Some(scheduled) if is_due(&scheduled) => (scheduled, None),
            scheduled => (written, scheduled),
        };
        Ok(Self {
            in_force: (in_force.revision > 0).then_some(in_force),
            scheduled,
            newest: newest.unwrap_or_default(),
            version: Some(stored.version),
            directory,
        })
    }

    pub(in crate::gate) fn revision(&self) -> u64 {
        self.in_force.as_ref().map_or(0, |documents| documents.revision)
    }

    pub(in crate::gate) fn sources(&self) -> Vec<Source> {
        self.in_force.as_ref().map_or_else(|| vec![starter()], sources)
    }

    /// The documents after an edit. The starter policy makes room for what the operator wants,
    /// whatever that is.
    pub(in crate::gate) fn edited(&self, edit: &Edit) -> Result<Vec<Source>, Failure> {
        let stored = self.in_force.iter().filter(|_| !edit.prune).flat_map(sources);
        let mut documents: BTreeMap<String, Source> =
            stored.map(|source| (source.name().to_owned(), source)).collect();
        for name in &edit.remove {
            documents.remove(name).ok_or_else(|| Failure::NoSuchDocument(name.clone()))?;
        }
        let added = edit.documents.iter();
        documents.extend(added.map(|source| (source.name().to_owned(), source.clone())));
        Ok(documents.into_values().collect())
    }

    /// Whether the documents are exactly those of the revision in force; never if that is the
    /// starter policy.
    pub(super) fn is(&self, documents: &[Source]) -> bool {
        let Some(in_force) = &self.in_force else { return false };
        let wanted = documents.iter().map(|it| (it.name(), it.text()));
        wanted.eq(in_force.documents.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// A revision that is in force or scheduled, by its number.
    pub(super) fn own(&self, number: u64) -> Option<&Documents> {
        let own = self.in_force.iter().chain(&self.scheduled);
        own.into_iter().find(|documents| documents.revision == number)
    }

    /// The value to store once a revision is applied or scheduled.
    pub(super) fn following(&self, documents: Documents) -> PolicyValue {
        // The number is given already.
        let (cancelled, directory) = (0, self.directory);
        if documents.about.effective.is_none() {
            return PolicyValue { written: documents, scheduled: None, cancelled, directory };
        }
        PolicyValue { written: self.written(), scheduled: Some(documents), cancelled, directory }
    }

    /// The revision in force as it is stored.
    pub(super) fn written(&self) -> Documents {
        self.in_force.clone().unwrap_or_else(|| Documents {
            revision: 0,
            documents: Vec::new(),
            about: About::at(Instant::FIRST),
        })
    }

    /// Fails where a revision is scheduled: what it was made for would change under it.
    pub(super) fn is_free(&self) -> Result<(), Failure> {
        let Some(Documents { revision, about, .. }) = &self.scheduled else { return Ok(()) };
        let effective = about.effective.unwrap_or(about.applied);
        Err(Failure::PolicyScheduled { revision: *revision, effective })
    }
}

//! The rule by which spellings of an id mean one customer in a store, and the records under other
//! spellings: those of older releases, which took white space around an id as a part of it, and
//! those of a store that is to fold case from now on.
//!
//! A request that spells an id otherwise than it is kept is looked up under both. One that spells
//! it as it is kept costs nothing, and cannot know under which other spellings something may stand:
//! so what does is found by `courtesy doctor`, and brought together by `courtesy merge-ids`.
//!
//! **Invariant:** all instances of a store agree: how ids are kept is in its mark, and an instance
//! that is set otherwise does not use it.

use std::collections::BTreeMap;

use super::Change;
use super::Customer;
use super::Failure;
use super::Feature;
use super::Gate;
use super::change::ATTEMPTS;
use super::copy::first_mark;
use super::mark::trusted;
use crate::audit::Event;
use crate::model::Name;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::store;
use crate::store::Key;
use crate::store::Space;
use crate::store::Store;

/// The number of records that are looked at at once.
const PAGE: usize = 500;

/// The records of a store whose ids would be kept otherwise today.
#[derive(Clone, Debug, Default)]
pub struct Misspelled {
    /// The number of records that were looked at.
    pub records: u64,
    /// The keys of records that callers find only by the exact spelling.
    pub keys: Vec<Key>,
    /// The number of records under ids of white space, which belong to no customer.
    pub nameless: u64,
}

/// The result of merging the records under other spellings.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The number of records that were merged into the record under the id's own spelling.
    pub merged: usize,
    /// The failures, one for each record that was not merged.
    pub failed: Vec<Failure>,
}

/// Looks for records under ids that would be kept otherwise today.
///
/// # Errors
/// If the store cannot be read.
pub async fn misspelled(store: &dyn Store, spelling: Spelling) -> Result<Misspelled, store::Error> {
    let mut found = Misspelled::default();
    let mut cursor: Option<Box<str>> = None;
    loop {
        let page = store.scan(Space::Customers, None, cursor.as_deref(), PAGE).await?;
        for (key, _value) in page.values {
            found.records += 1;
            let kept = spelling.kept(&key.id);
            if kept.is_empty() {
                found.nameless += 1;
            } else if *kept != *key.id {
                found.keys.push(key);
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

/// The rule of a store by which spellings mean one customer; `None` if it has never been served.
///
/// # Errors
/// If it cannot be read.
pub async fn kept_spelling(store: &dyn Store) -> Result<Option<Spelling>, store::Error> {
    Ok(first_mark(store).await?.map(|mark| mark.customer_ids))
}

impl Gate {
    /// The rule by which spellings mean one customer now. While older releases may run on the store
    /// their rule is used, since their records would not be found otherwise.
    #[must_use]
    pub fn spelling(&self) -> Spelling {
        if self.has_format(Feature::TrimmedIds) { self.settings.spelling } else { Spelling::AsSent }
    }

    /// Merges the records that were found into the records of the same customers, and then notes
    /// this instance's spelling rule in the store. A merge that is broken off can be repeated. An
    /// instance that serves the store meanwhile grants nothing until this has succeeded, and then
    /// only if it has the same rule.
    ///
    /// # Errors
    /// If the store has lost something, is of an older format or keeps folded ids, or does not do
    /// what it is asked.
    pub async fn merge_spellings(&self, found: &Misspelled) -> Result<Merged, Failure> {
        Box::pin(trusted(async {
            self.check_secret().await?;
            let marks = self.sound_marks().await?;
            let kept = marks.values().flatten().map(|(mark, _)| mark.customer_ids).next();
            if kept == Some(Spelling::LowerCase)
                && self.settings.spelling != Spelling::LowerCase
                && found.records > 0
            {
                return Err(Failure::SpellingFolded);
            }
            self.learn().await?;
            let mut found = found.clone();
            if kept != Some(self.settings.spelling) || !found.keys.is_empty() {
                self.close_for_merge().await?;
                // Records that were written until the other instances noticed are merged too.
                found = misspelled(self.store.as_ref(), self.settings.spelling).await?;
            }
            self.note_merge(&found).await?;
            let mut merged = Merged::default();
            for key in &found.keys {
                match self.merge(key).await {
                    Ok(()) => merged.merged += 1,
                    Err(failure) if failure.is_of_store() => return Err(failure),
                    Err(failure) => merged.failed.push(failure),
                }
            }
            // Some are found under other ids than before: a store that keeps ids as before must not
            // be used then.
            if merged.failed.is_empty() || kept == Some(self.settings.spelling) {
                self.keep_spelling().await?;
            }
            Ok(merged)
        }))
        .await
    }

    async fn note_merge(&self, found: &Misspelled) -> Result<(), Failure> {
        let mut tenants: BTreeMap<&Name, usize> = BTreeMap::new();
        for key in &found.keys {
            *tenants.entry(&key.tenant).or_default() += 1;
        }
        for (tenant, count) in tenants {
            let event = Event {
                actor: "command line".to_owned(),
                action: "MergeIds".to_owned(),
                details: format!("{count} records under other spellings of customers' ids"),
                ..Event::default()
            };
            self.note(tenant, &event).await?;
        }
        Ok(())
    }

    /// Writes what stands under a key into the record under the id as it is kept, and removes it
    /// there.
    async fn merge(&self, key: &Key) -> Result<(), Failure> {
        let customer =
            Customer::new(&key.tenant, &CustomerId::new(&key.id, self.settings.spelling));
        let active = self.policy(&key.tenant);
        let durability = self.settings.wishes;
        let change = Change {
            key: &customer,
            policy: &active.policy,
            now: self.clock.now(),
            durability,
            expected: None,
            is_wish: false,
            request: None,
        };
        for _attempt in 0..ATTEMPTS {
            let Some(other) = self.within("load", self.store.load(key)).await? else {
                return Ok(());
            };
            self.change(&change, |_record| Ok(())).await?;
            let remove = self.store.remove(key, other.version, durability);
            if self.within("remove", remove).await? {
                return Ok(());
            }
            // The record was written to meanwhile, under its old spelling.
            self.metrics.conflict();
        }
        Err(Failure::Conflict)
    }
}

//! A directory of documents that an instance puts in force by itself. Its hash is stored beside the
//! revision, in the same value, so that one of many instances applies it. A change made by hand
//! stays until the directory changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use super::Attribution;
use super::documents_of;
use super::event;
use crate::codec::policy::Hash;
use crate::codec::policy::PolicyValue;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::change::ATTEMPTS;
use crate::model::Name;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::diff;

/// The documents of a directory.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The documents as they were read, under the names of their files.
    files: Vec<Source>,
    /// The same documents under their own names, in order of name.
    documents: Vec<Source>,
    hash: Hash,
}

/// The result of adopting a directory.
#[derive(Clone, Debug)]
pub enum Adopted {
    /// The directory is the last one that was applied, here or by another instance.
    Known,
    /// The very documents were in force, so that no revision was made.
    Same,
    /// The directory is in force as a new revision.
    Applied {
        /// The revision.
        revision: u64,
        /// Warnings about the documents.
        warnings: Problems,
    },
}

impl Directory {
    /// The documents that stand in some files. Where a file stands and what it is called is not
    /// compared.
    ///
    /// # Errors
    /// If two files have documents of one name. Other mistakes are reported when it is applied.
    pub fn new(files: Vec<Source>) -> Result<Self, Problems> {
        let mut named: BTreeMap<String, &Source> = BTreeMap::new();
        for file in &files {
            // One without a name is refused, under the name of its file.
            let name = file.own_name().map_or_else(|| file.name().to_owned(), |it| it.to_string());
            if let Some(other) = named.insert(name.clone(), file) {
                let message = format!("`{}` has a document `{name}` too", other.name());
                let help = "give one of them another name, or remove it";
                return Err(Problems::of_file(file.name(), &message, help));
            }
        }
        let mut hash = Sha256::new();
        let mut documents = Vec::new();
        for (name, file) in named {
            for text in [name.as_str(), file.text()] {
                hash.update(text.len().to_be_bytes());
                hash.update(text);
            }
            documents.push(Source::new(&name, file.text()));
        }
        Ok(Self { documents, files, hash: hash.finalize().into() })
    }
}

impl Gate {
    /// Whether this instance knows of no revision that the tenant ever had.
    #[must_use]
    pub fn is_first(&self, tenant: &Name) -> bool {
        self.knows_policies() && self.policy(tenant).newest == 0
    }

    /// Puts exactly the documents of a directory in force, unless it is the last one that was.
    ///
    /// # Errors
    /// If it has mistakes, a revision is scheduled, or it could not be stored. What is in force
    /// stays.
    pub async fn apply_directory(
        &self,
        tenant: &Name,
        directory: &Directory,
        words: &Attribution,
    ) -> Result<Adopted, Failure> {
        let _one_at_a_time = self.changing.lock().await;
        for _attempt in 0..ATTEMPTS {
            let base = self.base(tenant).await?;
            if base.directory == Some(directory.hash) {
                return Ok(Adopted::Known);
            }
            base.is_free()?;
            let (before, files, zones) =
                (base.sources(), directory.files.clone(), Arc::clone(&self.zones));
            let documents = directory.documents.clone();
            let compiled = self.compiler.run(move || {
                let (policy, warnings) = Policy::load(&files, &zones)?;
                policy.must_declare(&files)?;
                Ok((warnings, diff::changes(&before, &documents)))
            });
            let (warnings, changes) = compiled.await.map_err(Failure::InvalidPolicy)?;
            self.require_known_words(&base, &directory.documents).await?;
            let hash = Some(directory.hash);
            let (adopted, put) = if base.is(&directory.documents) {
                let (written, cancelled) = (base.written(), base.newest);
                let stored = PolicyValue { written, scheduled: None, cancelled, directory: hash };
                (Adopted::Same, self.put(tenant, &base, &stored).await)
            } else {
                let revision = base.newest.saturating_add(1);
                let about = self.about(words, &changes);
                let documents = documents_of(&directory.documents, revision, about);
                let event = event(words, base.revision(), &documents);
                let stored = PolicyValue { directory: hash, ..base.following(documents) };
                let put = self.put(tenant, &base, &stored);
                let put = Box::pin(self.audited(tenant, event, put)).await;
                (Adopted::Applied { revision, warnings }, put)
            };
            match put {
                Ok(()) => return Ok(adopted),
                // Another instance was faster, and may have done the same.
                Err(Failure::RevisionMoved(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        Err(Failure::Conflict)
    }
}

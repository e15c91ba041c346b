//! The policies that an instance puts in force by itself (`serve --policy`). The directory is
//! looked at every second, which also sees a replaced link, as orchestrators make. A mistake in it
//! keeps an instance from starting on a store that has no policy yet. Later the log, a metric and
//! `/readyz` report it, and nothing is changed.

use std::convert::Infallible;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::reload::Freshness;
use super::reload::Looks;
use super::reload::SETTLED;
use crate::files;
use crate::files::Sort;
use crate::gate::Adopted;
use crate::gate::Attribution;
use crate::gate::Directory;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Name;
use crate::policy::Problems;
use crate::policy::Source;
use crate::telemetry::Metrics;

/// The name for the log and the metric.
pub(super) const POLICIES: &str = "the policies";

/// A directory of documents, or a file, and whose policy they are.
#[derive(Debug)]
pub struct PolicyDirectory {
    path: PathBuf,
    tenant: Name,
    gate: Arc<Gate>,
    /// The last content that was read, if nothing is to be done about it.
    seen: Option<Result<Vec<Source>, String>>,
    /// The last content that was read, if it is new: it may still be in the middle of a change.
    changing: Option<Result<Vec<Source>, String>>,
    failure: watch::Sender<Option<String>>,
}

/// The reason why a directory is not in force.
enum Trouble {
    /// Until it is another one.
    Wrong(String),
    /// Until something else has changed.
    Passing(Failure),
}

impl PolicyDirectory {
    /// Puts a directory in force for the first time.
    ///
    /// # Errors
    /// If it is wrong, and the store has no policy yet.
    pub(super) async fn begin(
        path: &Path,
        tenant: &Name,
        gate: &Arc<Gate>,
    ) -> Result<Self, String> {
        let (failure, _) = watch::channel(None);
        let (path, tenant, gate) = (path.to_owned(), tenant.clone(), Arc::clone(gate));
        let mut begun = Self { path, tenant, gate, seen: None, changing: None, failure };
        let read = sources(&begun.path);
        let told = begun.take(read).await;
        match told {
            Some(why) if begun.gate.is_first(&begun.tenant) && begun.seen.is_some() => {
                Err(format!(
                    "`{}` is not put in force, and there is no other policy yet: {why}",
                    begun.path.display()
                ))
            }
            Some(_) | None => Ok(begun),
        }
    }

    /// Whether the directory is in force.
    pub(super) fn freshness(&self) -> Freshness {
        Freshness::new(POLICIES, self.failure.subscribe())
    }

    /// Looks at it again and again.
    pub(super) async fn run(mut self, mut looks: Looks, metrics: Metrics) -> Infallible {
        loop {
            metrics.reload_failed(POLICIES, self.failure.borrow().is_some());
            looks.next().await;
            let read = sources(&self.path);
            let is_new = self.seen.as_ref() != Some(&read);
            if is_new && self.changing.as_ref() != Some(&read) {
                self.changing = Some(read);
                looks.again_after(SETTLED);
                continue;
            }
            self.changing = None;
            self.take(read).await;
        }
    }

    /// Puts what was read in force where that is to be done. Returns why it is not, if so.
    async fn take(&mut self, read: Result<Vec<Source>, String>) -> Option<String> {
        if self.seen.as_ref() == Some(&read) {
            return self.failure.borrow().clone();
        }
        let trouble = match &read {
            Ok(sources) => self.adopt(sources.clone()).await.err(),
            Err(why) => Some(Trouble::Wrong(why.clone())),
        };
        let why = trouble.as_ref().map(|it| match it {
            Trouble::Wrong(why) => why.clone(),
            Trouble::Passing(failure) => failure.to_string(),
        });
        if let Some(why) = &why
            && self.failure.borrow().as_ref() != Some(why)
        {
            let path = self.path.display();
            tracing::error!(
                %path,
                "the policies there are not put in force; what is in force stays: {why}"
            );
        }
        self.seen = (!matches!(trouble, Some(Trouble::Passing(_)))).then_some(read);
        self.failure.send_replace(why.clone());
        why
    }

    async fn adopt(&self, sources: Vec<Source>) -> Result<(), Trouble> {
        let wrong = |problems: &Problems| Trouble::Wrong(problems.to_string());
        let directory = Directory::new(sources).map_err(|problems| wrong(&problems))?;
        let words = Attribution {
            actor: "serve --policy".to_owned(),
            author: None,
            note: Some(format!("from {}", self.path.display()).into()),
        };
        match self.gate.apply_directory(&self.tenant, &directory, &words).await {
            Ok(Adopted::Known) => Ok(()),
            Ok(Adopted::Same) => {
                let path = self.path.display();
                tracing::info!(%path, "the policies there are in force already");
                Ok(())
            }
            Ok(Adopted::Applied { revision, warnings }) => {
                let path = self.path.display();
                tracing::info!(%path, revision, "the policies there are in force");
                for warning in warnings.iter() {
                    tracing::warn!("{warning}");
                }
                Ok(())
            }
            Err(Failure::InvalidPolicy(problems)) => Err(wrong(&problems)),
            Err(failure) => Err(Trouble::Passing(failure)),
        }
    }
}

/// The documents there, or the reason why there are none.
fn sources(path: &Path) -> Result<Vec<Source>, String> {
    let told = |error: &files::Unreadable| format!("{error}: {}", error.source);
    let files = match path.is_dir() {
        true => files::documents(path, Sort::Policies).map_err(|error| told(&error))?,
        false => vec![path.to_owned()],
    };
    if files.is_empty() {
        return Err("it holds no policy, a file that ends with .yaml, .yml or .json".to_owned());
    }
    let read = files.iter().map(|path| files::read(path).map_err(|error| told(&error)));
    read.map(|read| read?.map_err(|problems| problems.to_string())).collect()
}

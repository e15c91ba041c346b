//! From texts to a policy, in one step.

use std::sync::Arc;

use super::Policy;
use super::compile;
use super::document::Document;
use super::documents;
use super::documents::Documents;
use super::problem::Problems;
use super::source::Source;
use crate::zone::Zones;

impl Policy {
    /// Reads documents, holds them against each other and makes one policy of them. With it come
    /// warnings: what is probably not what the authors meant.
    ///
    /// # Errors
    /// Every mistake that can be seen at once, with its place and a way out.
    pub fn load(sources: &[Source], zones: &Arc<Zones>) -> Result<(Self, Problems), Problems> {
        let mut problems = Problems::default();
        match load(sources, zones, &mut problems) {
            Some(policy) => Ok((policy, problems)),
            None => Err(problems),
        }
    }
}

/// As [`Policy::load`], with the problems of others.
pub(super) fn load(
    sources: &[Source],
    zones: &Arc<Zones>,
    problems: &mut Problems,
) -> Option<Policy> {
    let read = sources.iter().map(|source| documents::read(source, problems));
    let own: Vec<Option<Document>> = read.collect();
    let own: Vec<Document> = own.into_iter().collect::<Option<_>>()?;
    make(own, zones, problems).map(|(policy, _documents)| policy)
}

/// Makes one policy of documents that have been read.
pub(super) fn make(
    own: Vec<Document>,
    zones: &Arc<Zones>,
    problems: &mut Problems,
) -> Option<(Policy, Documents)> {
    let documents = Documents::with_presets(own, problems);
    if problems.has_errors() {
        return None;
    }
    Some((compile::compile(&documents, zones), documents))
}

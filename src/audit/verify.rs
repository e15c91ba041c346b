//! Verifies a log by a walk from its newest link to its first.

use super::Hash;
use super::Link;
use super::NOTHING;
use super::chained;

/// Walks a log.
#[derive(Clone, Debug)]
pub struct Verifier {
    tenant: String,
    /// The number that the link before must have.
    next: u64,
    /// The hash that it must have; unset where the link after it is damaged itself.
    wanted: Option<Hash>,
}

/// A fault of a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Links are not there.
    #[error("events {0} to {1} are missing")]
    Missing(u64, u64),
    /// A link cannot be read.
    #[error("event {0} cannot be read")]
    Unreadable(u64),
    /// A link's event is not the one that was hashed.
    #[error("event {0} was changed after it was written")]
    Changed(u64),
    /// A link's event belongs elsewhere.
    #[error("event {0} was written as event {1} of the tenant `{2}`")]
    Elsewhere(u64, u64, String),
    /// The link after this one was not written behind it.
    #[error("event {0} is not the one behind which event {1} was written")]
    Unlinked(u64, u64),
    /// The first link has a predecessor.
    #[error("event 1 was not the first when it was written")]
    NotFirst,
}

impl Verifier {
    /// A walk from the newest link of a tenant's log, which must have this number.
    #[must_use]
    pub fn new(tenant: &str, newest: u64) -> Self {
        Self { tenant: tenant.to_owned(), next: newest, wanted: None }
    }

    /// Checks the next older link, which has a number; `None` if it cannot be read.
    pub fn look(&mut self, sequence: u64, link: Option<&Link>) -> Vec<Broken> {
        let mut broken = self.gap(sequence.saturating_add(1));
        let wanted = self.wanted.take();
        self.next = sequence.saturating_sub(1);
        let Some(link) = link else {
            broken.push(Broken::Unreadable(sequence));
            return broken;
        };
        if chained(&link.previous_hash, &link.event) != link.hash {
            broken.push(Broken::Changed(sequence));
        } else if wanted.is_some_and(|wanted| wanted != link.hash) {
            broken.push(Broken::Unlinked(sequence, sequence.saturating_add(1)));
        }
        match link.placed() {
            None => broken.push(Broken::Unreadable(sequence)),
            Some(it) if it.sequence != sequence || it.tenant != self.tenant => {
                broken.push(Broken::Elsewhere(sequence, it.sequence, it.tenant));
            }
            Some(_) => {}
        }
        self.wanted = Some(link.previous_hash);
        broken
    }

    /// Ends the walk.
    #[must_use]
    pub fn finish(mut self) -> Vec<Broken> {
        let mut broken = self.gap(1);
        if broken.is_empty() && self.wanted.is_some_and(|wanted| wanted != NOTHING) {
            broken.push(Broken::NotFirst);
        }
        broken
    }

    /// The links from `from` to the one that should have come.
    fn gap(&mut self, from: u64) -> Vec<Broken> {
        if self.next < from {
            return Vec::new();
        }
        // After a gap the wanted hash is unknown.
        self.wanted = None;
        vec![Broken::Missing(from, self.next)]
    }
}

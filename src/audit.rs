//! The audit log: what operators, CRM systems and privacy officers did, as a chain. Each link holds
//! an event, the hash of the link before, and the hash of both, so that nothing can be changed,
//! taken out or put elsewhere without breaking every later link.
//!
//! **Invariant:** the bytes of an event are what is hashed, and are never written anew.

mod verify;

pub use verify::Broken;
pub use verify::Verifier;

use bytes::Bytes;
use prost::Message;
use sha2::Digest;
use sha2::Sha256;

use crate::model::Instant;
use crate::model::Name;
use crate::proto::store::v1;

/// The longest text of what was done, in bytes.
pub const DETAILS_BYTES_MAX: usize = 2_048;

/// The action of an event that tells of damage to the log before it, and that the service has added
/// itself.
pub const DAMAGED: &str = "AuditLogDamaged";

/// The action of an event that tells that an operator has seen a customer's record, where no call
/// of the API was made for it.
pub const VIEWED: &str = "ViewCustomer";

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash before the first link.
pub const NOTHING: Hash = [0; 32];

/// An action, or its failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The caller, as the server knows it.
    pub actor: String,
    /// The RPC, [`VIEWED`] or [`DAMAGED`].
    pub action: String,
    /// The action in words. It names a customer only by a pseudonym.
    pub details: String,
    /// The author, as the caller gave it.
    pub author: Option<String>,
    /// The policy's revisions before and after.
    pub revisions: Option<(u64, u64)>,
    /// The reason why an action that an earlier event announced was not done.
    pub failure: Option<String>,
}

/// An event and its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The tenant of the log.
    pub tenant: String,
    /// The number of the event, counted from 1.
    pub sequence: u64,
    /// The time of the event.
    pub at: Instant,
    /// The event.
    pub event: Event,
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The event, as it was written.
    pub event: Bytes,
    /// The hash of the link before.
    pub previous_hash: Hash,
    /// The hash of both.
    pub hash: Hash,
}

/// The newest link, or one not long before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the newest link; 0 if there is none.
    pub sequence: u64,
    /// The hash of the newest link.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { sequence: 0, hash: NOTHING };

    /// The link that follows.
    #[must_use]
    pub fn next(self, tenant: &Name, event: &Event, at: Instant) -> (Self, Link) {
        let sequence = self.sequence.saturating_add(1);
        let event = Bytes::from(encode(tenant, sequence, event, at));
        let hash = chained(&self.hash, &event);
        (Self { sequence, hash }, Link { event, previous_hash: self.hash, hash })
    }

    /// Reads a head and its seal, if it has one; `None` if it is damaged.
    #[must_use]
    pub fn read(bytes: &Bytes) -> Option<(Self, Option<Hash>)> {
        let message = v1::AuditHead::decode(bytes.clone()).ok()?;
        let head = Self { sequence: message.sequence, hash: hash(&message.hash)? };
        let seal = if message.seal.is_empty() { None } else { Some(hash(&message.seal)?) };
        Some((head, seal))
    }

    /// Writes a head with its seal.
    #[must_use]
    pub fn write(self, seal: Hash) -> Bytes {
        let (hash, seal) = (self.hash.to_vec(), seal.to_vec());
        let message = v1::AuditHead { sequence: self.sequence, hash, seal };
        message.encode_to_vec().into()
    }
}

impl Link {
    /// Reads a link; `None` if it is damaged.
    #[must_use]
    pub fn read(bytes: &Bytes) -> Option<Self> {
        let message = v1::AuditLink::decode(bytes.clone()).ok()?;
        Some(Self {
            event: message.event.into(),
            previous_hash: hash(&message.previous_hash)?,
            hash: hash(&message.hash)?,
        })
    }

    /// Writes a link.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let message = v1::AuditLink {
            event: self.event.to_vec(),
            previous_hash: self.previous_hash.to_vec(),
            hash: self.hash.to_vec(),
        };
        message.encode_to_vec().into()
    }

    /// The event of the link; `None` if that is damaged.
    #[must_use]
    pub fn placed(&self) -> Option<Placed> {
        let message = v1::AuditEvent::decode(self.event.clone()).ok()?;
        Some(Placed {
            tenant: message.tenant,
            sequence: message.sequence,
            at: Instant::from_millis(message.at_ms),
            event: Event {
                actor: message.actor,
                action: message.action,
                details: message.details,
                author: message.author,
                revisions: message.from_revision.zip(message.to_revision),
                failure: message.failure,
            },
        })
    }
}

/// The hash of a link.
#[must_use]
pub fn chained(previous_hash: &Hash, event: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(previous_hash);
    hasher.update(event);
    hasher.finalize().into()
}

/// The hash in place of a link that cannot be read.
#[must_use]
pub fn of_damaged(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// A hash; `None` if the bytes have another length.
#[must_use]
pub fn hash(bytes: &[u8]) -> Option<Hash> {
    bytes.try_into().ok()
}

fn encode(tenant: &Name, sequence: u64, event: &Event, at: Instant) -> Vec<u8> {
    let message = v1::AuditEvent {
        tenant: tenant.to_string(),
        sequence,
        at_ms: at.millis(),
        actor: event.actor.clone(),
        action: event.action.clone(),
        details: shortened(&event.details),
        author: event.author.clone(),
        from_revision: event.revisions.map(|(from, _)| from),
        to_revision: event.revisions.map(|(_, to)| to),
        failure: event.failure.as_deref().map(shortened),
    };
    message.encode_to_vec()
}

fn shortened(text: &str) -> String {
    if text.len() <= DETAILS_BYTES_MAX {
        return text.to_owned();
    }
    let mut end = DETAILS_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests;

//! The seal on the end of an audit log. A person who can write to the store, and does not have the
//! installation's secret, can take the newest events away, but cannot make an older one the newest.

use std::fmt;

use crate::audit::Hash;
use crate::audit::Head;
use crate::model::Name;
use crate::secret::Secret;
use crate::secret::keyed_hash;

/// Makes seals.
pub(super) struct Sealing([u8; 32]);

impl Sealing {
    pub(super) fn new(secret: &Secret) -> Self {
        Self(secret.key("end of the audit log"))
    }

    /// The seal on the end of a tenant's log.
    pub(super) fn of(&self, tenant: &Name, head: Head) -> Hash {
        let number = head.sequence.to_be_bytes();
        // The parts of fixed length come first, so that no two inputs run into each other.
        keyed_hash(&self.0, &[&number[..], &head.hash, tenant.as_bytes()].concat())
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

//! The pseudonym of a customer, used where no id may stand: in decision logs, in reports of
//! decisions, and in the audit log. A customer has the same pseudonym in all of them, on every
//! instance with the installation's secret, so that they can be read side by side.

use std::fmt;

use crate::model::Name;
use crate::secret::KeyedHasher;
use crate::secret::Secret;

/// Makes pseudonyms.
#[derive(Clone)]
pub struct Pseudonyms(KeyedHasher);

/// The pseudonym of one customer of one tenant: half of a keyed hash, in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pseudonym([u8; 16]);

impl Pseudonyms {
    /// Makes those of an installation.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        Self(KeyedHasher::new(&secret.key("decision log")))
    }

    /// The pseudonym of a customer.
    #[must_use]
    pub fn of(&self, tenant: &Name, customer_id: &str) -> Pseudonym {
        // No name holds a line's end, so that no two customers share a text.
        let hash = self.0.hash(&[tenant.as_bytes(), b"\n", customer_id.as_bytes()]);
        let mut half = [0; 16];
        half.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Pseudonym(half)
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

//! Finds customers that are in the list twice. Without reservations nothing else would notice them:
//! each row would be answered as if it were the only one.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::hash::RandomState;

use crate::cli::Error;
use crate::cli::remote::clear::recipients::Recipients;
use crate::model::customer_id::Spelling;
use crate::model::customer_id::trimmed;

/// The rows in which customers were first. Ids are kept as hashes, so that a long list takes little
/// room.
#[derive(Debug, Default)]
pub(super) struct Firsts {
    rows: HashMap<(u64, u64), u64>,
    /// The first rows by ids in lower case, for ids with capitals.
    folded: HashMap<(u64, u64), u64>,
    /// Two hashers, so that no two customers have equal hashes.
    hashers: (RandomState, RandomState),
}

impl Firsts {
    /// The row in which a customer was before, or none for the first, which is noted.
    pub(super) fn before(&mut self, id: &str, row: u64) -> Option<u64> {
        let hash = self.hash(trimmed(id));
        let first = *self.rows.entry(hash).or_insert(row);
        let lower = Spelling::LowerCase.kept(id);
        if *lower != *trimmed(id) {
            let hash = self.hash(&lower);
            self.folded.entry(hash).or_insert(row);
        }
        (first != row).then_some(first)
    }

    /// The row in which a customer was before if ids in capitals and in small letters are one.
    pub(super) fn before_without_case(&self, id: &str, row: u64) -> Option<u64> {
        let hash = self.hash(&Spelling::LowerCase.kept(id));
        let first = self.rows.get(&hash).into_iter().chain(self.folded.get(&hash)).min();
        first.copied().filter(|first| *first < row)
    }

    fn hash(&self, id: &str) -> (u64, u64) {
        (self.hashers.0.hash_one(id), self.hashers.1.hash_one(id))
    }

    /// Passes over `count` rows, and notes their customers.
    pub(super) fn pass_over(
        &mut self,
        recipients: &mut Recipients,
        rows: u64,
    ) -> Result<(), Error> {
        for row in 1..=rows {
            let Some(recipient) = recipients.next()? else { break };
            if let Ok(id) = recipient.id {
                self.before(&id, row);
            }
        }
        Ok(())
    }
}

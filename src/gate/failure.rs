//! The failures of the gate.

use super::mark::FORMAT;
use super::mark::Feature;
use crate::codec::Unreadable;
use crate::model::Instant;
use crate::model::Name;
use crate::model::customer_id::Spelling;
use crate::model::pause::PAUSES_MAX;
use crate::operation::Fault;
use crate::policy::NewerWord;
use crate::policy::Problems;
use crate::store;

/// The reason why the gate has no answer. No message contains a customer's id.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The operation was not done.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store cannot be reached, and nothing was changed.
    #[error("the store is unavailable: {0}")]
    StoreUnavailable(String),
    /// The store does not let us do this until an operator changes who we are or what we may.
    #[error("the store refuses: {0}")]
    StoreRefuses(String),
    /// The store was asked to write and did not confirm it.
    #[error("the store did not confirm the change; it may have been made, so repeat it: {0}")]
    StoreSilent(String),
    /// The customer's record, or the tenant's policy, is damaged or newer.
    #[error("what is stored cannot be read: {0}")]
    Unreadable(String),
    /// The installation's secret is not the one with which customers were erased.
    #[error(
        "this is not the secret with which customers were erased: with it their opt-outs would be \
         lost; put the file back that was in use before"
    )]
    OtherSecret,
    /// This machine's clock is so wrong that nothing is granted by it.
    #[error("{0}, and nothing is granted by it")]
    ClockWrong(String),
    /// The record changed under every attempt.
    #[error("the customer's record changed under every attempt")]
    Conflict,
    /// The store has an older record than the caller has seen.
    #[error("the store does not have the record's version that `at_least_version` demands")]
    VersionNotReached,
    /// The record has changed since the caller saw it.
    #[error("the customer has changed since `expected_version`")]
    VersionMoved,
    /// The policy has changed since the caller saw it.
    #[error("the policy has moved on: revision {0} is in force")]
    RevisionMoved(u64),
    /// A revision is scheduled, and nothing else can be changed meanwhile.
    #[error(
        "revision {revision} of the policy is scheduled for {effective}: cancel it first, and \
         apply it again on top of what is changed now"
    )]
    PolicyScheduled {
        /// The number of the revision.
        revision: u64,
        /// The time from which it is in force.
        effective: Instant,
    },
    /// A revision to be cancelled is or was in force.
    #[error("revision {0} of the policy is not scheduled: it is in force, or was")]
    NotScheduled(u64),
    /// The policy has mistakes.
    #[error("the policy has mistakes; `courtesy policy validate` lists them")]
    InvalidPolicy(Problems),
    /// The cursor of a list is not one that an earlier answer gave.
    #[error("unknown cursor: no earlier answer gave it")]
    NoSuchCursor,
    /// A document to be removed is not there.
    #[error("there is no document `{0}` to remove")]
    NoSuchDocument(String),
    /// A revision was never in force, or it is not known any more.
    #[error("there is no revision {0} of the policy")]
    NoSuchRevision(u64),
    /// The tenant does not exist.
    #[error("there is no tenant `{0}`; `courtesy tenant create {0}` makes it")]
    NoSuchTenant(Name),
    /// A newer version of courtesy writes to the store.
    #[error(
        "the store has the format {0}, which this version of courtesy does not know; it knows up \
         to {FORMAT}. Start the version that has upgraded the store, or a newer one"
    )]
    StoreNewer(u32),
    /// Older instances may run on the store, and would misread what is to be written.
    #[error(
        "{} cannot be stored yet, since instances of an older release may run on this store and \
         would misread it; when all are of this release, run `courtesy store upgrade`",
        .0.as_str()
    )]
    FormatTooOld(Feature),
    /// Older instances may run on the store, and could not read the policy that is to be written.
    #[error(
        "`{}` in the document `{}`, line {}, cannot be put in force yet, since instances of an \
         older release may run on this store: they could not read it, and would go on with the \
         policy before. When all are of this release, run `courtesy store upgrade`",
        .0.text, .0.document, .0.line
    )]
    PolicyTooNew(NewerWord),
    /// The store keeps customers' ids otherwise than this instance is set to.
    #[error(
        "the store keeps customers' ids as `{kept}`, and `customer_ids` is set to `{own}`; start \
         with `--customer-ids {kept}`, or stop all instances and run `courtesy merge-ids \
         --customer-ids {own}`, which brings together what one customer has under several \
         spellings",
        kept = .kept.as_str(), own = .own.as_str()
    )]
    OtherSpelling {
        /// The spelling rule of the store.
        kept: Spelling,
        /// The spelling rule of this instance.
        own: Spelling,
    },
    /// Ids that were folded cannot be told apart again.
    #[error(
        "the store keeps customers' ids as `lower_case`, and what was one customer cannot be told \
         apart again: who opted out as `Ann` would not be found. Start with `--customer-ids \
         lower_case`"
    )]
    SpellingFolded,
    /// Another store was being copied into this one.
    #[error(
        "the store is half of a copy: `courtesy copy` into it was broken off, or goes on. Repeat \
         the copy with --overwrite"
    )]
    HalfCopied,
    /// The tenant has as many pauses as it can.
    #[error("there are {PAUSES_MAX} pauses already; end those that are not needed")]
    TooManyPauses,
}

impl Failure {
    /// Whether the store failed: it did not do what it was asked, or did not confirm it.
    #[must_use]
    pub const fn is_of_store(&self) -> bool {
        matches!(self, Self::StoreUnavailable(_) | Self::StoreRefuses(_) | Self::StoreSilent(_))
    }

    /// The failure if a part of the change may have been made: an unavailable or refusing store
    /// becomes one that did not confirm.
    pub(super) fn in_doubt(self) -> Self {
        if let Self::StoreUnavailable(why) | Self::StoreRefuses(why) = self {
            Self::StoreSilent(why)
        } else {
            self
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(why) => Self::StoreUnavailable(why),
            store::Error::Refused(why) => Self::StoreRefuses(why),
            store::Error::Unknown(why) => Self::StoreSilent(why),
            store::Error::NoSuchCursor => Self::NoSuchCursor,
            store::Error::Damaged(why) => Self::Unreadable(why),
        }
    }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable.to_string())
    }
}

//! Idempotency: requests are remembered by their ids, so that a caller who got no answer can repeat
//! one, and nothing counts twice.

use super::Context;
use super::Fault;
use crate::model::Instant;
use crate::model::Record;
use crate::model::request::Request;

/// The identity of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's id for it.
    pub id: Box<str>,
    /// A hash of what it asks.
    pub body: u64,
    /// The hashes of the body as earlier releases calculated them, which kept other spellings of
    /// the customer's id.
    pub earlier: Vec<u64>,
}

/// Whether the customer's profile or standing wishes differ between two records. The proof of a
/// wish, and the request for it, do not count.
#[must_use]
pub fn differ(before: &Record, after: &Record) -> bool {
    before.profile != after.profile || wishes_differ(before, after)
}

/// Whether the customer, or the operator about the customer, wants something else.
pub(super) fn wishes_differ(before: &Record, after: &Record) -> bool {
    before.opt_outs != after.opt_outs
        || before.opt_ins != after.opt_ins
        || before.retractions != after.retractions
        || before.consents != after.consents
        || before.suppressions != after.suppressions
        || before.cadence != after.cadence
        || before.quiet != after.quiet
}

impl RequestKey {
    /// The answered request with this key, if there is one.
    pub(super) fn recall<'a>(&self, record: &'a Record) -> Result<Option<&'a Request>, Fault> {
        match record.request(&self.id) {
            Some(request) if request.body != self.body && !self.earlier.contains(&request.body) => {
                Err(Fault::RequestIdReused)
            }
            known => Ok(known),
        }
    }

    /// Whether the request has been answered before.
    ///
    /// # Errors
    /// If its id has been used for another request.
    pub fn is_known(request: Option<&Self>, record: &Record) -> Result<bool, Fault> {
        request.map_or(Ok(false), |request| Ok(request.recall(record)?.is_some()))
    }

    /// Remembers it as answered now, if the caller has named it.
    pub(super) fn remember(request: Option<&Self>, context: Context<'_>, record: &mut Record) {
        record.requests.extend(request.map(|request| request.answered(context)));
    }

    /// The request as it is remembered when it is answered now.
    pub(super) fn answered(&self, context: Context<'_>) -> Request {
        self.answered_at(context.now)
    }

    /// The request, as answered at a time.
    pub(super) fn answered_at(&self, answered: Instant) -> Request {
        Request {
            id: self.id.clone(),
            body: self.body,
            answered,
            contact: None,
            chosen: None,
            answer: None,
            hold_until: None,
            contact_body: None,
            last_use: None,
            reply_until: None,
            late: false,
        }
    }
}

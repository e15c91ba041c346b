//! Requests that are remembered, so that a caller who did not get an answer can ask again.

use super::Context;
use super::Fault;
use crate::model::Record;
use crate::model::request::Request;

/// What tells one request from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's id for it.
    pub id: Box<str>,
    /// A hash of what it asks.
    pub body: u64,
}

impl RequestKey {
    /// The same request, if it has been answered before.
    pub(super) fn recall<'a>(&self, record: &'a Record) -> Result<Option<&'a Request>, Fault> {
        match record.request(&self.id) {
            Some(request) if request.body != self.body => Err(Fault::RequestIdReused),
            known => Ok(known),
        }
    }

    /// The request as it is remembered when it is answered now.
    pub(super) fn answered(&self, context: Context<'_>) -> Request {
        Request {
            id: self.id.clone(),
            body: self.body,
            answered: context.now,
            contact: None,
            chosen: None,
            answer: None,
            hold_until: None,
            reply_until: None,
            late: false,
        }
    }
}

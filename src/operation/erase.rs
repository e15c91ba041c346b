//! Forgetting a customer.

use super::Context;
use super::wish::refuse;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::model::request::ErasedRequest;
use crate::model::wish::OptOut;

/// The remains of a customer who is erased: the opt-outs without their sources, the time of the
/// erasure, and for two days the marks of requests, which reveal nothing without the installation's
/// secret. `erasing` is the mark of the request that erases, if the caller has named it, so that
/// repeating it changes nothing; each request that reserved has a `mark`, so that repeating it is
/// refused. The remains that an earlier erasure has `left` stay too, except those that the customer
/// has taken back since.
#[must_use]
pub fn remains(
    context: Context<'_>,
    record: &Record,
    left: &Record,
    erasing: Option<ErasedRequest>,
    mark: impl Fn(&str) -> u64,
) -> Record {
    let mut merged = record.clone();
    merge(&mut merged, left);
    let reserved = merged.requests.iter().filter(|request| request.contact.is_some());
    let erased_requests = reserved
        .map(|it| ErasedRequest { mark: mark(&it.id), body: None, forgotten: it.forgotten() })
        .chain(merged.erased_requests.iter().copied())
        .chain(erasing)
        .collect();
    let opt_outs = merged.opt_outs.into_iter();
    Record {
        opt_outs: opt_outs.map(|it| OptOut { source: None, ..it }).collect(),
        // Each erasure is later than the one before, so that the newer one can be told.
        erased: merged
            .erased
            .map(|before| before.plus(Span::from_millis(1)))
            .max(Some(context.now)),
        erased_requests,
        ..Record::default()
    }
}

/// Takes over into a record what an erasure has left. Whatever the customer has said since counts
/// as if it had been said to this record. It may be done twice.
pub fn merge(record: &mut Record, left: &Record) {
    for opt_out in &left.opt_outs {
        refuse(record, opt_out.clone());
    }
    for request in &left.requests {
        if record.request(&request.id).is_none() {
            record.requests.push(request.clone());
        }
    }
    for request in &left.erased_requests {
        if !record.erased_requests.contains(request) {
            record.erased_requests.push(*request);
        }
    }
    record.erased = record.erased.max(left.erased);
}

/// Whether an event at this time was erased, and must not be recorded again.
pub(super) fn is_erased(record: &Record, at: Instant) -> bool {
    record.erased.is_some_and(|erased| at <= erased)
}

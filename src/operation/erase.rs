//! Forgetting a customer.

use crate::model::Instant;
use crate::model::Record;
use crate::model::wish::OptOut;

/// What stays of a customer who is erased: the opt-outs, without where they came from, and when it
/// was done.
#[must_use]
pub fn remains(record: &Record, now: Instant) -> Record {
    let opt_outs = record.opt_outs.iter().cloned();
    Record {
        opt_outs: opt_outs.map(|it| OptOut { source: None, ..it }).collect(),
        erased: Some(now),
        ..Record::default()
    }
}

/// Whether something that happened then was erased, and must not be known again.
pub(super) fn is_erased(record: &Record, at: Instant) -> bool {
    record.erased.is_some_and(|erased| at <= erased)
}

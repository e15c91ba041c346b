//! Forgetting a customer.

use super::Context;
use super::RequestKey;
use crate::model::Instant;
use crate::model::Record;
use crate::model::wish::OptOut;

/// What stays of a customer who is erased: the opt-outs, without where they came from, when it was
/// done, and by which request, if the caller has named it.
#[must_use]
pub fn remains(context: Context<'_>, record: &Record, request: Option<&RequestKey>) -> Record {
    let opt_outs = record.opt_outs.iter().cloned();
    let mut remains = Record {
        opt_outs: opt_outs.map(|it| OptOut { source: None, ..it }).collect(),
        erased: Some(context.now),
        ..Record::default()
    };
    RequestKey::remember(request, context, &mut remains);
    remains
}

/// Whether something that happened then was erased, and must not be known again.
pub(super) fn is_erased(record: &Record, at: Instant) -> bool {
    record.erased.is_some_and(|erased| at <= erased)
}

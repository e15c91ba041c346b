//! The operator's refusals: a bounced address, a legal hold, an open support case.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::eviction;
use crate::engine::Undeclared;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::wish::Suppression;

/// The most suppressions of a record.
pub const SUPPRESSIONS_MAX: usize = 256;

/// A suppression to set.
#[derive(Clone, Debug)]
pub struct Suppress {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// The scope that is refused.
    pub scope: Scope,
    /// The operator's reason code.
    pub reason: Option<Name>,
    /// The first instant at which it no longer holds; unset is never.
    pub until: Option<Instant>,
    /// The person or system that sets it.
    pub source: Option<Name>,
}

/// The suppressions to lift: those within a scope and, if it is given, with a reason.
#[derive(Clone, Debug)]
pub struct Unsuppress {
    /// The request's key, if the caller has named it.
    pub request: Option<RequestKey>,
    /// The widest scope of the suppressions to lift.
    pub scope: Scope,
    /// Their reason code; unset is any.
    pub reason: Option<Name>,
}

/// Sets a suppression, in place of one with the same scope and reason.
///
/// # Errors
/// If it names something that the policy does not declare, the record has no room for it, or the
/// request's id has been used for another.
pub fn suppress(
    context: Context<'_>,
    record: &mut Record,
    suppress: &Suppress,
) -> Result<(), Fault> {
    if RequestKey::is_known(suppress.request.as_ref(), record)? {
        return Ok(());
    }
    Undeclared::check_scope(context.policy, &suppress.scope)?;
    let mut after = record.clone();
    let new = Suppression {
        scope: suppress.scope.clone(),
        reason: suppress.reason.clone(),
        at: Some(context.now),
        until: suppress.until,
        source: suppress.source.clone(),
    };
    let is_same = |it: &Suppression| it.scope == new.scope && it.reason == new.reason;
    match after.suppressions.iter_mut().find(|it| is_same(it)) {
        // Saying it again does not make it younger.
        Some(known) if known.until == new.until && known.source == new.source => {}
        Some(known) => *known = new,
        None => after.suppressions.push(new),
    }
    if after.suppressions.len() > SUPPRESSIONS_MAX {
        return Err(Fault::RecordFull);
    }
    RequestKey::remember(suppress.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(())
}

/// Lifts suppressions, and returns those that were lifted. A repetition lifts nothing. Those on
/// record are lifted by the names that they have, whatever the policy declares by now.
///
/// # Errors
/// If nothing is lifted and the scope names something that the policy does not declare, or if the
/// request's id has been used for another.
pub fn unsuppress(
    context: Context<'_>,
    record: &mut Record,
    unsuppress: &Unsuppress,
) -> Result<Vec<Suppression>, Fault> {
    if RequestKey::is_known(unsuppress.request.as_ref(), record)? {
        return Ok(Vec::new());
    }
    let mut after = record.clone();
    let is_meant = |it: &mut Suppression| {
        unsuppress.scope.contains(&it.scope)
            && (unsuppress.reason.is_none() || unsuppress.reason == it.reason)
    };
    let lifted: Vec<Suppression> = after.suppressions.extract_if(.., is_meant).collect();
    if lifted.is_empty() {
        Undeclared::check_scope(context.policy, &unsuppress.scope)?;
    }
    RequestKey::remember(unsuppress.request.as_ref(), context, &mut after);
    eviction::make(&mut after)?;
    *record = after;
    Ok(lifted)
}

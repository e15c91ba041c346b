//! One click on an unsubscribe link. It counts every time: it has no request id, so that nothing
//! that was done before it stands for it.

use super::Wish;
use super::standing;
use super::take;
use crate::model::Ground;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::ConsentKind;
use crate::model::wish::OptOut;
use crate::operation::Context;
use crate::operation::Fault;
use crate::operation::eviction;
use crate::policy::Policy;

/// The source of a click.
pub(super) const SOURCE: &str = "one-click";

/// The scope that a link refuses: the one that it names. Without a purpose it is marketing, now and
/// later; if the policy has no marketing, it is the whole scope.
#[must_use]
pub fn scope_of(link: &Scope, policy: &Policy) -> Scope {
    let marketing = link.marketing || link.purpose.is_none() && policy.has_marketing();
    Scope { marketing, ..link.clone() }
}

/// Takes note of a click.
///
/// # Errors
/// If the record has no room for it.
pub fn click(
    context: Context<'_>,
    record: &mut Record,
    scope: &Scope,
    evidence: &str,
) -> Result<(), Fault> {
    let wish = Wish {
        request: None,
        kind: ConsentKind::OptOut,
        ground: Ground::EXPRESS,
        scope: scope.clone(),
        at: None,
        until: None,
        source: Name::new(SOURCE).ok(),
        evidence: Some(evidence.into()),
        stop: None,
        takes_back: false,
    };
    if !repeats_the_last_word(record, &wish) {
        return take(context, record, &wish);
    }
    // The proof of the first click is kept; the wish is as new as the last one.
    let mut after = record.clone();
    let Wish { scope, source, .. } = wish;
    let at = Some(super::newest(record, &scope, context.now));
    standing::refuse(&mut after, OptOut { scope, at, until: None, source, stop: None });
    eviction::make(&mut after)?;
    *record = after;
    Ok(())
}

/// Whether an opt-out stands that covers the scope for good.
#[must_use]
pub fn stands(record: &Record, scope: &Scope) -> bool {
    record.opt_outs.iter().any(|it| it.covers(scope) && it.until.is_none())
}

/// Whether the customer's last statement was equal, as after a second click.
fn repeats_the_last_word(record: &Record, wish: &Wish) -> bool {
    stands(record, &wish.scope)
        && record.consent_events.last().is_some_and(|last| {
            last.kind == wish.kind
                && last.scope == wish.scope
                && last.until.is_none()
                && last.source == wish.source
        })
}

//! The operations of an instance on the one customer of this model.

use crate::gate::Bulk;
use crate::gate::Change;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::ConsentKind;
use crate::operation::Context;
use crate::operation::Draft;
use crate::operation::suppress::Suppress;
use crate::operation::suppress::suppress;
use crate::operation::wish;
use crate::operation::wish::Wish;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Space;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    OptOut(&'static str),
    /// An opt-out in a batch.
    OptOutInBatch(&'static str),
    OptIn(&'static str),
    Suppress,
    /// A change of something else.
    Describe,
    Erase,
    Check,
    CheckInBatch,
}

/// The result of an operation.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) operation: Operation,
    /// The time of the operation.
    pub(super) at: Instant,
    /// The first step and the last one, in the order of all steps.
    pub(super) began: usize,
    pub(super) ended: usize,
    /// The record that was read by a check.
    pub(super) read: Option<Record>,
    pub(super) is_acknowledged: bool,
}

pub(super) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(super) fn scope(channel: &str) -> Scope {
    Scope { channel: Some(name(channel)), ..Scope::default() }
}

pub(super) fn key() -> Customer {
    let tenant = name("default");
    Customer::from(Key { space: Space::Customers, tenant, id: Box::from("ada") })
}

impl Operation {
    /// Does it, and returns what was read, if it only reads.
    pub(super) async fn perform(
        self,
        gate: &Gate,
        now: Instant,
    ) -> Result<Option<Record>, Failure> {
        let (active, key) = (gate.policy(&name("default")), key());
        let policy = &active.policy;
        let durability = Durability::Synced;
        let change = Change {
            key: &key,
            policy,
            now,
            durability,
            expected: None,
            is_wish: true,
            request: None,
        };
        let context = Context { policy, now };
        match self {
            Self::OptOut(channel) => {
                let wish = said(ConsentKind::OptOut, channel, now);
                gate.change(&change, |record| wish::take(context, record, &wish)).await?;
            }
            Self::OptIn(channel) => {
                let wish = said(ConsentKind::OptIn, channel, now);
                gate.change(&change, |record| wish::take(context, record, &wish)).await?;
            }
            Self::OptOutInBatch(channel) => {
                let wish = said(ConsentKind::OptOut, channel, now);
                let patience = gate.settings().store_timeout;
                let bulk = Bulk { policy, now, durability, is_wish: true, patience };
                let take = |_position, record: &mut Draft<'_>| wish::take(context, record, &wish);
                for result in gate.change_all(&bulk, std::slice::from_ref(&key), take).await {
                    result??;
                }
            }
            Self::Suppress => {
                let (request, reason) = (None, None);
                let scope = scope("email");
                let it = Suppress { request, scope, reason, until: None, source: None };
                gate.change(&change, |record| suppress(context, record, &it)).await?;
            }
            Self::Describe => {
                let locale = Some(name("fr"));
                let describe = |record: &mut Draft<'_>| {
                    record.profile.locale.clone_from(&locale);
                    Ok(())
                };
                gate.change(&change, describe).await?;
            }
            Self::Erase => {
                gate.erase(&change).await?;
            }
            Self::Check => {
                return Ok(Some(gate.read_for_decision(&key, policy, now).await?.record));
            }
            Self::CheckInBatch => {
                let looks =
                    gate.read_many_for_decision(std::slice::from_ref(&key), policy, now).await;
                return looks.into_iter().next().map(|look| look.map(|it| it.record)).transpose();
            }
        }
        Ok(None)
    }
}

fn said(kind: ConsentKind, channel: &str, at: Instant) -> Wish {
    Wish {
        request: None,
        kind,
        ground: Ground::EXPRESS,
        scope: scope(channel),
        at: Some(at),
        until: None,
        source: None,
        evidence: None,
        stop: None,
        takes_back: false,
    }
}

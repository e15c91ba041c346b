//! The effects of a wish that is neither a yes nor a no.

use super::Inbound;
use super::said;
use crate::inbound::Meaning;
use crate::inbound::Preference;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::ConsentKind;
use crate::model::wish::Cadence;
use crate::model::wish::Cycle;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::operation::Context;
use crate::operation::Fault;
use crate::operation::wish;
use crate::policy::Policy;
use crate::policy::rules::Preferences;

/// The most limits, and the most quiet times, of a record.
const WANTED_MAX: usize = 16;

/// A wish of the customer, as a record keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A limit on the number of contacts.
    Cadence(Cadence),
    /// Fewer contacts; the customer did not say how many.
    Fewer,
    /// Nothing around an occasion.
    OptOut(Scope),
    /// Nothing at some time.
    Quiet(Quiet),
}

/// The wish of the message, if it is neither a yes nor a no.
#[must_use]
pub fn wanted(inbound: &Inbound) -> Option<Wanted> {
    let Meaning::Preference { wish, .. } = &inbound.meaning else { return None };
    let occasion = |name| crate::model::Name::new(name).ok();
    Some(match *wish {
        Preference::Cadence { limit, per } => Wanted::Cadence(Cadence {
            channel: Some(inbound.channel.clone()),
            purposes: Vec::new(),
            topics: Vec::new(),
            limit,
            per: Cycle::Calendar(per),
        }),
        Preference::Fewer => Wanted::Fewer,
        Preference::Occasion(name) => {
            Wanted::OptOut(inbound.narrowed(Scope { occasion: occasion(name), ..Scope::default() }))
        }
        Preference::Quiet { from_secs, to_secs, days } => Wanted::Quiet(Quiet::Hours(QuietHours {
            from_secs,
            to_secs,
            days,
            channels: vec![inbound.channel.clone()],
        })),
    })
}

/// The wish that is recorded, if the policy says so and a record can hold it.
#[must_use]
pub fn recorded(policy: &Policy, inbound: &Inbound) -> Option<Wanted> {
    let wanted = wanted(inbound)?;
    // A limit or a quiet time of one brand or one list cannot be said.
    let is_of_all = inbound.brand.is_none() && inbound.topic.is_none();
    let can = match &wanted {
        Wanted::Cadence(_) => is_of_all,
        Wanted::Quiet(_) => is_of_all && inbound.keeps_narrow,
        Wanted::OptOut(scope) => {
            scope.occasion.as_ref().is_some_and(|name| policy.occasions.contains(name))
        }
        Wanted::Fewer => false,
    };
    let records = policy.settings.inbound.preferences == Preferences::Record;
    (records && can).then_some(wanted)
}

/// Records what the customer wants.
pub(super) fn take(
    context: Context<'_>,
    after: &mut Record,
    inbound: &Inbound,
    at: Instant,
) -> Result<(), Fault> {
    match recorded(context.policy, inbound) {
        Some(Wanted::Cadence(new)) => {
            let is_same = |it: &Cadence| {
                it.channel == new.channel && it.purposes.is_empty() && it.topics.is_empty()
            };
            after.cadence.retain(|it| !is_same(it));
            if after.cadence.len() >= WANTED_MAX {
                return Err(Fault::RecordFull);
            }
            after.cadence.push(new);
        }
        Some(Wanted::Quiet(new)) if !after.quiet.contains(&new) => {
            if after.quiet.len() >= WANTED_MAX {
                return Err(Fault::RecordFull);
            }
            after.quiet.push(new);
        }
        Some(Wanted::OptOut(scope)) => {
            wish::take(context, after, &said(inbound, ConsentKind::OptOut, scope, at))?;
        }
        Some(Wanted::Quiet(_) | Wanted::Fewer) | None => {}
    }
    Ok(())
}

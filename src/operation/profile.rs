//! The customer's profile, and the customer's own limits.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::eviction;
use crate::engine::Undeclared;
use crate::model::Record;
use crate::model::Scope;
use crate::model::profile::Fact;
use crate::model::wish::Cadence;
use crate::model::wish::Quiet;
use crate::policy::Policy;

/// A field to replace, and what with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// A field of the profile.
    Fact(Fact),
    /// The customer's own limits on the number of contacts.
    Cadence(Vec<Cadence>),
    /// The times at which the customer wants no contacts.
    Quiet(Vec<Quiet>),
}

/// Replaces fields, once for each request that the caller has named.
///
/// # Errors
/// If they name a channel that the policy does not declare, the record has no room for them, or the
/// request's id has been used for another.
pub fn update_once(
    context: Context<'_>,
    record: &mut Record,
    request: Option<&RequestKey>,
    replacements: &[Replacement],
) -> Result<(), Fault> {
    if RequestKey::is_known(request, record)? {
        return Ok(());
    }
    declared(context.policy, replacements)?;
    let mut after = record.clone();
    RequestKey::remember(request, context, &mut after);
    update(&mut after, replacements)?;
    *record = after;
    Ok(())
}

/// Replaces fields.
///
/// # Errors
/// If the record has no room for them.
pub fn update(record: &mut Record, replacements: &[Replacement]) -> Result<(), Fault> {
    let mut after = record.clone();
    for replacement in replacements.iter().cloned() {
        match replacement {
            Replacement::Fact(fact) => after.profile.set(fact),
            Replacement::Cadence(cadence) => after.cadence = cadence,
            Replacement::Quiet(quiet) => after.quiet = quiet,
        }
    }
    eviction::make(&mut after)?;
    *record = after;
    Ok(())
}

/// A limit on a channel that there is not would limit nothing, nor would hours.
fn declared(policy: &Policy, replacements: &[Replacement]) -> Result<(), Undeclared> {
    let mut channels = Vec::new();
    for replacement in replacements {
        if let Replacement::Cadence(cadence) = replacement {
            for it in cadence {
                channels.extend(&it.channel);
                it.purposes.iter().try_for_each(|it| Undeclared::check_purpose(policy, it))?;
                for topic in &it.topics {
                    let scope = Scope { topic: Some(topic.clone()), ..Scope::default() };
                    Undeclared::check_scope(policy, &scope)?;
                }
            }
        } else if let Replacement::Quiet(quiet) = replacement {
            for it in quiet {
                if let Quiet::Hours(hours) = it {
                    channels.extend(&hours.channels);
                }
            }
        }
    }
    channels.into_iter().try_for_each(|channel| Undeclared::check_channel(policy, channel))
}

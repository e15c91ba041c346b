//! The effects of a message that a human has to look at.

use super::Inbound;
use super::source;
use super::wanted::recorded;
use crate::inbound::Doubt;
use crate::inbound::Meaning;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::unclear::Unclear;
use crate::model::wish::Suppression;
use crate::operation::Context;
use crate::operation::Fault;
use crate::operation::suppress;
use crate::operation::suppress::Suppress;
use crate::operation::unclear;
use crate::policy::Policy;
use crate::policy::rules::UnknownLanguage;

/// The reason of a suppression because of an unclear message.
pub const UNCLEAR: &str = "unclear_message";

/// The reason why a human has to look at a wish that is neither a yes nor a no.
const PREFERENCE: &str = "preference";

/// The reason why the message is listed for a human: the name of a doubt, or `preference`.
#[must_use]
pub fn listed(policy: &Policy, inbound: &Inbound) -> Option<&'static str> {
    match &inbound.meaning {
        Meaning::Preference { .. } => recorded(policy, inbound).is_none().then_some(PREFERENCE),
        Meaning::Unclear { .. } => doubt(policy, inbound).map(Doubt::name),
        Meaning::Stop { .. }
        | Meaning::Start { .. }
        | Meaning::Yes { .. }
        | Meaning::Help { .. }
        | Meaning::Other => None,
    }
}

/// The reason why a message is unclear, if the policy does not ignore that.
fn doubt(policy: &Policy, inbound: &Inbound) -> Option<Doubt> {
    let Meaning::Unclear { doubt, .. } = &inbound.meaning else { return None };
    let ignored = *doubt == Doubt::UnknownLanguage
        && policy.settings.inbound.unknown_language == UnknownLanguage::Ignore;
    (!ignored).then_some(*doubt)
}

/// The suppression because of the message: its scope, and its end.
pub(super) fn hold(
    context: Context<'_>,
    inbound: &Inbound,
    at: Instant,
) -> Option<(Scope, Instant)> {
    let settings = &context.policy.settings.inbound;
    let doubt = doubt(context.policy, inbound)?;
    if doubt == Doubt::UnknownLanguage && settings.unknown_language != UnknownLanguage::Hold {
        return None;
    }
    let own = inbound.scope();
    if let Some(span) = settings.suppress_unclear_for {
        return Some((own, at.plus(span)));
    }
    let hold = settings.hold_unclear_for.filter(|_| context.policy.has_marketing());
    hold.map(|span| (Scope { marketing: true, ..own }, at.plus(span)))
}

/// Notes the message, and sets the suppression that the policy demands.
pub(super) fn take(
    context: Context<'_>,
    after: &mut Record,
    inbound: &Inbound,
    at: Instant,
) -> Result<(), Fault> {
    let Some(doubt) = listed(context.policy, inbound) else { return Ok(()) };
    if let Ok(doubt) = Name::new(doubt) {
        let new = Unclear {
            id: inbound.request.id.clone(),
            heard: context.now,
            at,
            scope: inbound.scope(),
            doubt,
            words: inbound.words.clone(),
            resolved: None,
        };
        unclear::note(after, new);
    }
    let Some((scope, until)) = hold(context, inbound, at) else { return Ok(()) };
    // One that comes late does not shorten what another has begun.
    let until =
        suppression(after, inbound).and_then(|it| it.until).map_or(until, |it| it.max(until));
    if until <= context.now {
        return Ok(());
    }
    let suppression = Suppress {
        request: None,
        scope,
        reason: Name::new(UNCLEAR).ok(),
        until: Some(until),
        source: source(&inbound.channel),
    };
    suppress::suppress(context, after, &suppression)
}

/// The suppression on the message's channel because of this unclear message or another.
pub(super) fn suppression<'a>(record: &'a Record, inbound: &Inbound) -> Option<&'a Suppression> {
    let (own, reason) = (inbound.scope(), Name::new(UNCLEAR).ok());
    let is_own = |it: &&Suppression| {
        it.reason == reason && own == Scope { marketing: false, ..it.scope.clone() }
    };
    record.suppressions.iter().filter(is_own).max_by_key(|it| it.until)
}

//! The reach of a refusal that a customer wrote, in the policy's own channels and purposes.

use super::Inbound;
use crate::inbound::Breadth;
use crate::model::Name;
use crate::model::Scope;
use crate::model::stop::Width;
use crate::policy::Policy;
use crate::policy::rules::Channel;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::StopReach;

/// The source of the width of a refusal.
pub(super) const fn width(breadth: Breadth) -> Width {
    match breadth {
        Breadth::Unsaid => Width::Policy,
        Breadth::Everything
        | Breadth::Marketing
        | Breadth::Texts
        | Breadth::Calls
        | Breadth::Emails
        | Breadth::Letters
        | Breadth::Notifications
        | Breadth::Number => Width::Words,
    }
}

pub(super) fn channel_scope(channel: &Name) -> Scope {
    Scope { channel: Some(channel.clone()), ..Scope::default() }
}

/// The scopes of a refusal, in the policy's own channels and purposes. There is always at least
/// one: if the policy declares none of the kind that the customer names, it is the channel of the
/// message. Only "everything" extends to other brands and topics than those that were written to.
pub(super) fn scopes(breadth: Breadth, inbound: &Inbound, policy: &Policy) -> Vec<Scope> {
    let channel = &inbound.channel;
    let scopes: Vec<Scope> = match breadth {
        Breadth::Unsaid => match policy.settings.inbound.stop_reach {
            StopReach::Channel => vec![channel_scope(channel)],
            StopReach::Everything => vec![Scope::default()],
        },
        Breadth::Everything => return vec![Scope::default()],
        Breadth::Marketing => {
            let marketing = policy.purposes.iter().filter(|it| it.marketing);
            let scope = |name: &Name| Scope { purpose: Some(name.clone()), ..Scope::default() };
            marketing.map(|purpose| scope(&purpose.name)).collect()
        }
        Breadth::Texts => of_kind(ChannelKind::Text, channel, policy),
        Breadth::Calls => calls(channel, policy),
        Breadth::Emails => of_kind(ChannelKind::Email, channel, policy),
        Breadth::Letters => of_kind(ChannelKind::Post, channel, policy),
        Breadth::Notifications => of_kind(ChannelKind::Push, channel, policy),
        Breadth::Number => {
            let kinds = [ChannelKind::Text, ChannelKind::Call];
            let mut scopes = kinds.map(|kind| of_kind(kind, channel, policy)).concat();
            scopes.push(channel_scope(channel));
            scopes.sort();
            scopes.dedup();
            scopes
        }
    };
    if scopes.is_empty() {
        return vec![inbound.scope()];
    }
    scopes.into_iter().map(|scope| inbound.narrowed(scope)).collect()
}

/// The declared channels of a kind. On a channel of no known kind, what the customer calls a text,
/// a call or a letter is what came by it; on a messenger, what is called a text or a notification.
fn of_kind(kind: ChannelKind, channel: &Name, policy: &Policy) -> Vec<Scope> {
    let is_meant = |it: &&Channel| match it.kind {
        Some(own) if own == kind => true,
        Some(ChannelKind::Messenger) => {
            it.name == *channel && matches!(kind, ChannelKind::Text | ChannelKind::Push)
        }
        Some(ChannelKind::Other) | None => it.name == *channel,
        Some(_) => false,
    };
    policy.channels.iter().filter(is_meant).map(|it| channel_scope(&it.name)).collect()
}

/// The channels of calls, and with them the text channel that a refusal of calls came by: a text is
/// a call to the law (TCPA), and one who answers a text so does not expect another.
fn calls(channel: &Name, policy: &Policy) -> Vec<Scope> {
    let mut scopes = of_kind(ChannelKind::Call, channel, policy);
    let is_text = |it: &Channel| it.name == *channel && it.kind == Some(ChannelKind::Text);
    if policy.channels.iter().any(is_text) {
        scopes.push(channel_scope(channel));
    }
    scopes
}

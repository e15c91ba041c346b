//! Taking note of what a customer wrote to us.

use super::Context;
use super::Fault;
use super::RequestKey;
use super::room;
use super::suppress;
use super::suppress::Suppress;
use super::wish;
use super::wish::Wish;
use crate::engine::Undeclared;
use crate::inbound::Breadth;
use crate::inbound::Meaning;
use crate::model::EventKind;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::ConsentKind;
use crate::policy::Policy;
use crate::policy::rules::Channel;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::StopReach;

/// Within this time after an opt-out one message may confirm it (47 CFR 64.1200(a)(12)).
pub const CONFIRMATION_MAX: Span = Span::from_secs(5 * 60);

/// What a suppression of an unclear message is called.
pub const UNCLEAR: &str = "unclear_message";

/// A message of a customer.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// Which request it is.
    pub request: RequestKey,
    /// The channel it came by.
    pub channel: Name,
    /// The brand that it was written to; unset is all of them.
    pub brand: Option<Name>,
    /// The topic of the list that it was written to; unset is all of them.
    pub topic: Option<Name>,
    /// What it means.
    pub meaning: Meaning,
    /// The customer's words, as far as they are kept.
    pub words: Box<str>,
    /// When it came; unset is now.
    pub at: Option<Instant>,
    /// Whether the customer had been asked for an opt-in, so that a bare yes is one.
    pub asked_for_opt_in: bool,
}

impl Inbound {
    /// What it is about, where the customer does not say more.
    fn scope(&self) -> Scope {
        self.narrowed(channel_scope(&self.channel))
    }

    /// A scope, of the brand and the topic that it was written to.
    fn narrowed(&self, scope: Scope) -> Scope {
        Scope { brand: self.brand.clone(), topic: self.topic.clone(), ..scope }
    }
}

/// What was done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// Whether it was heard now. One that is repeated changes nothing, and offers no reply.
    pub changed: bool,
    /// What the customer is opted out of by it, and still is.
    pub opted_out: Vec<Scope>,
    /// Whether the customer opted in to the channel by it, and has not opted out of it since.
    pub opted_in: bool,
    /// Until when one message may be sent that confirms it or helps, whatever else holds.
    pub reply_until: Option<Instant>,
    /// Until when the conversation is open that it opened; unset where the policy knows none.
    pub conversation_until: Option<Instant>,
    /// Until when the channel is suppressed, so that a human can look.
    pub suppressed_until: Option<Instant>,
}

/// Takes note of a message: the event, and the wish that it holds.
///
/// # Errors
/// If the policy does not declare the channel, the record has no room for a wish, or the request's id
/// has been used for another.
pub fn handle(
    context: Context<'_>,
    record: &mut Record,
    inbound: &Inbound,
) -> Result<Handled, Fault> {
    let known = inbound.request.recall(record)?;
    let first = known.map_or(context.now, |request| request.answered);
    let at = inbound.at.unwrap_or(first);
    let handled = judge(context, inbound, at);
    if known.is_some() {
        return Ok(handled.standing(record, inbound));
    }
    Undeclared::check_scope(context.policy, &inbound.scope())?;
    let mut after = record.clone();
    let added = after.history.add_event(EventKind::Inbound, at, Some(&inbound.channel));
    added.map_err(|_too_many_names| Fault::RecordFull)?;
    for scope in &handled.opted_out {
        wish::take(context, &mut after, &said(inbound, ConsentKind::OptOut, scope.clone(), at))?;
    }
    if handled.opted_in {
        let scope = inbound.scope();
        wish::take(context, &mut after, &said(inbound, ConsentKind::OptIn, scope, at))?;
    }
    if handled.suppressed_until.is_some_and(|until| until > context.now) {
        let suppression = Suppress {
            request: None,
            scope: inbound.scope(),
            reason: Name::new(UNCLEAR).ok(),
            until: handled.suppressed_until,
            source: source(&inbound.channel),
        };
        suppress::suppress(context, &mut after, &suppression)?;
    }
    let handled = handled.standing(&after, inbound);
    let reply_until = reply_until(record, inbound, &handled, at);
    let mut request = inbound.request.answered(context);
    request.reply_until = reply_until;
    after.requests.push(request);
    room::make(&mut after)?;
    *record = after;
    Ok(Handled { reply_until, changed: true, ..handled })
}

impl Handled {
    /// What of it stands on record, and nothing that was offered once: a message that is repeated, or that
    /// comes late, is no acknowledgement of what is not in force.
    fn standing(self, record: &Record, inbound: &Inbound) -> Self {
        let refuses = |scope: &Scope| {
            let mut opt_outs = record.opt_outs.iter();
            opt_outs.any(|known| known.scope.contains(scope) && known.until.is_none())
        };
        let own = inbound.scope();
        let reason = Name::new(UNCLEAR).ok();
        let mut suppressions = record.suppressions.iter();
        let suppressed = suppressions.find(|it| it.scope == own && it.reason == reason);
        Self {
            opted_out: self.opted_out.iter().filter(|scope| refuses(scope)).cloned().collect(),
            opted_in: self.opted_in && !record.opt_outs.iter().any(|it| it.scope == own),
            suppressed_until: self.suppressed_until.and_then(|_| suppressed?.until),
            ..self
        }
    }
}

/// What follows from the message and the policy alone.
fn judge(context: Context<'_>, inbound: &Inbound, at: Instant) -> Handled {
    let settings = &context.policy.settings;
    let conversation_until = settings.conversation_window.map(|window| at.plus(window));
    let mut handled = Handled { conversation_until, ..Handled::default() };
    match &inbound.meaning {
        Meaning::Stop { breadths, .. } => {
            let scopes = breadths.iter().flat_map(|it| scopes(*it, inbound, context.policy));
            handled.opted_out = scopes.collect();
            handled.opted_out.sort();
            handled.opted_out.dedup();
        }
        Meaning::Start { .. } => handled.opted_in = true,
        Meaning::Yes { .. } => handled.opted_in = inbound.asked_for_opt_in,
        Meaning::Unclear { .. } => {
            handled.suppressed_until = settings.suppress_unclear_for.map(|span| at.plus(span));
        }
        Meaning::Help { .. } | Meaning::Other => {}
    }
    handled
}

/// One message may confirm an opt-out that is new, an opt-in, or help. It must not be advertising.
fn reply_until(
    record: &Record,
    inbound: &Inbound,
    handled: &Handled,
    at: Instant,
) -> Option<Instant> {
    let holds = |scope: &Scope| {
        record
            .opt_outs
            .iter()
            .any(|known| known.scope.contains(scope) && known.until.is_none_or(|until| until > at))
    };
    let is_due = match &inbound.meaning {
        Meaning::Stop { .. } => handled.opted_out.iter().any(|scope| !holds(scope)),
        Meaning::Start { .. } | Meaning::Yes { .. } => handled.opted_in,
        Meaning::Help { .. } => true,
        Meaning::Unclear { .. } | Meaning::Other => false,
    };
    is_due.then(|| at.plus(CONFIRMATION_MAX))
}

fn said(inbound: &Inbound, kind: ConsentKind, scope: Scope, at: Instant) -> Wish {
    Wish {
        request: None,
        kind,
        ground: Ground::EXPRESS,
        scope,
        at: Some(at),
        until: None,
        source: source(&inbound.channel),
        evidence: Some(inbound.words.clone()),
    }
}

/// `inbound:sms`
fn source(channel: &Name) -> Option<Name> {
    Name::new(&format!("inbound:{channel}")).or_else(|_too_long| Name::new("inbound")).ok()
}

fn channel_scope(channel: &Name) -> Scope {
    Scope { channel: Some(channel.clone()), ..Scope::default() }
}

/// What a refusal covers, in the policy's own channels and purposes. It never covers nothing: where
/// the policy declares none of the kind that the customer names, it is the channel it came by. Only a
/// customer who says "everything" means other brands and topics than the one that was written to.
fn scopes(breadth: Breadth, inbound: &Inbound, policy: &Policy) -> Vec<Scope> {
    let channel = &inbound.channel;
    let scopes: Vec<Scope> = match breadth {
        Breadth::Unsaid => match policy.settings.stop_reach {
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
    };
    if scopes.is_empty() {
        return vec![inbound.scope()];
    }
    scopes.into_iter().map(|scope| inbound.narrowed(scope)).collect()
}

/// The declared channels of a kind. On a channel of no known kind, what the customer calls a text, a
/// call or a letter is what came by it; on a messenger, what is called a text or a notification.
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

/// The channels of calls, and with them the text channel that a refusal of calls came by: a text is a
/// call to the law (TCPA), and one who answers a text so does not expect another.
fn calls(channel: &Name, policy: &Policy) -> Vec<Scope> {
    let mut scopes = of_kind(ChannelKind::Call, channel, policy);
    let is_text = |it: &Channel| it.name == *channel && it.kind == Some(ChannelKind::Text);
    if policy.channels.iter().any(is_text) {
        scopes.push(channel_scope(channel));
    }
    scopes
}

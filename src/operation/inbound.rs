//! Taking note of an inbound message: what a customer wrote to us.

mod doubt;
mod open;
mod reach;
mod wanted;

pub use doubt::UNCLEAR;
pub use doubt::listed;
pub use wanted::Wanted;
pub use wanted::recorded;
pub use wanted::wanted;

use self::open::Open;
use self::reach::channel_scope;
use super::Context;
use super::Fault;
use super::RequestKey;
use super::eviction;
use super::wish;
use super::wish::INBOUND;
use super::wish::Wish;
use crate::engine::Undeclared;
use crate::inbound::Meaning;
use crate::model::EventKind;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::ConsentKind;
use crate::model::stop::Stop;
use crate::model::stop::Width;
use crate::model::wish::OptOut;

/// Within this time after an opt-out one message may confirm it (47 CFR 64.1200(a)(12)).
pub const CONFIRMATION_MAX: Span = Span::from_secs(5 * 60);

/// A message of a customer.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// The request's key.
    pub request: RequestKey,
    /// The channel it came by.
    pub channel: Name,
    /// The brand that it was written to; unset is all of them.
    pub brand: Option<Name>,
    /// The topic of the list that it was written to; unset is all of them.
    pub topic: Option<Name>,
    /// The meaning of the message.
    pub meaning: Meaning,
    /// The customer's words, as far as they are kept.
    pub words: Box<str>,
    /// The time at which it came; now if unset.
    pub at: Option<Instant>,
    /// Whether the customer had been asked for an opt-in, so that a bare yes is one.
    pub asked_for_opt_in: bool,
    /// Whether the store's format can hold a refusal that a START takes back.
    pub keeps_stops: bool,
    /// Whether the store's format can hold quiet hours of a single channel.
    pub keeps_narrow: bool,
}

impl Inbound {
    /// The scope of the message, if the customer does not name another.
    fn scope(&self) -> Scope {
        self.narrowed(channel_scope(&self.channel))
    }

    /// A scope, of the brand and the topic that it was written to.
    fn narrowed(&self, scope: Scope) -> Scope {
        Scope { brand: self.brand.clone(), topic: self.topic.clone(), ..scope }
    }
}

/// The effects of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// Whether the message was heard now. A repeated or superseded message changes nothing, and
    /// offers no reply.
    pub changed: bool,
    /// The scopes that the customer is opted out of by the message, and still is.
    pub opted_out: Vec<Scope>,
    /// Whether the customer opted in to the channel by the message, and no refusal of the whole
    /// channel stands.
    pub opted_in: bool,
    /// Whether the message changed no wish, because of a later wish of the customer.
    pub superseded: bool,
    /// The customer's opt-outs as they stand now.
    pub standing: Vec<OptOut>,
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
/// If the policy does not declare the channel, the record has no room for a wish, or the request's
/// id has been used for another.
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
        return Ok(handled.standing(record, inbound, at));
    }
    Undeclared::check_scope(context.policy, &inbound.scope())?;
    let mut after = record.clone();
    let added = after.history.add_event(EventKind::Inbound, at, Some(&inbound.channel));
    added.map_err(|_too_many_names| Fault::RecordFull)?;
    for (scope, width) in refused(context, inbound) {
        let stop = inbound.keeps_stops.then(|| Stop::new(inbound.channel.clone(), width));
        let no = said(inbound, ConsentKind::OptOut, scope, at);
        wish::take(context, &mut after, &Wish { stop, ..no })?;
    }
    if handled.opted_in {
        let yes = said(inbound, ConsentKind::OptIn, inbound.scope(), at);
        wish::take(context, &mut after, &Wish { takes_back: inbound.keeps_stops, ..yes })?;
    }
    doubt::take(context, &mut after, inbound, at)?;
    wanted::take(context, &mut after, inbound, at)?;
    super::reply::take(context, &mut after, inbound, at);
    let handled = handled.standing(&after, inbound, at);
    let records = Records { before: record, after: &after };
    let reply_until = reply_until(context, inbound, &handled, records, at);
    let mut request = inbound.request.answered(context);
    request.reply_until = reply_until;
    after.requests.push(request);
    eviction::make(&mut after)?;
    *record = after;
    Ok(Handled { reply_until, changed: !handled.superseded, ..handled })
}

impl Handled {
    /// The effects that are still on record, without those that were offered once: a message that
    /// is repeated or late must not acknowledge a wish that is not in force.
    fn standing(self, record: &Record, inbound: &Inbound, at: Instant) -> Self {
        let refuses = |scope: &Scope| {
            let holds = |known: &&OptOut| {
                let is_taken_back = known.except().iter().any(|it| it.contains(scope));
                known.scope.contains(scope) && !is_taken_back && known.until.is_none()
            };
            record.opt_outs.iter().any(|known| holds(&known))
        };
        let own = inbound.scope();
        let suppressed = doubt::suppression(record, inbound);
        let opted_out: Vec<Scope> =
            self.opted_out.iter().filter(|it| refuses(it)).cloned().collect();
        let closed = record.opt_outs.iter().filter(|it| it.covers(&own));
        let is_later = |no: &OptOut| no.at.is_some_and(|said| said >= at);
        let no_is_late = !self.opted_out.is_empty() && opted_out.is_empty();
        let yes_is_late = self.opted_in && closed.clone().any(is_later);
        Self {
            opted_out,
            opted_in: self.opted_in && closed.clone().next().is_none(),
            superseded: no_is_late || yes_is_late,
            standing: record.opt_outs.clone(),
            suppressed_until: self.suppressed_until.and_then(|_| suppressed?.until),
            ..self
        }
    }
}

/// The scopes that the message refuses, and the source of each scope's width: the policy, if the
/// policy and the words agree.
fn refused(context: Context<'_>, inbound: &Inbound) -> Vec<(Scope, Width)> {
    let Meaning::Stop { breadths, .. } = &inbound.meaning else { return Vec::new() };
    let of = |breadth| {
        let scopes = reach::scopes(breadth, inbound, context.policy).into_iter();
        scopes.map(move |scope| (scope, reach::width(breadth)))
    };
    let mut refused: Vec<(Scope, Width)> = breadths.iter().flat_map(|it| of(*it)).collect();
    refused.sort();
    refused.dedup_by(|later, kept| later.0 == kept.0);
    refused
}

/// The effects that follow from the message and the policy alone.
fn judge(context: Context<'_>, inbound: &Inbound, at: Instant) -> Handled {
    let settings = &context.policy.settings;
    let conversation_until = settings.conversation_window.map(|window| at.plus(window));
    let mut handled = Handled { conversation_until, ..Handled::default() };
    match &inbound.meaning {
        Meaning::Stop { .. } => {
            let refused = refused(context, inbound).into_iter();
            handled.opted_out = refused.map(|(scope, _)| scope).collect();
        }
        Meaning::Start { .. } => handled.opted_in = true,
        Meaning::Yes { .. } => handled.opted_in = inbound.asked_for_opt_in,
        Meaning::Unclear { .. } => {
            handled.suppressed_until = doubt::hold(context, inbound, at).map(|(_, until)| until);
        }
        Meaning::Help { .. } | Meaning::Preference { .. } | Meaning::Other => {}
    }
    handled
}

/// A record before and after a message.
#[derive(Clone, Copy)]
struct Records<'a> {
    before: &'a Record,
    after: &'a Record,
}

/// The end of the time in which one message may confirm a new opt-out, an opt-in that opened
/// something, or help. It must not be advertising.
fn reply_until(
    context: Context<'_>,
    inbound: &Inbound,
    handled: &Handled,
    records: Records<'_>,
    at: Instant,
) -> Option<Instant> {
    let Records { before, after } = records;
    let holds = |scope: &Scope| {
        let mut opt_outs = before.opt_outs.iter();
        opt_outs.any(|it| it.covers(scope) && it.until.is_none_or(|until| until > at))
    };
    let is_due = match &inbound.meaning {
        Meaning::Stop { .. } => handled.opted_out.iter().any(|scope| !holds(scope)),
        Meaning::Start { .. } | Meaning::Yes { .. } => {
            let own = Open { policy: context.policy, scope: &inbound.scope(), at: context.now };
            handled.opted_in && own.is_opened(before, after)
        }
        Meaning::Help { .. } => true,
        Meaning::Unclear { .. } | Meaning::Preference { .. } | Meaning::Other => false,
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
        stop: None,
        takes_back: false,
    }
}

/// `inbound:sms`
fn source(channel: &Name) -> Option<Name> {
    Name::new(&format!("{INBOUND}{channel}")).or_else(|_too_long| Name::new("inbound")).ok()
}

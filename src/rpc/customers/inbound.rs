//! Customers' messages to us.

use tonic::Status;

use super::Customers;
use crate::decision_log::Unclear;
use crate::gate::Change;
use crate::gate::Feature;
use crate::gate::Gate;
use crate::inbound;
use crate::inbound::Doubt;
use crate::inbound::Match;
use crate::inbound::Meaning;
use crate::model::Scope;
use crate::operation;
use crate::operation::inbound::Handled;
use crate::operation::inbound::Inbound;
use crate::operation::inbound::Wanted;
use crate::proto::v1;
use crate::proto::v1::InboundMeaning;
use crate::proto::v1::InboundReply;
use crate::rpc::convert::customer;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse_naming;

/// The longest message, in bytes.
const TEXT_BYTES_MAX: usize = 32_768;
/// The number of bytes of a message that are kept as evidence.
const EVIDENCE_BYTES_MAX: usize = 1_024;

/// Answers `HandleInboundMessage`.
pub(super) async fn handle(
    customers: &Customers,
    request: v1::HandleInboundMessageRequest,
) -> Result<v1::HandleInboundMessageResponse, Status> {
    let gate = &customers.gate;
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let channel = violations.name(Path::ROOT, "channel", &request.channel);
    let brand = violations.optional(Path::ROOT, "brand", request.brand.as_deref());
    let topic = violations.optional(Path::ROOT, "topic", request.topic.as_deref());
    let scope = Scope { channel: channel.clone(), topic: topic.clone(), ..Scope::default() };
    violations.declared(Path::ROOT, &scope, &caller.active.policy);
    let key = violations.request_key(Path::ROOT, &request.request_id, &request);
    let at = request.event_time.as_ref();
    let at = violations.time(Path::ROOT, "event_time", at, Within::LongPast.at(caller.now));
    match request.text.len() {
        0 => violations.add(Path::ROOT, "text", "must not be empty"),
        1..=TEXT_BYTES_MAX => {}
        length => {
            let problem = format!("has at most {TEXT_BYTES_MAX} bytes, this one has {length}");
            violations.add(Path::ROOT, "text", problem);
        }
    }
    let provider = request.provider_meaning.as_deref().unwrap_or_default();
    let provider_refuses = refuses(&mut violations, provider);
    let words = &caller.active.policy.settings.inbound.words;
    let inbound = id.zip(channel).zip(key).map(|((id, channel), request_key)| {
        let inbound = Inbound {
            request: request_key,
            channel,
            brand,
            topic,
            meaning: inbound::understand(&request.text, words).or_refusal(provider_refuses),
            words: beginning(&request.text).into(),
            at,
            asked_for_opt_in: request.asked_for_opt_in.unwrap_or_default(),
            keeps_stops: gate.has_format(Feature::Stops),
            keeps_narrow: gate.has_format(Feature::NarrowWishes),
        };
        (id, inbound)
    });
    let ((id, inbound), undeclared) = violations.finish_bounds(inbound)?;

    let key = caller.key(&id);
    let doubt = operation::inbound::listed(&caller.active.policy, &inbound);
    let change = Change { request: Some(&inbound.request), ..caller.wish(gate, &key) };
    let (handled, version) = gate
        .change(&change, |record| operation::inbound::handle(caller.context(), record, &inbound))
        .await
        .map_err(|failure| refuse_naming(&failure, undeclared))?;
    if let Some(doubt) = doubt.filter(|_| handled.changed) {
        let unclear = unclear(&caller, &id, &inbound, doubt, &handled);
        tell(gate, unclear);
    }
    let version = version.map(|version| version.to_string()).unwrap_or_default();
    Ok(v1::HandleInboundMessageResponse {
        preference: preference(&caller, &inbound),
        ..response(&inbound.meaning, &handled, version)
    })
}

/// Whether the provider took the message for a refusal.
fn refuses(violations: &mut Violations, provider_meaning: &str) -> bool {
    let meaning = provider_meaning.trim().to_ascii_uppercase();
    match meaning.strip_prefix("INBOUND_MEANING_").unwrap_or(&meaning) {
        "STOP" => return true,
        "" | "START" | "HELP" => {}
        _ => {
            let problem = "must be `STOP`, `START` or `HELP`, or unset";
            violations.add(Path::ROOT, "provider_meaning", problem);
        }
    }
    false
}

/// The reason why a message is unclear.
const fn doubt_of(meaning: &Meaning) -> Option<Doubt> {
    if let Meaning::Unclear { doubt, .. } = meaning { Some(*doubt) } else { None }
}

/// A message that a human has to look at, as it is logged.
fn unclear(
    caller: &Caller,
    customer_id: &str,
    inbound: &Inbound,
    doubt: &'static str,
    handled: &Handled,
) -> Unclear {
    Unclear {
        tenant: caller.tenant.clone(),
        customer_id: Box::from(customer_id),
        channel: inbound.channel.clone(),
        brand: inbound.brand.clone(),
        topic: inbound.topic.clone(),
        doubt,
        at: inbound.at.unwrap_or(caller.now),
        now: caller.now,
        held_until: handled.suppressed_until,
    }
}

/// Counts and logs a message that a human has to look at.
fn tell(gate: &Gate, unclear: Unclear) {
    gate.metrics().unclear(&unclear.channel, unclear.doubt);
    if let Some(log) = gate.decisions() {
        log.note_unclear(unclear);
    }
}

fn response(
    meaning: &Meaning,
    handled: &Handled,
    record_version: String,
) -> v1::HandleInboundMessageResponse {
    let (kind, reply, because) = match meaning {
        Meaning::Stop { because, .. } => {
            (InboundMeaning::Stop, InboundReply::OptOutConfirmation, Some(because))
        }
        Meaning::Start { because } => {
            (InboundMeaning::Start, InboundReply::OptInConfirmation, Some(because))
        }
        Meaning::Yes { because } => {
            (InboundMeaning::Yes, InboundReply::OptInConfirmation, Some(because))
        }
        Meaning::Help { because } => (InboundMeaning::Help, InboundReply::Help, Some(because)),
        Meaning::Unclear { because, .. } => {
            (InboundMeaning::Unclear, InboundReply::Unspecified, Some(because))
        }
        Meaning::Preference { because, .. } => {
            (InboundMeaning::Preference, InboundReply::Unspecified, Some(because))
        }
        Meaning::Other => (InboundMeaning::Other, InboundReply::Unspecified, None),
    };
    let reply = if handled.reply_until.is_some() { reply } else { InboundReply::Unspecified };
    let words = |because: &Match| (because.words.clone(), because.language.code().to_owned());
    let (phrase, language) = because.map(words).unwrap_or_default();
    v1::HandleInboundMessageResponse {
        meaning: i32::from(kind),
        phrase,
        language,
        opted_out_scopes: handled.opted_out.iter().map(wish::scope).collect(),
        opted_in: handled.opted_in,
        reply: i32::from(reply),
        reply_until_time: handled.reply_until.map(timestamp),
        conversation_until_time: handled.conversation_until.map(timestamp),
        suppressed_until_time: handled.suppressed_until.map(timestamp),
        record_version,
        changed: Some(handled.changed),
        opt_outs: handled.standing.iter().map(wish::opted_out).collect(),
        superseded: handled.superseded,
        preference: None,
        doubt: doubt_of(meaning).map(Doubt::name).unwrap_or_default().to_owned(),
    }
}

/// The wish of a message that is neither a yes nor a no.
fn preference(caller: &Caller, inbound: &Inbound) -> Option<v1::InboundPreference> {
    let wanted = match operation::inbound::wanted(inbound)? {
        Wanted::Cadence(it) => v1::inbound_preference::Wish::Cadence(customer::cadence(&it)),
        Wanted::Fewer => v1::inbound_preference::Wish::Fewer(true),
        Wanted::OptOut(it) => v1::inbound_preference::Wish::OptOutScope(wish::scope(&it)),
        Wanted::Quiet(it) => v1::inbound_preference::Wish::QuietTime(customer::quiet_time(&it)),
    };
    let recorded = operation::inbound::recorded(&caller.active.policy, inbound).is_some();
    Some(v1::InboundPreference { recorded, wish: Some(wanted) })
}

/// The beginning of a text, as much of it as is kept.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(EVIDENCE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

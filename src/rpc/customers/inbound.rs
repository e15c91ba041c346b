//! What customers write to us.

use tonic::Status;

use super::Customers;
use crate::gate::Feature;
use crate::inbound;
use crate::inbound::Match;
use crate::inbound::Meaning;
use crate::model::Scope;
use crate::operation;
use crate::operation::inbound::Handled;
use crate::operation::inbound::Inbound;
use crate::proto::v1;
use crate::proto::v1::InboundMeaning;
use crate::proto::v1::InboundReply;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse_naming;

/// The longest message, in bytes.
const TEXT_BYTES_MAX: usize = 32_768;
/// How many bytes of a message are kept as evidence.
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
    let at = violations.time(Path::ROOT, "event_time", at, (Within::LongPast, caller.now));
    match request.text.len() {
        0 => violations.add(Path::ROOT, "text", "must not be empty"),
        1..=TEXT_BYTES_MAX => {}
        length => {
            let problem = format!("has at most {TEXT_BYTES_MAX} bytes, this one has {length}");
            violations.add(Path::ROOT, "text", problem);
        }
    }
    let inbound = id.zip(channel).zip(key).map(|((id, channel), request_key)| {
        let inbound = Inbound {
            request: request_key,
            channel,
            brand,
            topic,
            meaning: inbound::understand(&request.text, &inbound::Operator::default()),
            words: beginning(&request.text).into(),
            at,
            asked_for_opt_in: request.asked_for_opt_in.unwrap_or_default(),
            keeps_stops: gate.has_format(Feature::Stops),
        };
        (id, inbound)
    });
    let ((id, inbound), undeclared) = violations.finish_bounds(inbound)?;

    let key = caller.key(&id);
    let change = caller.change(&key, gate.settings().wishes);
    let (handled, version) = gate
        .change(&change, |record| operation::inbound::handle(caller.context(), record, &inbound))
        .await
        .map_err(|failure| refuse_naming(&failure, undeclared))?;
    let version = version.map(|version| version.to_string()).unwrap_or_default();
    Ok(response(&inbound.meaning, &handled, version))
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
    }
}

/// The beginning of a text, as much of it as is kept.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(EVIDENCE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

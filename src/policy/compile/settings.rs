//! Settings, channels and purposes, with their defaults.

use std::sync::Arc;

use crate::inbound::Operator;
use crate::model::Jurisdiction;
use crate::model::Span;
use crate::policy::assumed;
use crate::policy::compile::Resolver;
use crate::policy::compile::hours::reply_hours;
use crate::policy::document;
use crate::policy::documents::Documents;
use crate::policy::retention;
use crate::policy::rules::Channel;
use crate::policy::rules::ConsentNeed;
use crate::policy::rules::Families;
use crate::policy::rules::HOLD_UNCLEAR_FOR;
use crate::policy::rules::InboundMessages;
use crate::policy::rules::OnStoreFailure;
use crate::policy::rules::Preferences;
use crate::policy::rules::Purpose;
use crate::policy::rules::ReplyTime;
use crate::policy::rules::Settings;
use crate::policy::rules::StopReach;
use crate::policy::rules::UnknownLanguage;
use crate::policy::value::Need;
use crate::policy::value::Unknown;
use crate::zone::Zone;

/// The default time for which history is kept if no rule looks back further: somewhat more than a
/// year.
const HISTORY_RETENTION_DEFAULT: Span = Span::from_days(400);

pub(super) fn settings(documents: &Documents, resolver: &mut Resolver<'_>) -> Settings {
    let all = || documents.own.iter().filter_map(|document| document.settings.as_ref());
    let zones = || all().filter_map(|settings| settings.time_zone.as_ref());
    let assumed_zone = zones().find_map(|zone| zone.assume.as_ref());
    let unknown = zones().find_map(|zone| zone.unknown.as_ref());
    let jurisdictions = all().find_map(|settings| settings.jurisdictions.as_ref());
    let assumed: Vec<Jurisdiction> = jurisdictions
        .map(|settings| settings.assume.iter().map(|code| code.value.clone()).collect())
        .unwrap_or_default();
    let retention = all().find_map(|settings| settings.history_retention.as_deref().copied());
    let conversations = documents.own.iter().find_map(|document| document.conversations.as_ref());
    let inbound = documents.own.iter().find_map(|document| document.inbound_messages.as_ref());
    let assumed_zone = resolver.zone(assumed_zone);
    let reply = conversations.and_then(|it| reply(it, resolver, assumed_zone.clone()));
    Settings {
        assumed_zone,
        strictest: unknown.is_some_and(|unknown| **unknown == Unknown::Strictest),
        assumed_jurisdictions: assumed,
        history_retention: retention.unwrap_or_else(|| {
            retention::longest(documents)
                .map_or(HISTORY_RETENTION_DEFAULT, |it| it.span.max(HISTORY_RETENTION_DEFAULT))
        }),
        week_starts: resolver.week_starts,
        conversation_window: conversations.map(|conversations| conversations.window),
        reply,
        inbound: inbound_messages(inbound.map(|it| &**it)),
    }
}

/// Within what time customers who write are answered. Hours without a clock have been reported.
fn reply(
    conversations: &document::Conversations,
    resolver: &mut Resolver<'_>,
    assumed_zone: Option<Arc<Zone>>,
) -> Option<ReplyTime> {
    let within = conversations.reply_within?;
    let hours = conversations.reply_hours.as_ref().map(|hours| reply_hours(hours, resolver));
    let hours = hours.and_then(|hours| {
        let zone = hours.zone.clone().or(assumed_zone)?;
        Some((hours, zone))
    });
    Some(ReplyTime { within, hours })
}

/// The compiled treatment of customers' messages. Words that cannot be added have been reported.
fn inbound_messages(document: Option<&document::InboundMessages>) -> InboundMessages {
    let suppressed = document.and_then(|it| it.suppress_unclear_for);
    let held = document.and_then(|it| it.hold_unclear_for);
    let held_by_default = if suppressed.is_some() { None } else { Some(HOLD_UNCLEAR_FOR) };
    let mut words = Operator::default();
    for (word, what) in document.into_iter().flat_map(document::InboundMessages::words) {
        let _reported = words.add(&word.value.0, what);
    }
    InboundMessages {
        stop_reach: document.and_then(|it| it.stop).unwrap_or(StopReach::Channel),
        suppress_unclear_for: suppressed.and_then(|it| it.0),
        hold_unclear_for: held.map_or(held_by_default, |it| it.0),
        unknown_language: (document.and_then(|it| it.unknown_language))
            .unwrap_or(UnknownLanguage::List),
        preferences: document.and_then(|it| it.preferences).unwrap_or(Preferences::Ask),
        words,
    }
}

pub(super) fn channels(documents: &Documents) -> Vec<Channel> {
    let channel = |name: &crate::model::Name, channel: &document::Channel| Channel {
        name: name.clone(),
        kind: assumed::kind(name, channel),
        consent: consent(channel.consent, channel.valid_for),
        transit: channel.transit.unwrap_or(Span::ZERO),
    };
    documents.channels().map(|(name, it)| channel(name, it)).collect()
}

pub(super) fn purposes(documents: &Documents) -> Vec<Purpose> {
    let purpose = |name: &crate::model::Name, purpose: &document::Purpose| Purpose {
        name: name.clone(),
        marketing: assumed::marketing(name, purpose),
        exempt: purpose
            .exempt
            .iter()
            .fold(Families::default(), |families, family| families.with(family.value)),
        replies: purpose.replies.as_deref().copied().unwrap_or(false),
        on_store_failure: (purpose.on_store_failure.as_deref().copied())
            .unwrap_or(OnStoreFailure::Deny),
        consent: consent(purpose.consent, purpose.valid_for),
    };
    documents.purposes().map(|(name, it)| purpose(name, it)).collect()
}

fn consent(need: Option<Need>, valid_for: Option<Span>) -> Option<ConsentNeed> {
    need.map(|_required| ConsentNeed { valid_for })
}

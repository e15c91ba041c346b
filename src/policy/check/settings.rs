//! Settings that contradict each other or the rules.

use super::hours;
use super::world::World;
use crate::policy::document::Document;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::retention;
use crate::policy::rules::Mode;
use crate::policy::value::Unknown;
use crate::policy::yaml::quoted;

pub(super) fn check(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    let settings = || documents.own.iter().filter_map(|document| document.settings.as_ref());
    let zones = || settings().filter_map(|settings| settings.time_zone.as_ref());
    let assumed = zones().find_map(|zone| zone.assume.as_ref());
    let unknown = zones().find_map(|zone| zone.unknown.as_ref());
    if let (Some(_), Some(unknown)) = (assumed, unknown)
        && **unknown == Unknown::Deny
    {
        let message = "`deny` has no meaning where a time zone is assumed";
        problems.error(unknown.position, message, "remove `unknown: deny`, or `assume`");
    }
    if let Some(retention) = settings().find_map(|settings| settings.history_retention.as_ref())
        && let Some(longest) = retention::longest(documents)
        && longest.span > **retention
    {
        let span = longest.span;
        let rule = longest.rule.map_or_else(|| "a reaction".to_owned(), |rule| quoted(rule));
        let message = format!("history is forgotten after {}, but {rule} needs it", **retention);
        problems.error(retention.position, message, format!("write at least `{span}`"));
    }
    if documents.own.iter().all(|document| document.conversations.is_none()) {
        for (name, _) in documents.purposes().filter(|(_, it)| it.replies.as_deref() == Some(&true))
        {
            let message = format!("no conversation ever opens for {}", quoted(name));
            let help = "write how long one stays open: `conversations: {window: 24h}`";
            problems.warn(name.position, message, help);
        }
    }
    let conversations = documents.own.iter().filter_map(|it| it.conversations.as_ref());
    for hours in conversations.filter_map(|it| it.reply_hours.as_ref()) {
        hours::reply_hours(hours, problems);
        hours.time_zone.iter().for_each(|zone| world.zone(zone, problems));
        let names = hours.holidays.iter().flat_map(|days| days.of.iter());
        names.for_each(|name| world.holiday_set(name, problems));
        if hours.time_zone.is_none() && assumed.is_none() {
            let message = "these hours are on no clock";
            let help = "add `time_zone: Europe/Paris`, the zone of those who answer";
            problems.error(hours.position, message, help);
        }
    }
    nothing_declared(documents, world, problems);
    declared_in_shadow(documents, problems);
}

/// Only rules can be tried out.
fn declared_in_shadow(documents: &Documents, problems: &mut Problems) {
    let declares = |it: &&Document| {
        it.settings.is_some()
            || it.channels.iter().next().is_some()
            || it.purposes.iter().next().is_some()
            || it.topics.is_some()
            || it.conversations.is_some()
            || it.inbound_messages.is_some()
            || it.pages.is_some()
    };
    let unforced = documents.own.iter().filter(|document| document.mode() != Mode::Enforce);
    for document in unforced.filter(declares) {
        let message = "`mode` applies to rules only: what else this document declares is in force";
        let help = "put channels, purposes, topics and settings into another document";
        problems.warn(document.name.position, message, help);
    }
}

/// Without channels or purposes every contact is the caller's mistake.
fn nothing_declared(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    let Some(document) = documents.own.first() else { return };
    let missing =
        [("channels", world.channels.is_empty()), ("purposes", world.purposes.is_empty())];
    for (key, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
        let message = format!("no `{key}` are declared, so no contact is accepted");
        problems.warn(document.name.position, message, format!("declare them under `{key}`"));
    }
}

//! Checks that the names in rules exist. A preset may name channels and purposes that the tenant
//! does not have: its rules have no effect there.

use super::world;
use super::world::World;
use crate::policy::decode::At;
use crate::policy::decode::Either;
use crate::policy::document::ANY_OCCASION;
use crate::policy::document::AnyRule;
use crate::policy::document::Document;
use crate::policy::document::Selector;
use crate::policy::document::SuppressedChannel;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;

pub(super) fn check(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    for document in &documents.presets {
        for any in document.rules() {
            rule(any, world, problems);
        }
    }
    for document in &documents.own {
        settings(document, world, problems);
        for any in document.rules() {
            rule(any, world, problems);
            if let Some(selector) = &any.rule().r#for {
                channels_and_purposes(selector, world, problems);
            }
            if let AnyRule::Budget(budget) = any {
                budget.counts.iter().for_each(|it| channels_and_purposes(it, world, problems));
                let channels = budget.cost.iter().map(|(channel, _)| channel);
                channels.for_each(|it| world.channel(it, it.position, problems));
            }
        }
        reactions(document, world, problems);
    }
}

/// Checks those names of a rule that exist without a declaration of the tenant.
fn rule(any: AnyRule<'_>, world: &World<'_>, problems: &mut Problems) {
    if let Some(selector) = &any.rule().r#for {
        labels(selector, world, problems);
    }
    if let AnyRule::Budget(budget) = any {
        budget.counts.iter().for_each(|counts| labels(counts, world, problems));
        if let Either::Long(window) = &budget.per.value {
            window.time_zone.iter().for_each(|zone| world.zone(zone, problems));
        }
    } else if let AnyRule::ContactHours(hours) = any {
        hours.time_zone.iter().for_each(|zone| world.zone(zone, problems));
        let special = hours.holidays.iter().chain(&hours.eves);
        let names = special.flat_map(|days| days.of.iter());
        names.for_each(|name| world.holiday_set(name, problems));
    } else if let AnyRule::QuietHours(hours) = any {
        hours.time_zone.iter().for_each(|zone| world.zone(zone, problems));
        let names = hours.holidays.iter().flat_map(|days| days.of.iter());
        names.for_each(|name| world.holiday_set(name, problems));
    } else if let AnyRule::QuietPeriod(period) = any {
        let named = period.occasion.iter().filter(|it| it.as_str() != ANY_OCCASION);
        named.for_each(|occasion| world.occasion(occasion, problems));
    }
}

/// Everything that a selector of the tenant's own names.
pub(super) fn selector(selector: &Selector, world: &World<'_>, problems: &mut Problems) {
    channels_and_purposes(selector, world, problems);
    labels(selector, world, problems);
}

fn channels_and_purposes(selector: &Selector, world: &World<'_>, problems: &mut Problems) {
    for channel in all(selector.channels.as_ref()) {
        world.channel(channel, channel.position, problems);
    }
    for purpose in all(selector.purposes.as_ref()) {
        world.purpose(purpose, purpose.position, problems);
    }
}

fn labels(selector: &Selector, world: &World<'_>, problems: &mut Problems) {
    all(selector.labels.topic.as_ref()).for_each(|topic| world.topic(topic, problems));
    all(selector.occasions.as_ref()).for_each(|occasion| world.occasion(occasion, problems));
    all(selector.jurisdictions.as_ref()).for_each(|code| world::jurisdiction(code, problems));
}

fn settings(document: &Document, world: &World<'_>, problems: &mut Problems) {
    let Some(settings) = &document.settings else { return };
    let assumed = settings.time_zone.iter().filter_map(|zone| zone.assume.as_ref());
    assumed.for_each(|zone| world.zone(zone, problems));
    let codes = settings.jurisdictions.iter().flat_map(|settings| settings.assume.iter());
    codes.for_each(|code| world::jurisdiction(code, problems));
}

fn reactions(document: &Document, world: &World<'_>, problems: &mut Problems) {
    for reaction in document.reactions.iter() {
        let suppress = &reaction.suppress;
        if let Some(channel) = &suppress.channel
            && let SuppressedChannel::Named(name) = &channel.value
        {
            world.channel(name, channel.position, problems);
        }
        for purpose in all(suppress.purposes.as_ref()) {
            world.purpose(purpose, purpose.position, problems);
        }
        all(suppress.labels.topic.as_ref()).for_each(|topic| world.topic(topic, problems));
        all(suppress.occasions.as_ref()).for_each(|it| world.occasion(it, problems));
        all(suppress.jurisdictions.as_ref()).for_each(|it| world::jurisdiction(it, problems));
    }
}

fn all<T>(list: Option<&At<Vec<At<T>>>>) -> impl Iterator<Item = &At<T>> {
    list.into_iter().flat_map(|list| &list.value)
}

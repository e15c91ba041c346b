//! Documents become what the engine runs: names become positions, zones are loaded, dates of
//! occasions and holidays are laid out, defaults are filled in.
//!
//! Nothing is refused here. `check` has made sure that every name resolves; the parts of a preset
//! about channels and purposes that the tenant does not have are left out.

mod days;
mod hours;
mod pages;
mod resolver;
mod rule;
mod settings;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) use resolver::Resolver;

use super::documents::Documents;
use super::rules;
use super::rules::Policy;
use super::selector::Mask;
use crate::calendar::Occasion;
use crate::model::Day;
use crate::model::Ground;
use crate::model::Name;
use crate::zone::Zones;

/// The policy that the documents describe.
pub(super) fn compile(documents: &Documents, zones: &Arc<Zones>) -> Policy {
    let mut resolver = Resolver::new(documents, zones);
    let mut rules: Vec<rules::Rule> = Vec::new();
    for document in documents.all() {
        for any in document.rules() {
            rule::rules(any, document.mode(), &mut resolver, &mut rules);
        }
    }
    // A preset's rule about channels or purposes that the tenant does not have.
    rules.retain(|rule| {
        rule.selector.channels != Mask::NONE && rule.selector.purposes != Mask::NONE
    });
    rules.sort_by(|left, right| left.name.cmp(&right.name));
    let reactions = documents.all().flat_map(|document| {
        let reaction = |it| rule::reaction(it, document.mode(), &resolver);
        document.reactions.iter().map(reaction)
    });
    let reactions = reactions.collect();
    let channels = settings::channels(documents);
    let purposes = settings::purposes(documents);
    let index = rules::index(&rules, channels.len(), purposes.len());
    Policy {
        revision: 0,
        zones: Arc::clone(zones),
        settings: settings::settings(documents, &mut resolver),
        topics: documents.topics().map(|topics| topics.into_iter().cloned().collect()),
        grounds: grounds(documents),
        occasions: occasions(documents),
        own_occasions: own_occasions(documents),
        pages: pages::pages(documents, &channels, &purposes),
        channels,
        purposes,
        rules,
        reactions,
        pauses: Vec::new(),
        index,
    }
}

/// The occasions that may be named: those that ship, and the policy's own.
fn occasions(documents: &Documents) -> BTreeSet<Name> {
    let shipped = Occasion::all().iter().filter_map(|occasion| Name::new(occasion.name()).ok());
    shipped.chain(documents.occasions().map(|dates| dates.name.value.clone())).collect()
}

/// The grounds that may be named: those that ship, and those that rules name.
fn grounds(documents: &Documents) -> BTreeSet<Name> {
    let shipped = Ground::SHIPPED.iter().filter_map(|name| Name::new(name).ok());
    let rules = documents.all().flat_map(|document| document.consents.iter());
    shipped.chain(rules.flat_map(|rule| rule.named()).map(|name| name.value.clone())).collect()
}

fn own_occasions(documents: &Documents) -> BTreeMap<Name, Vec<Day>> {
    let own = documents.occasions().map(|occasion| {
        let days: BTreeSet<Day> = occasion.dates.iter().map(|day| day.value).collect();
        (occasion.name.value.clone(), days.into_iter().collect())
    });
    own.collect()
}

#[cfg(test)]
mod tests;

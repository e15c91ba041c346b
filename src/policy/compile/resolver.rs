//! Resolves names to positions in the policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Weekday;

use crate::model::Name;
use crate::policy::assumed;
use crate::policy::compile::days::Calendars;
use crate::policy::decode::At;
use crate::policy::decode::Whole;
use crate::policy::document;
use crate::policy::documents::Documents;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::PurposeKind;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;
use crate::policy::value::ZoneName;
use crate::zone::Zone;
use crate::zone::Zones;

/// The positions of names in one policy.
pub(in crate::policy) struct Resolver<'a> {
    channels: BTreeMap<&'a Name, usize>,
    /// The channels of each kind that a channel has or its name tells of.
    channel_kinds: BTreeMap<ChannelKind, Mask>,
    purposes: BTreeMap<&'a Name, usize>,
    /// The purposes of each kind.
    purpose_kinds: BTreeMap<PurposeKind, Mask>,
    zones: &'a Zones,
    /// The days of occasions and of holiday sets.
    pub(super) calendars: Calendars<'a>,
    /// The day on which weeks start where a rule does not say.
    pub(super) week_starts: Weekday,
}

impl<'a> Resolver<'a> {
    pub(in crate::policy) fn new(documents: &'a Documents, zones: &'a Zones) -> Self {
        let settings = documents.own.iter().filter_map(|document| document.settings.as_ref());
        let week_starts = settings.filter_map(|settings| settings.week_starts.as_ref()).next();
        Self {
            channels: positions(documents.channels().map(|(name, _)| name)),
            channel_kinds: channel_kinds(documents),
            purposes: positions(documents.purposes().map(|(name, _)| name)),
            purpose_kinds: purpose_kinds(documents),
            zones,
            calendars: Calendars::new(documents),
            week_starts: week_starts.map_or(Weekday::Monday, |start| start.0),
        }
    }

    /// The position of a channel.
    pub(super) fn channel(&self, name: &Name) -> Option<usize> {
        self.channels.get(name).copied()
    }

    /// The number of channels.
    pub(super) fn channel_count(&self) -> usize {
        self.channels.len()
    }

    /// The clock of a zone.
    pub(super) fn zone(&self, name: Option<&At<ZoneName>>) -> Option<Arc<Zone>> {
        name.and_then(|name| self.zones.find(&name.0))
    }

    /// The compiled selector; without one, everything.
    pub(in crate::policy) fn selector(&self, selector: Option<&document::Selector>) -> Selector {
        let Some(selector) = selector else { return Selector::ALL };
        Selector {
            channels: mask(selector.channels.as_deref(), &self.channels)
                .intersection(of_kinds(selector.channel_kinds.as_deref(), &self.channel_kinds)),
            purposes: mask(selector.purposes.as_deref(), &self.purposes)
                .intersection(of_kinds(selector.purpose_kinds.as_deref(), &self.purpose_kinds)),
            labels: selector.labels.each().map(|it| sorted(it.as_deref())),
            occasions: sorted(selector.occasions.as_deref()),
            jurisdictions: sorted(selector.jurisdictions.as_deref()),
            segments: sorted(selector.segments.as_deref()),
            priority_at_least: selector.priority_at_least.as_ref().and_then(|it| priority(**it)),
            priority_below: selector.priority_below.as_ref().and_then(|it| priority(**it)),
        }
    }

    /// The contacts that a reaction suppresses, beside the channel of the event.
    pub(super) fn suppress(&self, suppress: &document::Suppress) -> Selector {
        let channels = match suppress.channel.as_deref() {
            None | Some(document::SuppressedChannel::Same) => Mask::ALL,
            Some(document::SuppressedChannel::Named(name)) => {
                self.channel(name).map_or(Mask::NONE, |position| Mask::of(Some(position)))
            }
        };
        Selector {
            channels: channels
                .intersection(of_kinds(suppress.channel_kinds.as_deref(), &self.channel_kinds)),
            purposes: mask(suppress.purposes.as_deref(), &self.purposes)
                .intersection(of_kinds(suppress.purpose_kinds.as_deref(), &self.purpose_kinds)),
            labels: suppress.labels.each().map(|it| sorted(it.as_deref())),
            occasions: sorted(suppress.occasions.as_deref()),
            jurisdictions: sorted(suppress.jurisdictions.as_deref()),
            segments: sorted(suppress.segments.as_deref()),
            ..Selector::ALL
        }
    }
}

fn channel_kinds(documents: &Documents) -> BTreeMap<ChannelKind, Mask> {
    let channels = documents.channels().enumerate();
    by_kind(channels.flat_map(|(position, (name, it))| {
        assumed::kind(name.as_str(), it).map(|kind| (kind, position))
    }))
}

fn purpose_kinds(documents: &Documents) -> BTreeMap<PurposeKind, Mask> {
    let purposes = documents.purposes().enumerate();
    by_kind(purposes.flat_map(|(position, (name, it))| {
        let kinds = assumed::purpose_kinds(name.as_str(), it).into_iter();
        kinds.map(move |kind| (kind, position))
    }))
}

fn by_kind<K: Ord>(positions: impl Iterator<Item = (K, usize)>) -> BTreeMap<K, Mask> {
    positions.fold(BTreeMap::new(), |mut kinds, (kind, position)| {
        let mask = kinds.entry(kind).or_insert(Mask::NONE);
        *mask = mask.union(Mask::of(Some(position)));
        kinds
    })
}

/// The declarations of one of these kinds; without a list, all.
fn of_kinds<K: Ord>(kinds: Option<&Vec<At<K>>>, known: &BTreeMap<K, Mask>) -> Mask {
    let Some(kinds) = kinds else { return Mask::ALL };
    let known = kinds.iter().filter_map(|kind| known.get(&kind.value));
    known.fold(Mask::NONE, |all, mask| all.union(*mask))
}

fn positions<'a>(names: impl Iterator<Item = &'a At<Name>>) -> BTreeMap<&'a Name, usize> {
    names.enumerate().map(|(position, name)| (&name.value, position)).collect()
}

/// The positions of the names; those that are not declared have none.
fn mask(names: Option<&Vec<At<Name>>>, positions: &BTreeMap<&Name, usize>) -> Mask {
    let Some(names) = names else { return Mask::ALL };
    let declared = names.iter().filter_map(|name| positions.get(&name.value));
    declared.fold(Mask::NONE, |mask, position| mask.union(Mask::of(Some(*position))))
}

fn sorted<T: Clone + Ord>(values: Option<&Vec<At<T>>>) -> Option<Vec<T>> {
    let mut values: Vec<T> = values?.iter().map(|value| value.value.clone()).collect();
    values.sort();
    values.dedup();
    Some(values)
}

/// Priorities end at 100, as the document's types say.
fn priority<const MIN: u32>(priority: Whole<MIN, 100>) -> Option<u8> {
    u8::try_from(*priority).ok()
}

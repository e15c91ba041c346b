//! The names that exist: those that the policy declares, those that ship, countries and time zones.

use std::collections::BTreeSet;

use crate::calendar;
use crate::calendar::HolidaySet;
use crate::calendar::Occasion;
use crate::model::Ground;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::policy::assumed;
use crate::policy::decode::At;
use crate::policy::decode::alternatives;
use crate::policy::document::Purpose;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::PurposeKind;
use crate::policy::source::Position;
use crate::policy::value::ZoneName;
use crate::policy::yaml::quoted;
use crate::words::closest;
use crate::zone::Zones;

/// The number of declared names that a help lists.
const LISTED_MAX: usize = 20;

/// A list of kinds, if there is one.
pub(super) type Kinds<'a, K> = Option<&'a At<Vec<At<K>>>>;

/// The names that exist for one policy.
pub(super) struct World<'a> {
    pub(super) channels: Vec<&'a str>,
    /// The kinds of the channels, as said or assumed.
    pub(super) channel_kinds: Vec<ChannelKind>,
    pub(super) purposes: Vec<(&'a str, &'a Purpose)>,
    topics: Option<BTreeSet<&'a Name>>,
    pub(super) occasions: Vec<&'a str>,
    holiday_sets: Vec<&'a str>,
    /// The grounds of consents: those that ship, and those that rules name.
    pub(super) grounds: Vec<&'a str>,
    zones: &'a Zones,
}

impl<'a> World<'a> {
    pub(super) fn new(documents: &'a Documents, zones: &'a Zones) -> Self {
        let mut occasions: Vec<&str> = Occasion::all().iter().map(Occasion::name).collect();
        occasions.extend(documents.occasions().map(|dates| dates.name.as_str()));
        let mut holiday_sets: Vec<&str> = HolidaySet::all().iter().map(HolidaySet::name).collect();
        holiday_sets.extend(documents.holiday_sets().map(|dates| dates.name.as_str()));
        Self {
            channels: documents.channels().map(|(name, _)| name.as_str()).collect(),
            channel_kinds: documents
                .channels()
                .filter_map(|(name, it)| assumed::kind(name.as_str(), it))
                .collect(),
            purposes: documents.purposes().map(|(name, it)| (name.as_str(), it)).collect(),
            topics: documents.topics(),
            occasions,
            holiday_sets,
            grounds: grounds(documents),
            zones,
        }
    }

    /// Whether the policy has a channel and a purpose of the wanted kinds.
    pub(super) fn has_kinds(
        &self,
        channels: Kinds<'_, ChannelKind>,
        purposes: Kinds<'_, PurposeKind>,
    ) -> bool {
        channels.is_none_or(|kinds| self.has_channel_kind(kinds))
            && purposes.is_none_or(|kinds| self.has_purpose_kind(kinds))
    }

    pub(super) fn has_channel_kind(&self, kinds: &[At<ChannelKind>]) -> bool {
        kinds.iter().any(|kind| self.channel_kinds.contains(&kind.value))
    }

    pub(super) fn has_purpose_kind(&self, kinds: &[At<PurposeKind>]) -> bool {
        let own = self.purposes.iter().flat_map(|(name, it)| assumed::purpose_kinds(name, it));
        own.into_iter().any(|own| kinds.iter().any(|kind| kind.value == own))
    }

    pub(super) fn channel(&self, name: &Name, at: Position, problems: &mut Problems) {
        if !self.channels.contains(&name.as_str()) {
            let way_out = declare("channels", &self.channels);
            Unknown { what: "channel", known: &self.channels, way_out: &way_out }
                .report(name, at, problems);
        }
    }

    pub(super) fn purpose(&self, name: &Name, at: Position, problems: &mut Problems) {
        let names: Vec<&str> = self.purposes.iter().map(|(name, _)| *name).collect();
        if !names.contains(&name.as_str()) {
            let way_out = declare("purposes", &names);
            Unknown { what: "purpose", known: &names, way_out: &way_out }
                .report(name, at, problems);
        }
    }

    /// Any topic will do where the policy lists none.
    pub(super) fn topic(&self, name: &At<Name>, problems: &mut Problems) {
        let Some(topics) = &self.topics else { return };
        if !topics.contains(&name.value) {
            let names: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
            let way_out = declare("topics", &names);
            Unknown { what: "topic", known: &names, way_out: &way_out }.report(
                name,
                name.position,
                problems,
            );
        }
    }

    pub(super) fn occasion(&self, name: &At<Name>, problems: &mut Problems) {
        if !self.occasions.contains(&name.as_str()) {
            let way_out = "`courtesy calendar` lists those that ship; declare others, with their \
                           dates, under `occasions`";
            Unknown { what: "occasion", known: &self.occasions, way_out }.report(
                name,
                name.position,
                problems,
            );
        }
    }

    pub(super) fn holiday_set(&self, name: &At<Name>, problems: &mut Problems) {
        if !self.holiday_sets.contains(&name.as_str()) {
            let way_out = "`courtesy calendar` lists those that ship; declare others, with their \
                           dates, under `holiday_sets`";
            let sets = &self.holiday_sets;
            // The codes of two countries always look alike: only the policy's own can be meant.
            let own: Vec<&str> = sets.iter().copied().filter(|set| set.len() > 5).collect();
            Unknown { what: "set of holidays", known: &own, way_out }.report(
                name,
                name.position,
                problems,
            );
        }
    }

    pub(super) const fn zones(&self) -> &'a Zones {
        self.zones
    }

    pub(super) fn zone(&self, zone: &At<ZoneName>, problems: &mut Problems) {
        known_zone(zone, self.zones, problems);
    }
}

/// The zone of a customer: a place, and not an offset.
pub(super) fn zone_of_customer(zone: &At<ZoneName>, zones: &Zones, problems: &mut Problems) {
    match calendar::misleading_zone(&zone.0) {
        Some(meant) => {
            let message = format!("{} is an offset all the year, and no place", quoted(&zone.0));
            problems.error(zone.position, message, format!("write the city: {meant}"));
        }
        None => known_zone(zone, zones, problems),
    }
}

fn known_zone(zone: &At<ZoneName>, zones: &Zones, problems: &mut Problems) {
    let name = &zone.0;
    if zones.find(name).is_some() {
        return;
    }
    let help = || {
        let known: Vec<&str> = zones.names().collect();
        calendar::meant_zone(name, &known).unwrap_or_else(|| {
            "write an IANA name such as `America/New_York`, or an offset such as `\"-06:00\"`"
                .to_owned()
        })
    };
    problems.error_with(zone.position, format!("unknown time zone {}", quoted(name)), help);
}

pub(super) fn jurisdiction(code: &At<Jurisdiction>, problems: &mut Problems) {
    if calendar::is_jurisdiction(code.as_str()) {
        return;
    }
    let country = code.country();
    let help = if let Some(meant) = calendar::meant_jurisdiction(code.as_str()) {
        format!("did you mean `{meant}`?")
    } else if calendar::is_jurisdiction(country) {
        format!("write `{country}`, or one of its parts as ISO 3166-2 has them")
    } else {
        "write an ISO 3166 code, such as `US`, `US-FL` or `FR`".to_owned()
    };
    let message = format!("there is no jurisdiction {}", quoted(code.as_str()));
    problems.error(code.position, message, help);
}

fn grounds(documents: &Documents) -> Vec<&str> {
    let rules = documents.all().flat_map(|document| document.consents.iter());
    let named = rules.flat_map(|rule| rule.named()).map(|name| name.as_str());
    Ground::SHIPPED.into_iter().chain(named).collect()
}

/// A name that stands for nothing, and what it could have stood for.
struct Unknown<'a> {
    what: &'static str,
    known: &'a [&'a str],
    way_out: &'a str,
}

impl Unknown<'_> {
    fn report(&self, name: &Name, at: Position, problems: &mut Problems) {
        let help = || match closest(name, self.known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => self.way_out.to_owned(),
        };
        problems.error_with(at, format!("unknown {} {}", self.what, quoted(name)), help);
    }
}

fn declare(key: &str, names: &[&str]) -> String {
    if names.is_empty() || names.len() > LISTED_MAX {
        return format!("declare it under `{key}`");
    }
    format!("declare it under `{key}`, or write {}", alternatives(names))
}

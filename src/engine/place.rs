//! The customer's place: the clocks there, and the laws and occasions that apply.

use std::sync::Arc;

use crate::calendar;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::Profile;
use crate::policy::Policy;
use crate::policy::selector::Selector;
use crate::zone::Zone;

/// The clocks that may be the customer's. Each of them must be satisfied.
#[derive(Debug)]
pub(crate) enum Clocks {
    Unknown,
    One(Arc<Zone>),
    Several(Vec<Arc<Zone>>),
}

/// The clocks that may be a customer's; empty if unknown.
#[must_use]
pub fn clocks(policy: &Policy, profile: &Profile) -> Vec<Arc<Zone>> {
    Clocks::of(policy, profile).each().to_vec()
}

impl Clocks {
    pub(crate) fn each(&self) -> &[Arc<Zone>] {
        match self {
            Self::Unknown => &[],
            Self::One(zone) => std::slice::from_ref(zone),
            Self::Several(zones) => zones,
        }
    }

    /// The customer's own zone; else the candidates; else, if the policy says so, all zones of the
    /// customer's jurisdictions; else the assumed one. A zone that the database does not have
    /// counts as unknown, and no other replaces it.
    pub(crate) fn of(policy: &Policy, profile: &Profile) -> Self {
        let settings = &policy.settings;
        if let Some(name) = &profile.time_zone {
            return policy.zones.find(name).map_or(Self::Unknown, Self::One);
        }
        if !profile.time_zones.is_empty() {
            return Self::all(policy, profile.time_zones.iter().map(Name::as_str));
        }
        if settings.strictest && !profile.jurisdictions.is_empty() {
            let codes = profile.jurisdictions.iter().map(Jurisdiction::as_str);
            return Self::all(policy, codes.flat_map(calendar::zones_of));
        }
        settings.assumed_zone.clone().map_or(Self::Unknown, Self::One)
    }

    fn all(policy: &Policy, names: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let zones: Option<Vec<Arc<Zone>>> =
            names.map(|name| policy.zones.find(name.as_ref())).collect();
        match zones {
            Some(zones) if !zones.is_empty() => Self::Several(zones),
            Some(_) | None => Self::Unknown,
        }
    }
}

/// Whether a selector matches a customer, whatever the contact is.
#[must_use]
pub fn is_about(policy: &Policy, profile: &Profile, selector: &Selector) -> bool {
    let own = &profile.jurisdictions;
    selector.matches_segments(&profile.segments)
        && if own.is_empty() {
            selector.matches_jurisdictions(&stand_ins(policy, profile))
        } else {
            selector.matches_jurisdictions(own)
        }
}

/// The jurisdictions that selectors match for a customer who has none: the assumed ones and the
/// countries of the customer's own zones, so that a law is left out only where it is known not to
/// apply.
pub(crate) fn stand_ins(policy: &Policy, profile: &Profile) -> Vec<Jurisdiction> {
    let assumed = policy.settings.assumed_jurisdictions.iter().cloned();
    let codes = countries_of_zones(profile).into_iter();
    assumed.chain(codes.filter_map(|code| Jurisdiction::new(code).ok()?)).collect()
}

/// The countries whose occasions a customer keeps: those of the customer's jurisdictions; else
/// those of the customer's own zones, never of an assumed one; else those of the assumed
/// jurisdictions. None where unknown, and then every country's dates count.
#[must_use]
pub fn countries<'a>(policy: &'a Policy, profile: &'a Profile) -> Vec<&'a str> {
    let own = &profile.jurisdictions;
    let of_zones = if own.is_empty() { countries_of_zones(profile) } else { Vec::new() };
    if !of_zones.is_empty() {
        return of_zones;
    }
    let known = if own.is_empty() { &policy.settings.assumed_jurisdictions } else { own };
    distinct(known.iter().map(Jurisdiction::country))
}

/// The countries that use the zones which a customer's profile names.
fn countries_of_zones(profile: &Profile) -> Vec<&'static str> {
    let named = match &profile.time_zone {
        Some(zone) => std::slice::from_ref(zone),
        None => &profile.time_zones,
    };
    distinct(named.iter().flat_map(|zone| calendar::countries_of_zone(zone)).copied())
}

fn distinct<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept = Vec::new();
    for code in codes {
        if !kept.contains(&code) {
            kept.push(code);
        }
    }
    kept
}

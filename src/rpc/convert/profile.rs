//! Facts about customers.

use super::customer::PATH;
use super::violations::Violations;
use crate::calendar;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::Profile;
use crate::model::profile::Fact;
use crate::model::profile::facts;
use crate::model::profile::texts;
use crate::proto::v1;
use crate::zone::Zones;

const ZONES_MAX: usize = 16;
const JURISDICTIONS_MAX: usize = 16;
const SEGMENTS_MAX: usize = 64;

impl Violations {
    /// A field of the profile; `None` if there is no such field.
    pub(super) fn fact(
        &mut self,
        customer: &v1::Customer,
        field: &str,
        zones: &Zones,
    ) -> Option<Fact> {
        Some(match field {
            "time_zone" => {
                let zone = customer.time_zone.as_deref();
                Fact::TimeZone(zone.and_then(|zone| self.zone(field, zone, zones)))
            }
            "time_zones" => {
                self.at_most(PATH, field, customer.time_zones.len(), ZONES_MAX);
                let listed = customer.time_zones.iter().take(ZONES_MAX);
                let listed = listed.filter_map(|zone| self.zone(field, zone, zones));
                Fact::TimeZones(listed.collect())
            }
            "jurisdictions" => Fact::Jurisdictions(self.jurisdictions(customer)),
            "locale" => Fact::Locale(self.locale(customer.locale.as_deref())),
            "segments" => Fact::Segments(self.names(PATH, field, &customer.segments, SEGMENTS_MAX)),
            "attributes" => Fact::Attributes(self.attributes(PATH, &customer.attributes)),
            _ => return None,
        })
    }

    fn zone(&mut self, field: &str, text: &str, zones: &Zones) -> Option<Name> {
        let name = self.name(PATH, field, text)?;
        let problem = if let Some(meant) = calendar::misleading_zone(&name) {
            format!("is an offset all the year, and no place; write the city: {meant}")
        } else if zones.find(&name).is_none() {
            let known: Vec<&str> = zones.names().collect();
            let meant = calendar::meant_zone(&name, &known);
            let meant = meant.map(|meant| format!("; {meant}")).unwrap_or_default();
            format!("is not a zone of the time-zone database {}{meant}", zones.version())
        } else {
            return Some(name);
        };
        self.add(PATH, field, problem);
        None
    }

    fn jurisdictions(&mut self, customer: &v1::Customer) -> Vec<Jurisdiction> {
        self.at_most(PATH, "jurisdictions", customer.jurisdictions.len(), JURISDICTIONS_MAX);
        let codes = customer.jurisdictions.iter().take(JURISDICTIONS_MAX);
        let known = codes.filter_map(|code| self.jurisdiction(PATH, "jurisdictions", code));
        known.collect()
    }

    fn locale(&mut self, locale: Option<&str>) -> Option<Name> {
        let name = self.optional(PATH, "locale", locale)?;
        let well_formed = is_language(&name);
        if !well_formed {
            self.add(PATH, "locale", "is not a BCP 47 tag such as `fr-CA`");
        }
        well_formed.then_some(name)
    }
}

/// Whether a text has the form of a BCP 47 tag.
pub(super) fn is_language(text: &str) -> bool {
    text.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// A customer with a profile and nothing else, as a message.
pub(super) fn message(profile: &Profile) -> v1::Customer {
    facts!(v1::Customer { texts(&profile), .. })
}

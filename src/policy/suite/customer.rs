//! A customer in a document becomes a record.

use std::collections::BTreeMap;

use crate::calendar;
use crate::model::Contact;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::history::History;
use crate::model::history::State;
use crate::model::record::Profile;
use crate::model::wish::Cadence;
use crate::model::wish::Consent;
use crate::model::wish::Cycle;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;
use crate::policy::decode::At;
use crate::policy::decode::Either;
use crate::policy::decode::Named;
use crate::policy::decode::Text;
use crate::policy::decode::Whole;
use crate::policy::document;
use crate::policy::document::Customer;
use crate::policy::documents;
use crate::policy::problem::Problems;
use crate::policy::source::Source;
use crate::policy::value::ConsentState;
use crate::policy::value::ZoneName;
use crate::policy::yaml::quoted;
use crate::zone::Zones;

/// Reads a document that holds one customer, in the form in which test documents hold many.
///
/// # Errors
/// Every mistake in it.
pub fn read_customer(source: &Source, zones: &Zones) -> Result<Record, Problems> {
    let mut problems = Problems::default();
    let customer: Option<Customer> = documents::read(source, &mut problems);
    let record = customer.map(|customer| record(&customer, zones, &mut problems));
    match record {
        Some(record) if !problems.has_errors() => Ok(record),
        Some(_) | None => Err(problems),
    }
}

/// The record of a customer; what does not exist is a problem.
pub(super) fn record(customer: &Customer, zones: &Zones, problems: &mut Problems) -> Record {
    Record {
        profile: profile(customer, zones, problems),
        opt_outs: customer.opt_outs.iter().map(opt_out).collect(),
        consents: customer.consents.iter().map(consent).collect(),
        suppressions: customer.suppressions.iter().map(suppression).collect(),
        cadence: customer.cadence.iter().map(cadence).collect(),
        quiet: customer.quiet.iter().filter_map(quiet).collect(),
        history: history(customer, problems),
    }
}

fn profile(customer: &Customer, zones: &Zones, problems: &mut Problems) -> Profile {
    for code in &customer.jurisdictions {
        if !calendar::is_jurisdiction(code.value.as_str()) {
            let message = format!("{} is no ISO 3166 code", quoted(code.value.as_str()));
            problems.error(code.position, message, "write a country or a part of one: `US-FL`");
        }
    }
    let mut zone = |zone: &At<ZoneName>| {
        if zones.find(&zone.value.0).is_none() {
            let message = format!("there is no time zone {}", quoted(&zone.value.0));
            problems.error(zone.position, message, "write an IANA name such as `Europe/Paris`");
        }
        zone.value.0.clone()
    };
    Profile {
        time_zone: customer.time_zone.as_ref().map(&mut zone),
        time_zones: customer.time_zones.iter().map(&mut zone).collect(),
        jurisdictions: customer
            .jurisdictions
            .iter()
            .map(|code| code.value.clone())
            .collect::<Vec<Jurisdiction>>(),
        locale: customer.locale.clone(),
        segments: customer.segments.clone(),
        attributes: attributes(&customer.attributes),
    }
}

fn scope(scope: &document::Scope) -> Scope {
    let name = |name: &Option<At<Name>>| name.as_ref().map(|name| name.value.clone());
    Scope {
        channel: name(&scope.channel),
        purpose: name(&scope.purpose),
        topic: scope.topic.clone(),
        brand: scope.brand.clone(),
        occasion: name(&scope.occasion),
    }
}

fn opt_out(opt_out: &document::OptOut) -> OptOut {
    OptOut { scope: scope(&opt_out.scope), until: opt_out.until }
}

fn consent(consent: &document::Consent) -> Consent {
    Consent {
        channel: consent.channel.as_deref().cloned(),
        purpose: consent.purpose.as_deref().cloned(),
        at: consent.at,
        confirmed: consent.state != Some(ConsentState::Pending),
    }
}

fn suppression(suppression: &document::Suppression) -> Suppression {
    Suppression {
        scope: scope(&suppression.scope),
        reason: suppression.reason.clone(),
        until: suppression.until,
    }
}

fn cadence(cadence: &document::Cadence) -> Cadence {
    Cadence {
        channel: cadence.channel.as_deref().cloned(),
        limit: *cadence.limit,
        per: match &cadence.per {
            Either::Short(span) => Cycle::Sliding(*span),
            Either::Long(calendar) => Cycle::Calendar(calendar.calendar),
        },
    }
}

/// One of three forms; the document has seen to it that it is one.
fn quiet(quiet: &document::Quiet) -> Option<Quiet> {
    if let (Some(first), Some(last)) = (&quiet.from, &quiet.to) {
        return Some(Quiet::Days { first: first.value, last: last.value });
    }
    if let Some(date) = quiet.yearly {
        let around = quiet.around.map_or(0, |days| days.0);
        return Some(Quiet::Yearly { date, around });
    }
    let hours = quiet.hours.as_ref()?;
    let secs = |minutes: u16| u32::from(minutes) * 60;
    Some(Quiet::Hours { from_secs: secs(hours.from.value.0), to_secs: secs(hours.to.value.0) })
}

fn history(customer: &Customer, problems: &mut Problems) -> History {
    let mut history = History::default();
    for past in &customer.contacts {
        let contact = Contact {
            channel: past.channel.value.clone(),
            purpose: past.purpose.value.clone(),
            topic: past.topic.clone(),
            campaign: past.campaign.clone(),
            brand: past.brand.clone(),
            occasions: past.occasions.iter().map(|name| name.value.clone()).collect(),
            priority: priority(past.priority).unwrap_or(PRIORITY_DEFAULT),
            attributes: BTreeMap::new(),
        };
        let state = past.state.unwrap_or(State::Sent);
        if let Err(error) = history.add_contact(&contact, past.at, state) {
            problems.error(past.channel.position, error.to_string(), "use fewer names");
        }
    }
    for event in &customer.events {
        let channel = event.channel.as_deref();
        if let Err(error) = history.add_event(event.r#type, event.at, channel) {
            let position = event.channel.as_ref().map(|channel| channel.position);
            problems.error(position.unwrap_or_default(), error.to_string(), "use fewer names");
        }
    }
    history
}

pub(super) fn priority(priority: Option<Whole<0, 100>>) -> Option<u8> {
    priority.and_then(|priority| u8::try_from(*priority).ok())
}

pub(super) fn attributes(attributes: &Named<Text>) -> BTreeMap<Name, String> {
    attributes.iter().map(|(name, text)| (name.value.clone(), text.0.to_string())).collect()
}

//! Checks that the names in tests exist, too. A history may have names that the policy no longer
//! declares, so there a missing name is only a warning.

use super::hours;
use super::references;
use super::world;
use super::world::World;
use crate::model::Name;
use crate::model::history::CONTACTS_MAX;
use crate::policy::decode::At;
use crate::policy::document::Customer;
use crate::policy::document::Expectation;
use crate::policy::document::Test;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::yaml::quoted;
use crate::words::closest;
use crate::zone::Zones;

pub(super) fn check(test: &Test, world: &World<'_>, rules: &[&str], problems: &mut Problems) {
    for (_, customer) in &test.customers {
        alone(customer, world.zones(), problems);
        on_record(customer, world, problems);
    }
    for pause in &test.pauses {
        pause.r#for.iter().for_each(|it| references::selector(it, world, problems));
    }
    let customers: Vec<&str> = test.customers.iter().map(|(name, _)| name.as_str()).collect();
    for expectation in test.expect.iter() {
        let customer = &expectation.contact.customer;
        known("customer", customer, &customers, "add it to the test's `customers`", problems);
        question(expectation, world, problems);
        stated_rules(expectation, rules, problems);
    }
}

/// Errors in a customer's record that are errors under any policy.
pub(super) fn alone(customer: &Customer, zones: &Zones, problems: &mut Problems) {
    profile(customer, zones, problems);
    for quiet in &customer.quiet {
        if let Some(hours) = &quiet.hours {
            hours::span_ends(&hours.from, &hours.to, problems);
            if let Some(days) = &hours.days {
                hours::some_day(days, problems);
            }
        }
        if let (Some(from), Some(to)) = (&quiet.from, &quiet.to)
            && to.value < from.value
        {
            let message = format!("the days end on {}, before they begin on {}", **to, **from);
            problems.error(to.position, message, "write a later date, or change the two over");
        }
    }
    if let Some(excess) = customer.contacts.get(CONTACTS_MAX) {
        let message = format!("a record holds at most {CONTACTS_MAX} contacts");
        problems.error(excess.channel.position, message, "leave out the oldest");
    }
}

fn profile(customer: &Customer, zones: &Zones, problems: &mut Problems) {
    let named = customer.time_zone.iter().chain(&customer.time_zones);
    named.for_each(|zone| world::zone_of_customer(zone, zones, problems));
    customer.jurisdictions.iter().for_each(|code| world::jurisdiction(code, problems));
}

fn on_record(customer: &Customer, world: &World<'_>, problems: &mut Problems) {
    let scopes = customer.opt_outs.iter().map(|it| &it.scope);
    let scopes = scopes.chain(customer.suppressions.iter().map(|it| &it.scope));
    let mut channels: Vec<&At<Name>> = Vec::new();
    let mut purposes: Vec<&At<Name>> = Vec::new();
    for scope in scopes {
        channels.extend(&scope.channel);
        purposes.extend(&scope.purpose);
        scope.occasion.iter().for_each(|occasion| world.occasion(occasion, problems));
    }
    for consent in &customer.consents {
        channels.extend(&consent.channel);
        purposes.extend(&consent.purpose);
    }
    channels.extend(customer.cadence.iter().filter_map(|it| it.channel.as_ref()));
    purposes.extend(customer.cadence.iter().flat_map(|it| &it.purposes));
    channels.extend(
        customer.quiet.iter().filter_map(|it| it.hours.as_ref()).flat_map(|it| &it.channels),
    );
    channels.extend(customer.events.iter().filter_map(|it| it.channel.as_ref()));
    channels.extend(customer.contacts.iter().map(|it| &it.channel));
    purposes.extend(customer.contacts.iter().map(|it| &it.purpose));
    let names: Vec<&str> = world.purposes.iter().map(|(name, _)| *name).collect();
    for channel in channels {
        declared("channel", channel, &world.channels, problems);
    }
    for purpose in purposes {
        declared("purpose", purpose, &names, problems);
    }
    for ground in customer.consents.iter().filter_map(|it| it.ground.as_ref()) {
        declared("ground", ground, &world.grounds, problems);
    }
}

/// Warns of what the policy does not declare.
fn declared(what: &str, name: &At<Name>, known: &[&str], problems: &mut Problems) {
    if known.contains(&name.as_str()) {
        return;
    }
    let help = match closest(name, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "declare it in the policy, unless it is meant to be forgotten".to_owned(),
    };
    let message = format!("the policy declares no {what} {}", quoted(name));
    problems.warn(name.position, message, help);
}

fn question(expectation: &Expectation, world: &World<'_>, problems: &mut Problems) {
    let contact = &expectation.contact;
    world.channel(&contact.channel, contact.channel.position, problems);
    world.purpose(&contact.purpose, contact.purpose.position, problems);
    contact.labels.topic.iter().for_each(|topic| world.topic(topic, problems));
    contact.occasions.iter().for_each(|occasion| world.occasion(occasion, problems));
}

/// The rules that an answer can name.
pub(super) fn rule_names(documents: &Documents) -> Vec<&str> {
    let rules = documents.all().flat_map(|document| document.rules());
    let rules = rules.map(|any| any.rule().name.as_str());
    let reactions = documents.all().flat_map(|document| document.reactions.iter());
    let named = reactions.filter_map(|reaction| reaction.name.as_ref());
    rules.chain(named.map(|name| name.as_str())).collect()
}

fn stated_rules(expectation: &Expectation, names: &[&str], problems: &mut Problems) {
    let stated = expectation.rules.iter().flatten();
    for rule in stated.chain(expectation.remaining.iter().map(|(rule, _)| rule)) {
        known("rule", rule, names, "write the name of a rule of the policy", problems);
    }
}

fn known(what: &str, name: &At<Name>, known: &[&str], way_out: &str, problems: &mut Problems) {
    if known.contains(&name.as_str()) {
        return;
    }
    let help = || match closest(name, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => way_out.to_owned(),
    };
    problems.error_with(name.position, format!("unknown {what} {}", quoted(name)), help);
}

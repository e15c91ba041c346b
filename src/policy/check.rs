//! Documents are held against each other and against the world: what they name must exist, what
//! they set must be set once, and what they say must make sense.
//!
//! Errors are what cannot be right. Warnings are what can be right and does nothing: a rule that
//! never matches, a budget that never denies, hours that never open.

mod assumed;
mod bounds;
mod budget;
mod hours;
mod inbound;
mod included;
mod marketing;
mod names;
mod never;
mod occasions;
mod pages;
mod references;
mod settings;
mod test;
mod world;

use super::document::AnyRule;
use super::document::Customer;
use super::document::Test;
use super::documents::Documents;
use super::problem::Problems;
use crate::zone::Zones;
use world::World;

/// Reports everything that well-formed documents of one policy get wrong.
pub(super) fn check(documents: &Documents, zones: &Zones, problems: &mut Problems) {
    let world = World::new(documents, zones);
    if !bounds::check(documents, problems) {
        return;
    }
    marketing::check(documents, problems);
    names::check(documents, problems);
    settings::check(documents, &world, problems);
    inbound::check(documents, problems);
    pages::check(documents, &world, problems);
    references::check(documents, &world, problems);
    for any in documents.own.iter().flat_map(|document| document.rules()) {
        never::check(any, &world, problems);
        any.alone().check(problems);
        if let AnyRule::Budget(budget) = any {
            budget::check(budget, &world, problems);
        }
    }
    for reaction in documents.own.iter().flat_map(|document| document.reactions.iter()) {
        never::reaction(reaction, &world, problems);
    }
}

/// Reports what rules get wrong each for itself, where some document is not well-formed.
pub(super) fn each(documents: &Documents, problems: &mut Problems) {
    for any in documents.own.iter().flat_map(|document| document.rules()) {
        any.alone().check(problems);
    }
}

/// Warns of assumed defaults, and of expectations of customers that are not met, in documents
/// without mistakes.
pub(super) fn advise(documents: &Documents, zones: &Zones, problems: &mut Problems) {
    assumed::check(documents, problems);
    let world = World::new(documents, zones);
    occasions::check(documents, &world, problems);
    included::check(documents, &world, problems);
}

/// Reports what tests of the policy name that does not exist.
pub(super) fn check_tests(
    tests: &[Test],
    documents: &Documents,
    zones: &Zones,
    problems: &mut Problems,
) {
    let world = World::new(documents, zones);
    let rules = test::rule_names(documents);
    for test in tests {
        test::check(test, &world, &rules, problems);
    }
}

/// Reports errors in a customer's record that are errors under any policy.
pub(super) fn check_customer(customer: &Customer, zones: &Zones, problems: &mut Problems) {
    test::alone(customer, zones, problems);
}

#[cfg(test)]
mod tests;

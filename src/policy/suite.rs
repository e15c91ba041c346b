//! Tests of a policy, ready to be run: questions about customers with a history, and the answers
//! that are expected.

mod convert;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Policy;
use super::check;
use super::compile;
use super::compile::Resolver;
use super::document::Customer;
use super::document::TestDocument;
use super::documents;
use super::exported;
use super::load;
use super::problem::Problems;
use super::rules::Pause;
use super::source::Source;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::zone::Zones;

pub use super::decode::Stated;

/// A policy and its tests.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The policy that is tested.
    pub policy: Policy,
    /// The tests, in the order of the document.
    pub tests: Vec<Test>,
}

/// Customers, and the answers they should get.
#[derive(Clone, Debug)]
pub struct Test {
    /// The purpose of the test.
    pub name: String,
    /// The customers, by their name in the test.
    pub customers: BTreeMap<Name, Record>,
    /// The contacts that operators have stopped.
    pub pauses: Vec<Pause>,
    /// The questions and the answers they should get.
    pub expectations: Vec<Expectation>,
}

/// A question and the answer it should get. What is not stated is not compared.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The line of the document on which it begins, counted from 1.
    pub line: usize,
    /// The name of one of the test's customers.
    pub customer: Name,
    /// The contact to ask about.
    pub contact: Contact,
    /// The time at which it would be made.
    pub at: Instant,
    /// Allow or deny.
    pub effect: Effect,
    /// All reasons.
    pub reasons: Option<BTreeSet<Code>>,
    /// All rules that deny.
    pub rules: Option<BTreeSet<Name>>,
    /// The time at which the contact would next be allowed.
    pub next_allowed_time: Stated<Instant>,
    /// The end of the time for which the contact is allowed.
    pub valid_until: Stated<Instant>,
    /// The units that budgets have left; unset if the rule does not limit the contact.
    pub remaining: BTreeMap<Name, Option<u32>>,
}

impl Suite {
    /// The files of the policy that a test document names, relative to it; `None` if the document
    /// has the policy itself.
    ///
    /// # Errors
    /// Every mistake of the document.
    pub fn files(source: &Source) -> Result<Vec<String>, Problems> {
        let mut problems = Problems::default();
        match documents::read_formed::<TestDocument>(source, exported::tests, &mut problems) {
            Some(document) if !problems.has_errors() => {
                let files = document.policy.iter().flat_map(|files| files.iter());
                Ok(files.map(|file| file.to_string()).collect())
            }
            Some(_) | None => Err(problems),
        }
    }

    /// The tests of a document, with the policy in `files` or in the document itself, and what is
    /// doubtful about them.
    ///
    /// # Errors
    /// Every mistake of every document.
    pub fn load(
        source: &Source,
        files: &[Source],
        zones: &Arc<Zones>,
    ) -> Result<(Self, Problems), Problems> {
        let mut problems = Problems::default();
        let document =
            documents::read_formed::<TestDocument>(source, exported::tests, &mut problems);
        let mut own = load::own_documents(files, &mut problems);
        let Some(TestDocument { documents, tests, .. }) = document else { return Err(problems) };
        own.extend(documents.into_iter().flat_map(|inline| inline.into_vec()));
        let (documents, mut problems) = load::checked(own, zones, problems)?;
        check::check_tests(&tests, &documents, zones, &mut problems);
        let resolver = Resolver::new(&documents, zones);
        let tests: Vec<Test> =
            tests.iter().map(|test| convert::test(test, &resolver, &mut problems)).collect();
        if problems.has_errors() {
            return Err(problems);
        }
        Ok((Self { policy: compile::compile(&documents, zones), tests }, problems))
    }
}

impl Record {
    /// A customer as test documents write one, or as an export does.
    ///
    /// # Errors
    /// Every mistake of the document.
    pub fn load(source: &Source, zones: &Zones) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let customer =
            documents::read_formed::<Customer>(source, exported::customer, &mut problems);
        customer.iter().for_each(|customer| check::check_customer(customer, zones, &mut problems));
        let Some(customer) = customer.filter(|_| !problems.has_errors()) else {
            return Err(problems);
        };
        convert::record(&customer).map_err(|error| {
            Problems::of_file(source.name(), &error.to_string(), "use fewer names")
        })
    }
}

#[cfg(test)]
mod tests;

//! Policy tests: test documents become questions, each with a policy, a record, a contact, an
//! instant, and the answer it should get. Who asks them is for others.

mod customer;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use customer::read_customer;

use super::Policy;
use super::compile::Resolver;
use super::decode::At;
use super::decode::Stated;
use super::document::Document;
use super::document::Expectation;
use super::document::Question as Asked;
use super::document::Test;
use super::document::TestDocument;
use super::documents;
use super::documents::Documents;
use super::load;
use super::problem::Problems;
use super::rules::Pause;
use super::source::Source;
use super::yaml::quoted;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::zone::Zones;

/// A test document that has been read, and may still want the files of its policy.
#[derive(Debug)]
pub struct TestFile {
    document: TestDocument,
    problems: Problems,
}

/// The questions of a test document.
#[derive(Debug)]
pub struct Suite {
    /// What is probably not what the authors of the policy meant.
    pub warnings: Problems,
    /// The questions, in the order of the document.
    pub questions: Vec<Question>,
}

/// A question and the answer it should get.
#[derive(Clone, Debug)]
pub struct Question {
    /// The name of the test.
    pub test: String,
    /// The line of the expectation.
    pub line: usize,
    /// The policy, with the test's pauses.
    pub policy: Arc<Policy>,
    /// The customer's name in the test.
    pub customer: Name,
    /// All that is known of the customer.
    pub record: Arc<Record>,
    /// The contact to decide on.
    pub contact: Contact,
    /// When it would be made.
    pub at: Instant,
    /// The answer it should get.
    pub expected: Expected,
}

/// An answer as far as it is stated; what is not stated is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The effect.
    pub effect: Effect,
    /// All codes of reasons.
    pub reasons: Option<BTreeSet<Code>>,
    /// All rules that deny.
    pub rules: Option<BTreeSet<Name>>,
    /// The next allowed time, or that there is none.
    pub next_allowed_time: Option<Option<Instant>>,
    /// The end of validity, or that there is none.
    pub valid_until: Option<Option<Instant>>,
    /// What budgets have left, or that they do not limit the contact.
    pub remaining: Vec<(Name, Option<u32>)>,
}

impl TestFile {
    /// Reads a test document.
    ///
    /// # Errors
    /// Every mistake in its form.
    pub fn read(source: &Source) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        match documents::read(source, &mut problems) {
            Some(document) => Ok(Self { document, problems }),
            None => Err(problems),
        }
    }

    /// The files of its policy, as it names them, relative to itself; none where the policy is in
    /// the document.
    #[must_use]
    pub fn policy_files(&self) -> Vec<&str> {
        self.document
            .policy
            .iter()
            .flat_map(|files| files.iter())
            .map(|file| &*file.value.0)
            .collect()
    }

    /// Makes the questions, with the texts of the policy's files where it has such.
    ///
    /// # Errors
    /// Every mistake in the policy or in the tests.
    pub fn into_suite(self, policy: &[Source], zones: &Arc<Zones>) -> Result<Suite, Problems> {
        let Self { mut document, mut problems } = self;
        let own = match document.documents.take() {
            Some(inline) => Some(inline.into_vec()),
            None => policy
                .iter()
                .map(|source| documents::read(source, &mut problems))
                .collect::<Vec<Option<Document>>>()
                .into_iter()
                .collect(),
        };
        let made = own.and_then(|own| load::make(own, zones, &mut problems));
        let Some((policy, documents)) = made else { return Err(problems) };
        let policy = Arc::new(policy);
        let mut questions = Vec::new();
        for test in document.tests.iter() {
            questions.extend(ask(test, &policy, &documents, &mut problems));
        }
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Suite { warnings: problems, questions })
    }
}

/// The questions of one test.
fn ask(
    test: &Test,
    policy: &Arc<Policy>,
    documents: &Documents,
    problems: &mut Problems,
) -> Vec<Question> {
    let records: Vec<(&Name, Arc<Record>)> = test
        .customers
        .iter()
        .map(|(name, customer)| {
            (&name.value, Arc::new(customer::record(customer, &policy.zones, problems)))
        })
        .collect();
    let policy = with_pauses(test, policy, documents);
    let mut questions = Vec::new();
    for expectation in test.expect.iter() {
        let asked = &expectation.value.contact;
        let customer = &asked.customer;
        let Some((_, record)) = records.iter().find(|(name, _)| **name == customer.value) else {
            let message = format!("the test has no customer {}", quoted(customer));
            problems.error(customer.position, message, "add it to `customers`");
            continue;
        };
        questions.push(Question {
            test: test.name.value.0.to_string(),
            line: expectation.position.line(),
            policy: Arc::clone(&policy),
            customer: customer.value.clone(),
            record: Arc::clone(record),
            contact: contact(asked),
            at: asked.at.unwrap_or(test.now),
            expected: expected(&expectation.value),
        });
    }
    questions
}

fn with_pauses(test: &Test, policy: &Arc<Policy>, documents: &Documents) -> Arc<Policy> {
    if test.pauses.is_empty() {
        return Arc::clone(policy);
    }
    let resolver = Resolver::new(documents, &policy.zones);
    let pauses = test.pauses.iter().map(|pause| Pause {
        selector: resolver.selector(pause.r#for.as_deref()),
        from: pause.from,
        until: pause.until,
        reason: pause.reason.as_ref().map_or_else(String::new, |reason| reason.0.to_string()),
    });
    Arc::new((**policy).clone().with_pauses(pauses.collect()))
}

fn contact(asked: &Asked) -> Contact {
    Contact {
        channel: asked.channel.value.clone(),
        purpose: asked.purpose.value.clone(),
        topic: asked.topic.as_deref().cloned(),
        campaign: asked.campaign.clone(),
        brand: asked.brand.clone(),
        occasions: asked.occasions.iter().map(|name| name.value.clone()).collect(),
        priority: customer::priority(asked.priority).unwrap_or(PRIORITY_DEFAULT),
        attributes: customer::attributes(&asked.attributes),
    }
}

fn expected(expectation: &Expectation) -> Expected {
    let names = |names: &Vec<At<Name>>| names.iter().map(|name| name.value.clone()).collect();
    let remaining = expectation.remaining.iter().filter_map(|(name, left)| {
        stated(left).map(|left| (name.value.clone(), left.map(|left| *left)))
    });
    Expected {
        effect: expectation.effect,
        reasons: expectation.reasons.as_ref().map(|codes| codes.iter().copied().collect()),
        rules: expectation.rules.as_ref().map(names),
        next_allowed_time: stated(&expectation.next_allowed_time),
        valid_until: stated(&expectation.valid_until),
        remaining: remaining.collect(),
    }
}

fn stated<T: Copy>(stated: &Stated<T>) -> Option<Option<T>> {
    match stated {
        Stated::Nothing => None,
        Stated::Unset => Some(None),
        Stated::Value(value) => Some(Some(*value)),
    }
}

//! Tests of a policy: customers with a history, and the answers they should get.

mod customer;
mod expectation;

pub(in crate::policy) use customer::Cadence;
pub(in crate::policy) use customer::Consent;
pub(in crate::policy) use customer::Customer;
pub(in crate::policy) use customer::OptOut;
pub(in crate::policy) use customer::Quiet;
pub(in crate::policy) use customer::Scope;
pub(in crate::policy) use customer::Suppression;
pub(in crate::policy) use expectation::Expectation;

use super::Document;
use super::Selector;
use crate::model::Instant;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Constraint;
use crate::policy::decode::Named;
use crate::policy::decode::Text;
use crate::policy::decode::record;

record! {
    /// Tests of a policy: customers with a history, and the answers they should get.
    pub(in crate::policy) struct TestDocument {
        /// The files of the policy, relative to this one.
        policy: Option<AtLeastOne<At<Text>>>,
        /// The documents of the policy, written here instead.
        documents: Option<AtLeastOne<Document>>,
        /// The tests.
        tests: AtLeastOne<Test>,
    }
    where Constraint::ExactlyOne(&["policy", "documents"])
}

record! {
    /// Customers, and the answers they should get.
    pub(in crate::policy) struct Test {
        /// The purpose of the test.
        name: At<Text>,
        /// The instant at which the questions are asked.
        now: Instant,
        /// The customers, by a name for this test.
        customers: Named<Customer>,
        /// The contacts that operators have stopped.
        pauses: Vec<Pause>,
        /// The questions and their answers.
        expect: AtLeastOne<At<Expectation>>,
    }
}

record! {
    /// A stop of contacts by an operator.
    pub(in crate::policy) struct Pause {
        /// The contacts that are stopped; by default all.
        r#for: Option<At<Selector>>,
        /// When the pause begins; by default long ago.
        from: Option<Instant>,
        /// The first instant at which it is over; by default it must be ended by hand.
        until: Option<Instant>,
        /// The reason.
        reason: Option<Text>,
    }
}

//! The keys of every rule.

use super::Selector;
use crate::model::Day;
use crate::model::Name;
use crate::policy::decode::At;
use crate::policy::decode::Constraint;
use crate::policy::decode::Text;
use crate::policy::decode::record;
use crate::policy::rules::Mode;

record! {
    #![expect(dead_code, reason = "texts for people stay in the document")]
    /// The keys of every rule.
    pub(in crate::policy) struct Rule {
        /// The rule's name, unique in the tenant's policy. Answers name it.
        name: At<Name>,
        /// The use of the rule, for people.
        description: Option<Text>,
        /// The source of the rule: a law, a contract.
        source: Option<Text>,
        /// The contacts and customers that the rule applies to; by default all.
        r#for: Option<At<Selector>>,
        /// The days on which the rule is in force; by default all.
        effective: Option<At<Effective>>,
        /// `enforce` (the default), `shadow` to try it out, or `off`.
        mode: Option<Mode>,
    }
}

record! {
    /// Days on the customer's clock, both included.
    pub(in crate::policy) struct Effective {
        /// The first day; by default there is none.
        from: Option<At<Day>>,
        /// The last day; by default there is none.
        until: Option<At<Day>>,
    }
    where Constraint::AtLeastOne(&["from", "until"])
}

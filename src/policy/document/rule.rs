//! What every rule has.

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
    /// What every rule has.
    pub(in crate::policy) struct Rule {
        /// The rule's name, unique in the tenant's policy. Answers name it.
        name: At<Name>,
        /// What the rule is for, for people.
        description: Option<Text>,
        /// Where the rule comes from: a law, a contract.
        source: Option<Text>,
        /// What the rule is about; by default everything.
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

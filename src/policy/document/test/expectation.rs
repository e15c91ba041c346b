//! A question and the answer it should get.

use crate::model::Instant;
use crate::model::Labels;
use crate::model::Name;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::policy::decode::At;
use crate::policy::decode::Named;
use crate::policy::decode::Stated;
use crate::policy::decode::Text;
use crate::policy::decode::Whole;
use crate::policy::decode::record;

record! {
    /// A question and the answer it should get. What is not stated is not compared.
    pub(in crate::policy) struct Expectation {
        /// The contact to ask about.
        contact: Question,
        /// `ALLOW` or `DENY`.
        effect: Effect,
        /// All reasons, in any order.
        reasons: Option<Vec<Code>>,
        /// All rules that deny, in any order.
        rules: Option<Vec<At<Name>>>,
        /// The time at which the contact would next be allowed; `null`: never, or not within 400
        /// days.
        next_allowed_time: Stated<Instant>,
        /// The end of the time for which the contact is allowed; `null`: beyond 400 days.
        valid_until: Stated<Instant>,
        /// The units that budgets have left, by rule; `null`: the rule does not limit the contact.
        remaining: Named<Stated<Whole<0, 10_000>>>,
    }
}

record! {
    /// The contact to ask about.
    pub(in crate::policy) struct Question {
        /// The name of one of the test's customers.
        customer: At<Name>,
        /// The channel.
        channel: At<Name>,
        /// The purpose.
        purpose: At<Name>,
        /// The labels.
        labels: Labels<Option<At<Name>>>,
        /// About which occasions.
        occasions: Vec<At<Name>>,
        /// The priority, from 0 to 100; by default 50.
        priority: Option<Whole<0, 100>>,
        /// The attributes that content rules may read.
        attributes: Named<Text>,
        /// The time at which the contact would be made; by default now.
        at: Option<Instant>,
    }
}

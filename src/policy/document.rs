//! The document as its author wrote it: every key of the language, and where each value stands.
//!
//! A document that decodes is well-formed by itself: durations are positive, dates exist. Rules
//! report mistakes within themselves; `check` decides whether the parts fit together, and `compile`
//! has the defaults.

mod any_rule;
mod backoff;
mod budget;
mod consent;
mod content;
mod hours;
mod pages;
mod quiet_period;
mod reaction;
mod rule;
mod selector;
mod settings;
mod spacing;
mod test;

pub(super) use any_rule::Alone;
pub(super) use any_rule::AnyRule;
pub(super) use backoff::Backoff;
pub(super) use budget::Budget;
pub(super) use budget::Per;
pub(super) use consent::Accepted;
pub(super) use consent::ConsentRule;
pub(super) use content::ContentRule;
pub(super) use hours::ClosedDays;
pub(super) use hours::ContactHours;
pub(super) use hours::OpenDays;
pub(super) use hours::QuietHours;
pub(super) use hours::TimeSpan;
pub(super) use hours::WeekSpan;
pub(super) use pages::Brand;
pub(super) use pages::NamedTopic;
pub(super) use pages::Pages;
pub(super) use quiet_period::ANY_OCCASION;
pub(super) use quiet_period::QuietPeriod;
pub(super) use reaction::Reaction;
pub(super) use reaction::Suppress;
pub(super) use reaction::SuppressedChannel;
pub(super) use rule::Effective;
pub(super) use rule::Rule;
pub(super) use selector::Selector;
pub(super) use settings::Channel;
pub(super) use settings::Conversations;
pub(super) use settings::InboundMessages;
pub(super) use settings::Purpose;
pub(super) use settings::ReplyHours;
pub(super) use settings::Settings;
pub(super) use spacing::Length;
pub(super) use spacing::Spacing;
pub(super) use spacing::longest;
pub(super) use test::Cadence;
pub(super) use test::Consent;
pub(super) use test::Customer;
pub(super) use test::Expectation;
pub(super) use test::OptOut;
pub(super) use test::Quiet;
pub(super) use test::Scope;
pub(super) use test::Suppression;
pub(super) use test::Test;
pub(super) use test::TestDocument;

use super::decode::At;
use super::decode::AtLeastOne;
use super::decode::Named;
use super::decode::Rules;
use super::decode::Text;
use super::decode::record;
use super::rules::Mode;
use super::value::Confidence;
use super::value::Title;
use crate::model::Day;
use crate::model::Name;

record! {
    /// A policy document of courtesy: rules about when customers may be contacted.
    pub(super) struct Document {
        /// The document's name within the tenant's policy.
        name: At<Name>,
        /// The use of the document.
        description: Option<Text>,
        /// The day on which the document was last compared with its sources.
        reviewed: Option<Day>,
        /// The reliability of the sources: `high` if the text of the law or its regulator was read;
        /// `medium` if others quote it; `low` for one vendor's or newspaper's word.
        confidence: Option<Confidence>,
        /// The sources of the document.
        sources: Vec<Reference>,
        /// The parts of the law that the document leaves out, and how it reads doubtful ones.
        leaves_out: Vec<Text>,
        /// `enforce` (the default), `shadow` to try all of its rules out, those of the presets that
        /// it includes among them, or `off`. A rule's own mode may be weaker, never stronger.
        mode: Option<Mode>,
        /// Settings for all rules. Each setting may be made by one document only.
        settings: Option<Settings>,
        /// The ways of reaching a customer. Only declared ones are accepted.
        channels: Named<Channel>,
        /// The reasons for which customers are contacted. Only declared ones are accepted.
        purposes: Named<Purpose>,
        /// The topics that contacts may name. Without a list, any topic may be named.
        topics: Option<Vec<NamedTopic>>,
        /// The effect of a customer's first message.
        conversations: Option<At<Conversations>>,
        /// The treatment of customers' messages.
        inbound_messages: Option<At<InboundMessages>>,
        /// The pages that customers see.
        pages: Option<At<Pages>>,
        /// A maximum number of contacts in a period.
        budgets: Rules<Budget>,
        /// The least time between two contacts, or after an event.
        spacing: Rules<Spacing>,
        /// A spacing that grows while the customer does not answer.
        backoff: Rules<Backoff>,
        /// Hours outside of which there is no contact.
        contact_hours: Rules<ContactHours>,
        /// Hours inside of which there is no contact.
        quiet_hours: Rules<QuietHours>,
        /// Days on which there is no contact.
        quiet_periods: Rules<QuietPeriod>,
        /// Sets of public holidays in addition to those that ship.
        holiday_sets: Vec<Dates>,
        /// Occasions in addition to those that ship.
        occasions: Vec<Dates>,
        /// Consents that must be on record, by law, ground and age.
        consents: Rules<ConsentRule>,
        /// Content that is forbidden, or forbidden for some customers.
        content_rules: Rules<ContentRule>,
        /// The effects of events.
        reactions: Rules<Reaction>,
        /// Presets whose rules belong to the policy too.
        include: Vec<At<Name>>,
    }
}

record! {
    /// A source of a document.
    pub(super) struct Reference {
        /// The law, the page or the file.
        what: Text,
        /// The day on which it was read.
        seen: Day,
    }
}

record! {
    /// Dates with a name.
    pub(super) struct Dates {
        /// The name by which rules and contacts refer to the dates.
        name: At<Name>,
        /// The dates, in any order.
        dates: AtLeastOne<At<Day>>,
        /// For an occasion: its name for customers, by language.
        title: Named<Title>,
    }
}

#[cfg(test)]
pub(super) mod tests;

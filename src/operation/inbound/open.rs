//! The channels, brands and topics that an opt-in has opened.

use crate::model::Contact;
use crate::model::Instant;
use crate::model::Labels;
use crate::model::Record;
use crate::model::Scope;
use crate::policy::Policy;
use crate::policy::rules::Purpose;

/// The question whether messages of a channel get through, and of a brand and a topic if they are
/// named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    pub(super) policy: &'a Policy,
    pub(super) scope: &'a Scope,
    pub(super) at: Instant,
}

impl Open<'_> {
    /// Whether messages that were refused before now reach the customer, or messages for which one
    /// opts in reach the customer for the first time.
    pub(super) fn is_opened(self, before: &Record, after: &Record) -> bool {
        let is_new = !self.has_consent(before) && self.has_consent(after);
        let wanted = |it: &Purpose| it.marketing || !self.policy.has_marketing();
        self.policy
            .purposes
            .iter()
            .filter(|it| !self.is_refused(after, it))
            .any(|purpose| self.is_refused(before, purpose) || is_new && wanted(purpose))
    }

    fn has_consent(self, record: &Record) -> bool {
        record.consents.iter().any(|it| it.scope == *self.scope && it.confirmed)
    }

    fn is_refused(self, record: &Record, purpose: &Purpose) -> bool {
        let Some(channel) = &self.scope.channel else { return false };
        let (topic, brand) = (self.scope.topic.clone(), self.scope.brand.clone());
        let labels = Labels { topic, brand, ..Labels::NONE };
        let contact = Contact { labels, ..Contact::new(channel.clone(), purpose.name.clone()) };
        let marketing = purpose.marketing || !self.policy.has_marketing();
        record.opt_outs.iter().any(|it| {
            it.refuses(&contact, marketing) && it.until.is_none_or(|until| self.at < until)
        })
    }
}

//! Contacts.

use std::collections::BTreeMap;

use super::decision::reason;
use super::time::Bounds;
use super::time::timestamp;
use super::violations::Path;
use super::violations::Violations;
use crate::engine::Detail;
use crate::engine::Undeclared;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Label;
use crate::model::Name;
use crate::model::Record;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::contact::PRIORITY_MAX;
use crate::model::customer_id::CustomerId;
use crate::model::history::Entry;
use crate::model::history::State;
use crate::model::label::labels_of;
use crate::model::request::Request;
use crate::policy::Policy;
use crate::proto::v1;
use crate::proto::v1::ContactState;

const OCCASIONS_MAX: usize = 16;
const ATTRIBUTES_MAX: usize = 64;
const ATTRIBUTE_BYTES_MAX: usize = 1_024;

/// A contact, its customer, and when it would be made.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The customer.
    pub customer_id: CustomerId,
    /// The contact.
    pub contact: Contact,
    /// The time of the contact; now if unset.
    pub at: Option<Instant>,
}

/// The terms on which a request's contact is judged.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The policy, which declares names.
    pub policy: &'a Policy,
    /// The bounds of its time.
    pub when: Bounds,
}

impl Violations {
    /// The contact of a request. Names that the policy does not declare are noted.
    pub fn contact(
        &mut self,
        path: Path,
        contact: Option<&v1::Contact>,
        terms: Terms<'_>,
    ) -> Option<Asked> {
        let field = path.message();
        let Some(contact) = contact else {
            self.add(path.parent(), field, "must be set");
            return None;
        };
        let channel = self.name(path, "channel", &contact.channel);
        self.undeclared(
            path,
            channel.as_ref().and_then(|it| Undeclared::check_channel(terms.policy, it).err()),
        );
        self.contact_on(path, contact, channel, terms)
    }

    /// A contact, on a channel that is given beside it.
    pub fn contact_on(
        &mut self,
        path: Path,
        contact: &v1::Contact,
        channel: Option<Name>,
        terms: Terms<'_>,
    ) -> Option<Asked> {
        let Terms { policy, when } = terms;
        let customer_id = self.customer_id(path, &contact.customer_id);
        let purpose = self.name(path, "purpose", &contact.purpose);
        let labels = Label::ALL.zip(labels_of!(&contact));
        let labels = labels.map(|(it, text)| self.optional(path, it.as_str(), text.as_deref()));
        let occasions = self.names(path, "occasions", &contact.occasions, OCCASIONS_MAX);
        let priority = self.priority(path, contact.priority);
        let attributes = self.attributes(path, &contact.attributes);
        let at = self.time(path, "contact_time", contact.contact_time.as_ref(), when);
        let no_purpose =
            purpose.as_ref().and_then(|it| Undeclared::check_purpose(policy, it).err());
        self.undeclared(path, no_purpose);
        self.undeclared(path, Undeclared::labels(policy, labels.topic.as_ref(), &occasions));
        let contact =
            Contact { labels, occasions, priority, attributes, ..Contact::new(channel?, purpose?) };
        Some(Asked { customer_id: customer_id?, contact, at })
    }

    /// The attributes that content rules may read.
    pub fn attributes(
        &mut self,
        path: Path,
        attributes: &BTreeMap<String, String>,
    ) -> BTreeMap<Name, String> {
        self.at_most(path, "attributes", attributes.len(), ATTRIBUTES_MAX);
        let mut read = BTreeMap::new();
        for (name, value) in attributes.iter().take(ATTRIBUTES_MAX) {
            if value.len() > ATTRIBUTE_BYTES_MAX {
                let length = value.len();
                let problem = format!(
                    "a value has at most {ATTRIBUTE_BYTES_MAX} bytes, this one has {length}"
                );
                self.add(path, "attributes", problem);
            }
            read.extend(self.name(path, "attributes", name).map(|name| (name, value.clone())));
        }
        read
    }

    /// The amount of detail in an answer.
    pub fn detail(&mut self, path: Path, level: i32) -> Detail {
        match v1::DetailLevel::try_from(level) {
            Ok(v1::DetailLevel::Unspecified | v1::DetailLevel::Brief) => Detail::Brief,
            Ok(v1::DetailLevel::Full) => Detail::Full,
            Err(_unknown) => {
                self.add(path, "detail", format!("there is no level {level}"));
                Detail::Brief
            }
        }
    }

    fn undeclared(&mut self, path: Path, all: impl IntoIterator<Item = Undeclared>) {
        for undeclared in all {
            self.add_undeclared(path, &undeclared);
        }
    }

    fn priority(&mut self, path: Path, priority: Option<u32>) -> u8 {
        let priority = priority.unwrap_or_else(|| u32::from(PRIORITY_DEFAULT));
        u8::try_from(priority).ok().filter(|it| *it <= PRIORITY_MAX).unwrap_or_else(|| {
            self.add(path, "priority", format!("must be from 0 to {PRIORITY_MAX}"));
            PRIORITY_DEFAULT
        })
    }
}

/// A contact on record, as a message.
#[must_use]
pub fn recorded(record: &Record, entry: &Entry) -> v1::RecordedContact {
    let history = &record.history;
    let label = |number: Option<u16>| Some(history.label(number?)?.to_string());
    let name = |names: &[Name], number: u16| {
        names.get(usize::from(number)).map(Name::to_string).unwrap_or_default()
    };
    let request = record.requests.iter().find(|request| request.contact == Some(entry.number));
    let state = match entry.state {
        State::Reserved => ContactState::Reserved,
        State::Sent => ContactState::Sent,
        State::Released => ContactState::Released,
        State::Expired => ContactState::Expired,
        State::Bounced => ContactState::Bounced,
    };
    let refusal = request.filter(|_| entry.state == State::Expired).and_then(Request::refusal);
    let expire_reasons = refusal.map(|answer| answer.reasons.iter().map(reason).collect());
    let mut recorded = v1::RecordedContact {
        contact_time: Some(timestamp(entry.at)),
        channel: name(history.channels(), entry.channel),
        purpose: name(history.purposes(), entry.purpose),
        occasions: entry.occasions.iter().filter_map(|&number| label(Some(number))).collect(),
        priority: u32::from(entry.priority),
        state: i32::from(state),
        request_id: request.map(|request| request.id.to_string()),
        unanswered: entry.unanswered,
        expire_reasons: expire_reasons.unwrap_or_default(),
        ..v1::RecordedContact::default()
    };
    labels_of!(recorded) = entry.labels.map(label);
    recorded
}

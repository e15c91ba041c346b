//! A question with everything that rules need: the policy's positions of the contact's names and of
//! the names on record, and the customer's clocks and jurisdictions.

use std::cell::OnceCell;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::engine::Undeclared;
use crate::engine::place;
use crate::engine::place::Clocks;
use crate::model::Contact;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Record;
use crate::model::history::Entry;
use crate::model::history::Event;
use crate::policy::Policy;
use crate::policy::rules::Channel;
use crate::policy::rules::Dimension;
use crate::policy::rules::Purpose;
use crate::policy::selector::Mask;
use crate::policy::selector::Selector;
use crate::zone::Zone;

/// A prepared question.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) record: &'a Record,
    pub(crate) contact: &'a Contact,
    pub(crate) channel: &'a Channel,
    pub(crate) purpose: &'a Purpose,
    pub(crate) channel_position: usize,
    pub(crate) purpose_position: usize,
    own_channel: Mask,
    own_purpose: Mask,
    /// Whether wishes about marketing apply to the contact: its purpose is marketing, or the policy
    /// declares no marketing purpose.
    pub(crate) marketing: bool,
    /// Whether the contact is reserved already, so that its units are spent.
    pub(crate) held: bool,
    clocks: Clocks,
    /// The jurisdictions that are assumed for a customer who has none, once they were needed.
    stand_ins: OnceCell<Vec<Jurisdiction>>,
    /// The policy's position of each channel on record.
    channels_on_record: SmallVec<[Option<usize>; 8]>,
    /// The policy's mask of each channel on record, and of each purpose.
    channel_masks: SmallVec<[Mask; 8]>,
    purpose_masks: SmallVec<[Mask; 8]>,
}

impl<'a> Case<'a> {
    /// Looks up every name once.
    pub(crate) fn new(
        policy: &'a Policy,
        record: &'a Record,
        contact: &'a Contact,
    ) -> Result<Self, Undeclared> {
        let position = policy.channel_position(&contact.channel);
        let (channel_position, channel) = position
            .and_then(|position| Some((position, policy.channels.get(position)?)))
            .ok_or_else(|| Undeclared::channel(policy, &contact.channel))?;
        let position = policy.purpose_position(&contact.purpose);
        let (purpose_position, purpose) = position
            .and_then(|position| Some((position, policy.purposes.get(position)?)))
            .ok_or_else(|| Undeclared::purpose(policy, &contact.purpose))?;
        Undeclared::check_labels(policy, contact)?;
        let history = &record.history;
        let channels = history.channels().iter();
        let channels_on_record: SmallVec<[Option<usize>; 8]> =
            channels.map(|name| policy.channel_position(name)).collect();
        let purposes = history.purposes().iter();
        Ok(Self {
            policy,
            record,
            contact,
            channel,
            purpose,
            channel_position,
            purpose_position,
            own_channel: Mask::of(Some(channel_position)),
            own_purpose: Mask::of(Some(purpose_position)),
            marketing: purpose.marketing || !policy.has_marketing(),
            held: false,
            clocks: Clocks::of(policy, &record.profile),
            stand_ins: OnceCell::new(),
            channel_masks: channels_on_record.iter().map(|position| Mask::of(*position)).collect(),
            channels_on_record,
            purpose_masks: purposes.map(|name| Mask::of(policy.purpose_position(name))).collect(),
        })
    }

    /// The clocks that may be the customer's; empty if unknown.
    pub(crate) fn clocks(&self) -> &[Arc<Zone>] {
        self.clocks.each()
    }

    /// The jurisdictions that selectors match.
    pub(crate) fn jurisdictions(&self) -> &[Jurisdiction] {
        let profile = &self.record.profile;
        if !profile.jurisdictions.is_empty() {
            return &profile.jurisdictions;
        }
        self.stand_ins.get_or_init(|| place::stand_ins(self.policy, profile))
    }

    /// The countries whose occasions the customer keeps; empty if unknown.
    pub(crate) fn countries(&self) -> Vec<&'a str> {
        place::countries(self.policy, &self.record.profile)
    }

    /// Contacts on record, in order of time.
    pub(crate) fn entries(&self) -> &'a [Entry] {
        self.record.history.entries()
    }

    /// Events on record, in order of time.
    pub(crate) fn events(&self) -> &'a [Event] {
        self.record.history.events()
    }

    /// The policy's position of a channel on record; `None` if it is no longer declared.
    pub(crate) fn position_on_record(&self, channel: u16) -> Option<usize> {
        *self.channels_on_record.get(usize::from(channel))?
    }

    /// The number of different channels on record.
    pub(crate) fn channels_on_record(&self) -> usize {
        self.channels_on_record.len()
    }

    /// The contact's channel as a number on record; `None` if no contact on record used it.
    pub(crate) fn own_channel_on_record(&self) -> Option<u16> {
        let mut positions = self.channels_on_record.iter();
        let number = positions.position(|position| *position == Some(self.channel_position));
        number.and_then(|number| u16::try_from(number).ok())
    }

    /// Whether a channel on record is the contact's.
    pub(crate) fn is_own_channel(&self, channel: u16) -> bool {
        self.position_on_record(channel) == Some(self.channel_position)
    }

    /// Whether the selector matches this contact and this customer.
    #[inline]
    pub(crate) fn is_selected_by(&self, selector: &Selector) -> bool {
        let contact = self.contact;
        selector.channels.meets(self.own_channel)
            && selector.purposes.meets(self.own_purpose)
            && selector.matches_priority(contact.priority)
            && selector.matches_labels(contact.labels.each().map(Option::as_ref))
            && selector
                .occasions
                .as_ref()
                .is_none_or(|names| contact.occasions.iter().any(|own| names.contains(own)))
            && self.is_customer_of(selector)
    }

    /// Whether the selector matches this customer.
    #[inline]
    pub(crate) fn is_customer_of(&self, selector: &Selector) -> bool {
        selector.matches_segments(&self.record.profile.segments)
            && (selector.jurisdictions.is_none()
                || selector.matches_jurisdictions(self.jurisdictions()))
    }

    /// The policy's mask of a channel on record.
    #[inline]
    pub(crate) fn channel_mask(&self, channel: u16) -> Mask {
        self.channel_masks.get(usize::from(channel)).copied().unwrap_or(Mask::NONE)
    }

    /// The policy's mask of a purpose on record.
    #[inline]
    pub(crate) fn purpose_mask(&self, purpose: u16) -> Mask {
        self.purpose_masks.get(usize::from(purpose)).copied().unwrap_or(Mask::NONE)
    }

    /// Whether the selector's priorities, labels and occasions match a contact on record.
    pub(crate) fn is_marked_by(&self, selector: &Selector, entry: &Entry) -> bool {
        selector.matches_priority(entry.priority) && self.labels_are_in(selector, entry)
    }

    fn labels_are_in(&self, selector: &Selector, entry: &Entry) -> bool {
        let label = |number: Option<u16>| self.record.history.label(number?);
        let mut occasions = entry.occasions.iter().filter_map(|&number| label(Some(number)));
        selector.matches_labels(entry.labels.map(label))
            && selector
                .occasions
                .as_ref()
                .is_none_or(|names| occasions.any(|own| names.contains(own)))
    }

    /// Whether a contact on record has the value of this contact in one dimension.
    pub(crate) fn is_alike(&self, dimension: Dimension, entry: &Entry) -> bool {
        let history = &self.record.history;
        match dimension {
            Dimension::Label(label) => {
                let number = entry.labels.get(label);
                let own = self.contact.labels.each().get(label);
                number.and_then(|number| history.label(number)) == own.as_ref()
            }
            Dimension::Channel => self.is_own_channel(entry.channel),
            Dimension::Purpose => {
                let name = history.purposes().get(usize::from(entry.purpose));
                name == Some(&self.contact.purpose)
            }
        }
    }

    /// The end of the conversation that is open on the contact's channel at an instant; `None` if
    /// none is. A later message may extend it.
    pub(crate) fn conversation_until(&self, at: Instant) -> Option<Instant> {
        let window = self.policy.settings.conversation_window?;
        let last = self.openings().take_while(|event| event.at <= at).last()?;
        let until = last.at.plus(window);
        (at < until).then_some(until)
    }

    /// The time of the customer's next message that opens a conversation.
    pub(crate) fn next_opening(&self, at: Instant) -> Option<Instant> {
        self.openings().find(|event| event.at > at).map(|event| event.at)
    }

    fn openings(&self) -> impl Iterator<Item = &'a Event> {
        self.events().iter().filter(|event| {
            event.kind == EventKind::Inbound
                && event.channel.is_some_and(|channel| self.is_own_channel(channel))
        })
    }
}

//! The changes to send to one webhook next: as many as are held in memory.

use crate::gate::Changes;
use crate::gate::Told;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;

/// The number of changes that are held for one webhook.
pub(super) const WINDOW_MAX: usize = 256;
/// The number of changes that are sent at once.
const TOGETHER: usize = 8;
/// The time after the first failure at which it is tried again; it doubles after each further
/// failure.
const FIRST_RETRY: Span = Span::from_secs(5);
/// The longest time between two attempts.
const LAST_RETRY: Span = Span::from_hours(6);

/// A change to send.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) tenant: Name,
    pub(super) told: Told,
    /// The number of failed attempts.
    failures: u32,
    /// The time of the next attempt.
    next: Instant,
}

/// The changes to send, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Window(Vec<Item>);

impl Window {
    /// The number of changes for which it has room.
    pub(super) fn room(&self) -> usize {
        WINDOW_MAX.saturating_sub(self.0.len())
    }

    /// Whether a change could not be sent yet.
    pub(super) fn has_failed(&self) -> bool {
        self.0.iter().any(|item| item.failures > 0)
    }

    /// Adds a change. A subject that waits already is sent once, in its state then.
    pub(super) fn add(&mut self, tenant: &Name, told: Told) {
        let is_same = |item: &Item| item.tenant == *tenant && item.is_of(&told);
        let known = self.0.iter().position(is_same).map(|position| self.0.remove(position));
        let (failures, next) = known.map_or((0, Instant::FIRST), |it| (it.failures, it.next));
        self.0.push(Item { tenant: tenant.clone(), told, failures, next });
    }

    /// The changes to send now: the oldest of each customer, if its time has come.
    pub(super) fn due(&self, now: Instant) -> Vec<Item> {
        let mut due: Vec<Item> = Vec::new();
        let mut before: Vec<(&Name, &str)> = Vec::new();
        for item in &self.0 {
            let customer = (&item.tenant, &*item.told.entry.customer);
            let is_first = !before.contains(&customer);
            before.push(customer);
            if is_first && item.next <= now && due.len() < TOGETHER {
                due.push(item.clone());
            }
        }
        due
    }

    /// The time at which a failed change is tried again.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().filter(|item| item.failures > 0).map(|item| item.next).min()
    }

    /// Notes that a change was sent.
    pub(super) fn told(&mut self, item: &Item) {
        self.0.retain(|it| it.tenant != item.tenant || it.told.entry != item.told.entry);
    }

    /// Notes that a change could not be sent.
    pub(super) fn failed(&mut self, item: &Item, now: Instant) {
        let is_it = |it: &&mut Item| it.tenant == item.tenant && it.told.entry == item.told.entry;
        if let Some(it) = self.0.iter_mut().find(is_it) {
            let wait = FIRST_RETRY.times(1_u32.checked_shl(it.failures).unwrap_or(u32::MAX));
            it.next = now.plus(wait.min(LAST_RETRY));
            it.failures = it.failures.saturating_add(1);
        }
    }

    /// The place up to which a tenant's changes have been sent. Everything up to `read` is sent or
    /// held here.
    pub(super) fn place(&self, tenant: &Name, read: &Changes) -> Changes {
        let mut place = read.clone();
        for item in self.0.iter().filter(|item| item.tenant == *tenant) {
            let before = item.told.entry.due.minus(Span::from_millis(1));
            place.cursor.lower(item.told.bucket, before);
        }
        place
    }
}

impl Item {
    fn is_of(&self, told: &Told) -> bool {
        self.told.topic == told.topic && self.told.entry.customer == told.entry.customer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::agenda::Entry;
    use crate::model::agenda::List;
    use crate::model::agenda::Topic;

    fn told(customer: &str, topic: Topic, due: i64) -> Told {
        let (list, tenant) = (List::Changes, Name::new("t").unwrap());
        let (customer, due) = (Box::from(customer), Instant::from_millis(due));
        let entry = Entry { list, tenant, customer, item: topic.item(), due };
        Told { topic, entry, bucket: 0 }
    }

    #[test]
    fn one_customer_is_told_in_order_and_does_not_hold_up_others() {
        let (tenant, now) = (Name::new("t").unwrap(), Instant::from_millis(1_000_000));
        let mut window = Window::default();
        window.add(&tenant, told("ada", Topic::Unclear, 1));
        window.add(&tenant, told("ada", Topic::Wishes, 2));
        window.add(&tenant, told("bob", Topic::Wishes, 3));
        let who = |items: &[Item]| -> Vec<(String, Topic)> {
            items.iter().map(|it| (it.told.entry.customer.to_string(), it.told.topic)).collect()
        };
        let due = window.due(now);
        assert_eq!(who(&due), [("ada".into(), Topic::Unclear), ("bob".into(), Topic::Wishes)]);
        window.failed(&due[0], now);
        window.told(&due[1]);
        assert!(window.due(now).is_empty() && window.has_failed());
        let later = now.plus(FIRST_RETRY);
        assert_eq!(who(&window.due(later)), [("ada".into(), Topic::Unclear)]);
        let tried = window.due(later);
        window.failed(&tried[0], later);
        assert!(window.due(later.plus(FIRST_RETRY)).is_empty(), "twice as long");
        // A subject that changes again meanwhile is sent once.
        window.add(&tenant, told("ada", Topic::Unclear, 9));
        assert_eq!(window.room(), WINDOW_MAX - 2);
        let due = window.due(later.plus(FIRST_RETRY));
        assert_eq!(who(&due), [("ada".into(), Topic::Wishes)]);
    }
}

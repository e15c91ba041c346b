//! Counting what two policies say.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::past::Judged;
use super::past::Verdict;
use crate::engine::Refusal;
use crate::model::Day;
use crate::model::Name;

/// The number of the most affected customers that are named.
pub const WORST_MAX: usize = 10;

/// The number of contacts that were made, and those that two policies would have refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Contacts that were made.
    pub contacts: u64,
    /// The contacts that the policies refuse.
    pub effect: Effect,
}

/// The numbers of contacts that two policies would have refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The number that the policy in force refuses.
    pub current: u64,
    /// The number that the candidate refuses.
    pub candidate: u64,
    /// The number that only the candidate refuses.
    pub newly_refused: u64,
    /// The number that only the policy in force refuses.
    pub newly_allowed: u64,
}

/// The cause of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A rule or a wish.
    Refusal(Refusal),
    /// The contact has names that the policy does not declare.
    Undeclared,
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Customers who were looked at.
    pub customers_seen: u64,
    /// The number of these customers whose contacts were replayed: all, or a sample.
    pub customers: u64,
    /// The number of customers whose records cannot be read.
    pub customers_unreadable: u64,
    /// The number of customers with a contact that only one of the policies refuses.
    pub customers_affected: u64,
    /// All contacts.
    pub all: Share,
    /// Refusals by what refuses. A contact that several things refuse counts for each of them.
    pub by_cause: BTreeMap<Cause, Effect>,
    /// Contacts by channel.
    pub by_channel: BTreeMap<Name, Share>,
    /// Contacts by day, those without any included.
    pub by_day: BTreeMap<Day, Share>,
    /// Contacts that the candidate allows and its rules in shadow would refuse, by rule.
    pub shadow: BTreeMap<Refusal, u64>,
    /// Contacts that the candidate allows and at least one of its rules in shadow would refuse.
    pub shadow_contacts: u64,
    /// The customers with the most contacts that only the candidate refuses, the most first.
    worst: BTreeSet<(Reverse<u64>, Box<str>)>,
}

impl Tally {
    pub(super) fn new(first: Day, days: u32) -> Self {
        let days = i32::try_from(days).unwrap_or_default();
        Self {
            customers_seen: 0,
            customers: 0,
            customers_unreadable: 0,
            customers_affected: 0,
            all: Share::default(),
            by_cause: BTreeMap::new(),
            by_channel: BTreeMap::new(),
            by_day: (0..days).map(|after| (first.plus(after), Share::default())).collect(),
            shadow: BTreeMap::new(),
            shadow_contacts: 0,
            worst: BTreeSet::new(),
        }
    }

    /// The customers with the most contacts that only the candidate refuses, and how many those
    /// are; at most [`WORST_MAX`].
    pub fn worst(&self) -> impl Iterator<Item = (&str, u64)> {
        self.worst.iter().map(|(Reverse(count), customer_id)| (&**customer_id, *count))
    }

    pub(super) fn add(&mut self, customer_id: &str, contacts: &[Judged]) {
        self.customers += 1;
        let mut own = Share::default();
        for judged in contacts {
            own.count(judged);
            self.count(judged);
        }
        let Effect { newly_refused, newly_allowed, .. } = own.effect;
        if newly_refused + newly_allowed > 0 {
            self.customers_affected += 1;
        }
        if newly_refused > 0 {
            self.worst.insert((Reverse(newly_refused), Box::from(customer_id)));
            if self.worst.len() > WORST_MAX {
                self.worst.pop_last();
            }
        }
    }

    fn count(&mut self, judged: &Judged) {
        self.all.count(judged);
        self.by_day.entry(judged.day).or_default().count(judged);
        match self.by_channel.get_mut(&judged.channel) {
            Some(share) => share.count(judged),
            None => self.by_channel.entry(judged.channel.clone()).or_default().count(judged),
        }
        let (was, is) = (judged.current.is_refused(), judged.candidate.is_refused());
        for cause in causes(&judged.current) {
            let effect = self.by_cause.entry(cause).or_default();
            effect.current += 1;
            effect.newly_allowed += u64::from(!is);
        }
        for cause in causes(&judged.candidate) {
            let effect = self.by_cause.entry(cause).or_default();
            effect.candidate += 1;
            effect.newly_refused += u64::from(!was);
        }
        let shadow = judged.candidate.shadow();
        if is || shadow.is_empty() {
            return;
        }
        self.shadow_contacts += 1;
        for refusal in shadow {
            *self.shadow.entry(refusal.clone()).or_default() += 1;
        }
    }
}

impl Share {
    fn count(&mut self, judged: &Judged) {
        self.contacts += 1;
        let (was, is) = (judged.current.is_refused(), judged.candidate.is_refused());
        let Effect { current, candidate, newly_refused, newly_allowed } = &mut self.effect;
        *current += u64::from(was);
        *candidate += u64::from(is);
        *newly_refused += u64::from(is && !was);
        *newly_allowed += u64::from(was && !is);
    }
}

fn causes(verdict: &Verdict) -> impl Iterator<Item = Cause> {
    let undeclared = matches!(verdict, Verdict::Undeclared).then_some(Cause::Undeclared);
    verdict.enforced().iter().cloned().map(Cause::Refusal).chain(undeclared)
}

//! The contact pressure on customers: contacts by customer and week, the customers who have used up
//! their budgets, the sent contacts that the policy in force would have refused, and the contacts
//! before opt-outs.
//!
//! It is calculated from records, which have contacts that were made and not those that were
//! refused. So the refusals by budgets are found as a [`Simulation`](super::Simulation) finds them,
//! by deciding again on the contacts that were sent.

mod histogram;

pub use histogram::Bucket;
pub use histogram::Histogram;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::DAYS_MAX;
use super::past;
use crate::engine;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::consent_event::ConsentKind;
use crate::model::decision::Code;
use crate::model::history::Entry;
use crate::model::history::State;
use crate::policy::Policy;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;

const WEEK: Span = Span::from_days(7);

/// Counts how much customers hear, one customer after the other.
#[derive(Debug)]
pub struct Pressure {
    policy: Policy,
    now: Instant,
    tally: Report,
}

/// The result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The first instant of the days.
    pub from: Instant,
    /// Customers who were looked at.
    pub customers_seen: u64,
    /// The number of these customers whose records cannot be read.
    pub customers_unreadable: u64,
    /// The whole weeks of the days, the last one ending now.
    pub weeks: u32,
    /// Contacts of the days on all channels, and customers' weeks by how many lie in them.
    pub all: Channel,
    /// The contacts by channel.
    pub channels: BTreeMap<Name, Channel>,
    /// The policy's budgets that are enforced.
    pub budgets: BTreeMap<Name, Budget>,
    /// Opt-outs of the days, by how many contacts came in the week before.
    pub opt_outs: Histogram,
}

/// The contacts on one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// Contacts of the days.
    pub contacts: u64,
    /// Weeks of customers, by contacts.
    pub weeks: Histogram,
}

/// The state of one budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The customers that it applies to now.
    pub customers: u64,
    /// The number of these customers who have used it up.
    pub at_limit: u64,
    /// Contacts of the days that it would refuse, had the policy been in force over all of them.
    pub would_refuse: u64,
}

impl Pressure {
    /// A count without customers yet, under the policy in force, over `days` times 24 hours, from 1
    /// to [`DAYS_MAX`].
    #[must_use]
    pub fn new(policy: Policy, now: Instant, days: u32) -> Self {
        let policy = policy.with_pauses(Vec::new());
        let days = days.clamp(1, DAYS_MAX);
        let rules = policy.rules.iter().filter(|rule| rule.mode == Mode::Enforce);
        let budgets = rules.filter(|rule| matches!(rule.kind, Kind::Budget(_)));
        let channels = policy.channels.iter();
        let tally = Report {
            from: now.minus(Span::from_days(days)),
            customers_seen: 0,
            customers_unreadable: 0,
            weeks: days / 7,
            all: Channel::default(),
            budgets: budgets.map(|rule| (rule.name.clone(), Budget::default())).collect(),
            channels: channels.map(|it| (it.name.clone(), Channel::default())).collect(),
            opt_outs: Histogram::default(),
        };
        Self { now, tally, policy }
    }

    /// The policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Takes a customer into account.
    pub fn add(&mut self, record: &Record) {
        self.tally.customers_seen += 1;
        self.add_contacts(record);
        self.add_budgets(record);
        self.add_opt_outs(record);
    }

    /// Notes a customer whose record cannot be read.
    pub const fn add_unreadable(&mut self) {
        self.tally.customers_seen += 1;
        self.tally.customers_unreadable += 1;
    }

    /// The number of customers that have been seen so far.
    #[must_use]
    pub const fn customers_seen(&self) -> u64 {
        self.tally.customers_seen
    }

    /// The result.
    #[must_use]
    pub fn finish(self) -> Report {
        let mut tally = self.tally;
        let readable = tally.customers_seen.saturating_sub(tally.customers_unreadable);
        let weeks = readable.saturating_mul(u64::from(tally.weeks));
        // The weeks in which a customer heard nothing are those that are missing.
        tally.all.weeks.fill(weeks);
        tally.channels.values_mut().for_each(|channel| channel.weeks.fill(weeks));
        tally
    }

    fn add_contacts(&mut self, record: &Record) {
        let mut weeks: BTreeMap<u32, u32> = BTreeMap::new();
        let mut weeks_by_channel: BTreeMap<(u16, u32), u32> = BTreeMap::new();
        let mut contacts_by_channel: BTreeMap<u16, u64> = BTreeMap::new();
        for entry in self.made(record, self.tally.from, self.now) {
            *contacts_by_channel.entry(entry.channel).or_default() += 1;
            if let Some(week) = self.week(entry.at) {
                *weeks.entry(week).or_default() += 1;
                *weeks_by_channel.entry((entry.channel, week)).or_default() += 1;
            }
        }
        let all = &mut self.tally.all;
        weeks.values().for_each(|contacts| all.weeks.count(*contacts));
        let name = |channel: u16| record.history.channels().get(usize::from(channel)).cloned();
        for (channel, contacts) in contacts_by_channel {
            all.contacts += contacts;
            let Some(name) = name(channel) else { continue };
            self.tally.channels.entry(name).or_default().contacts += contacts;
        }
        for ((channel, _), contacts) in weeks_by_channel {
            let Some(name) = name(channel) else { continue };
            self.tally.channels.entry(name).or_default().weeks.count(contacts);
        }
    }

    fn add_budgets(&mut self, record: &Record) {
        for limit in engine::limits(&self.policy, record, self.now) {
            let budget = self.tally.budgets.entry(limit.rule).or_default();
            budget.customers += 1;
            budget.at_limit += u64::from(limit.is_reached);
        }
        for verdict in past::refused(&self.policy, record, self.tally.from, self.now) {
            for refusal in verdict.enforced().iter().filter(|it| it.code == Code::BudgetSpent) {
                let Some(rule) = &refusal.rule else { continue };
                if let Some(budget) = self.tally.budgets.get_mut(rule) {
                    budget.would_refuse += 1;
                }
            }
        }
    }

    fn add_opt_outs(&mut self, record: &Record) {
        let events = record.consent_events.iter();
        let noes = events.filter(|event| event.kind == ConsentKind::OptOut);
        let times: BTreeSet<Instant> = noes.map(|event| event.at).collect();
        for at in times.range(self.tally.from..self.now) {
            let before = self.made(record, at.minus(WEEK), *at).count();
            self.tally.opt_outs.count(u32::try_from(before).unwrap_or(u32::MAX));
        }
    }

    /// The contacts that were made from one instant until another.
    fn made<'a>(
        &self,
        record: &'a Record,
        from: Instant,
        until: Instant,
    ) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let entries = record.history.entries();
        let start = entries.partition_point(|entry| entry.at < from);
        let within = entries.iter().skip(start).take_while(move |entry| entry.at < until);
        within.filter(|entry| match entry.state {
            State::Reserved | State::Sent | State::Bounced => true,
            // Nothing was sent.
            State::Released | State::Expired => false,
        })
    }

    /// The week of an instant before now, counted back from now; `None` if that week is not whole.
    fn week(&self, at: Instant) -> Option<u32> {
        let since = self.now.millis().saturating_sub(at.millis()).saturating_sub(1);
        let week = u32::try_from(since.checked_div(WEEK.millis())?).ok()?;
        (week < self.tally.weeks).then_some(week)
    }
}

#[cfg(test)]
mod tests;

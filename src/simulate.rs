//! Simulates another policy: the contacts of the last days are decided again under the policy in
//! force and under a candidate.
//!
//! Each policy is assumed to have been in force over all of those days: a contact that it refuses
//! was not made, and does not count against the ones that follow. So a limit of two instead of
//! three a week refuses every third contact, not all that come after the first refusal. The past is
//! known as far as today's record has it: a wish holds from the time it was stated, an ended one is
//! no longer known, profiles are today's, and a contact's attributes are not kept. Pauses are left
//! out. [`pressure`] counts contacts as they are.

mod past;
pub mod pressure;
mod sample;
mod tally;

pub use past::Judged;
pub use past::Verdict;
pub use sample::SAMPLE_MAX;
pub use tally::Cause;
pub use tally::Effect;
pub use tally::Share;
pub use tally::Tally;
pub use tally::WORST_MAX;

use crate::model::Day;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Span;
use crate::policy::Policy;
use crate::simulate::sample::Sample;

/// The maximum number of days that are replayed.
pub const DAYS_MAX: u32 = 400;

/// Two policies, and the days over which they are compared.
#[derive(Clone, Debug)]
pub struct Question {
    /// The policy in force.
    pub current: Policy,
    /// The one that might replace it.
    pub candidate: Policy,
    /// The time. Contacts from then on are left out.
    pub now: Instant,
    /// The number of days, today included, from 1 to [`DAYS_MAX`]. They are days of UTC.
    pub days: u32,
    /// The number of customers, chosen at random and always the same; all if unset.
    pub sample: Option<usize>,
}

/// A comparison under way.
#[derive(Debug)]
pub struct Simulation {
    question: Question,
    sample: Option<Sample>,
    tally: Tally,
}

impl Question {
    /// The first of the days.
    #[must_use]
    pub fn first_day(&self) -> Day {
        let before = i32::try_from(self.days.clamp(1, DAYS_MAX)).unwrap_or(1) - 1;
        day_of(self.now).plus(-before)
    }
}

impl Simulation {
    /// A comparison without customers yet.
    #[must_use]
    pub fn new(question: Question) -> Self {
        let Question { current, candidate, .. } = question;
        let question = Question {
            current: current.with_pauses(Vec::new()),
            candidate: candidate.with_pauses(Vec::new()),
            ..question
        };
        let sample = question.sample.map(Sample::new);
        let tally = Tally::new(question.first_day(), question.days);
        Self { question, sample, tally }
    }

    /// The policy in force.
    #[must_use]
    pub const fn current(&self) -> &Policy {
        &self.question.current
    }

    /// Takes a customer into account.
    pub fn add(&mut self, customer_id: &str, record: &Record) {
        self.tally.customers_seen += 1;
        match &mut self.sample {
            None => self.tally.add(customer_id, &past::judge(&self.question, record)),
            Some(sample) => {
                if let Some(place) = sample.place(customer_id) {
                    sample.put(place, past::judge(&self.question, record));
                }
            }
        }
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
    pub fn finish(self) -> Tally {
        let mut tally = self.tally;
        for (customer_id, judged) in self.sample.into_iter().flatten() {
            tally.add(&customer_id, &judged);
        }
        tally
    }
}

/// The day of UTC in which an instant lies.
fn day_of(at: Instant) -> Day {
    let number = at.millis().div_euclid(Span::from_days(1).millis());
    Day::from_number(i32::try_from(number).unwrap_or_default())
}

/// The first instant of a day of UTC.
fn start_of(day: Day) -> Instant {
    Instant::from_millis(i64::from(day.number()) * Span::from_days(1).millis())
}

#[cfg(test)]
mod tests;

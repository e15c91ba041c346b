//! The decisions of one thread, or of a few that share it.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use super::Counts;
use super::HOURS_MAX;
use super::LOOKED_AT_ONCE;
use super::RECENT_MAX;
use super::Recent;
use super::hour_of;
use crate::model::Name;

/// The number of tenants' hours that are counted. Beyond it, the oldest hours are removed.
const CELLS_MAX: usize = 4_096;

/// The decisions of one thread.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The newest, the oldest first.
    recent: VecDeque<Recent>,
    /// The number of decisions that there ever were.
    end: u64,
    hours: BTreeMap<(i64, Name), Counts>,
}

impl Part {
    /// Takes one more.
    pub(super) fn add(&mut self, recent: Recent) {
        let hour = hour_of(recent.now);
        let key = (hour, recent.tenant.clone());
        match self.hours.get_mut(&key) {
            Some(counts) => counts.add(&recent),
            None => {
                self.hours.retain(|(other, _), _| *other > hour.saturating_sub(HOURS_MAX));
                if self.hours.len() >= CELLS_MAX {
                    self.hours.pop_first();
                }
                self.hours.entry(key).or_default().add(&recent);
            }
        }
        if self.recent.len() >= RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(recent);
        self.end += 1;
    }

    /// The number of decisions that there ever were.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// Adds up the hours of a tenant that are among those that are given.
    pub(super) fn count(&self, tenant: &Name, hours: &mut BTreeMap<i64, Counts>) {
        for (hour, sum) in hours {
            if let Some(counts) = self.hours.get(&(*hour, tenant.clone())) {
                sum.add_all(counts);
            }
        }
    }

    /// Reads on from `next` towards `end`, a bounded number of decisions, and moves `next`. Answers
    /// how many were gone already, and how many it has looked at.
    pub(super) fn read(
        &self,
        next: &mut u64,
        end: u64,
        wanted: &dyn Fn(&Recent) -> bool,
        into: &mut Vec<Recent>,
    ) -> (u64, u64) {
        let kept = u64::try_from(self.recent.len()).unwrap_or(u64::MAX);
        let oldest = self.end.saturating_sub(kept);
        let missed = oldest.saturating_sub(*next);
        *next = (*next).max(oldest);
        let skipped = usize::try_from(next.saturating_sub(oldest)).unwrap_or(usize::MAX);
        let left = usize::try_from(end.saturating_sub(*next)).unwrap_or(usize::MAX);
        let mut seen = 0;
        for recent in self.recent.iter().skip(skipped).take(left.min(LOOKED_AT_ONCE)) {
            seen += 1;
            if wanted(recent) {
                into.push(recent.clone());
            }
        }
        *next += seen;
        (missed, seen)
    }
}

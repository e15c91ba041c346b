//! What callers were told.

use std::collections::BTreeMap;
use std::time::Duration;

use courtesy::store::Version;

use crate::api::races::history::Operation;
use crate::api::races::model::Ask;

/// What callers of one round were told.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Those whose opt-out was acknowledged, and by which instance.
    pub(super) opted_out: Vec<(String, usize)>,
    /// How many opt-outs were not.
    pub(super) refused: usize,
    /// Those whose opt-out another instance did not know after it was acknowledged.
    pub(super) stale: Vec<String>,
    pub(super) customers: BTreeMap<String, Customer>,
    pub(super) probes: Vec<Probe>,
    /// What must never be answered, and was.
    pub(super) wrong: Vec<String>,
}

/// A customer that several callers ask about at once.
#[derive(Debug, Default)]
pub(super) struct Customer {
    /// What was acknowledged.
    pub(super) told: Vec<(Version, Operation)>,
    /// What was refused: a reservation that is asked about again ends by it, in a version of its
    /// own.
    pub(super) refused: Vec<Operation>,
    /// What was asked once without an answer, and since when it may have happened.
    pub(super) doubtful: Vec<(Ask, Duration)>,
}

/// A question about a customer who has opted out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    pub(super) instance: usize,
    pub(super) shard: usize,
    pub(super) begin: Duration,
    pub(super) end: Duration,
    /// Whether it was answered out of the record.
    pub(super) is_good: bool,
}

impl Customer {
    /// Notes that a question went unanswered.
    pub(super) fn doubt(&mut self, ask: &Ask, begin: Duration) {
        // What was given back meanwhile is reserved anew, so that the same may happen more than
        // once.
        self.doubtful.push((ask.clone(), begin));
    }
}

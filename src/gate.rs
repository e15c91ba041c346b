//! Between the callers and the store: load a customer's record, let an operation work on it, and
//! write it if no other instance has meanwhile.
//!
//! **Invariant:** every answer comes from one version of a record, and a change is acknowledged
//! only when the store has acknowledged it, in the version that follows.

mod agenda;
mod audit;
mod bulk;
mod change;
mod comparison;
mod compiler;
mod copy;
mod customer;
mod erased;
mod failure;
#[cfg(test)]
mod interleaved;
mod known_refusals;
mod locks;
mod mark;
mod notes;
mod outage_journal;
mod pauses;
mod policies;
mod read;
mod refresh;
mod revisions;
mod scan;
mod seal;
mod sound;
mod spelling;
mod tenants;
mod timekeeping;
mod turn;

pub use agenda::CHANGES_KEPT;
pub use agenda::ChangedSince;
pub use agenda::Changes;
pub use agenda::Cursor;
pub use agenda::Listed;
pub use agenda::Told;
pub use audit::Trail;
pub use bulk::Bulk;
pub use change::Change;
pub use comparison::Comparison;
pub use copy::Copied;
pub use copy::copy;
pub use copy::is_empty;
pub use copy::is_marked;
pub use copy::noted_loss;
pub use copy::was_served;
pub use customer::Customer;
pub use customer::by_customer;
pub use erased::Erasure;
pub use failure::Failure;
pub use mark::Accepted;
pub use mark::FORMAT;
pub use mark::Feature;
pub use mark::Upgraded;
pub use mark::known_loss;
pub use pauses::Resumed;
pub use policies::Active;
pub use policies::TENANT_DEFAULT;
pub use read::DecisionRecord;
pub use read::ForDecision;
pub use read::Loaded;
pub use read::WholeRecord;
pub use revisions::Adopted;
pub use revisions::Applied;
pub use revisions::Attribution;
pub use revisions::Candidate;
pub use revisions::Directory;
pub use revisions::Edit;
pub use revisions::Revision;
pub use scan::Scanned;
pub use sound::policy_problems;
pub use spelling::Merged;
pub use spelling::Misspelled;
pub use spelling::kept_spelling;
pub use spelling::misspelled;
pub use tenants::TenantPolicy;
pub use turn::Turn;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::audit::Head;
use crate::clock::Clock;
use crate::decision_log::DecisionLog;
use crate::decision_log::Pseudonyms;
use crate::decision_log::recent::Decisions;
use crate::gate::agenda::Seal;
use crate::gate::compiler::Compiler;
use crate::gate::erased::Hasher;
use crate::gate::known_refusals::KnownRefusals;
use crate::gate::locks::Locks;
use crate::gate::mark::Guard;
use crate::gate::outage_journal::OutageJournal;
use crate::gate::refresh::Refused;
use crate::gate::seal::Sealing;
use crate::gate::timekeeping::Timekeeping;
use crate::model::Name;
use crate::model::customer_id::Spelling;
use crate::secret::Secret;
use crate::store::Durability;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::zone::Zones;

/// The settings of the gate that an operator chooses.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The failures that wishes and policies must survive before they are acknowledged.
    pub wishes: Durability,
    /// The failures that reservations, and what follows from them, must survive before they are
    /// acknowledged.
    pub reservations: Durability,
    /// The longest time for one call of the store; after it the store counts as out of reach.
    pub store_timeout: Duration,
    /// The rule by which two spellings of an id mean one customer.
    pub spelling: Spelling,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            wishes: Durability::Replicated,
            reservations: Durability::Buffered,
            store_timeout: Duration::from_millis(250),
            spelling: Spelling::Exact,
        }
    }
}

/// The parts that a gate is made of.
#[derive(Debug)]
pub struct Parts {
    /// The store of records and policies.
    pub store: Arc<dyn Store>,
    /// The journal that keeps degraded grants until the store is back. If unset, they are not kept.
    pub outage_journal: Option<Arc<dyn Store>>,
    /// The installation's secret, from which the key for erased customers is derived.
    pub secret: Secret,
    /// The time zones.
    pub zones: Arc<Zones>,
    /// The source of the time.
    pub clock: Clock,
    /// The operator's settings.
    pub settings: Settings,
    /// The tenants that there are in any case.
    pub tenants: BTreeSet<Name>,
    /// The metrics that count decisions.
    pub metrics: Metrics,
    /// The log of decisions, if there is one.
    pub decisions: Option<DecisionLog>,
}

/// The gate. One serves all threads of a process.
#[derive(Debug)]
pub struct Gate {
    store: Arc<dyn Store>,
    zones: Arc<Zones>,
    clock: Clock,
    settings: Settings,
    metrics: Metrics,
    decisions: Option<DecisionLog>,
    recent: Decisions,
    locks: Locks,
    starter: Arc<Active>,
    policies: ArcSwap<BTreeMap<Name, Arc<Active>>>,
    /// Held while policies or pauses are changed.
    changing: tokio::sync::Mutex<Refused>,
    /// The ends of the tenants' audit logs, as far as they are known.
    heads: Mutex<BTreeMap<Name, Head>>,
    hasher: Hasher,
    /// The pseudonyms of customers in logs.
    pseudonyms: Pseudonyms,
    sealing: Sealing,
    known_refusals: KnownRefusals,
    timekeeping: Timekeeping,
    outage_journal: OutageJournal,
    guard: Guard,
    /// Seals the customers' ids in the agenda.
    seal: Seal,
    /// Told whenever this instance has put a change into the agenda.
    changed: watch::Sender<u64>,
    /// The compiler for policies that callers send.
    compiler: Compiler,
    /// The compiler for policies that other instances have stored, so that documents of callers do
    /// not delay them.
    learning: Compiler,
    /// The tenants that an operator names.
    tenants: BTreeSet<Name>,
}

impl Gate {
    /// A gate to a store, with the starter policy for every tenant.
    ///
    /// # Errors
    /// If the starter policy does not load, which a test rules out for the bundled zones.
    pub fn new(parts: Parts) -> Result<Self, Failure> {
        let Parts { store, outage_journal, secret, zones, clock, settings, .. } = parts;
        let Parts { tenants, metrics, decisions, .. } = parts;
        let starter = Arc::new(Active::starter(&zones)?);
        let pseudonyms = Pseudonyms::new(&secret);
        Ok(Self {
            store,
            zones,
            recent: Decisions::new(pseudonyms.clone(), clock.now()),
            clock,
            settings,
            metrics,
            decisions,
            locks: Locks::new(),
            starter,
            policies: ArcSwap::default(),
            changing: tokio::sync::Mutex::default(),
            heads: Mutex::default(),
            hasher: Hasher::new(&secret),
            pseudonyms,
            sealing: Sealing::new(&secret),
            known_refusals: KnownRefusals::new(),
            timekeeping: Timekeeping::new(),
            outage_journal: OutageJournal::new(outage_journal),
            guard: Guard::new()?,
            seal: Seal::new(&secret),
            changed: watch::Sender::new(0),
            compiler: Compiler::new(),
            learning: Compiler::new(),
            tenants,
        })
    }

    /// The clock by which it decides.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The metrics that count decisions.
    #[must_use]
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The log of decisions, if there is one.
    #[must_use]
    pub const fn decisions(&self) -> Option<&DecisionLog> {
        self.decisions.as_ref()
    }

    /// The last decisions of this instance.
    #[must_use]
    pub const fn recent(&self) -> &Decisions {
        &self.recent
    }

    /// The operator's settings.
    #[must_use]
    pub const fn settings(&self) -> Settings {
        self.settings
    }
}

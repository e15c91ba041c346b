//! What operators see: counts of decisions and the time that calls take. No label holds anything
//! that a customer or an unbounded number of callers chooses.

mod rpc;

pub use rpc::Rpc;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::LabelSetEncoder;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::model::Name;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::store::Health;

/// Labels whose values are known beforehand. To count costs no memory.
type Labels<const N: usize> = [(&'static str, &'static str); N];

/// The labels of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct DecisionLabels {
    channel: Name,
    decision: &'static str,
    reason: &'static str,
}

/// The counters and histograms of one process. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    decisions: Family<DecisionLabels, Counter>,
    store_seconds: Family<Labels<2>, Histogram>,
    conflicts: Counter,
    records_unreadable: Counter,
    policies_refused: Counter,
    store_health: Family<Labels<1>, Gauge>,
    debts: Family<Labels<1>, Counter>,
    rpcs: rpc::Families,
}

impl Metrics {
    /// Counters that stand at zero.
    #[must_use]
    pub fn new() -> Self {
        let decisions: Family<DecisionLabels, Counter> = Family::default();
        let store_seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let conflicts = Counter::default();
        let records_unreadable = Counter::default();
        let policies_refused = Counter::default();
        let store_health: Family<Labels<1>, Gauge> = Family::default();
        let debts: Family<Labels<1>, Counter> = Family::default();
        let mut registry = Registry::default();
        registry.register(
            "courtesy_debts",
            "Contacts that were allowed without the store, by what became of them: owed, paid, lost",
            debts.clone(),
        );
        registry.register(
            "courtesy_store_health",
            "1 for the state in which the store is: well, impaired (a part of it) or away",
            store_health.clone(),
        );
        registry.register(
            "courtesy_decisions",
            "Decisions by channel, effect and reason; a refusal counts once for each reason",
            decisions.clone(),
        );
        registry.register(
            "courtesy_store_duration_seconds",
            "Time that the store took, by operation and result",
            store_seconds.clone(),
        );
        registry.register(
            "courtesy_record_conflicts",
            "Writes that found a customer's record changed, and were tried again",
            conflicts.clone(),
        );
        registry.register(
            "courtesy_records_unreadable",
            "Times that a damaged or newer record was met",
            records_unreadable.clone(),
        );
        registry.register(
            "courtesy_policies_refused",
            "Policies and pauses in the store that do not load; those in force stayed",
            policies_refused.clone(),
        );
        let rpcs = rpc::Families::register(&mut registry);
        let inner = Inner {
            registry,
            decisions,
            store_seconds,
            conflicts,
            records_unreadable,
            policies_refused,
            store_health,
            debts,
            rpcs,
        };
        Self(Arc::new(inner))
    }

    /// Counts a decision on a channel that the policy declares.
    pub fn decision(&self, channel: &Name, effect: Effect, reasons: &[Code]) {
        let count = |reason| {
            let (channel, decision) = (channel.clone(), effect.as_str());
            self.0.decisions.get_or_create(&DecisionLabels { channel, decision, reason }).inc();
        };
        if reasons.is_empty() {
            count("");
        }
        for reason in reasons {
            count(reason.as_str());
        }
    }

    /// Notes how long the store took for `operation`.
    pub fn store(&self, operation: &'static str, elapsed: Duration, ok: bool) {
        let result = if ok { "ok" } else { "error" };
        let labels = [("operation", operation), ("result", result)];
        self.0.store_seconds.get_or_create(&labels).observe(elapsed.as_secs_f64());
    }

    /// Counts a write that has to be tried again.
    pub fn conflict(&self) {
        self.0.conflicts.inc();
    }

    /// Counts a record that could not be read.
    pub fn record_unreadable(&self) {
        self.0.records_unreadable.inc();
    }

    /// Counts a policy, or pauses, that could not take the place of those in force.
    pub fn policy_refused(&self) {
        self.0.policies_refused.inc();
    }

    /// Counts a contact that was allowed without the store, by what became of it.
    pub fn debt(&self, became: &'static str) {
        self.0.debts.get_or_create(&[("state", became)]).inc();
    }

    /// Notes how the store is.
    pub fn store_health(&self, health: &Health) {
        let state = match health {
            Health::Well => "well",
            Health::Impaired(_) => "impaired",
            Health::Away(_) => "away",
        };
        for one in ["well", "impaired", "away"] {
            self.0.store_health.get_or_create(&[("state", one)]).set(i64::from(one == state));
        }
    }

    /// What counts the calls of one method. Only the server's own table of methods may name it, so
    /// that no caller chooses a label.
    #[must_use]
    pub fn rpc(&self, service: &str, method: &str) -> Rpc {
        self.0.rpcs.of(service, method)
    }

    /// All of them in the OpenMetrics text format.
    ///
    /// # Errors
    /// Never in practice: text is written to memory.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

impl EncodeLabelSet for DecisionLabels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        let Self { channel, decision, reason } = self;
        [("channel", channel.as_str()), ("decision", decision), ("reason", reason)].encode(encoder)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// From 50 microseconds to half a second, each bucket about twice the one before.
fn histogram() -> Histogram {
    let bounds = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
        0.5,
    ];
    Histogram::new(bounds)
}

//! The telemetry for operators: counts of decisions, the time that calls take, logs and traces. No
//! label has a value that a customer or an unbounded number of callers chooses.

mod access;
mod call;
mod connections;
mod events;
mod histogram;
pub mod log;
mod pages;
mod process;
mod rpc;
mod shadow;
mod store;
pub mod trace;
mod unclear;

pub use call::Call;
pub use rpc::Rpc;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use histogram::Histogram;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::LabelSetEncoder;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Metric;
use prometheus_client::registry::Registry;

use crate::model::Contact;
use crate::model::Name;
use crate::model::Span;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::store::Health;
use crate::store::Trouble;

/// Labels whose values are known beforehand. To count costs no memory.
type Labels<const N: usize> = [(&'static str, &'static str); N];
type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// The counters and histograms of one process. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    decisions: Family<DecisionLabels, Counter>,
    reply_waits: Histograms<ChannelLabel>,
    store: store::Families,
    policies_refused: Counter,
    refreshes: Family<Labels<1>, Counter>,
    revisions: Family<TenantLabel, Gauge>,
    pauses: Family<TenantLabel, Gauge>,
    audit_events: Family<TenantLabel, Gauge>,
    spans: Family<Labels<1>, Counter>,
    access: access::Families,
    connections: connections::Families,
    decisions_written: Counter,
    decisions_dropped: Counter,
    shadow_denials: shadow::Denials,
    unclear: Family<[(&'static str, String); 2], Counter>,
    events: events::EventFamilies,
    pages: Family<Labels<2>, Counter>,
    rpcs: rpc::RpcFamilies,
    store_directory: process::StoreDirectory,
    presets_unreviewed: Gauge,
}

impl Metrics {
    /// Counters that stand at zero, of a process that knows this release of the time zones.
    #[must_use]
    pub fn new(tzdb_version: &str) -> Self {
        let registry = &mut Registry::default();
        let about = [("version", env!("CARGO_PKG_VERSION")), ("tzdb", tzdb_version)];
        let about = about.map(|(label, value)| (label, value.to_owned()));
        registry.register("courtesy_build", "What runs", Info::new(about));
        let decisions = "Decisions by channel, purpose, effect and reason; a refusal counts once \
                         for each reason";
        let waits = "Time from a customer's message to our first reply on its channel";
        let revisions = "The revision of the policy in force, 0 for the starter policy";
        let audit_events = "The number of the newest event of the audit log, which never sinks";
        let inner = Inner {
            decisions: add(registry, "courtesy_decisions", decisions, Family::default()),
            reply_waits: add(
                registry,
                "courtesy_reply_wait_seconds",
                waits,
                Family::new_with_constructor(Histogram::waits as fn() -> Histogram),
            ),
            store: store::Families::register(registry),
            policies_refused: add(
                registry,
                "courtesy_policies_refused",
                "Policies and pauses in the store that do not load; those in force stayed",
                Counter::default(),
            ),
            refreshes: add(
                registry,
                "courtesy_refreshes",
                "Times that the store was asked for changes of policies and pauses, by result",
                Family::default(),
            ),
            revisions: add(registry, "courtesy_policy_revision", revisions, Family::default()),
            pauses: add(registry, "courtesy_pauses", "Pauses that hold or will", Family::default()),
            audit_events: add(registry, "courtesy_audit_events", audit_events, Family::default()),
            spans: add(
                registry,
                "courtesy_trace_spans",
                "Spans for the collector of traces, by what became of them: exported, failed",
                Family::default(),
            ),
            access: access::Families::register(registry),
            connections: connections::Families::register(registry),
            decisions_written: add(
                registry,
                "courtesy_decision_log_written",
                "Decisions that were written to the decision log",
                Counter::default(),
            ),
            decisions_dropped: add(
                registry,
                "courtesy_decision_log_dropped",
                "Decisions for the decision log that found no room, or could not be written",
                Counter::default(),
            ),
            shadow_denials: shadow::Denials::register(registry),
            unclear: unclear::register(registry),
            events: events::EventFamilies::register(registry),
            pages: pages::register(registry),
            rpcs: rpc::RpcFamilies::register(registry),
            store_directory: process::register(registry),
            presets_unreviewed: unreviewed(registry),
            registry: std::mem::take(registry),
        };
        // What has not happened yet stands at zero, so that its first time is seen as an increase.
        for state in ["journaled", "replayed", "lost"] {
            drop(inner.store.degraded_grants.get_or_create(&[("state", state)]));
        }
        for ok in [true, false] {
            drop(inner.refreshes.get_or_create(&[("result", result(ok))]));
            drop(inner.spans.get_or_create(&[("result", exported(ok))]));
        }
        Self(Arc::new(inner))
    }

    /// Counts a decision on a contact whose channel and purpose the policy declares.
    pub fn decision(&self, contact: &Contact, effect: Effect, reasons: &[Code]) {
        let count = |reason: Option<Code>| {
            let (channel, purpose) = (contact.channel.clone(), contact.purpose.clone());
            let labels = DecisionLabels { channel, purpose, effect, reason };
            self.0.decisions.get_or_create(&labels).inc();
        };
        if reasons.is_empty() {
            count(None);
        }
        for reason in reasons {
            count(Some(*reason));
        }
    }

    /// Notes how long a customer waited for our reply.
    pub fn reply(&self, channel: &Name, waited: Span) {
        let waited = Duration::from_millis(u64::try_from(waited.millis()).unwrap_or_default());
        let label = ChannelLabel(channel.clone());
        self.0.reply_waits.get_or_create(&label).observe(waited);
    }

    /// Counts a denial that a rule in shadow would have made; `None` for a reaction without a name.
    pub fn shadow_denial(&self, rule: Option<&Name>) {
        self.0.shadow_denials.count(rule.map(Name::as_str));
    }

    /// Notes how long the store took for `operation`.
    pub fn store(&self, operation: &'static str, elapsed: Duration, ok: bool) {
        let labels = [("operation", operation), ("result", result(ok))];
        self.0.store.seconds.get_or_create(&labels).observe(elapsed);
    }

    /// Counts a write that has to be tried again.
    pub fn conflict(&self) {
        self.0.store.conflicts.inc();
    }

    /// Counts a refusal that the store does not have and this instance knows.
    pub fn refusal_missing(&self) {
        self.0.store.refusals_missing.inc();
    }

    /// Counts a record that could not be read.
    pub fn record_unreadable(&self) {
        self.0.store.records_unreadable.inc();
    }

    /// Counts a policy, or pauses, that could not replace those in force.
    pub fn policy_refused(&self) {
        self.0.policies_refused.inc();
    }

    /// Counts that the store was asked for changes of policies and pauses.
    pub fn refresh(&self, ok: bool) {
        self.0.refreshes.get_or_create(&[("result", result(ok))]).inc();
    }

    /// Notes what is in force for a tenant: the policy's revision, and how many pauses.
    pub fn in_force(&self, tenant: &Name, revision: u64, pauses: usize) {
        let label = TenantLabel(tenant.clone());
        let revision = i64::try_from(revision).unwrap_or(i64::MAX);
        self.0.revisions.get_or_create(&label).set(revision);
        self.0.pauses.get_or_create(&label).set(i64::try_from(pauses).unwrap_or(i64::MAX));
    }

    /// Notes how many events a tenant's audit log has.
    pub fn audit_events(&self, tenant: &Name, count: u64) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.0.audit_events.get_or_create(&TenantLabel(tenant.clone())).set(count);
    }

    /// Counts a contact that was allowed without the store, by what became of it.
    pub fn degraded_grant(&self, became: &'static str) {
        self.0.store.degraded_grants.get_or_create(&[("state", became)]).inc();
    }

    /// Counts spans that were handed to the collector, or not.
    fn spans(&self, count: usize, ok: bool) {
        let counter = self.0.spans.get_or_create(&[("result", exported(ok))]);
        counter.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Notes whether files that changed do not load.
    pub fn reload_failed(&self, what: &'static str, failed: bool) {
        self.0.access.reload_failed.get_or_create(&[("what", what)]).set(i64::from(failed));
    }

    /// Counts calls whose credential was not accepted.
    pub fn authentications_refused(&self, reason: &'static str, count: u64) {
        self.0.access.refused.get_or_create(&[("reason", reason)]).inc_by(count);
    }

    /// Notes how many connections a port has, of strangers and of callers.
    pub fn connections(&self, port: &'static str, strangers: usize, callers: usize) {
        for (of, count) in [("strangers", strangers), ("callers", callers)] {
            let labels = [("port", port), ("of", of)];
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.0.connections.open.get_or_create(&labels).set(count);
        }
    }

    /// Counts connections that were dropped.
    pub fn connections_dropped(&self, port: &'static str, cause: &'static str, count: u64) {
        let labels = [("port", port), ("cause", cause)];
        self.0.connections.dropped.get_or_create(&labels).inc_by(count);
    }

    /// Counts decisions that are in the decision log.
    pub fn decisions_written(&self, count: usize) {
        self.0.decisions_written.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Counts decisions that should be in the decision log and are not.
    pub fn decisions_dropped(&self, count: usize) {
        self.0.decisions_dropped.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Notes how many presets were not reviewed for long.
    pub fn presets_unreviewed(&self, count: usize) {
        self.0.presets_unreviewed.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Notes where the embedded store is, whose size is shown.
    pub fn store_directory(&self, directory: &Path) {
        self.0.store_directory.get_or_init(|| directory.to_owned());
    }

    /// Notes whether the store has lost something.
    pub fn store_lost(&self, is_lost: bool) {
        self.0.store.lost.set(i64::from(is_lost));
    }

    /// Notes by how many seconds the clock is ahead of a witness.
    pub fn clock_offset(&self, witness: &'static str, seconds: i64) {
        self.0.store.clock_offset.get_or_create(&[("witness", witness)]).set(seconds);
    }

    /// Notes how the store is.
    pub fn store_health(&self, health: &Health) {
        let state = match health {
            Health::Well => "well",
            Health::Impaired(_) => "impaired",
            Health::ReadOnly(_) => "read_only",
            Health::Away(_) => "away",
        };
        for one in ["well", "impaired", "read_only", "away"] {
            let labels = [("state", one)];
            self.0.store.health.get_or_create(&labels).set(i64::from(one == state));
        }
        let trouble = health.why().map(|why| why.trouble);
        for one in Trouble::ALL {
            let labels = [("trouble", one.as_str())];
            self.0.store.troubles.get_or_create(&labels).set(i64::from(trouble == Some(one)));
        }
    }

    /// The counter for the calls of one method. Only the server's own table of methods may name it,
    /// so that no caller chooses a label.
    #[must_use]
    pub fn rpc(&self, service: &str, method: &str) -> Rpc {
        self.0.rpcs.of(service, method)
    }

    /// All metrics in the OpenMetrics text format.
    ///
    /// # Errors
    /// Never in practice: text is written to memory.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

fn unreviewed(registry: &mut Registry) -> Gauge {
    let what = "Presets that ship and were last held against their sources more than 400 days ago";
    add(registry, "courtesy_presets_unreviewed", what, Gauge::default())
}

/// Registers a metric, and returns it.
fn add<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

const fn result(ok: bool) -> &'static str {
    if ok { "ok" } else { "error" }
}

const fn exported(ok: bool) -> &'static str {
    if ok { "exported" } else { "failed" }
}

/// The labels of decisions. Cheap to make: names are shared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct DecisionLabels {
    channel: Name,
    purpose: Name,
    effect: Effect,
    reason: Option<Code>,
}

impl EncodeLabelSet for DecisionLabels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        let labels = [
            ("channel", self.channel.as_str()),
            ("purpose", self.purpose.as_str()),
            ("decision", self.effect.as_str()),
            ("reason", self.reason.map_or("", Code::as_str)),
        ];
        labels.encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ChannelLabel(Name);

impl EncodeLabelSet for ChannelLabel {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        [("channel", self.0.as_str())].encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TenantLabel(Name);

impl EncodeLabelSet for TenantLabel {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        [("tenant", self.0.as_str())].encode(encoder)
    }
}

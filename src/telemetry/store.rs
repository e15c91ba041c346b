//! Metrics of the store, and of what is in it.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Histograms;
use super::Labels;
use super::add;
use super::histogram::Histogram;

/// The metrics of the store.
pub(super) struct Families {
    pub(super) seconds: Histograms<Labels<2>>,
    pub(super) health: Family<Labels<1>, Gauge>,
    pub(super) lost: Gauge,
    pub(super) troubles: Family<Labels<1>, Gauge>,
    pub(super) clock_offset: Family<Labels<1>, Gauge>,
    pub(super) conflicts: Counter,
    pub(super) records_unreadable: Counter,
    pub(super) refusals_missing: Counter,
    pub(super) degraded_grants: Family<Labels<1>, Counter>,
}

impl Families {
    /// Registers them.
    pub(super) fn register(registry: &mut Registry) -> Self {
        Self {
            seconds: add(
                registry,
                "courtesy_store_duration_seconds",
                "Time that the store took, by operation and result",
                Family::new_with_constructor(Histogram::store as fn() -> Histogram),
            ),
            health: add(
                registry,
                "courtesy_store_health",
                "1 for the state in which the store is: well, impaired (a part of it), read_only \
                 or away",
                Family::default(),
            ),
            troubles: add(
                registry,
                "courtesy_store_trouble",
                "1 for what is wrong with the store, by its sort",
                Family::default(),
            ),
            clock_offset: add(
                registry,
                "courtesy_clock_offset_seconds",
                "By how much this machine's clock is ahead of a witness: servers, passed or newest",
                Family::default(),
            ),
            lost: add(
                registry,
                "courtesy_store_lost",
                "1 while the store has lost something that was acknowledged, and is not used",
                Gauge::default(),
            ),
            conflicts: add(
                registry,
                "courtesy_record_conflicts",
                "Writes that found a customer's record changed, and were tried again",
                Counter::default(),
            ),
            records_unreadable: add(
                registry,
                "courtesy_records_unreadable",
                "Times that a damaged or newer record was met",
                Counter::default(),
            ),
            refusals_missing: add(
                registry,
                "courtesy_refusals_missing",
                "Times that the store did not have a customer's refusal that this instance knows",
                Counter::default(),
            ),
            degraded_grants: add(
                registry,
                "courtesy_degraded_grants",
                "Contacts that were allowed without the store, by what became of them: journaled, \
                 replayed, lost",
                Family::default(),
            ),
        }
    }
}

//! Metrics of access: credentials that were not accepted, and files of credentials that do not
//! load.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Labels;
use super::add;

pub(super) struct Families {
    pub(super) reload_failed: Family<Labels<1>, Gauge>,
    pub(super) refused: Family<Labels<1>, Counter>,
}

impl Families {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let reload_failed =
            "1 while changed files do not load and what was read before holds, by what they hold";
        let refused = "Calls whose credential was not accepted, by reason";
        Self {
            reload_failed: add(
                registry,
                "courtesy_reload_failed",
                reload_failed,
                Family::default(),
            ),
            refused: add(registry, "courtesy_authentications_refused", refused, Family::default()),
        }
    }
}

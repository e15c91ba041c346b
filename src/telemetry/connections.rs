//! The connections of each port: how many are open, and why some were dropped.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Labels;
use super::add;

pub(super) struct Families {
    pub(super) open: Family<Labels<2>, Gauge>,
    pub(super) dropped: Family<Labels<2>, Counter>,
}

impl Families {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let open =
            "Open connections by port, and whether a call on them was admitted by its credential";
        let dropped = "Connections that were dropped or turned away, by port and cause";
        Self {
            open: add(registry, "courtesy_connections", open, Family::default()),
            dropped: add(registry, "courtesy_connections_dropped", dropped, Family::default()),
        }
    }
}

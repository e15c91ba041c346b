//! What customers do on their pages.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::Labels;
use super::Metrics;
use super::add;

/// The counter.
pub(super) fn register(registry: &mut Registry) -> Family<Labels<2>, Counter> {
    let about = "Pages for customers, by page and by result";
    add(registry, "courtesy_pages", about, Family::default())
}

impl Metrics {
    /// Counts a page: `unsubscribe` or `preferences`, and what became of it.
    pub fn page(&self, page: &'static str, result: &'static str) {
        self.0.pages.get_or_create(&[("page", page), ("result", result)]).inc();
    }
}

//! Metrics of customers' actions on their pages.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::Labels;
use super::Metrics;
use super::add;

/// The counter.
pub(super) fn register(registry: &mut Registry) -> Family<Labels<2>, Counter> {
    let about = "Pages for customers, by page and by result";
    let pages: Family<Labels<2>, Counter> =
        add(registry, "courtesy_pages", about, Family::default());
    // Counters that operators look for start at zero, so that the first event is seen as an
    // increase.
    for (page, result) in
        [("unsubscribe", "failed"), ("preferences", "failed"), ("preferences", "widened")]
    {
        drop(pages.get_or_create(&[("page", page), ("result", result)]));
    }
    pages
}

impl Metrics {
    /// Counts a page: `unsubscribe` or `preferences`, and what became of it.
    pub fn page(&self, page: &'static str, result: &'static str) {
        self.0.pages.get_or_create(&[("page", page), ("result", result)]).inc();
    }
}

//! Metrics of events: answers that are late, and webhooks.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Metrics;
use super::add;
use crate::model::Name;

type Labels<const N: usize> = [(&'static str, String); N];

#[derive(Debug)]
pub(super) struct EventFamilies {
    overdue: Family<Labels<1>, Gauge>,
    deliveries: Family<Labels<2>, Counter>,
    failing: Family<Labels<1>, Gauge>,
    off: Family<Labels<1>, Gauge>,
}

impl EventFamilies {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let overdue = "Customers' messages to which the answer is late, by tenant";
        let deliveries = "Deliveries to webhooks, by result: delivered, failed";
        let failing = "1 while the newest delivery to a webhook has failed and is tried again";
        let off = "1 while a webhook is off, since it took nothing for three days";
        Self {
            overdue: add(registry, "courtesy_overdue_replies", overdue, Family::default()),
            deliveries: add(registry, "courtesy_webhook_deliveries", deliveries, Family::default()),
            failing: add(registry, "courtesy_webhook_failing", failing, Family::default()),
            off: add(registry, "courtesy_webhook_off", off, Family::default()),
        }
    }
}

impl Metrics {
    /// Sets the number of a tenant's answers that are late.
    pub fn overdue_replies(&self, tenant: &Name, count: u64) {
        let labels = [("tenant", tenant.to_string())];
        let overdue = &self.0.events.overdue;
        if count > 0 || overdue.get(&labels).is_some() {
            overdue.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// Counts a delivery to a webhook.
    pub fn webhook_delivery(&self, webhook: &Name, is_delivered: bool) {
        let result = if is_delivered { "delivered" } else { "failed" };
        let labels = [("webhook", webhook.to_string()), ("result", result.to_owned())];
        self.0.events.deliveries.get_or_create(&labels).inc();
    }

    /// Sets the state of a webhook.
    pub fn webhook(&self, webhook: &Name, (is_failing, is_off): (bool, bool)) {
        let labels = || [("webhook", webhook.to_string())];
        self.0.events.failing.get_or_create(&labels()).set(i64::from(is_failing));
        self.0.events.off.get_or_create(&labels()).set(i64::from(is_off));
    }

    /// Forgets a webhook that is not looked after here any more.
    pub fn no_webhook(&self, webhook: &Name) {
        let labels = [("webhook", webhook.to_string())];
        self.0.events.failing.remove(&labels);
        self.0.events.off.remove(&labels);
    }
}

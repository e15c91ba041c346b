//! Messages that a human has to look at.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::Metrics;
use super::add;
use crate::model::Name;

/// The channel, one that the policy declares, and why.
type UnclearLabels = [(&'static str, String); 2];

/// The counter.
pub(super) fn register(registry: &mut Registry) -> Family<UnclearLabels, Counter> {
    let about = "Messages of customers that a human has to look at, by channel and by why";
    add(registry, "courtesy_unclear_messages", about, Family::default())
}

impl Metrics {
    /// Counts a message that a human has to look at.
    pub fn unclear(&self, channel: &Name, doubt: &'static str) {
        let labels = [("channel", channel.to_string()), ("doubt", doubt.to_owned())];
        self.0.unclear.get_or_create(&labels).inc();
    }
}

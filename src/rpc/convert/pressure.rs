//! The report on contact pressure, as a message.

use super::time::timestamp;
use crate::proto::v1;
use crate::simulate::pressure::Budget;
use crate::simulate::pressure::Channel;
use crate::simulate::pressure::Histogram;
use crate::simulate::pressure::Report;

/// The counts. The caller adds the revision of the policy.
#[must_use]
pub fn report(report: &Report) -> v1::PressureReport {
    let channels = report.channels.iter();
    let budgets = report.budgets.iter();
    v1::PressureReport {
        customers_seen: report.customers_seen,
        customers_unreadable: report.customers_unreadable,
        weeks: report.weeks,
        contacts: report.all.contacts,
        customer_weeks: buckets(&report.all.weeks),
        channels: channels.map(|(name, channel)| of_channel(name, channel)).collect(),
        budgets: budgets.map(|(rule, budget)| of_budget(rule, budget)).collect(),
        opt_outs: buckets(&report.opt_outs),
        start_time: Some(timestamp(report.from)),
        ..Default::default()
    }
}

fn of_channel(name: &str, channel: &Channel) -> v1::PressureChannel {
    v1::PressureChannel {
        channel: name.to_owned(),
        contacts: channel.contacts,
        customer_weeks: buckets(&channel.weeks),
    }
}

fn of_budget(rule: &str, budget: &Budget) -> v1::PressureBudget {
    v1::PressureBudget {
        rule: rule.to_owned(),
        customers: budget.customers,
        customers_at_limit: budget.at_limit,
        would_refuse: budget.would_refuse,
    }
}

fn buckets(histogram: &Histogram) -> Vec<v1::PressureBucket> {
    let buckets = histogram.buckets().map(|bucket| v1::PressureBucket {
        contacts_min: bucket.least,
        contacts_max: bucket.most,
        count: bucket.count,
    });
    buckets.collect()
}

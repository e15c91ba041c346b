//! Customers, contacts and pauses of policy tests.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::civil::Weekday;

use crate::decode::REFUNDED;
use crate::decode::between;
use crate::decode::selector;
use crate::decode::span;
use crate::decode::window;
use crate::scalar::*;
use crate::spec::*;
use crate::yaml::Value;

/// What a customer asked for that works like a rule of the policy.
pub(crate) fn wishes(profile: &Value, week_starts: Weekday) -> Result<Vec<Rule>> {
    let wish = |reason, exemption, kind| Rule {
        name: None,
        reason,
        exemption: Some(exemption),
        selector: Selector::default(),
        effective: None,
        mode: Mode::Enforce,
        kind,
    };
    let mut wishes = Vec::new();
    for item in list(profile, "cadence")? {
        known(item, &["channel", "purposes", "topics", "limit", "per"])?;
        let channels = text(item, "channel")?.map(|channel| BTreeSet::from([channel]));
        let (purposes, topics) = (listed(item, "purposes")?, listed(item, "topics")?);
        let about = Selector { channels, purposes, topics, ..Selector::default() };
        let budget = Kind::Budget(Box::new(Budget {
            counts: about.clone(),
            by: Vec::new(),
            cost: BTreeMap::new(),
            limit: count(item, "limit")?,
            limits: Vec::new(),
            keep: Vec::new(),
            distinct: false,
            answered: None,
            refund_on: REFUNDED.map(String::from).into(),
            per: window(item, week_starts)?,
        }));
        wishes.push(Rule { selector: about, ..wish("PERSONAL_CADENCE", "budgets", budget) });
    }
    for item in list(profile, "quiet")? {
        known(item, &["from", "to", "yearly", "around", "hours"])?;
        let days = if let Some(hours) = item.at("hours") {
            known(hours, &["days", "channels", "from", "to"])?;
            let selector = Selector { channels: listed(hours, "channels")?, ..Selector::default() };
            let hours = Hours {
                open_inside: false,
                zone: None,
                spans: vec![span(hours)?],
                holidays: None,
                eves: None,
            };
            let kind = Kind::Hours(hours);
            wishes.push(Rule { selector, ..wish("QUIET_HOURS", "quiet_hours", kind) });
            continue;
        } else if let Some(day) = text(item, "yearly")? {
            Days::Around { day: month_day(&day)?, days: days(item, "around")? }
        } else {
            between(item)?
        };
        let kind = Kind::Days { days, opted_out: false };
        wishes.push(wish("QUIET_PERIOD", "quiet_periods", kind));
    }
    Ok(wishes)
}

/// The names of a list; none where it is empty, which is all.
fn listed(item: &Value, key: &str) -> Result<Names> {
    let names: BTreeSet<String> = strings(item, key)?.into_iter().collect();
    Ok((!names.is_empty()).then_some(names))
}

pub(crate) fn customer(profile: &Value) -> Result<Customer> {
    let wishes = ["opt_outs", "consents", "suppressions", "cadence", "quiet"];
    let place = ["time_zone", "time_zones", "jurisdictions", "locale", "segments", "attributes"];
    known(profile, &[&wishes[..], &place[..], &["contacts", "events"]].concat())?;
    let scopes = |key| list(profile, key)?.iter().map(scope).collect::<Result<_>>();
    let consents = list(profile, "consents")?.iter().map(consent);
    let contacts = list(profile, "contacts")?.iter().map(past);
    let events = list(profile, "events")?.iter().map(event);
    Ok(Customer {
        segments: strings(profile, "segments")?.into_iter().collect(),
        attributes: attributes(profile)?,
        opt_outs: scopes("opt_outs")?,
        suppressions: scopes("suppressions")?,
        consents: consents.collect::<Result<_>>()?,
        contacts: contacts.collect::<Result<_>>()?,
        events: events.collect::<Result<_>>()?,
    })
}

fn scope(item: &Value) -> Result<Scope> {
    let parts = ["channel", "purpose", "topic", "brand", "occasion", "marketing"];
    known(item, &[&parts[..], &["reason", "until"]].concat())?;
    let only = |key| Ok::<Names, String>(text(item, key)?.map(|name| BTreeSet::from([name])));
    let covers = Selector {
        channels: only("channel")?,
        purposes: only("purpose")?,
        topics: only("topic")?,
        brands: only("brand")?,
        occasions: only("occasion")?,
        ..Selector::default()
    };
    let marketing = text(item, "marketing")?.as_deref() == Some("true");
    Ok(Scope { covers, marketing, until: time(item, "until")? })
}

fn consent(item: &Value) -> Result<Consent> {
    known(item, &["channel", "purpose", "topic", "brand", "at", "state", "ground"])?;
    Ok(Consent {
        channel: text(item, "channel")?,
        purpose: text(item, "purpose")?,
        topic: text(item, "topic")?,
        brand: text(item, "brand")?,
        at: time(item, "at")?,
        pending: text(item, "state")?.as_deref() == Some("pending"),
        ground: text(item, "ground")?.unwrap_or_else(|| "express".to_owned()),
    })
}

fn past(item: &Value) -> Result<Past> {
    Ok(Past {
        contact: contact(item)?,
        at: time(item, "at")?.ok_or("a contact without `at`")?,
        state: text(item, "state")?.unwrap_or_else(|| "sent".to_owned()),
        unanswered: text(item, "unanswered")?.as_deref() == Some("true"),
    })
}

fn event(item: &Value) -> Result<Event> {
    known(item, &["at", "type", "channel"])?;
    Ok(Event {
        at: time(item, "at")?.ok_or("an event without `at`")?,
        kind: required(item, "type")?,
        channel: text(item, "channel")?,
    })
}

pub(crate) fn pause(item: &Value) -> Result<Pause> {
    known(item, &["for", "from", "until", "reason"])?;
    Ok(Pause {
        selector: item.at("for").map(selector).transpose()?.unwrap_or_default(),
        from: time(item, "from")?,
        until: time(item, "until")?,
    })
}

pub(crate) fn contact(item: &Value) -> Result<Contact> {
    let what = ["channel", "purpose", "topic", "campaign", "brand", "occasions"];
    let how = ["priority", "attributes", "at", "state", "unanswered", "customer"];
    known(item, &[&what[..], &how[..]].concat())?;
    Ok(Contact {
        channel: required(item, "channel")?,
        purpose: required(item, "purpose")?,
        topic: text(item, "topic")?,
        campaign: text(item, "campaign")?,
        brand: text(item, "brand")?,
        occasions: strings(item, "occasions")?.into_iter().collect(),
        priority: item.at("priority").map_or(Ok(50), parsed)?,
        attributes: attributes(item)?,
    })
}

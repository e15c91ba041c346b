//! A policy, a customer and the pauses as plain structs, and their decoding from a policy test.
//! Anything that the reference does not understand is an error: it must not ignore a rule.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::calendar;
use crate::content::Expression;
use crate::customer;
use crate::decode::Sections;
use crate::scalar;
use crate::yaml::Value;

pub(crate) type Names = Option<BTreeSet<String>>;
pub(crate) type Dates = BTreeSet<Date>;
pub(crate) type Result<T> = std::result::Result<T, String>;

/// All that a decision depends on, but the contact and the time.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) rules: Vec<Rule>,
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) purposes: BTreeMap<String, Purpose>,
    pub(crate) conversation: Option<SignedDuration>,
    pub(crate) customer: Customer,
    pub(crate) pauses: Vec<Pause>,
    /// The customer's clocks: none if unknown, several if there are candidates.
    pub(crate) clocks: Vec<TimeZone>,
    /// The customer's own jurisdictions, or the assumed ones and the countries of the own zones.
    pub(crate) jurisdictions: Vec<String>,
    /// On which dates each occasion falls for this customer.
    pub(crate) occasions: BTreeMap<String, Dates>,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// What sort of channel it is, as it or its name says.
    pub(crate) kind: Option<String>,
    pub(crate) consent: Option<Need>,
    pub(crate) transit: SignedDuration,
}

/// A consent that is needed, and how long it holds.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) valid_for: Option<SignedDuration>,
}

#[derive(Clone, Debug)]
pub(crate) struct Purpose {
    pub(crate) consent: Option<Need>,
    pub(crate) exempt: BTreeSet<String>,
    /// What it is, as it or its name says: marketing, collection, both, or other.
    pub(crate) kinds: BTreeSet<String>,
    pub(crate) replies: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    pub(crate) channels: Names,
    pub(crate) channel_kinds: Names,
    pub(crate) purposes: Names,
    pub(crate) purpose_kinds: Names,
    pub(crate) topics: Names,
    pub(crate) campaigns: Names,
    pub(crate) brands: Names,
    pub(crate) occasions: Names,
    pub(crate) jurisdictions: Names,
    pub(crate) segments: Names,
    pub(crate) priority_at_least: Option<u32>,
    pub(crate) priority_below: Option<u32>,
}

/// A rule of the policy, or a wish of the customer that works like one, and has no name.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: Option<String>,
    pub(crate) reason: &'static str,
    /// What a purpose must be exempt from to pass it, if it can be passed.
    pub(crate) exemption: Option<&'static str>,
    pub(crate) selector: Selector,
    pub(crate) effective: Option<(Date, Date)>,
    pub(crate) mode: Mode,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Enforce,
    Shadow,
    Off,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Budget(Box<Budget>),
    Spacing { least: Length },
    Since { events: BTreeSet<String>, least: Length },
    Backoff(Backoff),
    Hours(Hours),
    Days { days: Days, opted_out: bool },
    Consent(Consents),
    Content(Expression),
    Reaction(Reaction),
}

/// Grounds of which one is enough, with how long each holds.
#[derive(Clone, Debug)]
pub(crate) struct Consents {
    pub(crate) grounds: Vec<(String, Option<SignedDuration>)>,
    pub(crate) except_existing_customers: bool,
}

/// An absolute duration, or a number of full civil days after the day on which it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    Exact(SignedDuration),
    FullDays(i64),
}

#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub(crate) counts: Selector,
    pub(crate) by: Vec<String>,
    pub(crate) cost: BTreeMap<String, u64>,
    pub(crate) limit: u64,
    pub(crate) limits: Vec<(BTreeSet<String>, u64)>,
    pub(crate) keep: Vec<(u32, u64)>,
    pub(crate) distinct: bool,
    pub(crate) answered: Option<bool>,
    pub(crate) refund_on: BTreeSet<String>,
    pub(crate) per: Window,
}

#[derive(Clone, Debug)]
pub(crate) enum Window {
    Sliding(SignedDuration),
    Calendar { unit: String, zone: Option<TimeZone>, week_starts: Weekday },
}

#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    pub(crate) after: usize,
    pub(crate) base: SignedDuration,
    pub(crate) factor: i32,
    pub(crate) most: Option<SignedDuration>,
    pub(crate) reset_on: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Hours {
    /// Contact hours are open inside their spans, quiet hours are closed inside them.
    pub(crate) open_inside: bool,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) spans: Vec<Span>,
    pub(crate) holidays: Option<(Dates, Vec<Span>)>,
    pub(crate) eves: Option<(Dates, Vec<Span>)>,
}

/// Minutes of the days named; `to` is beyond 24 hours where the span crosses midnight.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) days: BTreeSet<i8>,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

#[derive(Clone, Debug)]
pub(crate) enum Days {
    Dates {
        from: Date,
        to: Date,
    },
    /// Months and days; the second may come before the first.
    Yearly {
        from: (i8, i8),
        to: (i8, i8),
    },
    /// A month and day, and so many days on each side.
    Around {
        day: (i8, i8),
        days: i64,
    },
    Occasion {
        name: String,
        before: i64,
        after: i64,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Reaction {
    pub(crate) on: String,
    pub(crate) times: usize,
    pub(crate) within: Option<SignedDuration>,
    pub(crate) same_channel: bool,
    pub(crate) lasts: Option<Length>,
}

#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) segments: BTreeSet<String>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) opt_outs: Vec<Scope>,
    pub(crate) suppressions: Vec<Scope>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) contacts: Vec<Past>,
    pub(crate) events: Vec<Event>,
}

/// What an opt-out or a suppression covers, and until when.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) covers: Selector,
    /// Whether only marketing is meant.
    pub(crate) marketing: bool,
    pub(crate) until: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) channel: Option<String>,
    pub(crate) purpose: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) pending: bool,
    pub(crate) ground: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) contact: Contact,
    pub(crate) at: Timestamp,
    pub(crate) state: String,
    pub(crate) unanswered: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) channel: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Pause {
    pub(crate) selector: Selector,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) channel: String,
    pub(crate) purpose: String,
    pub(crate) topic: Option<String>,
    pub(crate) campaign: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) occasions: BTreeSet<String>,
    pub(crate) priority: u32,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// A question of a policy test, with the answer that it states.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) test: String,
    pub(crate) spec: Spec,
    pub(crate) contact: Contact,
    pub(crate) at: Timestamp,
    pub(crate) expected: Value,
}

/// All questions of a policy test document whose policy is inline.
pub(crate) fn questions(document: &Value) -> Result<Vec<Question>> {
    scalar::known(document, &["documents", "tests"])?;
    let policies = scalar::list(document, "documents")?;
    let mut all = Vec::new();
    for test in scalar::list(document, "tests")? {
        scalar::known(test, &["name", "now", "customers", "pauses", "expect"])?;
        for expected in scalar::list(test, "expect")? {
            let asked = expected.at("contact").ok_or("an expectation without a contact")?;
            let customer = scalar::required(asked, "customer")?;
            let profile = test.at("customers").and_then(|all| all.at(&customer));
            let profile = profile.ok_or_else(|| format!("no customer {customer}"))?;
            let at = scalar::time(asked, "at")?.or(scalar::time(test, "now")?).ok_or("no time")?;
            all.push(Question {
                test: scalar::required(test, "name")?,
                spec: spec(policies, profile, scalar::list(test, "pauses")?)?,
                contact: customer::contact(asked)?,
                at,
                expected: expected.clone(),
            });
        }
    }
    Ok(all)
}

fn spec(policies: &[Value], profile: &Value, pauses: &[Value]) -> Result<Spec> {
    let sections = Sections { documents: policies };
    let settings = sections.settings()?;
    let own_jurisdictions = scalar::strings(profile, "jurisdictions")?;
    let places = places(profile, &own_jurisdictions, &settings.assumed_jurisdictions)?;
    let mut rules = sections.rules(settings.week_starts)?;
    rules.extend(customer::wishes(profile, settings.week_starts)?);
    let customer = customer::customer(profile)?;
    let spared = customer.opt_outs.iter().filter_map(|scope| scope.covers.occasions.clone());
    let rules = each_occasion(rules, &spared.flatten().collect());
    let mut occasions = BTreeMap::new();
    for rule in &rules {
        let Kind::Days { days: Days::Occasion { name, .. }, opted_out } = &rule.kind else {
            continue;
        };
        let spared = customer.opt_outs.iter().filter_map(|scope| scope.covers.occasions.as_ref());
        let dates = match sections.occasion(name)? {
            Some(dates) => dates,
            None if *opted_out && !spared.flatten().any(|spared| spared == name) => Dates::new(),
            None => calendar::occasion(name, &places.keeps)?,
        };
        occasions.entry(name.clone()).or_insert_with(Dates::new).extend(dates);
    }
    Ok(Spec {
        rules,
        channels: sections.channels()?,
        purposes: sections.purposes()?,
        conversation: sections.conversation()?,
        clocks: settings.clocks(profile, &own_jurisdictions)?,
        customer,
        pauses: pauses.iter().map(customer::pause).collect::<Result<_>>()?,
        jurisdictions: places.under,
        occasions,
    })
}

/// A period around any occasion is one around each of those that the customer opted out of.
fn each_occasion(rules: Vec<Rule>, spared: &BTreeSet<String>) -> Vec<Rule> {
    let of = |rule: &Rule, name: &String| match &rule.kind {
        Kind::Days { days: Days::Occasion { name: any, before, after }, opted_out: true }
            if any == "any" =>
        {
            let days = Days::Occasion { name: name.clone(), before: *before, after: *after };
            Some(Rule { kind: Kind::Days { days, opted_out: true }, ..rule.clone() })
        }
        _ => None,
    };
    let is_any = |rule: &Rule| of(rule, &"any".to_owned()).is_some();
    let (any, mut all): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(is_any);
    all.extend(any.iter().flat_map(|rule| spared.iter().filter_map(|name| of(rule, name))));
    all
}

/// Where a customer is.
struct Places {
    /// Under whose law.
    under: Vec<String>,
    /// In which countries, for occasions.
    keeps: Vec<String>,
}

fn places(profile: &Value, own: &[String], assumed: &[String]) -> Result<Places> {
    if !own.is_empty() {
        return Ok(Places { under: own.to_vec(), keeps: own.to_vec() });
    }
    let zones = match scalar::text(profile, "time_zone")? {
        Some(zone) => vec![zone],
        None => scalar::strings(profile, "time_zones")?,
    };
    let mut countries = Vec::new();
    for zone in zones {
        countries.extend(calendar::countries(&zone)?);
    }
    let keeps = if countries.is_empty() { assumed.to_vec() } else { countries.clone() };
    Ok(Places { under: [assumed, &countries].concat(), keeps })
}

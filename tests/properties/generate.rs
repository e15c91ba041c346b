//! Random policy tests, near the edges: few names, so that rules collide; few durations, so that
//! windows end together; times at midnights, clock changes and ends of windows, or just beside.

mod customer;
mod policy;

use std::fmt::Write;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::dice::Dice;
use crate::reference::Asked;
use crate::scalar;
use crate::scalar::zone;
use crate::spec;
use crate::stepping::instants;
use crate::yaml;
use crate::yaml::Value;

/// Clocks that change, and some that do not or no longer do.
const ZONES: [&str; 16] = [
    "America/New_York",
    "Europe/London",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Santiago",
    "Australia/Lord_Howe",
    "America/Vancouver",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
    // Of several countries, of one of those, and by another name.
    "America/Phoenix",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Oslo",
    "US/Eastern",
    "Asia/Calcutta",
];

const CHANNELS: [&str; 4] = ["email", "sms", "voice", "direct_mail"];
const PURPOSES: [&str; 4] = ["marketing", "service", "reply", "notice"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const TIMES: [&str; 12] = [
    "00:00", "00:30", "01:00", "01:30", "02:00", "02:15", "03:00", "08:00", "17:00", "22:00",
    "23:30", "24:00",
];
const DURATIONS: [&str; 10] = ["30m", "1h", "20h", "24h", "36h", "48h", "72h", "7d", "30d", "90d"];
const EVENTS: [&str; 10] = [
    "inbound",
    "conversation",
    "opened",
    "clicked",
    "replied",
    "converted",
    "complained",
    "bounced_hard",
    "bounced_soft",
    "refused",
];
const OCCASIONS: [&str; 3] = ["founders_day", "mothers_day", "easter"];
const EXEMPTIONS: [&str; 9] = [
    "budgets",
    "spacing",
    "backoff",
    "contact_hours",
    "quiet_hours",
    "quiet_periods",
    "opt_outs",
    "suppressions",
    "consent",
];

/// What most of the rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Budgets,
    Spacing,
    Hours,
    Days,
    Wishes,
    /// What costs too much time to have it often.
    Rare,
    Mixture,
}

/// A document with some questions about one customer.
pub(crate) fn document(theme: Theme, seed: u64) -> Value {
    let mut world = World::new(seed);
    let policy = world.policy(theme);
    let profile = world.profile(theme);
    let pauses = world.pauses();
    let now = world.now;
    let mut text = format!("documents: [{policy}]\n");
    let test = format!("name: {theme:?} {seed}, now: {now}, customers: {{ada: {profile}}}");
    let questions: Vec<_> = (0..4).map(|_| world.question()).collect();
    let questions = questions.join(", ");
    write!(text, "tests: [{{{test}, pauses: [{pauses}], expect: [{questions}]}}]").unwrap();
    let mut document = yaml::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    ask_at_edges(&mut document, &mut world.dice);
    document
}

/// Asks each question at an instant at which something begins or ends, or just beside it.
pub(crate) fn ask_at_edges(document: &mut Value, dice: &mut Dice) {
    let questions = spec::questions(document).unwrap_or_else(|error| panic!("{error}"));
    let now = scalar::time(&document.at_mut("tests").items_mut()[0], "now").unwrap().unwrap();
    let early = now - SignedDuration::from_hours(72);
    let late = now + SignedDuration::from_hours(240);
    for (position, question) in questions.iter().enumerate() {
        let asked = Asked { spec: &question.spec, contact: &question.contact, at: early };
        let edges: Vec<_> = instants(asked, early, late, 1).into_iter().collect();
        if edges.is_empty() || dice.percent(10) {
            continue;
        }
        let at = dice.one(&edges) + dice.jitter();
        let test = &mut document.at_mut("tests").items_mut()[0];
        let question = &mut test.at_mut("expect").items_mut()[position];
        question.at_mut("contact").set("at", Value::text(at.to_string()));
    }
}

/// Writes one item of a list.
type Item = fn(&mut World) -> String;

struct World {
    dice: Dice,
    now: Timestamp,
    zones: Vec<&'static str>,
    durations: Vec<&'static str>,
    channels: Vec<&'static str>,
    purposes: Vec<&'static str>,
    /// An event that happens often, so that there are runs of it.
    habit: &'static str,
    /// An occasion that many wishes and rules are about.
    occasion: &'static str,
    moments: Vec<Timestamp>,
    rules: usize,
    strictest: bool,
    /// Whether the countries of customers are always known: the reference does not know the
    /// occasions of every country.
    needs_countries: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let zones = vec![dice.one(&ZONES), dice.one(&ZONES)];
        let zone = zone(zones[0]).unwrap();
        let now = anchor(&mut dice, &zone) + SignedDuration::from_mins(30 * dice.between(-96, 96));
        let mut durations = dice.some(&DURATIONS[..8]);
        durations.push(dice.one(&DURATIONS));
        let channels = dice.some(&CHANNELS);
        let mut purposes = dice.some(&PURPOSES);
        if !purposes.contains(&"marketing") {
            purposes.push("marketing");
        }
        let habit = dice.one(&EVENTS[6..]);
        let occasion = dice.one(&OCCASIONS);
        Self {
            dice,
            now,
            zones,
            durations,
            channels,
            purposes,
            habit,
            occasion,
            moments: vec![now],
            rules: 0,
            strictest: false,
            needs_countries: false,
        }
    }

    fn items(&mut self, list: &str, item: Item, count: usize) -> String {
        let items: Vec<_> = (0..count).map(|_| item(self)).collect();
        format!("{list}: [{}]", items.join(", "))
    }

    fn some_occasion(&mut self) -> &'static str {
        if self.dice.percent(70) { self.occasion } else { self.dice.one(&OCCASIONS) }
    }

    fn duration(&mut self) -> &'static str {
        self.dice.one(&self.durations.clone())
    }

    /// A time near now, most likely at an edge.
    fn instant(&mut self) -> Timestamp {
        let zone = zone(self.dice.one(&self.zones.clone())).unwrap();
        let base = match self.dice.below(6) {
            0 | 1 => self.now - SignedDuration::from_mins(30 * self.dice.between(0, 400)),
            2 => self.now + SignedDuration::from_mins(30 * self.dice.between(0, 400)),
            3 => {
                let time = self.dice.one(&TIMES[..11]);
                let local = format!("{}T{time}", self.date());
                zone.to_timestamp(local.parse().unwrap()).unwrap()
            }
            _ => {
                let other = self.dice.one(&self.moments.clone());
                let length = scalar::length_of(self.duration()).unwrap();
                match self.dice.below(4) {
                    0 => other,
                    1 => other + length,
                    _ => other - length,
                }
            }
        };
        let instant = base + self.dice.jitter();
        self.moments.push(instant);
        instant
    }

    /// A day near now.
    fn date(&mut self) -> Date {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        today + self.dice.between(-4, 9).days()
    }

    fn dates(&mut self, most: i64) -> (Date, Date) {
        let first = self.date();
        let length = if self.dice.percent(50) { 0 } else { self.dice.between(1, most) };
        (first, first + length.days())
    }
}

/// A day that is special for clocks or calendars.
fn anchor(dice: &mut Dice, zone: &TimeZone) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let changes: Vec<_> = zone.following(start).take(4).map(|change| change.timestamp()).collect();
    if !changes.is_empty() && dice.percent(50) {
        return dice.one(&changes);
    }
    let days = [
        date(2026, 1, 1),
        date(2026, 2, 28),
        date(2027, 3, 1),
        date(2028, 2, 29),
        date(2028, 3, 1),
        date(2026, 3, 15),
        date(2026, 4, 5),
        date(2026, 5, 10),
        date(2026, 5, 31),
        date(2026, 9, 30),
        date(2026, 12, 31),
        date(2027, 12, 24),
        date(2026, 7, 14),
    ];
    dice.one(&days).to_zoned(zone.clone()).unwrap().timestamp()
}

/// The month and the day.
fn short(date: Date) -> String {
    format!("{:02}-{:02}", date.month(), date.day())
}

impl Dice {
    /// At least one of them, in their order.
    pub(crate) fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let certain = self.below(of.len());
        let mut chosen = Vec::new();
        for (position, item) in of.iter().enumerate() {
            if position == certain || self.percent(30) {
                chosen.push(item.clone());
            }
        }
        chosen
    }

    /// Mostly nothing, else a millisecond or a second to either side.
    pub(crate) fn jitter(&mut self) -> SignedDuration {
        let beside = [1, -1, 1_000, -1_000];
        SignedDuration::from_millis(if self.percent(60) { 0 } else { self.one(&beside) })
    }
}

//! Random customers, contacts and pauses.

use std::fmt::Write;

use jiff::SignedDuration;

use super::EVENTS;
use super::Item;
use super::Theme;
use super::World;
use super::short;

impl World {
    pub(super) fn profile(&mut self, theme: Theme) -> String {
        let mut keys = Vec::new();
        match self.dice.below(10) {
            0..=5 => keys.push(format!("time_zone: {}", self.zones[0])),
            6 | 7 => keys.push(format!("time_zones: [{}]", self.zones.join(", "))),
            _ => {}
        }
        let in_known_countries = !keys.is_empty() && !self.zones.contains(&"UTC");
        if self.dice.percent(50) || self.needs_countries && !in_known_countries {
            // The reference knows the zones of some only.
            let known = ["US-NY", "US-FL", "GB"];
            let codes = if self.strictest { &known[..] } else { &["US-NY", "US", "GB", "FR"] };
            let codes = self.dice.some(codes);
            keys.push(format!("jurisdictions: [{}]", codes.join(", ")));
        }
        if self.dice.percent(40) {
            keys.push(format!("segments: [{}]", self.dice.some(&["vip", "dormant"]).join(", ")));
        }
        if self.dice.percent(20) {
            keys.push(format!("attributes: {{age: \"{}\"}}", self.dice.between(16, 19)));
        } else if self.dice.percent(20) {
            let existing = self.dice.one(&["true", "false", "yes"]);
            keys.push(format!("attributes: {{existing_customer: \"{existing}\"}}"));
        }
        let many = matches!(theme, Theme::Wishes | Theme::Days);
        let wishes: [(&str, Item, usize); 5] = [
            ("opt_outs", Self::opt_out, 15),
            ("suppressions", Self::suppression, 10),
            ("consents", Self::consent, 60),
            ("cadence", Self::cadence, 15),
            ("quiet", Self::quiet, 15),
        ];
        for (list, item, percent) in wishes {
            let percent = if many { percent.max(40) } else { percent };
            let count = if self.dice.percent(percent) { 1 + self.dice.below(3) } else { 0 };
            keys.push(self.items(list, item, count));
        }
        let contacts = self.dice.below(10);
        keys.push(self.items("contacts", Self::past, contacts));
        let events = self.dice.below(7) * self.dice.below(2);
        keys.push(self.items("events", Self::event, events));
        keys.retain(|key| !key.ends_with(": []"));
        format!("{{{}}}", keys.join(", "))
    }

    fn opt_out(&mut self) -> String {
        let mut keys = Vec::new();
        if self.dice.percent(50) {
            keys.push(format!("occasion: {}", self.some_occasion()));
        }
        if self.dice.percent(35) {
            keys.push("marketing: true".to_owned());
        }
        self.scope(&mut keys);
        format!("{{{}}}", keys.join(", "))
    }

    fn suppression(&mut self) -> String {
        let mut keys = vec!["reason: open_case".to_owned()];
        self.scope(&mut keys);
        format!("{{{}}}", keys.join(", "))
    }

    fn scope(&mut self, keys: &mut Vec<String>) {
        if self.dice.percent(50) {
            keys.push(format!("channel: {}", self.dice.one(&self.channels.clone())));
        }
        if self.dice.percent(50) {
            keys.push(format!("purpose: {}", self.dice.one(&self.purposes.clone())));
        }
        if self.dice.percent(15) {
            keys.push(self.dice.one(&["topic: news", "brand: acme"]).to_owned());
        }
        if self.dice.percent(60) {
            keys.push(format!("until: {}", self.instant()));
        }
    }

    fn consent(&mut self) -> String {
        let mut keys = format!("channel: {}", self.dice.one(&self.channels.clone()));
        if self.dice.percent(10) {
            keys += ", state: pending";
        }
        if self.dice.percent(20) {
            write!(keys, ", purpose: {}", self.dice.one(&self.purposes.clone())).unwrap();
        }
        for (percent, part) in [(20, "topic: news"), (20, "brand: acme")] {
            if self.dice.percent(percent) {
                write!(keys, ", {part}").unwrap();
            }
        }
        if self.dice.percent(40) {
            let grounds = ["express", "purchase", "soft_opt_in", "inquiry", "letter"];
            write!(keys, ", ground: {}", self.dice.one(&grounds)).unwrap();
        }
        if self.dice.percent(50) {
            write!(keys, ", at: {}", self.instant()).unwrap();
        }
        format!("{{{keys}}}")
    }

    fn cadence(&mut self) -> String {
        let mut keys = format!("limit: {}, per: {}", self.dice.between(0, 3), self.window(false));
        if self.dice.percent(60) {
            write!(keys, ", channel: {}", self.dice.one(&self.channels.clone())).unwrap();
        }
        if self.dice.percent(30) {
            let some = self.dice.some(&self.purposes.clone());
            write!(keys, ", purposes: [{}]", some.join(", ")).unwrap();
        }
        if self.dice.percent(30) {
            let some = self.dice.some(&["news", "sale"]);
            write!(keys, ", topics: [{}]", some.join(", ")).unwrap();
        }
        format!("{{{keys}}}")
    }

    fn quiet(&mut self) -> String {
        match self.dice.below(3) {
            0 => {
                let (first, last) = self.dates(10);
                format!("{{from: {first}, to: {last}}}")
            }
            1 => {
                let day =
                    if self.dice.percent(20) { "02-29".to_owned() } else { short(self.date()) };
                format!("{{yearly: {day}, around: {}d}}", self.dice.between(0, 5))
            }
            _ => {
                let weekly = self.dice.percent(60);
                let mut span = self.span(weekly);
                if self.dice.percent(30) {
                    let some = self.dice.some(&self.channels.clone());
                    span = span.replace('}', &format!(", channels: [{}]}}", some.join(", ")));
                }
                format!("{{hours: {span}}}")
            }
        }
    }

    fn past(&mut self) -> String {
        let mut keys = format!("at: {}, {}", self.instant(), self.contact());
        if self.dice.percent(40) {
            let states = ["reserved", "sent", "released", "expired", "bounced"];
            write!(keys, ", state: {}", self.dice.one(&states)).unwrap();
        }
        if self.dice.percent(25) {
            write!(keys, ", unanswered: true").unwrap();
        }
        format!("{{{keys}}}")
    }

    fn contact(&mut self) -> String {
        let channel = self.dice.one(&self.channels.clone());
        let purpose = self.dice.one(&self.purposes.clone());
        let mut keys = format!("channel: {channel}, purpose: {purpose}");
        let more = [
            (40, ["topic: news", "topic: sale"]),
            (15, ["campaign: spring", "campaign: fall"]),
            (20, ["brand: acme", "brand: zenith"]),
            (15, ["occasions: [founders_day]", "occasions: [mothers_day, easter]"]),
            (40, ["priority: 80", "priority: 20"]),
        ];
        for (percent, ways) in more {
            if self.dice.percent(percent) {
                write!(keys, ", {}", self.dice.one(&ways)).unwrap();
            }
        }
        keys
    }

    fn event(&mut self) -> String {
        let kind = match self.dice.below(10) {
            0..=2 => "inbound",
            3..=6 => self.habit,
            _ => self.dice.one(&EVENTS),
        };
        let mut keys = format!("at: {}, type: {kind}", self.instant());
        if self.dice.percent(80) {
            write!(keys, ", channel: {}", self.dice.one(&self.channels.clone())).unwrap();
        }
        format!("{{{keys}}}")
    }

    pub(super) fn pauses(&mut self) -> String {
        if !self.dice.percent(10) {
            return String::new();
        }
        let mut keys = format!("for: {}, reason: outage", self.selector());
        if self.dice.percent(80) {
            write!(keys, ", from: {}", self.instant()).unwrap();
        }
        if self.dice.percent(80) {
            let until = self.now + SignedDuration::from_hours(self.dice.between(-20, 60));
            write!(keys, ", until: {until}").unwrap();
        }
        format!("{{{keys}}}")
    }

    pub(super) fn question(&mut self) -> String {
        let mut contact = format!("customer: ada, {}", self.contact());
        if self.dice.percent(10) {
            contact += ", attributes: {tone: loud}";
        }
        format!("{{contact: {{{contact}}}, effect: ALLOW}}")
    }
}

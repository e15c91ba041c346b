//! Random policies, and the pauses that come with them.

use std::fmt::Write;

use super::DAYS;
use super::EVENTS;
use super::EXEMPTIONS;
use super::Item;
use super::TIMES;
use super::Theme;
use super::World;
use super::ZONES;
use super::short;
use crate::dice::Dice;

const KINDS: [&str; 4] = ["email", "text", "call", "post"];

impl World {
    pub(super) fn policy(&mut self, theme: Theme) -> String {
        let count = |dice: &mut Dice, of: Theme| {
            if of == theme {
                dice.below(5)
            } else if theme == Theme::Mixture && of != Theme::Rare {
                dice.below(3)
            } else {
                usize::from(dice.percent(8))
            }
        };
        let mut sections = vec!["name: base".to_owned(), self.settings()];
        sections.push(format!("channels: {{{}}}", self.declared_channels()));
        sections.push(format!("purposes: {{{}}}", self.declared_purposes()));
        if self.purposes.contains(&"reply") {
            sections.push(format!("conversations: {{window: {}}}", self.duration()));
        }
        sections.push(self.own_days());
        let rules: [(&str, Theme, Item); 9] = [
            ("budgets", Theme::Budgets, Self::budget),
            ("spacing", Theme::Spacing, Self::spacing),
            ("backoff", Theme::Spacing, Self::backoff),
            ("contact_hours", Theme::Hours, Self::contact_hours),
            ("quiet_hours", Theme::Hours, Self::quiet_hours),
            ("quiet_periods", Theme::Days, Self::quiet_period),
            ("consents", Theme::Wishes, Self::consent_rule),
            ("content_rules", Theme::Rare, Self::content_rule),
            ("reactions", Theme::Wishes, Self::reaction),
        ];
        for (section, theme, rule) in rules {
            let count = count(&mut self.dice, theme);
            sections.push(self.items(section, rule, count));
        }
        sections.retain(|section| !section.ends_with(": []"));
        format!("{{{}}}", sections.join(", "))
    }

    fn settings(&mut self) -> String {
        let assume = format!("assume: {}", self.zones[0]);
        let unknown = match self.dice.below(10) {
            0..=3 => "unknown: deny".to_owned(),
            4..=7 => assume,
            8 => "unknown: strictest".to_owned(),
            _ => format!("unknown: strictest, {assume}"),
        };
        self.strictest = unknown.contains("strictest");
        let mut settings = format!("time_zone: {{{unknown}}}");
        if self.dice.percent(30) {
            write!(settings, ", week_starts: {}", self.dice.one(&["sunday", "saturday"])).unwrap();
        }
        self.needs_countries = self.dice.percent(30);
        if !self.needs_countries {
            settings += ", jurisdictions: {assume: [GB]}";
        }
        format!("settings: {{{settings}}}")
    }

    fn declared_channels(&mut self) -> String {
        let mut all = Vec::new();
        for name in self.channels.clone() {
            let mut keys = Vec::new();
            if self.dice.percent(30) {
                keys.push(format!("kind: {}", self.dice.one(&KINDS)));
            }
            self.consent_need(&mut keys, 15);
            if name == "direct_mail" || self.dice.percent(10) {
                keys.push(format!("transit: {}", self.dice.one(&["1d", "4d", "36h"])));
            }
            all.push(format!("{name}: {{{}}}", keys.join(", ")));
        }
        all.join(", ")
    }

    fn declared_purposes(&mut self) -> String {
        let mut all = Vec::new();
        for name in self.purposes.clone() {
            let said = self.dice.percent(30);
            let marketing = said && name != "reply" && self.dice.percent(60);
            // Marketing can always be refused, and is not a reply.
            let passes = if marketing || name == "service" { 6 } else { EXEMPTIONS.len() };
            let mut keys = Vec::new();
            match name {
                "service" | "notice" => {
                    let exempt = self.dice.some(&EXEMPTIONS[..passes]).join(", ");
                    keys.push(format!("exempt: [{exempt}]"));
                }
                "reply" => keys.push("replies: true".to_owned()),
                _ => {}
            }
            if said {
                keys.push(format!("marketing: {marketing}"));
            }
            if self.dice.percent(10) {
                keys.push(format!("collection: {}", self.dice.one(&["true", "false"])));
            }
            self.consent_need(&mut keys, 8);
            all.push(format!("{name}: {{{}}}", keys.join(", ")));
        }
        all.join(", ")
    }

    fn consent_need(&mut self, keys: &mut Vec<String>, percent: usize) {
        if self.dice.percent(percent) {
            keys.push("consent: required".to_owned());
            if self.dice.percent(50) {
                keys.push(format!("valid_for: {}", self.duration()));
            }
        }
    }

    /// Holidays and an occasion of the policy's own.
    fn own_days(&mut self) -> String {
        let [closures, founders] = [3, 2].map(|count| {
            let mut dates: Vec<_> = (0..count).map(|_| self.date()).collect();
            dates.sort();
            dates.dedup();
            dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        });
        let sets = format!("holiday_sets: [{{name: closures, dates: [{closures}]}}]");
        format!("{sets}, occasions: [{{name: founders_day, dates: [{founders}]}}]")
    }

    // Rules.

    /// What any rule has: a name, and at times a selector, dates and a mode.
    fn rule(&mut self) -> String {
        let mut keys = self.named();
        if self.dice.percent(70) {
            write!(keys, ", for: {}", self.selector()).unwrap();
        }
        keys
    }

    fn named(&mut self) -> String {
        self.rules += 1;
        let mut keys = format!("name: r{}", self.rules);
        if self.dice.percent(12) {
            let (first, last) = self.dates(20);
            let dates = [
                format!("from: {first}"),
                format!("until: {last}"),
                format!("from: {first}, until: {last}"),
            ];
            write!(keys, ", effective: {{{}}}", self.dice.one(&dates)).unwrap();
        }
        if self.dice.percent(6) {
            write!(keys, ", mode: {}", self.dice.one(&["shadow", "off", "enforce"])).unwrap();
        }
        keys
    }

    pub(super) fn selector(&mut self) -> String {
        let mut keys = Vec::new();
        if self.dice.percent(40) {
            let channels = self.channels.clone();
            keys.push(format!("channels: [{}]", self.dice.some(&channels).join(", ")));
        }
        if self.dice.percent(60) {
            let purposes = self.purposes.clone();
            keys.push(format!("purposes: [{}]", self.dice.some(&purposes).join(", ")));
        }
        if self.dice.percent(15) {
            keys.push(format!("channel_kinds: [{}]", self.dice.some(&KINDS).join(", ")));
        }
        if self.dice.percent(15) {
            let kinds = ["marketing", "collection", "other"];
            keys.push(format!("purpose_kinds: [{}]", self.dice.some(&kinds).join(", ")));
        }
        let rare = [
            "topics: [news]",
            "topics: [news, sale]",
            "campaigns: [spring]",
            "brands: [acme]",
            "occasions: [founders_day]",
            "occasions: [mothers_day, founders_day]",
            "segments: [vip]",
            "segments: [vip, dormant]",
            "jurisdictions: [US]",
            "jurisdictions: [US-NY, FR]",
            "jurisdictions: [GB]",
            "priority_at_least: 50",
            "priority_below: 50",
            "priority_at_least: 20, priority_below: 80",
        ];
        if self.dice.percent(25) {
            keys.push(self.dice.one(&rare).to_owned());
        }
        if keys.is_empty() {
            keys.push(format!("purposes: [{}]", self.purposes.join(", ")));
        }
        format!("{{{}}}", keys.join(", "))
    }

    fn budget(&mut self) -> String {
        let limit = self.dice.one(&[0, 1, 1, 2, 2, 3, 4]);
        let mut keys = format!("{}, limit: {limit}", self.rule());
        write!(keys, ", per: {}", self.window(true)).unwrap();
        if self.dice.percent(20) {
            write!(keys, ", counts: {}", self.selector()).unwrap();
        }
        if self.dice.percent(20) {
            let by = self.dice.some(&["topic", "campaign", "brand", "channel", "purpose"]);
            write!(keys, ", by: [{}]", by.join(", ")).unwrap();
        }
        if self.dice.percent(20) {
            write!(keys, ", distinct: channel").unwrap();
        } else if self.dice.percent(20) {
            write!(keys, ", answered: {}", self.dice.one(&["true", "false"])).unwrap();
        } else if self.dice.percent(25) {
            write!(keys, ", cost: {{{}: {}}}", self.channels[0], self.dice.one(&[0, 2, 2, 3]))
                .unwrap();
        }
        if self.dice.percent(15) {
            let limit = self.dice.between(0, 4);
            write!(keys, ", limits: [{{segments: [vip], limit: {limit}}}").unwrap();
            write!(keys, ", {{segments: [dormant, vip], limit: 1}}]").unwrap();
        }
        if limit > 0 && self.dice.percent(25) {
            let slots = self.dice.between(1, limit);
            write!(keys, ", keep: [{{priority_at_least: 50, slots: 1}}").unwrap();
            write!(keys, ", {{priority_at_least: 80, slots: {slots}}}]").unwrap();
        }
        if self.dice.percent(20) {
            let states = self.dice.some(&["released", "expired", "bounced"]);
            write!(keys, ", refund_on: [{}]", states.join(", ")).unwrap();
        }
        format!("{{{keys}}}")
    }

    pub(super) fn window(&mut self, zones: bool) -> String {
        if self.dice.percent(65) {
            return self.duration().to_owned();
        }
        let unit = self.dice.one(&["day", "day", "week", "week", "month", "quarter", "year"]);
        if zones && self.dice.percent(25) {
            let zones = [&ZONES[..], &["\"+05:30\"", "\"-06:00\""]].concat();
            format!("{{calendar: {unit}, time_zone: {}}}", self.dice.one(&zones))
        } else if zones && unit == "week" && self.dice.percent(40) {
            "{calendar: week, week_starts: thursday}".to_owned()
        } else {
            format!("{{calendar: {unit}}}")
        }
    }

    fn spacing(&mut self) -> String {
        let mut keys = self.rule();
        if self.dice.percent(40) {
            let events = self.dice.some(&EVENTS);
            write!(keys, ", since: [{}]", events.join(", ")).unwrap();
        }
        write!(keys, ", least: {}", self.length("calendar_days")).unwrap();
        format!("{{{keys}}}")
    }

    fn length(&mut self, civil: &str) -> String {
        if self.dice.percent(60) {
            self.duration().to_owned()
        } else {
            format!("{{{civil}: {}}}", self.dice.one(&[1, 2, 3, 7, 30]))
        }
    }

    fn backoff(&mut self) -> String {
        let mut keys = format!("{}, after: {}", self.rule(), self.dice.between(1, 4));
        let base = self.duration();
        write!(keys, ", base: {base}").unwrap();
        if self.dice.percent(70) {
            write!(keys, ", factor: {}", self.dice.between(1, 3)).unwrap();
        }
        if self.dice.percent(70) {
            write!(keys, ", most: {}", self.dice.one(&["90d", "120d"])).unwrap();
        }
        if self.dice.percent(70) {
            let events = self.dice.some(&EVENTS);
            write!(keys, ", reset_on: [{}]", events.join(", ")).unwrap();
        }
        format!("{{{keys}}}")
    }

    fn contact_hours(&mut self) -> String {
        let mut keys = format!("{}{}, open: [{}]", self.rule(), self.clock(), self.spans(true));
        for special in ["holidays", "eves"] {
            if self.dice.percent(25) {
                let open = if self.dice.percent(50) { String::new() } else { self.spans(false) };
                write!(keys, ", {special}: {{of: closures, open: [{open}]}}").unwrap();
            }
        }
        format!("{{{keys}}}")
    }

    fn quiet_hours(&mut self) -> String {
        let mut keys = format!("{}{}, closed: [{}]", self.rule(), self.clock(), self.spans(true));
        if self.dice.percent(20) {
            let closed = if self.dice.percent(50) { String::new() } else { self.spans(false) };
            write!(keys, ", holidays: {{of: closures, closed: [{closed}]}}").unwrap();
        }
        format!("{{{keys}}}")
    }

    fn clock(&mut self) -> String {
        let fixed = ["\"-06:00\"", "\"+05:30\"", "\"+00:00\""];
        match self.dice.below(8) {
            0 => format!(", time_zone: {}", self.dice.one(&ZONES)),
            1 => format!(", time_zone: {}", self.dice.one(&fixed)),
            _ => String::new(),
        }
    }

    fn spans(&mut self, days: bool) -> String {
        let count = 1 + usize::from(self.dice.percent(30));
        let spans: Vec<_> = (0..count).map(|_| self.span(days)).collect();
        spans.join(", ")
    }

    pub(super) fn span(&mut self, days: bool) -> String {
        let from = self.dice.one(&TIMES[..11]);
        let to = self.dice.one(&TIMES);
        if from == to {
            return self.span(days);
        }
        let hours = format!("from: \"{from}\", to: \"{to}\"");
        if !days {
            return format!("{{{hours}}}");
        }
        let every = DAYS.to_vec();
        let days = if self.dice.percent(50) { every } else { self.dice.some(&DAYS) };
        format!("{{days: [{}], {hours}}}", days.join(", "))
    }

    fn quiet_period(&mut self) -> String {
        let mut keys = self.rule();
        let (first, last) = self.dates(20);
        match self.dice.below(6) {
            0 | 1 => write!(keys, ", dates: {{from: {first}, to: {last}}}").unwrap(),
            2 => write!(keys, ", yearly: {{from: {}, to: {}}}", short(first), short(last)).unwrap(),
            3 => write!(keys, ", yearly: {{from: 02-29, to: 03-01}}").unwrap(),
            _ => {
                // The reference does not know every occasion's days.
                let any = self.dice.percent(35);
                let occasion = if any { "any" } else { self.some_occasion() };
                write!(keys, ", occasion: {occasion}").unwrap();
                if self.dice.percent(50) {
                    write!(keys, ", before: {}d", self.dice.between(0, 14)).unwrap();
                }
                if self.dice.percent(50) {
                    write!(keys, ", after: {}d", self.dice.between(0, 3)).unwrap();
                }
                if any {
                    write!(keys, ", who: opted_out").unwrap();
                } else if self.dice.percent(80) {
                    let who = ["opted_out", "opted_out", "everyone"];
                    write!(keys, ", who: {}", self.dice.one(&who)).unwrap();
                }
            }
        }
        format!("{{{keys}}}")
    }

    fn consent_rule(&mut self) -> String {
        let mut keys = self.rule();
        if self.dice.percent(80) {
            let own_term = format!("{{ground: purchase, valid_for: {}}}", self.duration());
            let grounds = ["express", "soft_opt_in", "letter", own_term.as_str()];
            write!(keys, ", grounds: [{}]", self.dice.some(&grounds).join(", ")).unwrap();
        }
        if self.dice.percent(50) {
            write!(keys, ", valid_for: {}", self.duration()).unwrap();
        }
        if self.dice.percent(30) {
            write!(keys, ", except_existing_customers: {}", self.dice.one(&["true", "false"]))
                .unwrap();
        }
        format!("{{{keys}}}")
    }

    fn content_rule(&mut self) -> String {
        let expressions = [
            r#"contact.channel == "sms" && contact.attributes["tone"] == "loud""#,
            r#"contact.topic == "sale" && !("vip" in customer.segments)"#,
            r#"contact.priority < 40"#,
            r#"at.hour < 9"#,
            r#"at.hour >= 20 && at.minute >= 30"#,
            r#"int(customer.attributes["age"]) < 18"#,
        ];
        format!("{{{}, deny_when: '{}'}}", self.rule(), self.dice.one(&expressions))
    }

    fn reaction(&mut self) -> String {
        let event = if self.dice.percent(70) { self.habit } else { self.dice.one(&EVENTS) };
        let mut keys = format!("on: {event}");
        if self.dice.percent(60) {
            write!(keys, ", times: {}", self.dice.between(1, 3)).unwrap();
            if self.dice.percent(40) {
                write!(keys, ", within: {}", self.duration()).unwrap();
            }
        }
        let purpose = self.dice.one(&self.purposes.clone());
        if self.dice.percent(30) {
            keys = format!("{}, {keys}", self.named());
        }
        let suppress = [
            "channel: same".to_owned(),
            format!("channel: {}", self.channels[0]),
            format!("purposes: [{purpose}]"),
            format!("channel_kinds: [{}]", self.dice.some(&KINDS).join(", ")),
            format!("channel: same, purpose_kinds: [{}]", self.dice.one(&["marketing", "other"])),
            format!("channel: same, purposes: [{purpose}]"),
        ];
        write!(keys, ", suppress: {{{}}}", self.dice.one(&suppress)).unwrap();
        if self.dice.percent(70) {
            write!(keys, ", for: {}", self.length("full_days")).unwrap();
        }
        format!("{{{keys}}}")
    }
}

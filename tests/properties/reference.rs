//! The decision as the specification tells it: each rule is asked whether it denies now, and
//! everything is worked out anew each time. Slow, obvious, and nothing like the engine.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::Zoned;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::calendar::yearly;
use crate::spec::*;

/// A reason, and the name of the rule if it is a rule of the policy.
pub(crate) type Denial = (&'static str, Option<String>);

/// The results of rules, the weakest first.
const RESULTS: [&str; 6] = ["not concerned", "off", "exempt", "satisfied", "would deny", "denies"];

/// One contact at one time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) contact: &'a Contact,
    pub(crate) at: Timestamp,
}

impl Asked<'_> {
    /// All that denies.
    pub(crate) fn denials(&self) -> BTreeSet<Denial> {
        self.denying().collect()
    }

    pub(crate) fn allowed(&self) -> bool {
        self.denying().next().is_none()
    }

    fn denying(&self) -> impl Iterator<Item = Denial> {
        let wishes = [
            (self.paused(), "PAUSED"),
            (self.opted_out(), "OPTED_OUT"),
            (self.suppressed(), "SUPPRESSED"),
            (self.without_consent(), "NO_CONSENT"),
        ];
        let wishes = wishes.into_iter().filter(|(denies, _)| *denies);
        let rules = self.spec.rules.iter();
        wishes
            .map(|(_, reason)| (reason, None))
            .chain(rules.filter_map(|rule| Some((self.rule(rule)?, rule.name.clone()))))
    }

    fn paused(&self) -> bool {
        self.spec.pauses.iter().any(|pause| {
            let begun = pause.from.is_none_or(|from| from <= self.at);
            begun && before(self.at, pause.until) && self.selects(&pause.selector)
        })
    }

    fn opted_out(&self) -> bool {
        !self.exempt("opt_outs")
            && self.spec.customer.opt_outs.iter().any(|opt_out| self.covered(opt_out))
    }

    fn suppressed(&self) -> bool {
        !self.exempt("suppressions")
            && self.spec.customer.suppressions.iter().any(|scope| self.covered(scope))
    }

    fn covered(&self, scope: &Scope) -> bool {
        before(self.at, scope.until) && self.selects(&scope.covers) && self.is_meant_by(scope)
    }

    /// Whether this is marketing, if only marketing is refused; all is, where no purpose is.
    fn is_meant_by(&self, scope: &Scope) -> bool {
        let is_marketing = |purpose: &Purpose| purpose.kinds.contains("marketing");
        !scope.marketing
            || is_marketing(&self.spec.purposes[&self.contact.purpose])
            || !self.spec.purposes.values().any(is_marketing)
    }

    fn without_consent(&self) -> bool {
        let channel = &self.spec.channels[&self.contact.channel];
        let purpose = &self.spec.purposes[&self.contact.purpose];
        let needs = [&channel.consent, &purpose.consent];
        !self.exempt("consent")
            && !self.replies()
            && needs.into_iter().flatten().any(|need| !self.consented(need))
    }

    fn consented(&self, need: &Need) -> bool {
        self.consented_by("express", need.valid_for)
    }

    fn consented_by(&self, ground: &str, valid_for: Option<SignedDuration>) -> bool {
        let holds = |at| {
            let old = valid_for.is_some_and(|valid_for| self.at >= at + valid_for);
            at <= self.at && !old
        };
        self.spec.customer.consents.iter().any(|consent| {
            !consent.pending
                && consent.ground == ground
                && consent.channel.as_ref() == Some(&self.contact.channel)
                && consent.purpose.as_ref().is_none_or(|purpose| *purpose == self.contact.purpose)
                && (consent.topic.is_none() || consent.topic == self.contact.topic)
                && (consent.brand.is_none() || consent.brand == self.contact.brand)
                && consent.at.is_none_or(holds)
        })
    }

    fn exempt(&self, exemption: &str) -> bool {
        self.spec.purposes[&self.contact.purpose].exempt.contains(exemption)
    }

    /// Whether this is a reply in an open conversation.
    fn replies(&self) -> bool {
        let Some(window) = self.spec.conversation else { return false };
        let channel = Some(&self.contact.channel);
        self.spec.purposes[&self.contact.purpose].replies
            && self.spec.customer.events.iter().any(|event| {
                event.kind == "inbound"
                    && event.channel.as_ref() == channel
                    && (event.at..event.at + window).contains(&self.at)
            })
    }

    /// Whether a rule is about this contact and nothing lets the contact pass it.
    pub(crate) fn concerned_by(&self, rule: &Rule) -> bool {
        let passed = rule
            .exemption
            .is_some_and(|rules| self.exempt(rules) || (rules != "suppressions" && self.replies()));
        let spares = match &rule.kind {
            Kind::Days { days, opted_out } => *opted_out && !self.opted_out_of(days),
            _ => false,
        };
        rule.mode == Mode::Enforce && self.selects(&rule.selector) && !passed && !spares
    }

    /// What rules in shadow would deny.
    pub(crate) fn shadow(&self) -> BTreeSet<Denial> {
        let shadows = self.spec.rules.iter().filter(|rule| rule.mode == Mode::Shadow);
        let enforced = shadows.map(|rule| Rule { mode: Mode::Enforce, ..rule.clone() });
        enforced.filter_map(|rule| Some((self.rule(&rule)?, rule.name))).collect()
    }

    /// What becomes of each rule of the policy that has a name.
    pub(crate) fn findings(&self) -> BTreeMap<String, &'static str> {
        let mut findings = BTreeMap::new();
        for rule in &self.spec.rules {
            let Some(name) = rule.name.as_ref().filter(|_| self.says_something(rule)) else {
                continue;
            };
            let rank = |finding: &str| RESULTS.iter().position(|result| *result == finding);
            // A period around any occasion is a rule for each of them here.
            let finding = self.finding(rule);
            let known = findings.entry(name.clone()).or_insert(finding);
            if rank(finding) > rank(known) {
                *known = finding;
            }
        }
        findings
    }

    /// Whether a rule is about a channel and a purpose of the policy. Others are no part of it.
    fn says_something(&self, rule: &Rule) -> bool {
        let Selector { channels, purposes, purpose_kinds, .. } = &rule.selector;
        let of_kind = |purpose: &Purpose| {
            purpose_kinds.as_ref().is_none_or(|kinds| !kinds.is_disjoint(&purpose.kinds))
        };
        let mut own = self.spec.channels.keys();
        own.any(|it| one_of(channels, Some(it)) && self.is_of_kind(&rule.selector, it))
            && self.spec.purposes.iter().any(|(it, own)| one_of(purposes, Some(it)) && of_kind(own))
    }

    fn finding(&self, rule: &Rule) -> &'static str {
        let is_about = match &rule.kind {
            Kind::Days { days, opted_out } => !opted_out || self.wished(days),
            Kind::Reaction(reaction) => {
                self.spec.customer.events.iter().any(|event| event.kind == reaction.on)
            }
            _ => true,
        };
        if !is_about || !self.selects(&rule.selector) {
            return "not concerned";
        }
        let exempt = rule.exemption.is_some_and(|rules| self.exempt(rules));
        let denies = self.rule(&Rule { mode: Mode::Enforce, ..rule.clone() }).is_some();
        match (rule.mode, exempt, denies) {
            (Mode::Off, _, _) => "off",
            (_, true, _) => "exempt",
            (Mode::Enforce, false, true) => "denies",
            (Mode::Shadow, false, true) => "would deny",
            (_, false, false) => "satisfied",
        }
    }

    /// Whether the customer ever opted out of the occasion, as far as this contact is concerned.
    fn wished(&self, days: &Days) -> bool {
        let earlier = Asked { at: Timestamp::MIN, ..*self };
        earlier.opted_out_of(days)
    }

    /// The reason for which a rule denies.
    fn rule(&self, rule: &Rule) -> Option<&'static str> {
        if !self.concerned_by(rule) {
            return None;
        }
        let clocks = &self.spec.clocks;
        if clocks.is_empty() && matches!(rule.kind, Kind::Days { .. }) {
            return self.quiet_somewhere(rule);
        }
        if clocks.is_empty() && rule.effective.is_some() {
            // A reaction to what did not happen is none, whatever the date.
            let is_reaction = matches!(rule.kind, Kind::Reaction(_));
            let happened = !is_reaction || self.denies(rule, &TimeZone::UTC);
            return (happened && self.in_force_somewhere(rule)).then_some("UNKNOWN_TIME_ZONE");
        }
        if clocks.is_empty() && needs_a_clock(rule) {
            return Some("UNKNOWN_TIME_ZONE");
        }
        if clocks.is_empty() {
            return self.denies(rule, &TimeZone::UTC).then_some(rule.reason);
        }
        let denies = |clock| self.in_force(rule, clock) && self.denies(rule, clock);
        clocks.iter().any(denies).then_some(rule.reason)
    }

    /// What quiet days say on all clocks that the earth may have: where they disagree, it is
    /// unknown.
    fn quiet_somewhere(&self, rule: &Rule) -> Option<&'static str> {
        let clocks = self.clocks_of_the_earth();
        let denying =
            clocks.iter().filter(|clock| self.in_force(rule, clock) && self.denies(rule, clock));
        match denying.count() {
            0 => None,
            all if all == clocks.len() => Some(rule.reason),
            _ => Some("UNKNOWN_TIME_ZONE"),
        }
    }

    /// One clock for each way in which those of the earth can differ: at both its ends, and where
    /// midnight is just over or just to come when the contact leaves or arrives.
    fn clocks_of_the_earth(&self) -> Vec<TimeZone> {
        let transit = self.spec.channels[&self.contact.channel].transit;
        let (west, east) = (-12 * 3_600, 14 * 3_600);
        let mut seconds = BTreeSet::from([west, east]);
        for instant in [self.at, self.at + transit] {
            let since_midnight = instant.as_second().rem_euclid(86_400);
            for midnight in [-86_400, 0, 86_400] {
                let offset = midnight - since_midnight;
                seconds.extend((offset - 1..=offset + 1).filter(|it| (west..=east).contains(it)));
            }
        }
        let offset = |it: i64| jiff::tz::Offset::from_seconds(i32::try_from(it).unwrap()).unwrap();
        seconds.into_iter().map(|it| TimeZone::fixed(offset(it))).collect()
    }

    fn in_force(&self, rule: &Rule, clock: &TimeZone) -> bool {
        let today = day(self.at, clock);
        rule.effective.is_none_or(|(from, until)| from <= today && today <= until)
    }

    /// Whether some clock on earth shows a date on which the rule is in force.
    fn in_force_somewhere(&self, rule: &Rule) -> bool {
        let [west, east] = ends_of_the_earth();
        let (earliest, latest) = (day(self.at, &west), day(self.at, &east));
        rule.effective.is_none_or(|(from, until)| from <= latest && earliest <= until)
    }

    /// Whether a rule that is in force denies on a clock.
    fn denies(&self, rule: &Rule, clock: &TimeZone) -> bool {
        match &rule.kind {
            Kind::Budget(budget) => {
                let uses = self.uses(budget, clock, true);
                uses.into_iter().any(|used| used > self.cap(budget))
            }
            Kind::Spacing { least } => self.counted(rule).any(|past| match least {
                Length::Exact(least) => apart(self.at, past.at) < *least,
                Length::FullDays(days) => {
                    let between = day(past.at, clock).until(day(self.at, clock)).unwrap();
                    i64::from(between.get_days().abs()) <= *days
                }
            }),
            Kind::Since { events, least } => self.spec.customer.events.iter().any(|event| {
                let is_on = |channel: &String| {
                    one_of(&rule.selector.channels, Some(channel))
                        && self.is_of_kind(&rule.selector, channel)
                };
                events.contains(&event.kind)
                    && event.channel.as_ref().is_none_or(is_on)
                    && self.since(event, *least, clock)
            }),
            Kind::Backoff(backoff) => self.backs_off(rule, backoff),
            Kind::Hours(hours) => {
                let now = self.at.to_zoned(hours.zone.as_ref().unwrap_or(clock).clone());
                within(hours, &now) != hours.open_inside
            }
            Kind::Days { days, .. } => self.meets(days, clock),
            Kind::Reaction(reaction) => self.reacts(reaction, clock),
            Kind::Consent(consents) => {
                let own = &self.spec.customer.attributes;
                let existing = own.get("existing_customer").is_some_and(|value| value == "true");
                let mut grounds = consents.grounds.iter();
                let consented = grounds.any(|(ground, term)| self.consented_by(ground, *term));
                !(consented || consents.except_existing_customers && existing)
            }
            Kind::Content(expression) => {
                expression.denies(self.spec, self.contact, &self.at.to_zoned(clock.clone()))
            }
        }
    }

    // Budgets.

    /// How much may be used of a budget once this contact is made.
    fn cap(&self, budget: &Budget) -> u64 {
        let segments = &self.spec.customer.segments;
        let mut limits = budget.limits.iter();
        let limit = limits.find(|(of, _)| !of.is_disjoint(segments)).map(|(_, limit)| *limit);
        let keep = budget.keep.iter().filter(|(priority, _)| self.contact.priority < *priority);
        let kept = keep.map(|(_, slots)| *slots).max().unwrap_or(0);
        limit.unwrap_or(budget.limit).saturating_sub(kept)
    }

    /// What is used in each window that holds this contact, with or without the contact itself.
    fn uses(&self, budget: &Budget, clock: &TimeZone, with_it: bool) -> Vec<u64> {
        let counted: Vec<&Past> = self
            .spec
            .customer
            .contacts
            .iter()
            .filter(|past| self.matches(&budget.counts, &past.contact))
            .filter(|past| !budget.refund_on.contains(&past.state))
            .filter(|past| budget.answered.is_none_or(|wanted| wanted != past.unanswered))
            .filter(|past| self.same_bucket(budget, &past.contact))
            .collect();
        let used = |inside: &dyn Fn(Timestamp) -> bool| {
            let past = counted.iter().filter(|past| inside(past.at)).map(|past| &past.contact);
            let channels = past.chain(with_it.then_some(self.contact)).map(|one| &one.channel);
            if budget.distinct {
                channels.collect::<BTreeSet<_>>().len() as u64
            } else {
                channels.map(|channel| budget.cost.get(channel).unwrap_or(&1)).sum()
            }
        };
        match &budget.per {
            Window::Sliding(length) => counted
                .iter()
                .map(|past| past.at)
                .filter(|end| self.at < *end && *end < self.at + *length)
                .chain([self.at])
                .map(|end| used(&|time| end - *length < time && time <= end))
                .collect(),
            Window::Calendar { unit, zone, week_starts } => {
                let clock = zone.as_ref().unwrap_or(clock);
                let period = |time| first_day(unit, *week_starts, day(time, clock));
                vec![used(&|time| period(time) == period(self.at))]
            }
        }
    }

    pub(crate) fn same_bucket(&self, budget: &Budget, other: &Contact) -> bool {
        budget.by.iter().all(|key| match key.as_str() {
            "topic" => other.topic == self.contact.topic,
            "campaign" => other.campaign == self.contact.campaign,
            "brand" => other.brand == self.contact.brand,
            "channel" => other.channel == self.contact.channel,
            "purpose" => other.purpose == self.contact.purpose,
            key => panic!("no key of a budget: {key}"),
        })
    }

    /// What is left of each budget that applies before this contact, also where the contact
    /// passes it as a reply.
    pub(crate) fn remaining(&self) -> BTreeMap<String, u64> {
        let mut all = BTreeMap::new();
        for rule in &self.spec.rules {
            let (Some(name), Kind::Budget(budget)) = (&rule.name, &rule.kind) else { continue };
            if rule.mode != Mode::Enforce || !self.selects(&rule.selector) || self.exempt("budgets")
            {
                continue;
            }
            let clocks = self.spec.clocks.iter().filter(|clock| self.in_force(rule, clock));
            let mut uses: Vec<u64> =
                clocks.flat_map(|clock| self.uses(budget, clock, false)).collect();
            let timeless = !needs_a_clock(rule) && self.in_force_somewhere(rule);
            if self.spec.clocks.is_empty() && timeless {
                uses = self.uses(budget, &TimeZone::UTC, false);
            }
            if let Some(used) = uses.into_iter().max() {
                all.insert(name.clone(), self.cap(budget).saturating_sub(used));
            }
        }
        all
    }

    // Spacing and back-off.

    /// The contacts that a spacing or a back-off counts.
    fn counted(&self, rule: &Rule) -> impl Iterator<Item = &Past> {
        let given_back = ["released", "expired"];
        let contacts = self.spec.customer.contacts.iter();
        contacts
            .filter(|past| self.matches(&rule.selector, &past.contact))
            .filter(move |past| !given_back.contains(&past.state.as_str()))
    }

    /// Whether an event has happened, and so much time has not yet gone by.
    pub(crate) fn since(&self, event: &Event, length: Length, clock: &TimeZone) -> bool {
        event.at <= self.at
            && match length {
                Length::Exact(duration) => self.at < event.at + duration,
                Length::FullDays(days) => day(self.at, clock) <= day(event.at, clock) + days.days(),
            }
    }

    fn backs_off(&self, rule: &Rule, backoff: &Backoff) -> bool {
        let events = self.spec.customer.events.iter();
        let engaged = events
            .filter(|event| backoff.reset_on.contains(&event.kind) && event.at <= self.at)
            .map(|event| event.at)
            .max();
        let unanswered = self
            .counted(rule)
            .filter(|past| past.at <= self.at && engaged.is_none_or(|engaged| past.at > engaged))
            .count();
        unanswered >= backoff.after
            && self
                .counted(rule)
                .any(|past| apart(self.at, past.at) < pause_after(backoff, unanswered))
    }

    // Days.

    /// Whether the customer opted out of the occasion, as far as this contact is concerned.
    fn opted_out_of(&self, days: &Days) -> bool {
        let Days::Occasion { name, .. } = days else { return false };
        self.spec.customer.opt_outs.iter().any(|opt_out| {
            let rest = Selector { occasions: None, ..opt_out.covers.clone() };
            let of_it = opt_out.covers.occasions.as_ref().is_some_and(|of| of.contains(name));
            of_it
                && before(self.at, opt_out.until)
                && self.selects(&rest)
                && self.is_meant_by(opt_out)
        })
    }

    /// Whether the contact, which may be under way for some time, meets one of the days.
    fn meets(&self, days: &Days, clock: &TimeZone) -> bool {
        let transit = self.spec.channels[&self.contact.channel].transit;
        let last = day(self.at + transit, clock);
        let mut today = day(self.at, clock);
        while today <= last {
            if self.quiet(days, today) {
                return true;
            }
            today += 1.day();
        }
        false
    }

    fn quiet(&self, days: &Days, today: Date) -> bool {
        let year = today.year();
        match days {
            Days::Dates { from, to } => *from <= today && today <= *to,
            Days::Yearly { from, to } if from <= to => {
                yearly(year, *from) <= today && today <= yearly(year, *to)
            }
            Days::Yearly { from, to } => yearly(year, *from) <= today || today <= yearly(year, *to),
            Days::Around { day, days } => (year - 1..=year + 1)
                .map(|year| yearly(year, *day))
                .any(|date| date - days.days() <= today && today <= date + days.days()),
            Days::Occasion { name, before, after } => self.spec.occasions[name]
                .iter()
                .any(|date| *date - before.days() <= today && today <= *date + after.days()),
        }
    }

    // Selectors.

    fn selects(&self, selector: &Selector) -> bool {
        self.matches(selector, self.contact)
    }

    pub(crate) fn matches(&self, selector: &Selector, contact: &Contact) -> bool {
        let any = |names: &Names, of: &BTreeSet<String>| {
            names.as_ref().is_none_or(|names| !names.is_disjoint(of))
        };
        let inside = |code: &String| {
            let wanted = selector.jurisdictions.iter().flatten();
            wanted.into_iter().any(|name| name == code || code.starts_with(&format!("{name}-")))
        };
        let kinds = &self.spec.purposes[&contact.purpose].kinds;
        one_of(&selector.channels, Some(&contact.channel))
            && self.is_of_kind(selector, &contact.channel)
            && any(&selector.purpose_kinds, kinds)
            && one_of(&selector.purposes, Some(&contact.purpose))
            && one_of(&selector.topics, contact.topic.as_ref())
            && one_of(&selector.campaigns, contact.campaign.as_ref())
            && one_of(&selector.brands, contact.brand.as_ref())
            && any(&selector.occasions, &contact.occasions)
            && any(&selector.segments, &self.spec.customer.segments)
            && (selector.jurisdictions.is_none() || self.spec.jurisdictions.iter().any(inside))
            && selector.priority_at_least.is_none_or(|least| contact.priority >= least)
            && selector.priority_below.is_none_or(|below| contact.priority < below)
    }

    /// Whether a channel is of one of the kinds that are selected.
    fn is_of_kind(&self, selector: &Selector, channel: &str) -> bool {
        one_of(&selector.channel_kinds, self.spec.channels[channel].kind.as_ref())
    }
}

fn one_of(names: &Names, name: Option<&String>) -> bool {
    names.as_ref().is_none_or(|names| name.is_some_and(|name| names.contains(name)))
}

fn before(at: Timestamp, until: Option<Timestamp>) -> bool {
    until.is_none_or(|until| at < until)
}

fn apart(one: Timestamp, other: Timestamp) -> SignedDuration {
    one.duration_since(other).abs()
}

pub(crate) fn day(at: Timestamp, clock: &TimeZone) -> Date {
    clock.to_datetime(at).date()
}

/// The clocks on which a date begins first and ends last, the other way round.
pub(crate) fn ends_of_the_earth() -> [TimeZone; 2] {
    [jiff::tz::offset(-12), jiff::tz::offset(14)].map(TimeZone::fixed)
}

/// Whether a rule needs the customer's clock, apart from its dates.
pub(crate) fn needs_a_clock(rule: &Rule) -> bool {
    match &rule.kind {
        Kind::Budget(budget) => matches!(budget.per, Window::Calendar { zone: None, .. }),
        Kind::Spacing { least } | Kind::Since { least, .. } => matches!(least, Length::FullDays(_)),
        Kind::Backoff(_) | Kind::Reaction(_) | Kind::Consent(_) => false,
        Kind::Hours(hours) => hours.zone.is_none(),
        Kind::Days { .. } => true,
        Kind::Content(expression) => expression.needs_a_clock(),
    }
}

/// The spacing after so many contacts without an engagement.
pub(crate) fn pause_after(backoff: &Backoff, unanswered: usize) -> SignedDuration {
    let mut pause = backoff.base;
    for _ in backoff.after..unanswered {
        pause = pause.saturating_mul(backoff.factor);
    }
    backoff.most.map_or(pause, |most| pause.min(most))
}

/// The first day of the calendar unit that a date lies in.
pub(crate) fn first_day(unit: &str, week_starts: Weekday, date: Date) -> Date {
    match unit {
        "day" => date,
        "week" => date - i64::from(date.weekday().since(week_starts)).days(),
        "month" => date.first_of_month(),
        "quarter" => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).unwrap(),
        "year" => date.first_of_year(),
        unit => panic!("no calendar unit: {unit}"),
    }
}

/// Whether a local time lies within the spans of the day or those of the day before.
fn within(hours: &Hours, now: &Zoned) -> bool {
    let minutes = i64::from(now.hour()) * 60 + i64::from(now.minute());
    let yesterday = now.date() - 1.day();
    let inside = |(from, to): &(i64, i64), time: i64| *from <= time && time < *to;
    spans_of(hours, now.date()).iter().any(|span| inside(span, minutes))
        || spans_of(hours, yesterday).iter().any(|span| inside(span, minutes + 24 * 60))
}

/// The spans that begin on a day, in minutes from its midnight.
fn spans_of(hours: &Hours, date: Date) -> Vec<(i64, i64)> {
    let weekday = date.weekday().to_monday_one_offset();
    let of_day = |spans: &[Span]| -> Vec<(i64, i64)> {
        let spans = spans.iter().filter(|span| span.days.contains(&weekday));
        spans.map(|span| (span.from, span.to)).collect()
    };
    let own = of_day(&hours.spans);
    match (&hours.holidays, &hours.eves) {
        (Some((dates, spans)), _) if dates.contains(&date) => of_day(spans),
        (_, Some((dates, spans))) if dates.contains(&(date + 1.day())) => {
            let eve = of_day(spans);
            let pairs = own.iter().flat_map(|own| eve.iter().map(move |eve| (own, eve)));
            pairs.map(|(own, eve)| (own.0.max(eve.0), own.1.min(eve.1))).collect()
        }
        _ => own,
    }
}

use jiff::civil::Weekday;
use jiff::civil::date;

use super::*;
use crate::model::Day;
use crate::model::EventKind;
use crate::model::Instant;
use crate::model::Label;
use crate::model::Span;
use crate::model::history::State;
use crate::model::wish::CalendarUnit;
use crate::policy::days::Days;
use crate::policy::days::Observed;
use crate::policy::days::Stretch;
use crate::policy::document::tests::LANGUAGE;
use crate::policy::rules::Dimension;
use crate::policy::rules::Family;
use crate::policy::rules::Hour;
use crate::policy::rules::Hours;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Mode;
use crate::policy::rules::OnStoreFailure;
use crate::policy::rules::Rule;
use crate::policy::rules::Window;
use crate::policy::selector::Selector;
use crate::policy::source::Source;

const HEAD: &str = "name: base\nchannels: {email: {}, sms: {}, voice: {}}\npurposes: {marketing: {}, receipt: {}}\n";

#[test]
fn channels_purposes_and_settings() {
    let policy = load(&[LANGUAGE]);
    let channels: Vec<&str> = policy.channels.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(channels, ["email", "sms", "push", "voice", "whatsapp", "direct_mail"]);
    assert!(policy.channels[0].consent.is_none());
    assert_eq!(policy.channels[1].consent.unwrap().valid_for, None);
    assert_eq!(policy.channels[2].consent.unwrap().valid_for, Some(Span::from_days(730)));
    assert_eq!(policy.channels[5].transit, Span::from_days(4));
    let [marketing, transactional, reply, legal] = policy.purposes.as_slice() else { panic!() };
    assert_eq!(marketing.on_store_failure, OnStoreFailure::Deny);
    assert_eq!(transactional.on_store_failure, OnStoreFailure::Allow);
    assert!(transactional.exempt.contains(Family::QuietHours));
    assert!(!transactional.exempt.contains(Family::OptOuts));
    assert!(legal.exempt.contains(Family::OptOuts));
    assert_eq!((marketing.replies, reply.replies), (false, true));
    let settings = &policy.settings;
    assert_eq!(settings.assumed_zone.as_ref().unwrap().name(), "America/New_York");
    assert_eq!(settings.assumed_jurisdictions[0].as_str(), "US");
    assert_eq!(settings.history_retention, Span::from_days(400));
    assert_eq!(settings.conversation_window, Some(Span::from_hours(24)));
    assert!(!settings.strictest);
    assert_eq!(policy.topics, None);
}

#[test]
fn rules_are_in_order_of_name_and_indexed() {
    let policy = load(&[LANGUAGE]);
    let names: Vec<&str> = policy.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    for name in ["marketing-weekly", "us-tcpa-hours", "us-fl-hours"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let of = |channel: &str, purpose: &str| -> Vec<&str> {
        let (channel, purpose) =
            (policy.channel_position(channel).unwrap(), policy.purpose_position(purpose).unwrap());
        policy.rules_for(channel, purpose).map(|rule| rule.name.as_str()).collect()
    };
    assert!(of("email", "marketing").contains(&"one-email-a-day"));
    assert!(!of("sms", "marketing").contains(&"one-email-a-day"));
    assert!(!of("email", "transactional").contains(&"one-email-a-day"));
}

#[test]
fn several_documents_are_one_policy() {
    let other = "name: other\nchannels: {push: {}}\ntopics: [b]\noccasions: [{name: own, dates: [2026-01-02]}]\nspacing: [{name: s, least: 1h, for: {channels: [push, email]}}]";
    let policy = load(&[&format!("{HEAD}topics: [a]"), other]);
    let topics = policy.topics.as_ref().unwrap();
    assert_eq!(topics.iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(policy.occasions.contains("own") && policy.occasions.contains("mothers_day"));
    let expected = Mask::of(Some(0)).union(Mask::of(Some(3)));
    assert_eq!(policy.rules[0].selector, Selector { channels: expected, ..Selector::ALL });
}

#[test]
fn budgets() {
    let rule = rule("budgets: [{name: b, for: {channels: [sms]}, limit: 3, per: 7d}]");
    assert_eq!((rule.mode, rule.effective.is_always()), (Mode::Enforce, true));
    let Kind::Budget(budget) = &rule.kind else { panic!() };
    assert_eq!(budget.counts, rule.selector);
    assert_eq!(budget.costs, [1, 1, 1]);
    assert_eq!(budget.refund_on, [State::Released, State::Expired]);
    assert!(matches!(budget.window, Window::Sliding(span) if span == Span::from_days(7)));
    assert!(budget.by.is_empty() && budget.keep.is_empty() && !budget.distinct_channels);

    let rule = self::rule(
        "settings: {week_starts: sunday}\nbudgets: [{name: b, counts: {}, limit: 3, by: [topic, brand, topic], cost: {voice: 2}, \
         limits: [{segments: [b, a], limit: 1}], keep: [{priority_at_least: 80, slots: 1}], \
         per: {calendar: week, time_zone: \"-06:00\"}, refund_on: [], mode: shadow, \
         effective: {from: 2026-01-01}}]",
    );
    assert_eq!(rule.mode, Mode::Shadow);
    assert_eq!((rule.effective.from, rule.effective.until), (Some(day(2026, 1, 1)), None));
    let Kind::Budget(budget) = &rule.kind else { panic!() };
    assert_eq!(budget.counts, Selector::ALL);
    assert_eq!(budget.costs, [1, 1, 2]);
    assert_eq!(budget.by, [Dimension::Label(Label::Topic), Dimension::Label(Label::Brand)]);
    assert_eq!(budget.overrides.len(), 1);
    assert_eq!(budget.overrides[0].0.iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!((budget.overrides[0].1, budget.keep.as_slice()), (1, &[(80, 1)][..]));
    assert!(budget.refund_on.is_empty());
    let Window::Calendar(window) = &budget.window else { panic!() };
    assert_eq!((window.unit, window.week_starts), (CalendarUnit::Week, Weekday::Sunday));
    assert_eq!(window.zone.as_ref().unwrap().name(), "-06:00");
}

#[test]
fn spacing_and_backoff() {
    let least = |keys: &str| {
        let rule = rule(&format!("spacing: [{{name: s, {keys}}}]"));
        let Kind::Spacing(spacing) = rule.kind else { panic!() };
        (spacing.least, spacing.since)
    };
    assert_eq!(least("least: 20h"), (Lapse::Span(Span::from_hours(20)), vec![]));
    let since = vec![EventKind::Conversation];
    assert_eq!(
        least("least: {calendar_days: 7}, since: [conversation]"),
        (Lapse::CalendarDays(7), since)
    );
    assert_eq!(least("least: {full_days: 60}"), (Lapse::FullDays(60), vec![]));

    let rule = rule("backoff: [{name: b, after: 5, base: 7d}]");
    let Kind::Backoff(backoff) = rule.kind else { panic!() };
    assert_eq!((backoff.after, backoff.base, backoff.factor), (5, Span::from_days(7), 2));
    assert_eq!(backoff.most, None);
    let engagements =
        [EventKind::Opened, EventKind::Clicked, EventKind::Replied, EventKind::Converted];
    assert_eq!(backoff.reset_on, engagements);
}

#[test]
fn hours_of_the_week() {
    let hours = quiet_hours(
        "closed: [{days: [sat], from: \"20:00\", to: \"10:00\"}, {from: \"12:00\", to: \"24:00\"}]",
    );
    let night = Hour { from_millis: 20 * 3_600_000, to_millis: 34 * 3_600_000 };
    let noon = Hour { from_millis: 12 * 3_600_000, to_millis: 24 * 3_600_000 };
    assert_eq!(hours.week[5], [noon, night]);
    assert_eq!(hours.week[6], [noon]);
    let hours = quiet_hours("closed: [{from: \"22:00\", to: \"00:00\"}]");
    let late = Hour { from_millis: 22 * 3_600_000, to_millis: 24 * 3_600_000 };
    assert_eq!(hours.week[0], [late]);
    assert!(hours.zone.is_none() && hours.holidays.is_none() && hours.eves.is_none());

    let rule = rule(
        "holiday_sets: [{name: own, dates: [2026-12-31, 2026-08-01]}]\n\
         contact_hours: [{name: h, time_zone: Europe/Rome, open: [], holidays: {of: [IT, own], open: []}, eves: {of: own, open: [{from: \"10:00\", to: \"12:00\"}]}}]",
    );
    let Kind::ContactHours(hours) = rule.kind else { panic!() };
    assert_eq!(hours.zone.unwrap().name(), "Europe/Rome");
    let holidays = hours.holidays.unwrap();
    for holiday in [day(2026, 12, 31), day(2026, 12, 25), day(1970, 12, 25), day(2199, 12, 25)] {
        assert!(holidays.days.binary_search(&holiday).is_ok(), "{holiday}");
    }
    assert!(holidays.days.is_sorted() && holidays.hours.is_empty());
    let eves = hours.eves.unwrap();
    assert_eq!(&*eves.days, [day(2026, 8, 1), day(2026, 12, 31)]);
    assert_eq!(eves.hours.len(), 1);
}

#[test]
fn quiet_periods() {
    let (days, opted_out_of) = quiet_period("dates: {from: 2026-12-01, to: 2026-12-03}");
    let once = Stretch { first: day(2026, 12, 1), last: day(2026, 12, 3) };
    assert!(matches!(days, Days::Once(stretch) if stretch == once));
    assert_eq!(opted_out_of, None);
    let (days, _) = quiet_period("yearly: {from: 12-24, to: 01-01}");
    assert!(matches!(days, Days::Yearly(yearly) if yearly.from.month == 12 && yearly.to.day == 1));

    let (days, opted_out_of) =
        quiet_period("occasion: mothers_day, before: 14d, after: 1d, who: opted_out");
    assert_eq!(opted_out_of.unwrap().as_str(), "mothers_day");
    let Days::Occasion(occasion) = days else { panic!() };
    let britain = occasion.groups.iter().find(|group| match &group.observed {
        Observed::In(countries) => countries.contains(&"GB"),
        Observed::Everywhere | Observed::Elsewhere => false,
    });
    let around = Stretch { first: day(2026, 3, 1), last: day(2026, 3, 16) };
    assert!(britain.unwrap().stretches.contains(&around));

    let (days, opted_out_of) = quiet_period("occasion: own, after: 1d, who: everyone");
    assert_eq!(opted_out_of, None);
    let Days::Occasion(occasion) = days else { panic!() };
    assert_eq!(occasion.groups.len(), 1);
    assert_eq!(occasion.groups[0].observed, Observed::Everywhere);
    let stretches = [
        Stretch { first: day(2026, 9, 14), last: day(2026, 9, 15) },
        Stretch { first: day(2027, 9, 14), last: day(2027, 9, 15) },
    ];
    assert_eq!(occasion.groups[0].stretches, stretches);
}

#[test]
fn reactions() {
    let policy = load(&[&format!(
        "{HEAD}reactions:\n  - {{on: complained, suppress: {{purposes: [marketing]}}}}\n  \
         - {{name: soft, on: bounced_soft, times: 3, suppress: {{channel: same}}, for: 30d, mode: shadow}}\n  \
         - {{on: refused, suppress: {{channel: voice}}, for: {{full_days: 60}}}}"
    )]);
    let [complained, soft, refused] = policy.reactions.as_slice() else { panic!() };
    assert_eq!((complained.on, complained.times), (EventKind::Complained, 1));
    assert_eq!(complained.suppress.purposes, Mask::of(Some(0)));
    assert_eq!((complained.same_channel, complained.lasts), (false, None));
    assert_eq!((soft.times, soft.same_channel, soft.mode), (3, true, Mode::Shadow));
    assert_eq!(soft.suppress, Selector::ALL);
    assert_eq!(soft.lasts, Some(Lapse::Span(Span::from_days(30))));
    assert_eq!(refused.suppress.channels, Mask::of(Some(2)));
    assert_eq!(refused.lasts, Some(Lapse::FullDays(60)));
    assert_eq!(refused.name, None);
}

#[test]
fn selectors() {
    let rule = rule(
        "spacing: [{name: s, least: 1h, for: {purposes: [receipt, marketing], segments: [b, a, b], jurisdictions: [US-FL], priority_at_least: 10, priority_below: 90}}]",
    );
    let selector = rule.selector;
    assert_eq!(selector.channels, Mask::ALL);
    assert_eq!(selector.purposes, Mask::of(Some(0)).union(Mask::of(Some(1))));
    assert_eq!(
        selector.segments.unwrap().iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(selector.jurisdictions.unwrap()[0].as_str(), "US-FL");
    assert_eq!((selector.priority_at_least, selector.priority_below), (Some(10), Some(90)));
}

#[test]
fn a_clock_that_is_assumed_in_the_last_resort() {
    let policy =
        load(&[&format!("{HEAD}settings: {{time_zone: {{unknown: strictest, assume: UTC}}}}")]);
    assert!(policy.settings.strictest);
    let zone = policy.settings.assumed_zone.unwrap();
    assert_eq!(zone.day(Instant::FIRST), day(1970, 1, 1));
}

fn load(texts: &[&str]) -> Policy {
    let sources: Vec<Source> = texts.iter().map(|text| Source::new("base.yaml", text)).collect();
    let loaded = Policy::load(&sources, &Arc::new(Zones::bundled()));
    loaded.unwrap_or_else(|problems| panic!("{problems}")).0
}

/// The only rule of a document.
fn rule(text: &str) -> Rule {
    let mut rules = load(&[&format!("{HEAD}{text}")]).rules;
    assert_eq!(rules.len(), 1);
    rules.remove(0)
}

fn quiet_hours(keys: &str) -> Hours {
    let rule = rule(&format!("quiet_hours: [{{name: q, {keys}}}]"));
    let Kind::QuietHours(hours) = rule.kind else { panic!() };
    hours
}

fn quiet_period(keys: &str) -> (Days, Option<Name>) {
    let own = "occasions: [{name: own, dates: [2027-09-14, 2026-09-14]}]";
    let rule = rule(&format!("{own}\nquiet_periods: [{{name: q, {keys}}}]"));
    let Kind::QuietPeriod(period) = rule.kind else { panic!() };
    (period.days, period.opted_out_of)
}

fn day(year: i16, month: i8, number: i8) -> Day {
    Day::from(date(year, month, number))
}

#[test]
fn a_document_weakens_the_mode_of_its_rules() {
    let rules = |mode: &str| {
        let trial = format!(
            "name: trial\nmode: {mode}\nbudgets:\n  - {{name: plain, limit: 1, per: 7d}}\n  \
             - {{name: forced, limit: 1, per: 7d, mode: enforce}}\n  \
             - {{name: idle, limit: 1, per: 7d, mode: off}}\n\
             reactions: [{{on: complained, suppress: {{purposes: [marketing]}}}}]\n"
        );
        let policy = load(&[HEAD, &trial]);
        let modes: Vec<Mode> = policy.rules.iter().map(|rule| rule.mode).collect();
        (modes, policy.reactions[0].mode)
    };
    let (enforce, shadow, off) = (Mode::Enforce, Mode::Shadow, Mode::Off);
    // In order of name: forced, idle, plain.
    assert_eq!(rules("enforce"), (vec![enforce, off, enforce], enforce));
    assert_eq!(rules("shadow"), (vec![shadow, off, shadow], shadow));
    assert_eq!(rules("off"), (vec![off, off, off], off));
}

#[test]
fn a_preset_has_the_strongest_mode_of_the_documents_that_include_it() {
    let trial = "name: trial\nmode: shadow\ninclude: [us-tcpa]\n";
    let modes = |documents: &[&str]| -> Vec<Mode> {
        let policy = load(documents);
        assert!(!policy.rules.is_empty());
        policy.rules.iter().map(|rule| rule.mode).collect()
    };
    assert!(modes(&[HEAD, trial]).iter().all(|mode| *mode == Mode::Shadow));
    let also = "name: also\ninclude: [us-tcpa]\n";
    assert!(modes(&[HEAD, trial, also]).iter().all(|mode| *mode == Mode::Enforce));
}

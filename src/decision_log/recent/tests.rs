//! What is kept, for which readers, and what a slow reader misses.

use super::*;
use crate::secret::Secret;

const START: &str = "2026-11-22T12:10:00Z";

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn decisions() -> Decisions {
    let directory = tempfile::tempdir().unwrap();
    let secret = Secret::read_or_make(&directory.path().join("secret")).unwrap();
    Decisions::new(Pseudonyms::new(&secret), at(START))
}

fn answer(codes: &[Code]) -> Answer {
    let mut answer = Answer::refusal(Code::Paused, 7, "2026e");
    let [reason] = answer.reasons.as_slice() else { panic!("{answer:?}") };
    let reason = reason.clone();
    answer.reasons = codes.iter().map(|code| Stated { code: *code, ..reason.clone() }).collect();
    answer.effect = if codes.is_empty() { Effect::Allow } else { Effect::Deny };
    answer
}

/// Notes a decision about a customer with a number.
fn note(decisions: &Decisions, tenant: &str, number: usize, now: Instant, codes: &[Code]) {
    let (tenant, customer_id) = (name(tenant), format!("c{number}"));
    let asked = Asked { call: "CheckContact", tenant: &tenant, customer_id: &customer_id, now };
    let contact = Contact::new(name("email"), name("marketing"));
    decisions.note(asked, &contact, &answer(codes), false);
}

/// The number of the customer of a decision.
fn number(decisions: &Decisions, recent: &Recent) -> usize {
    let of = |number: &usize| decisions.pseudonyms.of(&recent.tenant, &format!("c{number}"));
    (0..10_000).find(|number| of(number) == recent.customer).unwrap()
}

const EVERY: &dyn Fn(&Recent) -> bool = &|_| true;

#[test]
fn a_watcher_is_told_of_what_was_and_of_what_comes() {
    let decisions = decisions();
    for count in 0..5 {
        note(&decisions, "default", count, at(START), &[]);
    }
    let (news, mut watcher) = decisions.watch(3, EVERY).unwrap();
    let numbers = |news: &News| -> Vec<usize> {
        news.decisions.iter().map(|it| number(&decisions, it)).collect()
    };
    assert_eq!((numbers(&news), news.missed), (vec![2, 3, 4], 0));
    assert_eq!(decisions.news(&mut watcher, EVERY), News::default());
    note(&decisions, "default", 5, at(START), &[Code::Paused]);
    note(&decisions, "other", 6, at(START), &[]);
    let refused = |it: &Recent| it.effect == Effect::Deny;
    let news = decisions.news(&mut watcher, &refused);
    assert_eq!((numbers(&news), news.missed), (vec![5], 0));
    let [refusal] = news.decisions.as_slice() else { panic!("{news:?}") };
    assert_eq!((refusal.revision, refusal.call), (7, "CheckContact"));
    assert_eq!(*refusal.reasons, [(Code::Paused, None)]);
    // What was not wanted is not told later either.
    assert_eq!(decisions.news(&mut watcher, EVERY), News::default());
}

#[test]
fn a_slow_reader_loses_the_oldest_and_is_told_how_many() {
    let decisions = decisions();
    let (_, mut watcher) = decisions.watch(0, EVERY).unwrap();
    for count in 0..RECENT_MAX + 3 {
        note(&decisions, "default", count, at(START), &[]);
    }
    let news = decisions.news(&mut watcher, EVERY);
    assert_eq!((news.missed, news.decisions.len()), (3, RECENT_MAX));
    assert_eq!(number(&decisions, &news.decisions[0]), 3);
    assert_eq!(number(&decisions, &news.decisions[RECENT_MAX - 1]), RECENT_MAX + 2);
    assert_eq!(decisions.news(&mut watcher, EVERY), News::default());
    // Those that were gone before the watch began were not missed.
    let (news, _watcher) = decisions.watch(RECENT_MAX + 1, EVERY).unwrap();
    assert_eq!((news.missed, news.decisions.len()), (0, RECENT_MAX));
}

#[test]
fn what_several_threads_decide_comes_in_order_of_time() {
    let decisions = decisions();
    let (_, mut watcher) = decisions.watch(0, EVERY).unwrap();
    let later = |number: usize| at(START).plus(Span::from_millis(i64::try_from(number).unwrap()));
    std::thread::scope(|scope| {
        for thread in 0..PARTS + 4 {
            let decisions = &decisions;
            scope.spawn(move || {
                for count in 0..50 {
                    let number = count * 100 + thread;
                    note(decisions, "default", number, later(number), &[]);
                }
            });
        }
    });
    let news = decisions.news(&mut watcher, EVERY);
    assert_eq!((news.missed, news.decisions.len()), (0, 50 * (PARTS + 4)));
    assert!(news.decisions.is_sorted_by_key(|it| it.now));
    assert_eq!(news.decisions[1].now, later(1));
}

#[test]
fn only_so_many_watch_at_once() {
    let decisions = decisions();
    let mut all: Vec<Watcher> =
        (0..WATCHERS_MAX).map(|_| decisions.watch(0, EVERY).unwrap().1).collect();
    assert!(decisions.watch(0, EVERY).is_none());
    drop(all.pop());
    assert!(decisions.watch(0, EVERY).is_some());
}

#[test]
fn hours_are_those_since_the_start_and_a_day_at_most() {
    let decisions = decisions();
    let now = at("2026-11-22T14:30:00Z");
    note(&decisions, "default", 1, at(START), &[]);
    note(&decisions, "default", 2, at("2026-11-22T12:59:59.999Z"), &[Code::OptedOut, Code::Paused]);
    let twice = [Code::BudgetSpent, Code::BudgetSpent, Code::Paused];
    note(&decisions, "default", 3, at("2026-11-22T14:00:00Z"), &twice);
    note(&decisions, "other", 4, now, &[]);
    let counts = |allowed, refused, by: &[(Code, u64)]| Counts {
        allowed,
        refused,
        by_reason: by.iter().copied().collect(),
    };
    let expected = [
        (at("2026-11-22T12:00:00Z"), counts(1, 1, &[(Code::OptedOut, 1), (Code::Paused, 1)])),
        (at("2026-11-22T13:00:00Z"), counts(0, 0, &[])),
        (at("2026-11-22T14:00:00Z"), counts(0, 1, &[(Code::BudgetSpent, 1), (Code::Paused, 1)])),
    ];
    assert_eq!(decisions.hours(&name("default"), now), expected);
    let other = decisions.hours(&name("other"), now);
    assert_eq!(other[2].1, counts(1, 0, &[]));

    let next_day = decisions.hours(&name("default"), at("2026-11-23T12:00:00Z"));
    assert_eq!(next_day.len(), 24);
    assert_eq!((next_day[0].0, next_day[1].1.refused), (at("2026-11-22T13:00:00Z"), 1));
    note(&decisions, "default", 5, at("2026-11-24T12:00:00Z"), &[]);
    let later = decisions.hours(&name("default"), at("2026-11-24T12:59:00Z"));
    assert_eq!((later.len(), later[23].1.allowed), (24, 1));
    assert!(later[..23].iter().all(|(_, it)| *it == Counts::default()));
}

#[test]
fn no_id_is_kept() {
    let decisions = decisions();
    note(&decisions, "default", 4_711, at(START), &[]);
    let (news, _watcher) = decisions.watch(1, EVERY).unwrap();
    let shown = format!("{news:?}{}", news.decisions[0].customer);
    assert!(!shown.contains("c4711"), "{shown}");
}

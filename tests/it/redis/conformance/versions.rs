//! Versions: a caller that has seen the newest may write, and no other.

use std::collections::HashSet;
use std::time::Duration;

use courtesy::clock::Stopwatch;
use courtesy::clock::now;
use courtesy::model::Span;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Version;

use super::Bench;
use super::LEVELS;
use super::changed;
use super::done;
use super::replacement;
use super::stored;

pub(super) async fn what_is_written_is_loaded(bench: Bench) {
    for (index, level) in LEVELS.into_iter().enumerate() {
        let key = bench.key(&format!("customer-{index}"));
        assert_eq!(bench.load(&key).await, None);
        let first = done(bench.store.replace(replacement(&key, None, b"1"), level).await);
        assert_eq!(bench.load(&key).await, stored(first, b"1"));
        let second = done(bench.store.replace(replacement(&key, Some(first), b"2"), level).await);
        assert_ne!(first, second);
        assert_eq!(bench.load(&key).await, stored(second, b"2"));
        // The same bytes make a new version too.
        let third = done(bench.store.replace(replacement(&key, Some(second), b"2"), level).await);
        assert_ne!(second, third);
        assert_eq!(bench.load(&key).await, stored(third, b"2"));
        assert!(bench.store.remove(&key, third, level).await.unwrap());
        assert_eq!(bench.load(&key).await, None);
    }
}

pub(super) async fn a_stale_writer_is_refused_and_told_what_is_there(bench: Bench) {
    let key = bench.key("customer");
    let never = Version { incarnation: 7, counter: 1 };
    assert_eq!(changed(bench.try_put(&key, Some(never), b"0").await), None);
    assert_eq!(bench.load(&key).await, None);
    let first = bench.put(&key, None, b"1").await;
    let second = bench.put(&key, Some(first), b"2").await;
    // Versions are compared whole: as numbers they may be more than a script's numbers hold.
    let near = [
        Version { counter: second.counter + 1, ..second },
        Version { counter: u64::MAX, ..second },
        Version { incarnation: second.incarnation ^ 1, ..second },
        Version { incarnation: second.counter, counter: second.incarnation },
    ];
    let others = near.into_iter().chain([first, never]).map(Some).chain([None]);
    for expected in others.filter(|it| *it != Some(second)) {
        let there = changed(bench.try_put(&key, expected, b"3").await);
        assert_eq!(there, stored(second, b"2"), "{expected:?}");
        assert_eq!(bench.load(&key).await, stored(second, b"2"), "{expected:?}");
    }
}

pub(super) async fn a_version_never_comes_back(bench: Bench) {
    let key = bench.key("customer");
    let (mut seen, mut old) = (HashSet::new(), None);
    for _ in 0..20 {
        let first = bench.put(&key, None, b"same").await;
        if let Some(old) = old {
            let there = changed(bench.try_put(&key, Some(old), b"other").await);
            assert_eq!(there, stored(first, b"same"));
            assert!(!bench.store.remove(&key, old, Durability::Buffered).await.unwrap());
        }
        let second = bench.put(&key, Some(first), b"same").await;
        assert!(seen.insert(first) && seen.insert(second), "{first} or {second} came back");
        assert_eq!(first.incarnation, second.incarnation);
        assert!(first.counter < second.counter);
        assert!(bench.store.remove(&key, second, Durability::Buffered).await.unwrap());
        assert_eq!(changed(bench.try_put(&key, Some(second), b"other").await), None);
        old = Some(first);
    }
    let incarnations: HashSet<u64> = seen.iter().map(|version| version.incarnation).collect();
    assert_eq!(incarnations.len(), 20);
}

pub(super) async fn only_the_newest_version_is_removed(bench: Bench) {
    let (key, other) = (bench.key("customer"), bench.key("another"));
    let kept = bench.put(&other, None, b"kept").await;
    for level in LEVELS {
        let first = bench.put(&key, None, b"1").await;
        let second = bench.put(&key, Some(first), b"2").await;
        assert!(!bench.store.remove(&key, first, level).await.unwrap());
        assert!(!bench.store.remove(&key, kept, level).await.unwrap());
        assert_eq!(bench.load(&key).await, stored(second, b"2"));
        assert!(bench.store.remove(&key, second, level).await.unwrap());
        assert!(!bench.store.remove(&key, second, level).await.unwrap());
        assert_eq!(bench.load(&key).await, None);
        assert_eq!(bench.load(&other).await, stored(kept, b"kept"));
    }
}

pub(super) async fn only_the_newest_version_settles(bench: Bench) {
    let key = bench.key("customer");
    for level in LEVELS {
        let first = bench.put(&key, None, b"1").await;
        assert!(bench.store.settle(&key, first, level).await.unwrap());
        let second = bench.put(&key, Some(first), b"2").await;
        assert!(!bench.store.settle(&key, first, level).await.unwrap());
        assert!(bench.store.settle(&key, second, level).await.unwrap());
        let many = [(key.clone(), second), (key.clone(), first), (bench.key("absent"), first)];
        let many = bench.store.settle_many(&many, level).await;
        let many: Vec<bool> = many.into_iter().map(Result::unwrap).collect();
        assert_eq!(many, [true, false, false]);
        // Settling is no writing.
        assert_eq!(bench.load(&key).await, stored(second, b"2"));
        assert!(bench.store.remove(&key, second, level).await.unwrap());
        assert!(!bench.store.settle(&key, second, level).await.unwrap());
        assert_eq!(bench.load(&key).await, None);
    }
}

pub(super) async fn many_are_written_each_as_if_alone(bench: Bench) {
    for (index, level) in LEVELS.into_iter().enumerate() {
        let key = |id: &str| bench.key(&format!("{id}-{index}"));
        let (old, new, twice) = (key("old"), key("new"), key("twice"));
        let first = bench.put(&old, None, b"1").await;
        let wrong = Version { incarnation: 7, counter: 1 };
        let items = vec![
            replacement(&old, Some(wrong), b"no"),
            replacement(&new, None, b"new"),
            replacement(&old, Some(first), b"2"),
            // The item before has been written already.
            replacement(&old, Some(first), b"no"),
            replacement(&twice, None, b"first"),
            replacement(&twice, None, b"no"),
            replacement(&key("absent"), Some(wrong), b"no"),
        ];
        let mut answers = bench.store.replace_many(items, level).await.into_iter();
        let mut next = || answers.next().unwrap();
        assert_eq!(changed(next()), stored(first, b"1"));
        let new_version = done(next());
        let second = done(next());
        assert_eq!(changed(next()), stored(second, b"2"));
        let twice_version = done(next());
        assert_eq!(changed(next()), stored(twice_version, b"first"));
        assert_eq!(changed(next()), None);
        assert!(answers.next().is_none());
        assert_eq!(bench.load(&old).await, stored(second, b"2"));
        assert_eq!(bench.load(&new).await, stored(new_version, b"new"));
        assert_eq!(bench.load(&twice).await, stored(twice_version, b"first"));
        assert_eq!(bench.load(&key("absent")).await, None);
    }
    assert!(bench.store.replace_many(Vec::new(), Durability::Replicated).await.is_empty());
}

pub(super) async fn many_are_loaded_in_their_order(bench: Bench) {
    let (mut keys, mut expected) = (Vec::new(), Vec::new());
    for index in 0..60 {
        let key = bench.key(&format!("customer-{index}"));
        let text = index.to_string();
        if index % 3 != 0 {
            let version = bench.put(&key, None, text.as_bytes()).await;
            expected.push(stored(version, text.as_bytes()));
        } else {
            expected.push(None);
        }
        keys.push(key);
    }
    assert_eq!(bench.load_many(&keys).await, expected);
    // Backwards, and each twice.
    let backwards: Vec<_> = keys.iter().rev().flat_map(|key| [key.clone(), key.clone()]).collect();
    let expected: Vec<_> = expected.into_iter().rev().flat_map(|it| [it.clone(), it]).collect();
    assert_eq!(bench.load_many(&backwards).await, expected);
    assert!(bench.load_many(&[]).await.is_empty());
}

/// A value may be forgotten when it expires, and not before, nor if a newer one does not expire.
pub(super) async fn a_value_without_an_end_outlives_one_with(bench: Bench) {
    let (long, short) = (bench.key("long"), bench.key("short"));
    let write = |item| bench.store.replace(item, Durability::Buffered);
    let kept = done(write(until(&long, None, b"1", Span::from_hours(1))).await);
    let first = done(write(until(&short, None, b"1", Span::from_secs(1))).await);
    let endless = bench.put(&short, Some(first), b"2").await;
    let began = Stopwatch::start();
    while began.elapsed() < Duration::from_millis(1_100) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(bench.load(&long).await, stored(kept, b"1"));
    assert_eq!(bench.load(&short).await, stored(endless, b"2"));
    // What expires next year, or in a hundred, is there now.
    for span in [Span::from_hours(24 * 400), Span::from_hours(24 * 36_500)] {
        let key = bench.key(&format!("{}", span.millis()));
        let version = done(write(until(&key, None, b"1", span)).await);
        assert_eq!(bench.load(&key).await, stored(version, b"1"));
    }
}

fn until(key: &Key, expected: Option<Version>, value: &[u8], span: Span) -> Replacement {
    Replacement { expires: Some(now().plus(span)), ..replacement(key, expected, value) }
}

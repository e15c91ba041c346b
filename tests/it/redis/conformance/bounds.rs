//! Values of all sizes and contents.

use courtesy::store::Durability;
use courtesy::store::VALUE_BYTES_MAX;

use super::Bench;
use super::done;
use super::replacement;
use super::stored;

pub(super) async fn values_are_bytes(bench: Bench) {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let long: Vec<u8> = all.iter().copied().cycle().take(64 << 10).collect();
    let values = [&b""[..], b"\0", b"a", b"-1", b"\r\n", b"\xff\xfe", &all, &long];
    let key = bench.key("customer");
    let mut version = None;
    for value in values {
        // The one before may have been longer or shorter.
        let written = bench.put(&key, version, value).await;
        assert_eq!(bench.load(&key).await, stored(written, value));
        version = Some(written);
    }
}

pub(super) async fn the_longest_value_is_kept_and_a_longer_one_refused(bench: Bench) {
    let key = bench.key("customer");
    let longer = vec![b'x'; VALUE_BYTES_MAX + 1];
    assert!(bench.try_put(&key, None, &longer).await.is_err());
    assert_eq!(bench.load(&key).await, None);
    let longest = &longer[..VALUE_BYTES_MAX];
    let version = bench.put(&key, None, longest).await;
    assert!(bench.load(&key).await.unwrap().value == longest);
    assert!(bench.try_put(&key, Some(version), &longer).await.is_err());
    assert_eq!(bench.load(&key).await.unwrap().version, version);
    // The refused one takes no others along.
    let others = ["a", "b"].map(|id| replacement(&bench.key(id), None, b"1"));
    let [a, b] = others;
    let items = vec![a, replacement(&bench.key("long"), None, &longer), b];
    let mut answers = bench.store.replace_many(items, Durability::Synced).await.into_iter();
    let first = done(answers.next().unwrap());
    assert!(answers.next().unwrap().is_err());
    let last = done(answers.next().unwrap());
    assert_eq!(bench.load(&bench.key("a")).await, stored(first, b"1"));
    assert_eq!(bench.load(&bench.key("long")).await, None);
    assert_eq!(bench.load(&bench.key("b")).await, stored(last, b"1"));
}

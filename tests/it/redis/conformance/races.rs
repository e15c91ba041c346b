//! Many at once.

use std::time::Duration;

use courtesy::store::Durability;
use courtesy::store::Replaced;
use courtesy::store::Version;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Bench;
use super::replacement;

const WRITERS: usize = 16;

pub(super) async fn one_of_many_writers_wins(bench: Bench) {
    let key = bench.key("customer");
    let mut version: Option<Version> = None;
    for _ in 0..20 {
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (bench, key) = (bench.clone(), key.clone());
            writers.spawn(async move {
                let value = writer.to_string();
                (value.clone(), bench.try_put(&key, version, value.as_bytes()).await.unwrap())
            });
        }
        let (mut winners, mut losers) = (Vec::new(), Vec::new());
        for (value, replaced) in writers.join_all().await {
            match replaced {
                Replaced::Done(version) => winners.push((version, value)),
                Replaced::Changed(there) => losers.push(there.unwrap()),
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        let (won, value) = winners.remove(0);
        // There was only one newer value for the others to see.
        for there in losers.into_iter().chain([bench.load(&key).await.unwrap()]) {
            assert_eq!((there.version, &there.value[..]), (won, value.as_bytes()));
        }
        version = Some(won);
    }
}

pub(super) async fn no_increment_is_lost(bench: Bench) {
    const EACH: u64 = 25;
    let key = bench.key("counter");
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (bench, key) = (bench.clone(), key.clone());
        writers.spawn(async move {
            let mut there = bench.load(&key).await;
            for _ in 0..EACH {
                loop {
                    let (version, count) = match &there {
                        None => (None, 0),
                        Some(it) => (Some(it.version), number(&it.value)),
                    };
                    let text = (count + 1).to_string();
                    match bench.try_put(&key, version, text.as_bytes()).await.unwrap() {
                        Replaced::Changed(newer) => there = newer,
                        Replaced::Done(_) => {
                            there = bench.load(&key).await;
                            break;
                        }
                    }
                }
            }
        });
    }
    writers.join_all().await;
    let there = bench.load(&key).await.unwrap();
    let all = EACH * u64::try_from(WRITERS).unwrap();
    assert_eq!(number(&there.value), all);
}

fn number(bytes: &[u8]) -> u64 {
    std::str::from_utf8(bytes).unwrap().parse().unwrap()
}

pub(super) async fn a_caller_who_goes_away_leaves_all_or_nothing(bench: Bench) {
    let old = vec![b'o'; 100_000];
    let new = vec![b'n'; 100_000];
    for index in 0..40 {
        let key = bench.key(&format!("customer-{index}"));
        let version = bench.put(&key, None, &old).await;
        let item = replacement(&key, Some(version), &new);
        let write = bench.store.replace(item, Durability::Buffered);
        let patience = Duration::from_micros(index * 20);
        let answer = timeout(patience, write).await;
        let there = bench.load(&key).await.unwrap();
        let is_new = there.value == new;
        assert!(is_new || there.value == old);
        if let Ok(answer) = answer {
            assert_eq!(answer.unwrap(), Replaced::Done(there.version));
            assert!(is_new);
        }
        // Whatever became of it, the next writer finds a key that works. The write may still
        // happen.
        loop {
            let there = bench.load(&key).await.unwrap();
            let last = bench.try_put(&key, Some(there.version), b"last").await.unwrap();
            if let Replaced::Done(version) = last {
                assert!(bench.store.remove(&key, version, Durability::Buffered).await.unwrap());
                break;
            }
        }
    }
}

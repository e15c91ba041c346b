//! What every store promises of its agenda.

use std::collections::BTreeSet;

use courtesy::model::Instant;
use courtesy::model::agenda::Entry;
use courtesy::model::agenda::List;
use courtesy::store::Ask;
use courtesy::store::Durability;
use courtesy::store::Found;

use super::Bench;
use super::changed;
use super::done;
use super::replacement;
use super::tenant;

/// Whether a store's agenda keeps every promise.
pub(super) async fn conforms(bench: impl Fn() -> Bench) {
    entries_are_read_in_the_order_of_their_times(bench()).await;
    an_entry_that_is_put_again_has_the_new_time(bench()).await;
    what_is_put_at_the_end_is_behind_all_that_was_read(bench()).await;
    an_entry_is_lent_once(bench()).await;
    lists_and_tenants_are_apart(bench()).await;
    a_write_that_is_done_has_its_entries_and_another_none(bench()).await;
    many_writers_at_the_end_are_all_read(bench()).await;
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(1_764_000_000_000 + millis)
}

impl Bench {
    fn entry(&self, list: List, customer: &str, due: i64) -> Entry {
        let (tenant, customer) = (self.tenant.clone(), Box::from(customer));
        Entry { list, tenant, customer, item: 7, due: at(due) }
    }

    async fn put_in(&self, entries: &[Entry]) {
        self.store.agenda().put(entries, Durability::Replicated).await.unwrap();
    }

    /// Everything in a list, read in pages of a size.
    async fn pages(&self, list: List, limit: usize) -> Vec<Entry> {
        let mut after = vec![Instant::from_millis(0); self.store.agenda().buckets()];
        let mut all = Vec::new();
        loop {
            let found = self.read(list, &after, limit).await;
            for it in &found {
                after[it.bucket] = after[it.bucket].max(it.entry.due);
            }
            if found.is_empty() {
                return all;
            }
            all.extend(found.into_iter().map(|it| it.entry));
        }
    }

    async fn read(&self, list: List, after: &[Instant], limit: usize) -> Vec<Found> {
        let (tenant, until) = (&self.tenant, at(1_000_000));
        self.store.agenda().read(Ask { list, tenant, after, until, limit }).await.unwrap()
    }

    async fn all(&self, list: List) -> Vec<Entry> {
        let found = self.read(list, &[], 10_000).await;
        found.into_iter().map(|it| it.entry).collect()
    }
}

async fn entries_are_read_in_the_order_of_their_times(bench: Bench) {
    let mut entries: Vec<Entry> = (0..200_i64)
        .map(|number| bench.entry(List::Waiting, &format!("c-{number}"), number * 37 % 50))
        .collect();
    bench.put_in(&entries).await;
    for limit in [1, 7, 1_000] {
        let mut found = bench.pages(List::Waiting, limit).await;
        assert!(limit < 1_000 || found.is_sorted_by_key(|it| it.due));
        found.sort();
        entries.sort();
        assert_eq!(found, entries, "pages of {limit}");
    }
    let count = bench.store.agenda().count(List::Waiting, &bench.tenant, at(24)).await;
    assert_eq!(count.unwrap(), 100, "two in each millisecond up to it would be half");
    let (early, late): (Vec<Entry>, Vec<Entry>) =
        entries.iter().cloned().partition(|it| it.due <= at(24));
    assert_eq!(early.len(), 100);
    bench.store.agenda().clear(List::Waiting, &bench.tenant, at(24)).await.unwrap();
    let mut left = bench.all(List::Waiting).await;
    left.sort();
    assert_eq!(left, late);
    bench.store.agenda().take_out(&late).await.unwrap();
    assert_eq!(bench.all(List::Waiting).await, []);
}

async fn an_entry_that_is_put_again_has_the_new_time(bench: Bench) {
    let first = bench.entry(List::Unclear, "ada", 5);
    let other = Entry { item: 8, ..first.clone() };
    let later = Entry { due: at(9), ..first.clone() };
    bench.put_in(&[first, other.clone()]).await;
    bench.put_in(std::slice::from_ref(&later)).await;
    assert_eq!(bench.all(List::Unclear).await, [other.clone(), later.clone()]);
    // It is taken out whatever its time.
    bench.store.agenda().take_out(&[Entry { due: at(1), ..later }]).await.unwrap();
    assert_eq!(bench.all(List::Unclear).await, [other]);
}

async fn what_is_put_at_the_end_is_behind_all_that_was_read(bench: Bench) {
    let mut after = vec![Instant::from_millis(0); bench.store.agenda().buckets()];
    for round in 0..5 {
        // The clock of this one is slow.
        let entry = bench.entry(List::Changes, "ada", 100 - round);
        bench.put_in(&[entry]).await;
        let found = bench.read(List::Changes, &after, 10).await;
        assert_eq!(found.len(), 1, "round {round}: there once, and behind what was read");
        after[found[0].bucket] = found[0].entry.due;
    }
    let times: BTreeSet<Instant> = {
        let entries: Vec<Entry> =
            (0..50).map(|it| bench.entry(List::Changes, &format!("c-{it}"), 3)).collect();
        bench.put_in(&entries).await;
        bench.all(List::Changes).await.into_iter().map(|it| it.due).collect()
    };
    assert!(!times.is_empty());
    assert_eq!(bench.all(List::Changes).await.len(), 51);
}

async fn an_entry_is_lent_once(bench: Bench) {
    let entries: Vec<Entry> =
        (0..20).map(|it| bench.entry(List::Untold, &format!("c-{it}"), it)).collect();
    bench.put_in(&entries).await;
    let claim = async |until: i64, lease: i64| {
        let tenant = &bench.tenant;
        let ask = Ask { list: List::Untold, tenant, after: &[], until: at(until), limit: 100 };
        bench.store.agenda().claim(ask, at(lease)).await.unwrap()
    };
    let claimed = claim(9, 500).await;
    assert_eq!(claimed.len(), 10);
    assert_eq!(claimed[0].entry, entries[0], "with the time that it had");
    assert_eq!(claim(9, 500).await, []);
    assert_eq!(claim(499, 600).await.len(), 10, "those that were not claimed yet");
    assert_eq!(claim(550, 700).await.len(), 10, "a lease that was lost");
}

async fn lists_and_tenants_are_apart(bench: Bench) {
    let other = Bench { tenant: tenant(), ..bench.clone() };
    bench
        .put_in(&[bench.entry(List::Unclear, "ada", 1), bench.entry(List::Waiting, "ada", 2)])
        .await;
    other.put_in(&[other.entry(List::Unclear, "ada\u{1f600}: *", 3)]).await;
    assert_eq!(bench.all(List::Unclear).await, [bench.entry(List::Unclear, "ada", 1)]);
    assert_eq!(bench.all(List::Waiting).await, [bench.entry(List::Waiting, "ada", 2)]);
    assert_eq!(other.all(List::Unclear).await, [other.entry(List::Unclear, "ada\u{1f600}: *", 3)]);
    bench.store.agenda().clear(List::Unclear, &bench.tenant, at(100)).await.unwrap();
    assert_eq!(other.all(List::Unclear).await.len(), 1);
    assert_eq!(bench.all(List::Waiting).await.len(), 1);
}

async fn a_write_that_is_done_has_its_entries_and_another_none(bench: Bench) {
    let (ada, bob) = (bench.key("ada"), bench.key("bob"));
    let entry = |id: &str| bench.entry(List::Unclear, id, 1);
    let write = async |it, customer: &str| {
        let entries = [entry(customer)];
        bench.store.replace_and_put(it, &entries, Durability::Replicated).await
    };
    let version = done(write(replacement(&ada, None, b"1"), "ada").await);
    changed(write(replacement(&ada, None, b"2"), "late").await);
    assert_eq!(bench.all(List::Unclear).await, [entry("ada")]);
    let replacements = vec![replacement(&ada, None, b"3"), replacement(&bob, None, b"1")];
    let entries = vec![vec![entry("late")], vec![entry("bob")]];
    let both = (replacements, entries);
    let mut replaced = bench.store.replace_many_and_put(both, Durability::Replicated).await;
    done(replaced.pop().unwrap());
    assert_eq!(changed(replaced.pop().unwrap()).unwrap().version, version);
    let found = bench.all(List::Unclear).await;
    let found: BTreeSet<String> = found.iter().map(|it| it.customer.to_string()).collect();
    assert_eq!(found, ["ada", "bob"].map(String::from).into());
}

/// A reader that follows the end of a list misses no entry, however many write there.
async fn many_writers_at_the_end_are_all_read(bench: Bench) {
    let writers = (0..8).map(|writer| {
        let bench = bench.clone();
        tokio::spawn(async move {
            for number in 0..25 {
                let id = format!("{writer}-{number}");
                bench.put_in(&[bench.entry(List::Changes, &id, 25 - number)]).await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut after = vec![Instant::from_millis(0); bench.store.agenda().buckets()];
    let mut seen = BTreeSet::new();
    loop {
        let is_over = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let found = bench.read(List::Changes, &after, 10).await;
        for it in &found {
            after[it.bucket] = after[it.bucket].max(it.entry.due);
            seen.insert(it.entry.customer.to_string());
        }
        if found.is_empty() && is_over {
            break;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), 200);
}

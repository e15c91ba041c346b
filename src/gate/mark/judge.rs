//! Judges a store by its marks. Pure.

use std::collections::BTreeSet;

use super::FORMAT;
use super::Marks;
use crate::codec::mark::Known;
use crate::codec::mark::Mark;
use crate::store::Evictions;
use crate::store::Losses;

/// The conclusion from the marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The store holds what it should.
    Sound,
    /// The store has no mark yet.
    Unmarked,
    /// The store has lost something.
    Lost {
        /// The loss, in words.
        why: String,
        /// The parts in which the loss is noted for instances that start later: those that have
        /// lost something, so that restoring them removes the note.
        parts: Vec<u32>,
    },
    /// A version of courtesy that is newer must run on it.
    Newer(u32),
    /// A copy into it was broken off, or is in progress.
    Copying,
}

const EMPTY: &str = "it holds nothing of this installation any more: it was emptied, or another is \
                     in its place";
const SHARD: &str = "one of its parts holds nothing any more: a shard was emptied";
const STRANGE: &str = "it belongs to another installation: another store is in its place";
const OLDER: &str = "it is older than what was acknowledged: an older copy was restored, or it was \
                     started without its log";

/// Compares what was found with what is known.
pub(super) fn judge(known: &Known, marks: &Marks, losses: &Losses) -> Verdict {
    let found: Vec<&Mark> = marks.values().flatten().map(|(mark, _)| mark).collect();
    let newest = found.iter().map(|mark| mark.store_format).max().unwrap_or_default();
    if newest > FORMAT {
        return Verdict::Newer(newest);
    }
    if found.iter().any(|mark| mark.copying) {
        return Verdict::Copying;
    }
    if let Some(why) = &losses.gone {
        return Verdict::Lost { why: why.clone(), parts: Vec::new() };
    }
    let lost = |why: &str, parts| Verdict::Lost { why: why.to_owned(), parts };
    let Some(first) = found.first() else {
        return match known.settled.is_empty() {
            true => unmarked(losses),
            false => lost(EMPTY, known.settled.keys().copied().collect()),
        };
    };
    let own = if known.settled.is_empty() { first.installation } else { known.installation };
    if found.iter().any(|mark| mark.installation != own) {
        return lost(STRANGE, Vec::new());
    }
    if let Some(mark) = found.iter().find(|mark| !mark.lost.is_empty()) {
        return lost(&mark.lost, Vec::new());
    }
    let rosters = found.iter().flat_map(|mark| &mark.parts);
    let parts: BTreeSet<u32> = known.settled.keys().chain(rosters).copied().collect();
    let (mut older, mut empty) = (Vec::new(), Vec::new());
    for part in parts {
        match marks.get(&part) {
            Some(Some((mark, _))) if is_older(known, part, mark) => older.push(part),
            Some(None) => empty.push(part),
            // The part is as it should be, or could not be asked.
            Some(Some(_)) | None => {}
        }
    }
    match (older.is_empty(), empty.is_empty()) {
        (false, _) => lost(OLDER, older),
        (true, false) => lost(SHARD, empty),
        (true, true) => {
            let all: Vec<u32> = marks.keys().copied().collect();
            evicted(&found, &losses.evictions, &all).unwrap_or(Verdict::Sound)
        }
    }
}

/// Whether a part lacks what is known to have been acknowledged.
fn is_older(known: &Known, part: u32, mark: &Mark) -> bool {
    let settled = known.settled.get(&part).copied().unwrap_or_default();
    let raises = known.raises.get(&part);
    mark.counter < settled || raises.is_some_and(|known| mark.raises.lack(known))
}

/// The parts that another instance has found to be older copies, and in which this one misses
/// nothing. It may have raised the counter of such a copy, and would miss that raise when the newer
/// one is restored.
pub(super) fn known_of_copies(known: &Known, marks: &Marks) -> Vec<u32> {
    let found = marks.iter().filter_map(|(part, found)| Some((*part, &found.as_ref()?.0)));
    let copies = found.filter(|(part, mark)| mark.lost == OLDER && !is_older(known, *part, mark));
    copies.map(|(part, _)| part).collect()
}

/// A store without a mark, which gets none while it evicts keys.
fn unmarked(losses: &Losses) -> Verdict {
    let mut policies = losses.evictions.iter().filter_map(policy);
    let why = policies.next();
    why.map_or(Verdict::Unmarked, |why| Verdict::Lost { why, parts: Vec::new() })
}

fn evicted(found: &[&Mark], evictions: &[Evictions], all: &[u32]) -> Option<Verdict> {
    let accepted = |run: &str| found.iter().filter_map(|mark| mark.evicted.get(run)).max().copied();
    for it in evictions {
        if it.keys > accepted(&it.run).unwrap_or_default() {
            let why =
                format!("{} has evicted {} keys, since its memory was full", it.server, it.keys);
            return Some(Verdict::Lost { why, parts: all.to_vec() });
        }
        // The server's setting is not a loss yet, and nothing is noted that would outlast it.
        let is_accepted = accepted(&policy_name(it)).is_some();
        if let Some(why) = policy(it).filter(|_| !is_accepted) {
            return Some(Verdict::Lost { why, parts: Vec::new() });
        }
    }
    None
}

fn policy(evictions: &Evictions) -> Option<String> {
    let policy = evictions.policy.as_ref()?;
    Some(format!(
        "{} evicts keys when its memory is full: its `maxmemory-policy` is `{policy}`; set it \
         to `noeviction`",
        evictions.server
    ))
}

/// Under which name it is noted that a policy was accepted. No run is named so.
pub(super) fn policy_name(evictions: &Evictions) -> String {
    format!("policy {}", evictions.policy.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::store::Version;

    const OWN: [u8; 16] = [1; 16];

    fn mark(counter: u64, parts: &[u32]) -> Mark {
        let parts = parts.iter().copied().collect();
        Mark {
            installation: OWN,
            counter,
            settled: counter,
            store_format: 1,
            parts,
            ..Mark::default()
        }
    }

    fn known(settled: &[(u32, u64)]) -> Known {
        let settled = settled.iter().copied().collect();
        Known { installation: OWN, settled, store_format: 1, ..Known::default() }
    }

    fn marks(found: &[(u32, Option<Mark>)]) -> Marks {
        let version = Version { incarnation: 1, counter: 1 };
        found.iter().map(|(part, mark)| (*part, mark.clone().map(|it| (it, version)))).collect()
    }

    fn why(known: &Known, found: &[(u32, Option<Mark>)]) -> Option<String> {
        match judge(known, &marks(found), &Losses::default()) {
            Verdict::Lost { why, .. } => Some(why),
            Verdict::Sound | Verdict::Unmarked | Verdict::Newer(_) | Verdict::Copying => None,
        }
    }

    #[test]
    fn a_store_that_is_known_and_holds_no_mark_was_emptied() {
        assert_eq!(why(&known(&[(0, 3)]), &[(0, None)]).unwrap(), EMPTY);
        let unmarked = judge(&Known::default(), &marks(&[(0, None)]), &Losses::default());
        assert_eq!(unmarked, Verdict::Unmarked);
    }

    #[test]
    fn only_a_counter_that_was_acknowledged_must_come_back() {
        assert_eq!(why(&known(&[(0, 3)]), &[(0, Some(mark(2, &[0])))]).unwrap(), OLDER);
        assert_eq!(why(&known(&[(0, 3)]), &[(0, Some(mark(3, &[0])))]), None);
    }

    #[test]
    fn another_installation_is_another_store() {
        let other = Mark { installation: [2; 16], ..mark(9, &[0]) };
        assert_eq!(why(&known(&[(0, 3)]), &[(0, Some(other))]).unwrap(), STRANGE);
    }

    #[test]
    fn a_shard_is_missed_that_another_names() {
        let found = [(0, Some(mark(3, &[0, 4]))), (4, None)];
        let verdict = judge(&Known::default(), &marks(&found), &Losses::default());
        // The loss is noted there alone, and the note is gone when the shard is as it was.
        assert_eq!(verdict, Verdict::Lost { why: SHARD.to_owned(), parts: vec![4] });
        // One that is away cannot be asked.
        assert_eq!(why(&Known::default(), &[(0, Some(mark(3, &[0, 4])))]), None);
        let grown = [(0, Some(mark(3, &[0]))), (4, None)];
        assert_eq!(why(&Known::default(), &grown), None);
    }

    #[test]
    fn what_was_noted_as_lost_stays_lost() {
        let lost = Mark { lost: "all".to_owned(), ..mark(3, &[0]) };
        assert_eq!(why(&Known::default(), &[(0, Some(lost))]).unwrap(), "all");
    }

    #[test]
    fn what_is_known_of_an_older_copy_is_told_from_what_it_lacks() {
        let copy = [(0, Some(Mark { lost: OLDER.to_owned(), ..mark(3, &[0]) }))];
        assert_eq!(known_of_copies(&known(&[(0, 3)]), &marks(&copy)), [0]);
        assert!(known_of_copies(&known(&[(0, 4)]), &marks(&copy)).is_empty());
        let other = [(0, Some(Mark { lost: SHARD.to_owned(), ..mark(3, &[0]) }))];
        assert!(known_of_copies(&known(&[(0, 3)]), &marks(&other)).is_empty());
    }

    #[test]
    fn keys_that_were_thrown_away_are_missed_until_that_is_accepted() {
        let evictions = |keys, policy: Option<&str>| Losses {
            evictions: vec![Evictions {
                server: "one".to_owned(),
                run: "r".to_owned(),
                keys,
                policy: policy.map(str::to_owned),
            }],
            ..Losses::default()
        };
        let found = |evicted: &[(&str, u64)]| {
            let evicted: BTreeMap<String, u64> =
                evicted.iter().map(|(run, keys)| ((*run).to_owned(), *keys)).collect();
            marks(&[(0, Some(Mark { evicted, ..mark(3, &[0]) }))])
        };
        let is_sound = |found: &Marks, losses: &Losses| {
            judge(&Known::default(), found, losses) == Verdict::Sound
        };
        assert!(is_sound(&found(&[]), &evictions(0, None)));
        assert!(!is_sound(&found(&[]), &evictions(1, None)));
        assert!(is_sound(&found(&[("r", 1)]), &evictions(1, None)));
        assert!(!is_sound(&found(&[("r", 1)]), &evictions(2, None)));
        assert!(is_sound(&found(&[("s", 9)]), &evictions(0, None)));
        assert!(!is_sound(&found(&[]), &evictions(0, Some("allkeys-lru"))));
        assert!(is_sound(&found(&[("policy allkeys-lru", 0)]), &evictions(0, Some("allkeys-lru"))));
    }

    #[test]
    fn a_newer_store_and_a_half_copied_one_are_not_used() {
        let newer = Mark { store_format: FORMAT + 1, ..mark(3, &[0]) };
        let found = marks(&[(0, Some(newer))]);
        let verdict = judge(&Known::default(), &found, &Losses::default());
        assert_eq!(verdict, Verdict::Newer(FORMAT + 1));
        let half = marks(&[(0, Some(Mark { copying: true, ..mark(3, &[0]) }))]);
        assert_eq!(judge(&Known::default(), &half, &Losses::default()), Verdict::Copying);
    }
}

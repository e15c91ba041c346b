//! The protocol between a record, which one compare-and-set changes, and the agenda, which lives
//! elsewhere: every order of the steps is explored, of two callers with a thing of one customer
//! each, and of two who work on what is due. Each may stop at any step, leases may end at any time,
//! and a caller who stopped repeats the request.
//!
//! In every state: a thing that was acknowledged and is not settled is found by the agenda. The
//! protocol that the stores keep holds; each variant of it that is broken is found to be.

#![expect(
    clippy::indexing_slicing,
    clippy::struct_excessive_bools,
    reason = "a model is a table of few places, and a variant of it a row of switches"
)]

use std::collections::BTreeSet;
use std::collections::VecDeque;

const THINGS: usize = 2;
/// Beyond so many changes of the record nothing new comes.
const CHANGES_MAX: u8 = 6;

/// How a variant keeps the agenda.
#[derive(Clone, Copy, Debug)]
struct Variant {
    /// An entry for each thing, or one for the customer.
    per_thing: bool,
    /// The record is written before the entry.
    record_first: bool,
    /// A repeated request puts the entry again.
    puts_again: bool,
    /// An entry is taken out by a worker that has seen the record settle it, or by any that has
    /// worked on it.
    looks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Absent,
    Due,
    Settled,
}

/// A caller who brings a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Begins,
    HalfDone,
    Stopped,
    Acknowledged,
}

/// An instance that works on what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worker {
    Idle,
    /// Has been lent an entry.
    Lent(usize),
    /// Has read the record, in a version.
    Read(usize, [Thing; THINGS], u8),
    /// Has settled a thing.
    Settled(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    record: [Thing; THINGS],
    version: u8,
    entries: [bool; THINGS],
    callers: [Caller; THINGS],
    workers: [Worker; 2],
}

impl Variant {
    const KEPT: Self = Self { per_thing: true, record_first: true, puts_again: true, looks: true };

    const fn entry(self, thing: usize) -> usize {
        if self.per_thing { thing } else { 0 }
    }

    /// How many states there are, and one in which something is lost.
    fn explore(self) -> (usize, Option<State>) {
        let start = State {
            record: [Thing::Absent; THINGS],
            version: 0,
            entries: [false; THINGS],
            callers: [Caller::Begins; THINGS],
            workers: [Worker::Idle; 2],
        };
        let mut seen = BTreeSet::from([start]);
        let mut next = VecDeque::from([start]);
        while let Some(state) = next.pop_front() {
            let is_lost = |thing: usize| {
                state.record[thing] == Thing::Due
                    && state.callers[thing] == Caller::Acknowledged
                    && !state.entries[self.entry(thing)]
            };
            if (0..THINGS).any(is_lost) {
                return (seen.len(), Some(state));
            }
            let mut after = Vec::new();
            (0..THINGS).for_each(|thing| self.call(state, thing, &mut after));
            (0..2).for_each(|worker| self.work(state, worker, &mut after));
            for state in after {
                if state.version < CHANGES_MAX && seen.insert(state) {
                    next.push_back(state);
                }
            }
        }
        (seen.len(), None)
    }

    /// The steps of a caller.
    fn call(self, state: State, thing: usize, after: &mut Vec<State>) {
        let to = |mut state: State, caller: Caller| {
            state.callers[thing] = caller;
            state
        };
        let record = |mut state: State| {
            // A request that is known already changes nothing.
            if state.record[thing] == Thing::Absent {
                state.record[thing] = Thing::Due;
                state.version += 1;
            }
            state
        };
        let put = |mut state: State| {
            state.entries[self.entry(thing)] = true;
            state
        };
        match state.callers[thing] {
            Caller::Begins | Caller::Stopped => {
                let is_known = state.record[thing] != Thing::Absent;
                if is_known && !self.puts_again {
                    after.push(to(state, Caller::Acknowledged));
                } else if self.record_first {
                    after.push(to(record(state), Caller::HalfDone));
                } else {
                    after.push(to(put(state), Caller::HalfDone));
                }
            }
            Caller::HalfDone => {
                let done = if self.record_first { put(state) } else { record(state) };
                after.push(to(done, Caller::Acknowledged));
                after.push(to(state, Caller::Stopped));
            }
            Caller::Acknowledged => {}
        }
    }

    /// The steps of a worker.
    fn work(self, state: State, worker: usize, after: &mut Vec<State>) {
        let to = |mut state: State, now: Worker| {
            state.workers[worker] = now;
            state
        };
        let take_out = |mut state: State, entry: usize| {
            state.entries[entry] = false;
            to(state, Worker::Idle)
        };
        if state.workers[worker] != Worker::Idle {
            after.push(to(state, Worker::Idle));
        }
        match state.workers[worker] {
            Worker::Idle => {
                let there = (0..THINGS).filter(|entry| state.entries[*entry]);
                after.extend(there.map(|entry| to(state, Worker::Lent(entry))));
            }
            Worker::Lent(entry) => {
                after.push(to(state, Worker::Read(entry, state.record, state.version)));
            }
            Worker::Read(entry, saw, version) => {
                let its = |thing: &usize| self.entry(*thing) == entry;
                let due: Vec<usize> =
                    (0..THINGS).filter(its).filter(|it| saw[*it] == Thing::Due).collect();
                if due.is_empty() {
                    after.push(take_out(state, entry));
                }
                for thing in due.into_iter().filter(|_| version == state.version) {
                    let mut settled = state;
                    settled.record[thing] = Thing::Settled;
                    settled.version += 1;
                    after.push(to(settled, Worker::Settled(entry)));
                }
            }
            // Who has settled a thing has seen nothing of the customer's others.
            Worker::Settled(entry) if self.per_thing || !self.looks => {
                after.push(take_out(state, entry));
            }
            Worker::Settled(_) => {}
        }
    }
}

#[test]
fn what_the_stores_do_loses_nothing() {
    let (states, lost) = Variant::KEPT.explore();
    assert_eq!(lost, None);
    assert!(states > 1_000, "{states} states are not all there are");
}

#[test]
fn every_broken_variant_is_found_broken() {
    let kept = Variant::KEPT;
    let broken = [
        Variant { record_first: false, ..kept },
        Variant { puts_again: false, ..kept },
        Variant { per_thing: false, looks: false, ..kept },
        Variant { per_thing: false, record_first: false, ..kept },
        Variant { per_thing: false, record_first: false, looks: false, ..kept },
        Variant { per_thing: false, puts_again: false, ..kept },
    ];
    for variant in broken {
        let (states, lost) = variant.explore();
        assert!(lost.is_some(), "{variant:?} holds over {states} states");
    }
}

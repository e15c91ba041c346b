//! Redis breaks while many callers speak to many instances: nothing that was acknowledged is lost,
//! no budget is exceeded, no request is granted twice, and decisions go on by themselves.
//!
//! Each round breaks something of a cluster of three primaries with a replica each, mends it, and
//! compares what is on record with what callers were told. More than the usual rounds:
//! `COURTESY_FAULTS=300 cargo test --test it redis::faults -- --nocapture`. The seed of a run is
//! printed; `COURTESY_SEED` repeats its choices, not its timing.

#![expect(clippy::print_stderr, reason = "a run tells its seed and what it measured")]

mod fault;
mod installation;
mod ledger;
mod load;
mod order;
mod overrun;
mod verify;
mod watch;

use std::time::Duration;

use self::fault::Kind;
use self::installation::Installation;
use self::load::Load;
use self::verify::Findings;
use self::watch::Watch;
use crate::dice::Dice;

/// How many faults are enough for every day: each kind twice.
const FAULTS: usize = 2 * Kind::ALL.len();
/// After so many, another cluster takes their place.
const FAULTS_EACH: usize = 30;
/// How many are erased before a shard is emptied: a third of what is left of them is on it.
const ERASED_MIN: usize = 60;
/// How often the control arm is cut off, until it loses something.
const CUTS: usize = 20;
/// How long a node may be silent before others take its place.
const NODE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long it may take beyond that until decisions go on.
const MORE: Duration = Duration::from_secs(4);

fn dice(what: &str) -> Dice {
    let seed = std::env::var("COURTESY_SEED").map_or_else(
        |_unset| {
            let hasher = std::collections::hash_map::RandomState::new();
            std::hash::BuildHasher::hash_one(&hasher, what) % 1_000_000
        },
        |seed| seed.parse().unwrap(),
    );
    eprintln!("{what}: COURTESY_SEED={seed}");
    Dice::new(seed)
}

/// Breaks something under load, mends it, and looks at what is left.
fn round(bed: &mut Installation, name: &str, kind: Kind, dice: &mut Dice) -> Findings {
    let load = Load::start(bed, name, dice);
    let watch = Watch::start(bed, load.clock());
    load.run_for(Duration::from_millis(300 + dice.below(300) as u64));
    let shard = dice.below(3);
    if kind == Kind::Emptied {
        load.hold(bed);
    }
    let struck = kind.strike(bed, shard, load.clock());
    bed.cluster.wait_until_ok();
    load.release();
    load.run_until_well(bed);
    let (ledger, health) = (load.stop(), watch.stop());
    Findings::of(bed, ledger, &health, &struck)
}

#[test]
fn what_is_acknowledged_survives_every_fault() {
    let mut dice = dice("faults of Redis");
    let faults = std::env::var("COURTESY_FAULTS").map_or(FAULTS, |count| count.parse().unwrap());
    let mut all = Findings::default();
    let mut done = 0;
    while done < faults {
        let mut bed = Installation::start("replicated", NODE_TIMEOUT);
        for number in done..faults.min(done + FAULTS_EACH) {
            // Each kind comes in its turn, so that none is left out.
            let kind = Kind::ALL[number % Kind::ALL.len()];
            let name = format!("r{number}");
            let findings = round(&mut bed, &name, kind, &mut dice);
            eprintln!("{name} {kind:?}: {findings}");
            findings.assert_kept(kind);
            all.add(findings);
        }
        done = (done + FAULTS_EACH).min(faults);
    }
    eprintln!("all {faults}: {all}");
    all.assert_enough(faults);
}

/// The same without waiting for replicas loses what it acknowledges: so the test above can see a
/// loss.
#[test]
fn what_is_not_replicated_is_lost_in_a_cut() {
    let mut dice = dice("faults of Redis, not replicated");
    let mut bed = Installation::start("synced", NODE_TIMEOUT);
    let mut all = Findings::default();
    for number in 0..CUTS {
        let findings = round(&mut bed, &format!("c{number}"), Kind::Strand, &mut dice);
        eprintln!("c{number}: {findings}");
        all.add(findings);
        if all.lost() > 0 && number >= 1 {
            break;
        }
    }
    eprintln!("not replicated: {all}");
    assert!(all.lost() > 0, "nothing was lost in {CUTS} cuts: {all}");
}

/// A shard that comes back empty and is accepted has lost what was acknowledged, also what was left
/// of customers who were erased: so the test above can see both.
#[test]
fn what_was_on_an_emptied_shard_is_lost_when_that_is_accepted() {
    let mut dice = dice("faults of Redis, emptied");
    let mut bed = Installation::start("replicated", NODE_TIMEOUT);
    let load = Load::start(&bed, "e", &mut dice);
    load.run_until_well(&bed);
    load.run_until_erased(ERASED_MIN);
    load.hold(&bed);
    let key = bed.probes[0].1.clone();
    let (primary, replica) = (bed.cluster.primary_of(&key), bed.cluster.replica_of(&key));
    fault::empty(&mut bed, primary, replica);
    bed.cluster.wait_until_ok();
    installation::accept(&bed.instances[0]);
    load.release();
    let (ledger, ..) = load.stop();
    let [kept, erased] = verify::lost(&bed, &ledger);
    let all = ledger.opted_out.len();
    eprintln!("emptied and accepted: {kept} of {all} opt-outs lost, and {erased} of the erased");
    assert!(kept > 0 && erased > 0);
}

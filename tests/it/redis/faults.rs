//! Redis breaks while many callers speak to many instances: nothing that was acknowledged is lost,
//! no budget is exceeded, no request is granted twice, and decisions go on by themselves.
//!
//! Each round breaks something of a cluster of three primaries with a replica each, of a server
//! that Sentinels watch, or of one alone, mends it, and compares what is on record with what
//! callers were told. More than the usual rounds, of which the two others get a third each:
//! `COURTESY_FAULTS=300 cargo test --test it redis::faults -- --nocapture`. `COURTESY_FAULT_KINDS`
//! names the kinds that there are to be (`older copy,evicting`), as a run prints them. The seed of
//! a run is printed; `COURTESY_SEED` repeats its choices, not its timing.

#![expect(clippy::print_stderr, reason = "a run tells its seed and what it measured")]

mod fault;
mod installation;
mod ledger;
mod load;
mod loss;
mod order;
mod overrun;
mod servers;
mod verify;
mod watch;

use std::collections::BTreeMap;
use std::time::Duration;

use self::fault::Kind;
use self::installation::Installation;
use self::load::Load;
use self::loss::Loss;
use self::servers::Servers;
use self::verify::Findings;
use self::watch::Watch;
use crate::dice::Dice;
use crate::wait::until_ok;

/// After so many, another cluster takes their place.
const FAULTS_EACH: usize = 30;
/// How many are erased before a shard loses something: a third of what is left of them is on it.
const ERASED_MIN: usize = 40;
/// How many faults of servers that are no cluster are enough for every day, and for how many of a
/// cluster's there is one of them otherwise.
const OTHERS: usize = 3;
/// How often the control arm is cut off, until it loses something.
const CUTS: usize = 20;
/// How long a node may be silent before others take its place.
const NODE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long it may take beyond that until decisions go on.
const MORE: Duration = Duration::from_secs(4);

/// The kinds that there are to be: all, unless the environment names some.
fn kinds() -> Vec<Kind> {
    std::env::var("COURTESY_FAULT_KINDS").map_or_else(
        |_unset| Kind::ALL.to_vec(),
        |names| names.split(',').map(Kind::named).collect(),
    )
}

/// Breaks something under load, mends it, and looks at what is left.
fn round(bed: &mut Installation, name: &str, kind: Kind, dice: &mut Dice) -> Findings {
    let given_back = watch::given_back(bed);
    let load = Load::start(bed, name, dice);
    let watch = Watch::start(bed, load.clock());
    load.run_for(Duration::from_millis(300 + dice.below(300) as u64));
    let shard = dice.below(bed.probes.len());
    if let Some(loss) = kind.loss() {
        loss.prepare(bed, shard);
        if loss.takes_something() {
            load.hold(bed);
        }
    }
    let mut struck = kind.strike(bed, shard, load.clock());
    bed.servers.wait_until_ok();
    load.release();
    load.run_until_well(bed);
    let (outcome, health) = (load.stop(), watch.stop());
    struck.given_back = watch::given_back(bed) - given_back;
    Findings::of(bed, &outcome, &health, &struck)
}

/// Lets some servers suffer so many faults, each kind in its turn, so that none is left out.
fn campaign(what: &str, faults: usize, start: impl Fn() -> Installation) -> Findings {
    let mut dice = Dice::of_this_run(what);
    let first = dice.below(Kind::ALL.len());
    let mut by_kind: BTreeMap<&str, Findings> = BTreeMap::new();
    let mut all = Findings::default();
    let mut done = 0;
    while done < faults {
        let mut bed = start();
        let mut kinds = kinds();
        kinds.retain(|kind| kind.befalls(&bed.servers));
        for number in done..faults.min(done + FAULTS_EACH) {
            let Some(kind) = kinds.get((first + number) % kinds.len().max(1)) else { break };
            let name = format!("r{number}");
            let findings = round(&mut bed, &name, *kind, &mut dice);
            eprintln!("{what}, {name} {}: {findings}", kind.name());
            findings.assert_kept(*kind);
            by_kind.entry(kind.name()).or_default().add(findings.clone());
            all.add(findings);
        }
        done = (done + FAULTS_EACH).min(faults);
    }
    if faults > Kind::ALL.len() {
        by_kind.iter().for_each(|(kind, it)| eprintln!("{what}, all of {kind}: {it}"));
    }
    eprintln!("{what}, all: {all}");
    all.assert_enough();
    all
}

/// How many faults there are to be, unless so many are enough.
fn faults(enough: usize) -> usize {
    std::env::var("COURTESY_FAULTS").map_or(enough, |count| count.parse().unwrap())
}

#[test]
fn what_is_acknowledged_survives_every_fault() {
    let kinds = kinds();
    // Each kind once is enough for every day.
    let all = campaign("cluster", faults(kinds.len()), || {
        Installation::start("replicated", NODE_TIMEOUT)
    });
    if kinds == Kind::ALL {
        all.assert_felt();
    }
}

#[test]
fn what_is_acknowledged_under_sentinels_survives_every_fault() {
    campaign("Sentinels", faults(OTHERS * OTHERS) / OTHERS, || {
        Installation::start_on(Servers::watched(), None, "replicated")
    });
}

#[test]
fn what_is_acknowledged_by_one_server_survives_every_fault() {
    campaign("one server", faults(OTHERS * OTHERS) / OTHERS, || {
        Installation::start_on(Servers::alone(), None, "replicated")
    });
}

/// The same without waiting for replicas loses what it acknowledges: so the test above can see a
/// loss.
#[test]
fn what_is_not_replicated_is_lost_in_a_cut() {
    let mut dice = Dice::of_this_run("faults of Redis, not replicated");
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

/// A shard that has lost something and is accepted has lost what was acknowledged, also what was
/// left of customers who were erased: so the test above can see both, for each way to lose it.
#[test]
fn what_a_shard_has_lost_is_lost_when_that_is_accepted() {
    let mut dice = Dice::of_this_run("faults of Redis, accepted");
    // No replica takes a primary's place, or what the one has thrown away is accepted of the other.
    let mut bed = Installation::start("replicated", 15 * NODE_TIMEOUT);
    for loss in Loss::ALL.into_iter().filter(|it| it.takes_something()) {
        let load = Load::start(&bed, &format!("{loss:?}"), &mut dice);
        load.run_until_well(&bed);
        // What is in an older copy is not lost.
        loss.prepare(&bed, 0);
        load.run_until_erased(ERASED_MIN);
        load.hold(&bed);
        let (_nodes, after) = loss.strike(&mut bed, 0);
        bed.servers.wait_until_ok();
        installation::accept(&bed.instances[0]);
        // The next round asks about a customer on this shard as well.
        until_ok(Duration::from_secs(60), "the probe opts out", || {
            installation::opt_out(&bed.instances[0], &bed.probes[0].0)
        });
        load.release();
        let ledger = load.stop().ledger;
        let [kept, erased] = verify::lost(&bed, &ledger);
        let all = ledger.opted_out.len();
        eprintln!(
            "{loss:?}, accepted: {kept} of {all} opt-outs lost, and {erased} of the erased; \
             noticed after {after:?}"
        );
        assert!(kept > 0 && erased > 0);
    }
}

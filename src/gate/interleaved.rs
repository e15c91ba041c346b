//! A model of two instances that change one customer at the same time: the record, and the remains
//! of an erasure. Every store call of an instance is a step. The steps of both are run in every
//! order with few switches, for every pair of operations and for longer programs. The gate is the
//! real one; only the order is chosen here.
//!
//! The model also finds the faults of instances that use the store with a known defect.

mod away;
mod operations;
mod store;

use std::cell::Cell;
use std::cell::RefCell;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Waker;
use std::time::Duration;

use self::operations::Done;
use self::operations::Operation;
use self::operations::scope;
use self::store::Defect;
use self::store::Stepped;
use self::store::Values;
use super::Gate;
use super::Parts;
use super::Settings;
use crate::clock::Clock;
use crate::model::Instant;
use crate::model::Record;
use crate::secret::Secret;
use crate::store::Durability;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::zone::Zones;

const EMAIL: &str = "email";
const SMS: &str = "sms";

const ALL: [Operation; 9] = [
    Operation::OptOut(EMAIL),
    Operation::OptOut(SMS),
    Operation::OptOutInBatch(EMAIL),
    Operation::OptIn(EMAIL),
    Operation::Suppress,
    Operation::Describe,
    Operation::Erase,
    Operation::Check,
    Operation::CheckInBatch,
];

/// The operations before the two programs begin.
const BEFORE: [&[Operation]; 4] = [
    &[],
    &[Operation::OptOut("push")],
    &[Operation::OptOut("push"), Operation::Erase],
    &[Operation::OptOut("push"), Operation::Erase, Operation::Describe],
];

/// Two instances, and a reader afterwards.
struct Bed {
    gates: [Gate; 3],
    runtime: tokio::runtime::Runtime,
}

/// The programs of two instances, each one operation after another.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    before: &'a [Operation],
    programs: [&'a [Operation]; 2],
    defect: Defect,
}

/// The order of steps: the instance that begins, and the number of steps before each switch.
#[derive(Clone, Debug)]
struct Order {
    first: usize,
    turns: Vec<usize>,
    /// Whether the first instance ends at its first interruption, like a process that is killed.
    dies: bool,
}

impl Bed {
    fn new() -> Self {
        let zones = Arc::new(Zones::bundled());
        let directory = tempfile::tempdir().unwrap();
        let secret = directory.path().join("secret");
        let gate = || {
            let values = Arc::new(Values::default());
            let store: Arc<dyn Store> = Arc::new(Stepped::new(&values, Defect::None));
            let parts = Parts {
                store,
                outage_journal: None,
                secret: Secret::read_or_make(&secret).unwrap(),
                zones: Arc::clone(&zones),
                clock: Clock::manual(at(0)).0,
                settings: Settings {
                    wishes: Durability::Synced,
                    reservations: Durability::Synced,
                    store_timeout: Duration::from_secs(3_600),
                    ..Settings::default()
                },
                tenants: std::collections::BTreeSet::new(),
                metrics: Metrics::new(zones.version()),
                decisions: None,
            };
            Gate::new(parts).unwrap()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { gates: [gate(), gate(), gate()], runtime }
    }

    /// Runs a case in one order. Returns what went wrong, and which turns ended before their time.
    fn run(&mut self, case: &Case<'_>, order: &Order) -> (Result<(), String>, Vec<bool>) {
        let values = Arc::new(Values::default());
        for (number, gate) in self.gates.iter_mut().enumerate() {
            let defect = if number < 2 { case.defect } else { Defect::None };
            gate.store = Arc::new(Stepped::new(&values, defect));
            gate.known_refusals.clear();
        }
        let _runtime = self.runtime.enter();
        let (step, log) = (Cell::new(0), RefCell::new(Vec::new()));
        drive(&mut pin!(run_all(&self.gates[2], case.before, 0, (&step, &log))), usize::MAX, &step);
        let [first, second, _] = &self.gates;
        let one = pin!(run_all(first, case.programs[0], 10, (&step, &log)));
        let other = pin!(run_all(second, case.programs[1], 20, (&step, &log)));
        let mut instances: [(Pin<&mut dyn Future<Output = ()>>, bool); 2] =
            [(one, false), (other, false)];
        let mut current = order.first;
        let mut ended = Vec::new();
        let last = [usize::MAX, usize::MAX];
        for (number, turn) in order.turns.iter().chain(&last).enumerate() {
            let (instance, is_done) = &mut instances[current];
            if !*is_done {
                *is_done = drive(instance, *turn, &step);
            }
            ended.push(*is_done);
            if order.dies && number == 0 {
                *is_done = true;
            }
            current = 1 - current;
        }
        let log = log.take();
        self.gates[2].known_refusals.clear();
        let found = self.gates.iter().try_for_each(|gate| self.look_back(gate, &log));
        (found, ended)
    }

    fn look_back(&self, gate: &Gate, log: &[Done]) -> Result<(), String> {
        let missing = gate.metrics.encode().map_err(|error| error.to_string())?;
        if !missing.contains("courtesy_refusals_missing_total 0\n") {
            return Err("an instance takes for lost what is not".to_owned());
        }
        let (step, seen) = (Cell::new(usize::MAX / 2), RefCell::new(Vec::new()));
        let look = run_all(gate, &[Operation::Check], 100, (&step, &seen));
        drive(&mut pin!(look), usize::MAX, &step);
        let checks = seen.into_inner();
        log.iter().chain(&checks).try_for_each(|check| stands(log, check))
    }
}

/// Whether a check sees whatever was acknowledged before it began.
fn stands(log: &[Done], check: &Done) -> Result<(), String> {
    let Some(record) = &check.read else { return Ok(()) };
    let before = log.iter().filter(|it| it.is_acknowledged && it.ended < check.began);
    for done in before {
        let (Operation::OptOut(channel) | Operation::OptOutInBatch(channel)) = done.operation
        else {
            let is_forgotten = log.iter().any(|it| it.operation == Operation::Erase);
            if done.operation == Operation::Suppress
                && !is_forgotten
                && record.suppressions.is_empty()
            {
                return Err(format!("{done:?} is lost for {check:?}"));
            }
            continue;
        };
        let taken_back = |it: &Done| it.operation == Operation::OptIn(channel) && it.at > done.at;
        let is_known =
            |record: &Record| record.opt_outs.iter().any(|it| it.scope == scope(channel));
        if !log.iter().any(taken_back) && !is_known(record) {
            return Err(format!("{done:?} is lost for {check:?}"));
        }
    }
    Ok(())
}

fn at(second: i64) -> Instant {
    Instant::from_millis(1_800_000_000_000 + second * 1_000)
}

/// Lets an instance do what it is to do, and notes what became of it.
async fn run_all(
    gate: &Gate,
    program: &[Operation],
    second: i64,
    (step, log): (&Cell<usize>, &RefCell<Vec<Done>>),
) {
    for (operation, later) in program.iter().zip(0..) {
        let (operation, at, began) = (*operation, at(second + later), step.get());
        let read = operation.perform(gate, at).await;
        let (is_acknowledged, ended) = (read.is_ok(), step.get());
        let read = read.ok().flatten();
        log.borrow_mut().push(Done { operation, at, began, ended, read, is_acknowledged });
    }
}

/// Lets an instance take at most `most` steps, and returns whether it has ended.
fn drive<F: Future<Output = ()> + ?Sized>(
    instance: &mut Pin<&mut F>,
    most: usize,
    step: &Cell<usize>,
) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    for _step in 0..most {
        step.set(step.get() + 1);
        if instance.as_mut().poll(&mut context).is_ready() {
            step.set(step.get() + 1);
            return true;
        }
    }
    false
}

/// Runs a case in every order with `switches` switches. Returns the number of orders, or the first
/// that goes wrong.
fn explore(bed: &mut Bed, case: &Case<'_>, switches: usize) -> Result<usize, String> {
    let mut runs = 0;
    for first in [0, 1] {
        let mut order = Order { first, turns: vec![1; switches], dies: false };
        loop {
            let (found, ended) = bed.run(case, &order);
            runs += 1;
            found.map_err(|why| format!("{case:?} in {order:?}: {why}"))?;
            // The last turn that did not end by itself is made longer, and those behind it begin
            // anew.
            let longer = (0..switches).rev().find(|turn| !ended[*turn]);
            let Some(longer) = longer else { break };
            order.turns[longer] += 1;
            order.turns[longer + 1..].fill(1);
        }
    }
    Ok(runs)
}

fn pairs(bed: &mut Bed, defect: Defect) -> Result<usize, String> {
    let mut runs = 0;
    for before in BEFORE {
        for one in ALL {
            for other in ALL {
                let case = Case { before, programs: [&[one], &[other]], defect };
                runs += explore(bed, &case, 3)?;
            }
        }
    }
    Ok(runs)
}

/// One operation beside two: in between, a customer can be made, changed and erased.
fn programs(bed: &mut Bed, defect: Defect) -> Result<usize, String> {
    let some = [Operation::OptOut(SMS), Operation::OptIn(EMAIL), Operation::Erase];
    let ones = [Operation::OptOut(EMAIL), Operation::OptOutInBatch(EMAIL), Operation::Describe];
    let mut runs = 0;
    for before in BEFORE {
        for one in ones.into_iter().chain([Operation::Erase, Operation::OptIn(EMAIL)]) {
            for first in some {
                for second in some {
                    let programs: [&[Operation]; 2] = [&[one], &[first, second]];
                    runs += explore(bed, &Case { before, programs, defect }, 2)?;
                }
            }
        }
    }
    Ok(runs)
}

#[test]
fn no_order_of_two_operations_loses_what_was_acknowledged() {
    let runs = pairs(&mut Bed::new(), Defect::None).unwrap_or_else(|why| panic!("{why}"));
    assert!(runs > 5_000, "{runs}");
}

#[test]
fn no_order_of_longer_programs_loses_what_was_acknowledged() {
    let runs = programs(&mut Bed::new(), Defect::None).unwrap_or_else(|why| panic!("{why}"));
    assert!(runs > 2_000, "{runs}");
}

/// One instance is killed after each of its steps, and the other continues.
#[test]
fn no_death_of_an_instance_loses_what_was_acknowledged() {
    let mut bed = Bed::new();
    for before in BEFORE {
        for one in ALL {
            for other in ALL {
                let case = Case { before, programs: [&[one], &[other]], defect: Defect::None };
                for steps in 1.. {
                    let order = Order { first: 0, turns: vec![steps], dies: true };
                    let (found, ended) = bed.run(&case, &order);
                    found.unwrap_or_else(|why| panic!("{case:?} in {order:?}: {why}"));
                    if ended[0] {
                        break;
                    }
                }
            }
        }
    }
}

/// A fault of an earlier version: of two simultaneous erasures, the slower overwrites the remains
/// that the other left.
#[test]
fn the_model_finds_an_erasure_that_overwrites_what_another_one_left() {
    let found = programs(&mut Bed::new(), Defect::Overwrites).unwrap_err();
    assert!(found.contains("is lost for"), "{found}");
    assert!(found.contains("programs: [[Erase], [OptOut(\"sms\"), Erase]]"), "{found}");
}

#[test]
fn the_model_finds_who_does_not_look_again_after_making_a_record() {
    let found = programs(&mut Bed::new(), Defect::LooksOnce).unwrap_err();
    assert!(found.contains("is lost for"), "{found}");
}

#[test]
fn the_model_finds_who_writes_without_comparing() {
    let found = pairs(&mut Bed::new(), Defect::Careless).unwrap_err();
    assert!(found.contains("is lost for"), "{found}");
}

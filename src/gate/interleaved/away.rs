//! The store goes away between two steps of an operation.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;

use super::ALL;
use super::BEFORE;
use super::Bed;
use super::at;
use super::drive;
use super::operations::Operation;
use super::operations::key;
use super::store::Defect;
use super::store::Stepped;
use super::store::Values;
use crate::gate::Failure;

impl Bed {
    /// Runs an operation on a store that answers a given number of calls. Returns its failure, if
    /// it failed, and whether the record has changed.
    fn run_until_away(
        &mut self,
        before: &[Operation],
        operation: Operation,
        calls: usize,
    ) -> (Option<Failure>, bool) {
        let values = Arc::new(Values::default());
        let gate = &mut self.gates[0];
        gate.store = Arc::new(Stepped::new(&values, Defect::None));
        gate.known_refusals.clear();
        let _runtime = self.runtime.enter();
        let step = Cell::new(0);
        let perform = |operation: Operation, second| {
            let mut failure = None;
            let performed = async { failure = operation.perform(gate, at(second)).await.err() };
            assert!(drive(&mut pin!(performed), usize::MAX, &step));
            failure
        };
        for (operation, second) in before.iter().zip(0..) {
            assert!(perform(*operation, second).is_none());
        }
        let version = values.version(&key());
        values.answer(Some(calls));
        let failure = perform(operation, 10);
        (failure, values.version(&key()) != version)
    }
}

/// If the failure says that nothing was changed, the caller treats the reservation as not made; so
/// nothing may have changed.
#[test]
fn who_says_that_nothing_was_changed_has_changed_nothing() {
    let mut bed = Bed::new();
    let mut doubtful = 0;
    for before in BEFORE {
        for operation in ALL {
            for calls in 0.. {
                let (failure, is_changed) = bed.run_until_away(before, operation, calls);
                match failure {
                    None => break,
                    Some(Failure::StoreSilent(_)) => doubtful += usize::from(is_changed),
                    Some(failure) => {
                        assert!(!is_changed, "{before:?}, {operation:?}, {calls}: {failure}");
                    }
                }
            }
        }
    }
    assert!(doubtful > 10, "{doubtful}");
}

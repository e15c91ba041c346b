//! Whether answers to concurrent callers are those of one customer who is asked one at a time.
//!
//! Each answer carries the version of the record that it saw or made, so that there is only one
//! order to try: by version, in each version the one that made it first, the others as they were
//! called. That order must give the same answers, and must not contradict the clock.

use std::collections::BTreeMap;
use std::time::Duration;

use super::model::Answer;
use super::model::Ask;
use super::model::State;

/// What one caller asked and was answered.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) ask: Ask,
    pub(crate) answer: Answer,
    /// The version that the answer carries, 0 where nothing was on record; errors carry none.
    pub(crate) version: Option<u64>,
    pub(crate) begin: Duration,
    pub(crate) end: Duration,
}

/// The customer in the end, if the history could have happened one at a time.
pub(crate) fn check(operations: &[Operation]) -> Result<State, String> {
    let mut versions: BTreeMap<u64, Vec<&Operation>> = BTreeMap::from([(0, Vec::new())]);
    for operation in operations {
        if let Some(version) = operation.version {
            versions.entry(version).or_default().push(operation);
        }
    }
    let (mut states, mut order): (Vec<State>, Vec<&Operation>) = (Vec::new(), Vec::new());
    for (number, (version, mut those)) in (0_u64..).zip(versions) {
        if version != number {
            return Err(format!("no answer made version {number}"));
        }
        those.sort_by_key(|operation| operation.begin);
        let state = match states.last() {
            None => State::default(),
            Some(before) => made(before, &mut those)
                .ok_or_else(|| format!("no answer made version {version}: {those:?}"))?,
        };
        let seen = if number == 0 { &those[..] } else { &those[1..] };
        if let Some(wrong) = seen.iter().find(|it| !sees(&state, it)) {
            let (_, right) = state.after(&wrong.ask);
            return Err(format!("{wrong:?} does not see its version, which says {right:?}"));
        }
        states.push(state);
        order.extend(those);
    }
    follow_the_clock(&order)?;
    for error in operations.iter().filter(|it| it.version.is_none()) {
        check_error(&order, &states, error)?;
    }
    Ok(states.pop().unwrap_or_default())
}

/// The state that one of them made of the state before; that one goes first. Of several that could
/// have made it, the one whose work the others see: a wish with a request id leaves more behind
/// than the same wish without.
fn made(before: &State, those: &mut [&Operation]) -> Option<State> {
    let makers: Vec<(usize, State)> = those
        .iter()
        .enumerate()
        .filter_map(|(position, it)| {
            let (after, answer) = before.after(&it.ask);
            (answer == it.answer && after != *before).then_some((position, after))
        })
        .collect();
    let all_see = |(first, after): &&(usize, State)| {
        those.iter().enumerate().all(|(position, it)| position == *first || sees(after, it))
    };
    let (first, after) = makers.iter().find(all_see).or_else(|| makers.first())?.clone();
    those[..=first].rotate_right(1);
    Some(after)
}

/// Whether an answer is right for a state, and leaves it as it is.
fn sees(state: &State, operation: &Operation) -> bool {
    let (after, answer) = state.after(&operation.ask);
    answer == operation.answer && after == *state
}

/// Nothing may come before what had ended when it was called.
fn follow_the_clock(order: &[&Operation]) -> Result<(), String> {
    let mut earliest: Option<&Operation> = None;
    for operation in order.iter().rev() {
        if let Some(later) = earliest.filter(|later| later.end < operation.begin) {
            return Err(format!("{later:?} had ended when {operation:?} was called"));
        }
        earliest =
            Some(earliest.map_or(operation, |later| {
                if later.end < operation.end { later } else { operation }
            }));
    }
    Ok(())
}

/// An error tells no version, but must be right for one that was there while it was made.
fn check_error(order: &[&Operation], states: &[State], error: &Operation) -> Result<(), String> {
    let versions = |which: &dyn Fn(&Operation) -> bool| {
        let versions = order.iter().filter(|it| which(it)).filter_map(|it| it.version);
        versions.map(|version| usize::try_from(version).unwrap()).collect::<Vec<usize>>()
    };
    let before = versions(&|it| it.end < error.begin).into_iter().max().unwrap_or_default();
    let after = versions(&|it| it.begin > error.end).into_iter().min();
    let after = after.unwrap_or(states.len() - 1);
    let mut there = states.iter().take(after + 1).skip(before);
    match there.any(|state| sees(state, error)) {
        true => Ok(()),
        false => Err(format!("{error:?} is right for none of versions {before} to {after}")),
    }
}

mod tests {
    use super::super::model::LIMIT;
    use super::*;

    /// An answer between two milliseconds.
    fn op(ask: Ask, answer: Answer, version: u64, (begin, end): (u64, u64)) -> Operation {
        let (begin, end) = (Duration::from_millis(begin), Duration::from_millis(end));
        Operation { ask, answer, version: Some(version), begin, end }
    }

    fn error(ask: Ask, reason: &str, time: (u64, u64)) -> Operation {
        let answer = Answer::Error(reason.to_owned());
        Operation { version: None, ..op(ask, answer, 0, time) }
    }

    fn reserve(id: u32) -> Ask {
        Ask::Reserve { id, hour: 0 }
    }

    fn granted(left: usize) -> Answer {
        Answer::Decided { reasons: Vec::new(), left }
    }

    fn refused(reason: &str, left: usize) -> Answer {
        Answer::Decided { reasons: vec![reason.to_owned()], left }
    }

    fn clean() -> Vec<Operation> {
        let opt_out = Ask::OptOut { id: None, said: 7 };
        vec![
            op(Ask::Check { hour: 0 }, granted(2), 0, (0, 9)),
            op(reserve(1), granted(2), 1, (0, 5)),
            op(reserve(1), granted(2), 1, (1, 6)),
            op(Ask::Check { hour: 3 }, granted(1), 1, (2, 20)),
            op(reserve(2), granted(1), 2, (3, 12)),
            op(reserve(3), refused("BUDGET_SPENT", 0), 2, (13, 15)),
            op(Ask::Release { id: 1 }, Answer::Settled, 3, (16, 18)),
            op(Ask::Confirm { id: 2 }, Answer::Settled, 4, (17, 19)),
            op(reserve(2), refused("ALREADY_SENT", 0), 4, (20, 21)),
            error(Ask::Release { id: 2 }, "ALREADY_CONFIRMED", (19, 22)),
            error(Ask::Confirm { id: 9 }, "RESERVATION_NOT_FOUND", (0, 30)),
            op(opt_out, Answer::OptedOut(Some(7)), 5, (23, 24)),
            op(Ask::Check { hour: 0 }, refused("OPTED_OUT", 1), 5, (24, 25)),
        ]
    }

    #[test]
    fn a_clean_history_is_accepted() {
        assert_eq!(check(&clean()).unwrap().counted(), [0]);
        assert_eq!(check(&[]).unwrap(), State::default());
    }

    #[test]
    fn of_two_equal_wishes_the_one_with_an_id_came_first() {
        let said = |id| Ask::OptIn { id, said: 3 };
        let none = || Answer::OptedOut(None);
        let both = [op(said(None), none(), 1, (0, 5)), op(said(Some(1)), none(), 1, (1, 6))];
        assert!(check(&both).is_ok());
    }

    #[test]
    fn a_stale_read_is_rejected() {
        let mut history = clean();
        history.push(op(Ask::Check { hour: 0 }, granted(1), 1, (26, 27)));
        assert!(check(&history).unwrap_err().contains("had ended when"));
    }

    #[test]
    fn an_answer_of_another_version_is_rejected() {
        let mut history = clean();
        history.push(op(Ask::Check { hour: 0 }, granted(1), 5, (26, 27)));
        assert!(check(&history).unwrap_err().contains("does not see"));
    }

    #[test]
    fn a_lost_update_is_rejected() {
        let both = [op(reserve(1), granted(2), 1, (0, 5)), op(reserve(2), granted(2), 1, (0, 5))];
        assert!(check(&both).unwrap_err().contains("does not see"));
        // The second one wrote over the first, and both know it.
        let over = [op(reserve(1), granted(2), 1, (0, 5)), op(reserve(2), granted(2), 2, (0, 5))];
        assert!(check(&over).unwrap_err().contains("no answer made version 2"));
    }

    #[test]
    fn a_lost_opt_out_is_rejected() {
        let mut history = clean();
        history.push(op(Ask::Check { hour: 9 }, granted(2), 5, (26, 27)));
        assert!(check(&history).unwrap_err().contains("does not see"));
    }

    #[test]
    fn two_grants_for_one_request_are_rejected() {
        let twice = [op(reserve(1), granted(2), 1, (0, 5)), op(reserve(1), granted(1), 2, (0, 6))];
        assert!(check(&twice).unwrap_err().contains("no answer made version 2"));
    }

    #[test]
    fn an_overrun_is_rejected() {
        let ids = (0..=LIMIT).zip([1, 2, 3]);
        let over = ids.map(|(used, id)| {
            op(reserve(id), granted(LIMIT.saturating_sub(used)), id.into(), (0, 5))
        });
        let over: Vec<Operation> = over.collect();
        assert!(check(&over[..LIMIT]).is_ok());
        assert!(check(&over).unwrap_err().contains("no answer made version 3"));
    }

    #[test]
    fn a_version_that_no_answer_made_is_rejected() {
        let mut history = clean();
        history.retain(|it| it.version != Some(3));
        assert!(check(&history).unwrap_err().contains("no answer made version 3"));
    }

    #[test]
    fn an_error_that_came_too_late_is_rejected() {
        let mut history = clean();
        history.push(error(Ask::Release { id: 1 }, "RESERVATION_NOT_FOUND", (6, 7)));
        assert!(check(&history).unwrap_err().contains("is right for none of"));
    }
}

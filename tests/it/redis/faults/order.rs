//! The one order in which things can have happened, by the versions that answers carry.
//!
//! Not every version was answered: its caller may have got no answer. A version that no answer
//! carries was made by one of the questions that went unanswered, or by a question that was refused
//! with it: a reservation that is asked about again and refused ends.

use std::time::Duration;

use crate::api::races::history;
use crate::api::races::history::Operation;
use crate::api::races::model::Answer;
use crate::api::races::model::Ask;
use crate::api::races::model::State;

/// After so many attempts the outcome counts as unknown.
const ATTEMPTS_MAX: usize = 300_000;

/// The customer in the end, if what was told could have happened one at a time. `told` ends with an
/// answer that saw everything.
pub(super) fn explain(
    told: &[Operation],
    refused: &[Operation],
    doubtful: &[(Ask, Duration)],
) -> Result<State, String> {
    let last = told.iter().filter_map(|it| it.version).max().unwrap_or_default();
    let made = Vec::new();
    let found = Err("no order was tried".to_owned());
    let mut search =
        Search { told, refused, doubtful, last, made, attempts: 0, furthest: 0, found };
    if !search.go_on(1, &State::default()) {
        let (attempts, furthest) = (search.attempts, search.furthest);
        if furthest > last {
            return search.found;
        }
        let near = told.iter().chain(refused);
        let near = near.filter(|it| it.version.is_some_and(|it| it.abs_diff(furthest) < 2));
        let near: Vec<&Operation> = near.collect();
        return Err(format!(
            "no question can have made version {furthest} of {last}, after {attempts} attempts: \
             {near:#?} {doubtful:?}"
        ));
    }
    search.found
}

struct Search<'a> {
    told: &'a [Operation],
    refused: &'a [Operation],
    doubtful: &'a [(Ask, Duration)],
    last: u64,
    /// Those that were refused or went unanswered and must have happened, these by their places
    /// among the doubtful.
    made: Vec<(Option<usize>, Operation)>,
    attempts: usize,
    furthest: u64,
    /// What the last order that explains every version comes to.
    found: Result<State, String>,
}

impl Search<'_> {
    /// Whether the versions from one on can be explained, after a state.
    fn go_on(&mut self, version: u64, before: &State) -> bool {
        self.attempts += 1;
        self.furthest = self.furthest.max(version);
        if version > self.last {
            let mut whole = self.told.to_vec();
            whole.extend(self.made.iter().map(|(_, operation)| operation.clone()));
            self.found = history::check(&whole);
            return self.found.is_ok();
        }
        if self.attempts > ATTEMPTS_MAX {
            return false;
        }
        let told = self.told;
        let those = || told.iter().filter(|it| it.version == Some(version));
        // Those who were told of it and did not make it see it: to ask again changes nothing,
        // although a reservation that is asked for again is decided without itself.
        let all_see = |state: &State, maker: Option<&Operation>| {
            let others = those().filter(|it| !maker.is_some_and(|maker| std::ptr::eq(maker, *it)));
            others.into_iter().all(|it| sees(state, it))
        };
        // It was not made by a call that began after an answer that saw it.
        let latest = told.iter().filter(|it| it.version >= Some(version)).map(|it| it.end).min();
        let in_time = |begin: Duration| latest.is_none_or(|latest| begin <= latest);
        // A caller was told that it was made.
        for maker in those() {
            let (after, answer) = before.after(&maker.ask);
            let is_made = answer == maker.answer && after != *before && in_time(maker.begin);
            if is_made && all_see(&after, Some(maker)) && self.go_on(version + 1, &after) {
                return true;
            }
        }
        // Or a caller was refused with it, and that ended a reservation.
        let refused = self.refused;
        for maker in refused.iter().filter(|it| it.version == Some(version)) {
            let (after, answer) = before.after(&maker.ask);
            let is_made = answer == maker.answer && after != *before && in_time(maker.begin);
            if is_made && all_see(&after, None) {
                self.made.push((None, maker.clone()));
                if self.go_on(version + 1, &after) {
                    return true;
                }
                self.made.pop();
            }
        }
        // Or it was made for a caller who was told nothing, or asked again and was told later.
        let doubtful = self.doubtful;
        for (place, (ask, begin)) in doubtful.iter().enumerate() {
            // Of several that ask the same, the one that was asked first is taken first.
            let has_made = |place: usize| self.made.iter().any(|(made, _)| *made == Some(place));
            let mut same = doubtful.iter().take(place).enumerate();
            let is_next = same.all(|(other, (it, _))| it != ask || has_made(other));
            let is_new = is_next && !has_made(place);
            let (after, answer) = before.after(ask);
            let is_made = is_new && in_time(*begin) && after != *before && is_granted(&answer);
            if is_made && all_see(&after, None) {
                let end = Duration::MAX;
                let (ask, begin, known) = (ask.clone(), *begin, Some(version));
                let made = Operation { ask, answer, version: known, begin, end };
                self.made.push((Some(place), made));
                if self.go_on(version + 1, &after) {
                    return true;
                }
                self.made.pop();
            }
        }
        false
    }
}

fn sees(state: &State, operation: &Operation) -> bool {
    let (after, answer) = state.after(&operation.ask);
    answer == operation.answer && after == *state
}

/// Only what does something makes a version.
fn is_granted(answer: &Answer) -> bool {
    !matches!(answer, Answer::Error(_))
}

mod tests {
    use super::*;

    fn told(ask: Ask, left: usize, version: u64, begin: u64, end: u64) -> Operation {
        let answer = Answer::Decided { reasons: Vec::new(), left };
        let (begin, end) = (Duration::from_millis(begin), Duration::from_millis(end));
        Operation { ask, answer, version: Some(version), begin, end }
    }

    fn reserve(id: u32) -> Ask {
        Ask::Reserve { id, hour: 0 }
    }

    #[test]
    fn what_no_answer_told_may_have_happened() {
        let history = [told(reserve(2), 1, 2, 5, 9), told(Ask::Check { hour: 9 }, 2, 2, 10, 11)];
        let doubtful = [(reserve(1), Duration::from_millis(1))];
        assert!(explain(&history, &[], &doubtful).is_ok());
        assert!(explain(&history, &[], &[]).unwrap_err().contains("version 1 of 2"));
        // Too late to have been before.
        let late = [(reserve(1), Duration::from_millis(10))];
        assert!(explain(&history, &[], &late).is_err());
    }

    #[test]
    fn whose_work_others_do_not_see_has_not_made_it() {
        // Both were told version 2; the opt-in may have been made before, when no caller was told.
        let opt_in = Ask::OptIn { id: None, said: 1 };
        let (begin, end) = (Duration::from_millis(5), Duration::from_millis(9));
        let answer = Answer::OptedOut(None);
        let yes = Operation { ask: opt_in.clone(), answer, version: Some(2), begin, end };
        let history = [yes, told(reserve(1), 2, 2, 5, 9)];
        assert!(explain(&history, &[], &[(opt_in, Duration::ZERO)]).is_ok());
    }

    #[test]
    fn of_two_that_went_unanswered_the_one_that_fits_the_clock_was_made() {
        let both = [Ask::Confirm { id: 1 }, Ask::Release { id: 2 }];
        let settled = |ask: &Ask, begin: u64| {
            let (begin, end) = (Duration::from_millis(begin), Duration::from_millis(begin + 1));
            Operation { ask: ask.clone(), answer: Answer::Settled, version: Some(4), begin, end }
        };
        let doubtful = both.each_ref().map(|ask| (ask.clone(), Duration::from_millis(4)));
        // Either may have made version 3, but only the release, since the confirmation had ended.
        let [confirmed, released] = both.each_ref();
        let reserved = [told(reserve(1), 2, 1, 0, 1), told(reserve(2), 1, 2, 2, 3)];
        let later = [settled(confirmed, 10), settled(released, 20)];
        assert!(explain(&[reserved.clone(), later].concat(), &[], &doubtful).is_ok());
        let unmade = doubtful.first_chunk::<1>().unwrap();
        let later = [settled(confirmed, 10), settled(released, 20)];
        assert!(explain(&[reserved, later].concat(), &[], unmade).is_err());
    }

    #[test]
    fn a_reservation_that_was_refused_has_ended_in_a_version_of_its_own() {
        let no = Ask::OptOut { id: None, said: 1 };
        let (begin, end) = (Duration::from_millis(2), Duration::from_millis(3));
        let said =
            Operation { ask: no, answer: Answer::OptedOut(Some(1)), version: Some(2), begin, end };
        let reasons = vec!["OPTED_OUT".to_owned()];
        let refusal = Operation {
            answer: Answer::Decided { reasons: reasons.clone(), left: 2 },
            ..told(reserve(1), 2, 3, 4, 5)
        };
        let last = Operation {
            answer: Answer::Decided { reasons, left: 2 },
            ..told(Ask::Check { hour: 0 }, 2, 3, 6, 7)
        };
        let history = [told(reserve(1), 2, 1, 0, 1), said, last];
        assert!(explain(&history, std::slice::from_ref(&refusal), &[]).is_ok());
        assert!(explain(&history, &[], &[]).is_err());
        // It has ended nothing in another version.
        let other = Operation { version: Some(2), ..refusal };
        assert!(explain(&history, &[other], &[]).is_err());
    }

    #[test]
    fn a_grant_that_is_gone_is_found() {
        let history = [told(reserve(1), 2, 1, 0, 1), told(Ask::Check { hour: 0 }, 2, 1, 10, 11)];
        assert!(explain(&history, &[], &[(reserve(2), Duration::ZERO)]).is_err());
    }

    #[test]
    fn a_request_that_is_granted_twice_is_found() {
        let history = [told(reserve(1), 2, 1, 0, 1), told(reserve(1), 1, 2, 2, 3)];
        assert!(explain(&history, &[], &[(reserve(1), Duration::ZERO)]).is_err());
    }
}

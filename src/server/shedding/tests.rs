//! What is refused when a thread is behind.

use std::time::Duration;

use super::CALLS_MIN;
use super::LoadShedder;
use super::OTHERS_FOR;
use super::priority_min;
use crate::clock::Stopwatch;
use crate::server::methods::Priority;

#[test]
fn long_turns_of_many_calls_refuse_more_and_more() {
    let least = |calls, ms| priority_min(calls, Duration::from_millis(ms));
    assert_eq!(least(65, 19), Priority::Check);
    assert_eq!(least(65, 20), Priority::Change);
    assert_eq!(least(65, 39), Priority::Change);
    assert_eq!(least(65, 40), Priority::Refusal);
    assert_eq!(least(64, 60_000), Priority::Check, "few; the machine was busy with something else");
}

#[tokio::test]
async fn a_turn_ends_when_all_that_was_ready_is_done() {
    let shedder = LoadShedder::default();
    for _ in 0..CALLS_MIN {
        assert_eq!(shedder.call(), Priority::Check);
    }
    let stopwatch = Stopwatch::start();
    while stopwatch.elapsed() < OTHERS_FOR {
        std::hint::spin_loop();
    }
    assert_eq!(shedder.call(), Priority::Refusal, "one more of the same turn");
    tokio::task::yield_now().await;
    assert_eq!(shedder.call(), Priority::Check, "the next turn");
}

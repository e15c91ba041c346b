//! What is refused when a thread is behind.

use std::time::Duration;

use super::CALLS_MIN;
use super::OTHERS_FOR;
use super::Turns;
use super::eighths_min;
use crate::clock::Stopwatch;

#[test]
fn long_turns_of_many_calls_refuse_more_and_more() {
    let least = |calls, ms| eighths_min(calls, Duration::from_millis(ms));
    assert_eq!(least(65, 19), 0);
    assert_eq!(least(65, 20), 7);
    assert_eq!(least(65, 39), 7);
    assert_eq!(least(65, 40), 8);
    assert_eq!(least(64, 60_000), 0, "few; the machine was busy with something else");
}

#[tokio::test]
async fn a_turn_ends_when_all_that_was_ready_is_done() {
    let turns = Turns::default();
    for _ in 0..CALLS_MIN {
        assert_eq!(turns.call(), 0);
    }
    let stopwatch = Stopwatch::start();
    while stopwatch.elapsed() < OTHERS_FOR {
        std::hint::spin_loop();
    }
    assert_eq!(turns.call(), 8, "one more of the same turn");
    tokio::task::yield_now().await;
    assert_eq!(turns.call(), 0, "the next turn");
}

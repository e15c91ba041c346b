use super::*;

const NOW: i64 = 1_800_000_000_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn offset(state: &mut ClockState, now: i64, uptime: i64, servers: Option<i64>) -> (Witness, i64) {
    let Offset { witness, millis } = state.offset(now, uptime, servers);
    (witness, millis)
}

#[test]
fn a_jump_is_seen_without_servers_and_is_over_when_it_is_mended() {
    for jump in [-400 * DAY, -HOUR - 1, HOUR + 1, 8 * DAY, 500 * DAY] {
        let mut state = ClockState::default();
        assert_eq!(offset(&mut state, NOW, 5_000, None), (Witness::Passed, 0));
        assert_eq!(offset(&mut state, NOW + 10_000, 15_000, None), (Witness::Passed, 0));
        let jumped = state.offset(NOW + 20_000 + jump, 25_000, None);
        assert_eq!((jumped.millis, jumped.stops()), (jump, true));
        assert_eq!(offset(&mut state, NOW + 30_000, 35_000, None), (Witness::Passed, 0));
    }
}

#[test]
fn a_clock_that_is_set_by_minutes_stops_nothing() {
    let mut state = ClockState::default();
    state.offset(NOW, 0, None);
    let set = state.offset(NOW + 120_000, 1_000, None);
    assert!(!set.stops() && set.millis.unsigned_abs() > TOLD, "{set:?}");
}

#[test]
fn the_servers_know_better_than_what_was_before() {
    let mut state = ClockState::default();
    let fast = state.offset(NOW + 8 * DAY, 0, Some(NOW));
    assert!(fast.stops() && fast.witness == Witness::Servers, "{fast:?}");
    // It is mended, and the jump that this is stops nothing, now or when the servers are away.
    assert_eq!(offset(&mut state, NOW + 1_000, 1_000, Some(NOW + 1_000)), (Witness::Servers, 0));
    assert_eq!(offset(&mut state, NOW + 2_000, 2_000, None), (Witness::Passed, 0));
}

#[test]
fn a_store_that_has_seen_a_later_time_is_believed() {
    let mut state = ClockState { newest: Some(NOW), ..ClockState::default() };
    assert!(!state.offset(NOW - HOUR, 0, None).stops());
    let behind = state.offset(NOW - 2 * HOUR, 0, None);
    assert!(!behind.stops(), "that is a jump by an hour: {behind:?}");
    let mut state = ClockState { newest: Some(NOW), ..ClockState::default() };
    let behind = state.offset(NOW - 2 * HOUR, 0, None);
    assert!(behind.stops() && behind.witness == Witness::Newest, "{behind:?}");
    assert!(behind.told().contains("7200 s behind the newest time"), "{}", behind.told());
}

#[test]
fn what_is_accepted_stops_nothing_any_more() {
    let mut state = ClockState { newest: Some(NOW + DAY), ..ClockState::default() };
    assert!(state.offset(NOW, 0, None).stops());
    state.accept(NOW, 0, None);
    assert!(!state.offset(NOW + 1, 1, None).stops());
    let mut state = ClockState::default();
    assert!(state.offset(NOW, 0, Some(NOW - DAY)).stops());
    state.accept(NOW, 0, Some(NOW - DAY));
    assert!(!state.offset(NOW + 1, 1, Some(NOW + 1 - DAY)).stops());
    assert!(state.offset(NOW + 1 + DAY, 1, Some(NOW + 1 - DAY)).stops());
}

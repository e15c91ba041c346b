use std::fmt::Debug;

use super::*;

#[test]
fn reasons_keep_their_numbers() {
    check(
        of_code,
        code,
        &[
            ("OPTED_OUT", 1),
            ("NO_CONSENT", 2),
            ("SUPPRESSED", 3),
            ("BUDGET_SPENT", 4),
            ("PERSONAL_CADENCE", 5),
            ("TOO_SOON", 6),
            ("BACKING_OFF", 7),
            ("OUTSIDE_CONTACT_HOURS", 8),
            ("QUIET_HOURS", 9),
            ("QUIET_PERIOD", 10),
            ("CONTENT_RULE", 11),
            ("PAUSED", 12),
            ("UNKNOWN_TIME_ZONE", 13),
            ("STORE_UNAVAILABLE", 14),
            ("RECORD_UNREADABLE", 15),
            ("HISTORY_FULL", 16),
            ("ALREADY_SENT", 17),
            ("RESERVATION_ENDED", 18),
            ("CUSTOMER_ERASED", 19),
        ],
    );
}

#[test]
fn kinds_of_events_keep_their_numbers() {
    check(
        of_event_kind,
        event_kind,
        &[
            ("inbound", 8),
            ("conversation", 9),
            ("opened", 1),
            ("clicked", 2),
            ("replied", 3),
            ("converted", 4),
            ("complained", 7),
            ("bounced_hard", 5),
            ("bounced_soft", 6),
            ("refused", 10),
        ],
    );
}

#[test]
fn units_of_the_calendar_keep_their_numbers() {
    let numbers = [("day", 1), ("week", 2), ("month", 3), ("quarter", 4), ("year", 5)];
    check(of_calendar_unit, calendar_unit, &numbers);
}

/// Each word has the number beside it, and back.
fn check<W: Word + PartialEq + Debug, N: Into<i32>>(
    number: impl Fn(W) -> N,
    word: impl Fn(i32) -> Option<W>,
    expected: &[(&str, i32)],
) {
    let found: Vec<(&str, i32)> = W::all().map(|it| (it.word(), number(it).into())).collect();
    assert_eq!(found, expected);
    for it in W::all() {
        assert_eq!(word(number(it).into()), Some(it));
    }
    assert_eq!(word(0), None);
    assert_eq!(word(99), None);
}

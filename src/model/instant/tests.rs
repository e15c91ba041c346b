//! An instant is written in one way.

use super::Instant;

#[test]
fn a_fraction_has_three_digits_or_is_not_there() {
    for (ms, text) in [
        (1_764_000_000_000, "2025-11-24T16:00:00Z"),
        (1_764_000_000_260, "2025-11-24T16:00:00.260Z"),
        (1_764_000_000_007, "2025-11-24T16:00:00.007Z"),
        (-740, "1969-12-31T23:59:59.260Z"),
    ] {
        assert_eq!(Instant::from_millis(ms).to_string(), text);
    }
}

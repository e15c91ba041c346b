//! The deadline of a call: the client's own, but never later than ours.

use std::time::Duration;

use http::HeaderMap;

/// The time before the client's deadline at which we answer, so that the answer arrives while the
/// client still listens, and before the transport cancels the call.
const MARGIN: Duration = Duration::from_millis(10);

/// The shortest deadline. A nearer one is over when it arrives: the transport's timer, which
/// answers CANCELLED, would be as quick as ours.
const LEAST: Duration = Duration::from_millis(1);

/// The time for the call: what the client leaves us, at most `most`. Where its deadline is so near
/// that the margin would be most of it, half of it.
pub(super) fn allowance(client: Option<Duration>, most: Duration) -> Duration {
    let Some(timeout) = client else { return most };
    if timeout < LEAST {
        return Duration::ZERO;
    }
    timeout.saturating_sub(MARGIN).max(timeout / 2).min(most)
}

/// The timeout in `grpc-timeout`: at most eight digits and a unit. Any other text counts as none,
/// and our own deadline holds.
pub(super) fn grpc_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let number = digits_of(digits, 8)?;
    match unit {
        'H' => Some(Duration::from_secs(number.saturating_mul(3_600))),
        'M' => Some(Duration::from_secs(number.saturating_mul(60))),
        'S' => Some(Duration::from_secs(number)),
        'm' => Some(Duration::from_millis(number)),
        'u' => Some(Duration::from_micros(number)),
        'n' => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// The timeout in `connect-timeout-ms`: at most ten digits.
pub(super) fn connect_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("connect-timeout-ms")?.to_str().ok()?;
    Some(Duration::from_millis(digits_of(text, 10)?))
}

/// The value of a `grpc-timeout` header, whose eight digits hold 99 seconds in microseconds.
pub(super) fn in_grpc(timeout: Duration) -> String {
    let micros = timeout.as_micros().min(99_999_999);
    format!("{micros}u")
}

fn digits_of(text: &str, most: usize) -> Option<u64> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;

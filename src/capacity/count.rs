//! Large numbers as people write them.

/// Reads a count: `200000000`, `200_000_000`, `200e6`, `200M`, `1.5e6`, `1.5k`.
///
/// # Errors
/// If it is none, is no whole number, or is too large.
pub fn count(text: &str) -> Result<u64, String> {
    let (number, exponent) = split(text).ok_or_else(how)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if number.ends_with('.') || !whole.starts_with(|it: char| it.is_ascii_digit()) {
        return Err(how());
    }
    let digits: String = whole.chars().chain(part.chars()).filter(|it| *it != '_').collect();
    if !digits.chars().all(|it| it.is_ascii_digit()) {
        return Err(how());
    }
    let behind = part.chars().filter(|it| *it != '_').count();
    let zeros = u32::try_from(behind).ok().and_then(|behind| exponent.checked_sub(behind));
    let zeros = zeros.ok_or("it is no whole number")?;
    let factor = 10_u64.checked_pow(zeros);
    let value = digits.parse::<u64>().ok().zip(factor).and_then(|(it, by)| it.checked_mul(by));
    value.ok_or_else(|| "it is too large".to_owned())
}

/// The digits, and how many zeros follow them.
fn split(text: &str) -> Option<(&str, u32)> {
    for (suffix, zeros) in [("k", 3), ("K", 3), ("M", 6), ("G", 9)] {
        if let Some(number) = text.strip_suffix(suffix) {
            return Some((number, zeros));
        }
    }
    match text.split_once(['e', 'E']) {
        Some((number, zeros)) if zeros.chars().all(|it| it.is_ascii_digit()) => {
            Some((number, zeros.parse().ok()?))
        }
        Some(_) => None,
        None => Some((text, 0)),
    }
}

fn how() -> String {
    "write a count such as 200000000, 200_000_000, 200e6 or 200M".to_owned()
}

//! The share of calls that are traced, and of decisions that are logged.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// A sampling rate such as `1/100`; `1` is all and `0` is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleRate {
    part: u32,
    whole: NonZeroU32,
}

/// The error for a text that is not a sampling rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share is written like 1/100, and is at most 1")]
pub struct Malformed;

impl SampleRate {
    /// The rate that takes all.
    pub const ALL: Self = Self { part: 1, whole: NonZeroU32::MIN };

    /// The rate `1/whole`.
    #[must_use]
    pub const fn one_in(whole: NonZeroU32) -> Self {
        Self { part: 1, whole }
    }

    /// Whether the item with this number is in the sample. Of evenly spread numbers, this share is.
    #[must_use]
    pub fn holds(self, number: u64) -> bool {
        number % u64::from(self.whole.get()) < u64::from(self.part)
    }
}

impl FromStr for SampleRate {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (part, whole) = text.split_once('/').unwrap_or((text, "1"));
        // `+1` would parse as well, and is not written like that.
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
            digits.then(|| text.parse::<u32>().ok()).flatten().ok_or(Malformed)
        };
        let (part, whole) = (number(part)?, number(whole)?);
        match NonZeroU32::new(whole) {
            Some(whole) if part <= whole.get() => Ok(Self { part, whole }),
            _ => Err(Malformed),
        }
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole.get() {
            1 => write!(f, "{}", self.part),
            whole => write!(f, "{}/{whole}", self.part),
        }
    }
}

#[cfg(test)]
mod tests;

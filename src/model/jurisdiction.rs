//! Countries and their parts.

use std::fmt;

use crate::model::name;
use crate::model::name::Name;

/// An ISO 3166-1 country (`US`) or an ISO 3166-2 part of one (`US-FL`), in capitals.
///
/// Only the form of the code is checked here; `calendar` knows whether it exists.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jurisdiction(Name);

impl Jurisdiction {
    /// Checks the shape: two capitals, or two capitals, a hyphen and one to three capitals or
    /// digits.
    ///
    /// # Errors
    /// If the text is not a name at all.
    pub fn new(code: &str) -> Result<Option<Self>, name::Error> {
        let name = Name::new(code)?;
        Ok(is_shaped(code).then_some(Self(name)))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as a name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.0
    }

    /// The country: `US` of `US-FL`.
    #[must_use]
    pub fn country(&self) -> &str {
        self.0.split_once('-').map_or(self.0.as_str(), |(country, _part)| country)
    }

    /// Whether `other` is this jurisdiction or a part of it: `US` covers `US` and `US-FL`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self == other || self.as_str() == other.country()
    }
}

fn is_shaped(code: &str) -> bool {
    let (country, part) = match code.split_once('-') {
        Some((country, part)) => (country, Some(part)),
        None => (code, None),
    };
    let part_fits = part.is_none_or(|part| {
        (1..=3).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()) && part_fits
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

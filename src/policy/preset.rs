//! The policies that ship with courtesy: laws' calling hours, and the policy to start with.
//!
//! A preset is an ordinary document of the policy language, included by its name. Each names its
//! sources and dates in itself.

mod about;
mod review;

pub use about::About;
pub use about::Part;
pub use review::REVIEW_DAYS_MAX;
pub use review::included;
pub use review::unreviewed;

/// The policy that is in force until another is applied.
pub const STARTER: &str = include_str!("starter.yaml");

/// A document that a policy can `include` by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name it is included by; also the document's own.
    pub name: &'static str,
    /// The document, comments included.
    pub text: &'static str,
}

/// Every preset, sorted by name.
#[must_use]
pub const fn all() -> &'static [Preset] {
    ALL
}

/// The preset of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Preset> {
    ALL.iter().find(|preset| preset.name == name)
}

/// Names become presets: each is a file in `presets/`.
macro_rules! presets {
    ($($name:literal,)+) => {
        &[$(Preset { name: $name, text: include_str!(concat!("presets/", $name, ".yaml")) }),+]
    };
}

const ALL: &[Preset] = presets![
    "ae-telemarketing",
    "at",
    "au-telemarketing",
    "br-ce",
    "br-rj",
    "ca-bc",
    "ca-casl",
    "ca-crtc",
    "co-2300",
    "de-uwg",
    "es-phone",
    "fr-bloctel",
    "gb-pecr",
    "ie",
    "in",
    "it-code",
    "kr-night",
    "nl",
    "pt",
    "sa",
    "th",
    "th-texts",
    "us-al",
    "us-ca",
    "us-ct",
    "us-fl",
    "us-il",
    "us-in",
    "us-ky",
    "us-la",
    "us-ma",
    "us-md",
    "us-me",
    "us-mi",
    "us-mn",
    "us-ms",
    "us-nm",
    "us-nv",
    "us-ok",
    "us-or",
    "us-pa",
    "us-regf",
    "us-ri",
    "us-sd",
    "us-strictest",
    "us-tcpa",
    "us-tx",
    "us-ut",
    "us-wa",
    "us-wy",
    "vn",
    "za-cpa",
];

#[cfg(test)]
mod tests;

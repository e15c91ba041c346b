//! The languages of the table of words.

/// A language that messages are understood in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// No language in particular: a sign.
    Undetermined,
    /// English.
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// German.
    German,
    /// Portuguese.
    Portuguese,
    /// Italian.
    Italian,
    /// Dutch: keywords only.
    Dutch,
    /// Polish: keywords only.
    Polish,
    /// Russian: keywords only.
    Russian,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 10] = [
        Self::Undetermined,
        Self::English,
        Self::Spanish,
        Self::French,
        Self::German,
        Self::Portuguese,
        Self::Italian,
        Self::Dutch,
        Self::Polish,
        Self::Russian,
    ];

    /// The language's BCP 47 code: `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Undetermined => "und",
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
            Self::Portuguese => "pt",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Russian => "ru",
        }
    }

    /// The language of that code.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

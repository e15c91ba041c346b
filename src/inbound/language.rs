//! The languages of the tables.

/// A language that something is known of: of six, what people say in their own words; of the
/// others, the key words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static str);

impl Language {
    /// No language in particular: a sign.
    pub const UNDETERMINED: Self = Self("und");

    /// The languages that are read as people write them, and not in key words alone.
    pub const READ: [Self; 6] =
        [Self("en"), Self("es"), Self("fr"), Self("de"), Self("pt"), Self("it")];

    /// The language's BCP 47 code: `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// The language of a code in a table: two or three letters.
    pub(super) fn of_code(code: &'static str) -> Option<Self> {
        let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|c| c.is_ascii_lowercase());
        is_code.then_some(Self(code))
    }
}

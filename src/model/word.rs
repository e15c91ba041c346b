//! Values that are written as words.

/// A value that is written as one of a few words.
pub trait Word: Copy + 'static {
    /// All values, in the order in which they are listed.
    fn all() -> impl Iterator<Item = Self>;

    /// How it is written.
    fn word(self) -> &'static str;
}

//! A record that an operation may change.

use std::ops::Deref;
use std::ops::DerefMut;

use crate::model::Record;

/// A record as it is read, and as it is changed: it is copied when an operation first changes it.
/// So an operation that only reads costs no copy and no comparison.
#[derive(Debug)]
pub struct Draft<'a> {
    before: &'a Record,
    // In a box, so that what waits for the store carries little.
    after: Option<Box<Record>>,
}

impl<'a> Draft<'a> {
    /// A record that nothing has changed yet.
    #[must_use]
    pub const fn of(before: &'a Record) -> Self {
        Self { before, after: None }
    }

    /// The changed record; `None` if nothing was changed.
    #[must_use]
    pub fn changed(self) -> Option<Box<Record>> {
        self.after.filter(|after| **after != *self.before)
    }

    /// Puts a changed copy in its place.
    pub(super) fn put(&mut self, after: Record) {
        self.after = Some(Box::new(after));
    }
}

impl Deref for Draft<'_> {
    type Target = Record;

    fn deref(&self) -> &Record {
        self.after.as_deref().unwrap_or(self.before)
    }
}

impl DerefMut for Draft<'_> {
    fn deref_mut(&mut self) -> &mut Record {
        self.after.get_or_insert_with(|| Box::new(self.before.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    #[test]
    fn only_what_differs_has_changed() {
        let before = Record::default();
        let mut draft = Draft::of(&before);
        assert_eq!(draft.profile.time_zone, None);
        assert!(draft.after.is_none() && Draft::of(&before).changed().is_none());
        draft.profile.time_zone = Name::new("Europe/Paris").ok();
        draft.profile.time_zone = None;
        assert!(draft.after.is_some() && draft.changed().is_none());
        let mut draft = Draft::of(&before);
        draft.profile.time_zone = Name::new("Europe/Paris").ok();
        assert_eq!(draft.changed().unwrap().profile.time_zone, Name::new("Europe/Paris").ok());
        assert_eq!(before, Record::default());
    }
}

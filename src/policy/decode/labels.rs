//! The labels of a contact as keys of a record, each under its own name.

use super::At;
use super::Decode;
use super::Fields;
use super::Keys;
use super::Member;
use crate::model::Label;
use crate::model::Labels;
use crate::model::Name;
use crate::policy::problem::Problems;

/// The value of a key for a label.
pub(crate) trait Labelled: Decode {
    /// The key.
    const KEY: fn(Label) -> &'static str;
}

/// `topic` and the others.
impl Labelled for Name {
    const KEY: fn(Label) -> &'static str = Label::as_str;
}

/// `topics` and the others.
impl Labelled for Vec<At<Name>> {
    const KEY: fn(Label) -> &'static str = Label::list;
}

impl<T: Labelled> Member for Labels<Option<At<T>>> {
    fn take(fields: &mut Fields<'_>, _: &'static str, problems: &mut Problems) -> Option<Self> {
        // All are read before one that is wrong makes an end.
        let take = <Option<At<T>> as Member>::take;
        let read = Label::ALL.map(|label| take(fields, T::KEY(label), problems));
        read.try_map(|it| it.ok_or(())).ok()
    }

    fn describe(keys: &mut Keys<'_>, _: &'static str, _: &[&str]) {
        for label in Label::ALL {
            <Option<At<T>> as Member>::describe(keys, T::KEY(label), &[label.description()]);
        }
    }
}

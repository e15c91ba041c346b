//! The labels of a contact: the names that it may have beside its channel and its purpose. This is
//! their only list; what is decoded, stored, sent and told of them is made from it.

/// Declares the labels. A line such as
///
/// ```text
/// /// In which campaign.
/// campaign, campaigns: Campaign;
/// ```
///
/// makes a variant `Label::Campaign`, which is called `campaign`, in lists `campaigns`, and is
/// described by the comment, and a field `campaign` of [`Labels`]. The `$` at the beginning is for
/// the macros that it makes.
macro_rules! labels {
    ($d:tt $(#[doc = $doc:literal] $field:ident, $list:ident: $label:ident;)+) => {
        /// The fields of a thing that are labels, as [`Labels`]: `labels_of!(it)` is
        /// `Labels { topic: it.topic, … }`, `labels_of!(&it)` borrows them, `labels_of!(&mut it)`
        /// lets them be changed, and `labels_of!(it) = …` sets them.
        macro_rules! labels_of {
            (&mut $d of:expr) => {
                $crate::model::label::Labels { $($field: &mut $d of.$field),+ }
            };
            (&$d of:expr) => { $crate::model::label::Labels { $($field: &$d of.$field),+ } };
            ($d of:expr) => { $crate::model::label::Labels { $($field: $d of.$field),+ } };
        }

        /// As [`labels_of!`], of a thing that has a list for each: `it.topics` and the others.
        macro_rules! label_lists_of {
            (&$d of:expr) => { $crate::model::label::Labels { $($field: &$d of.$list),+ } };
            ($d of:expr) => { $crate::model::label::Labels { $($field: $d of.$list),+ } };
        }

        /// One of the labels of a contact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Label {
            $(#[doc = $doc] $label,)+
        }

        impl Label {
            /// All of them, each in its own place.
            pub const ALL: Labels<Self> = Labels { $($field: Self::$label),+ };

            /// What one is called, such as `topic`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$label => stringify!($field)),+ }
            }

            /// What a list of them is called, such as `topics`.
            #[must_use]
            pub const fn list(self) -> &'static str {
                match self { $(Self::$label => stringify!($list)),+ }
            }

            /// What it says of a contact, such as "About what."
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$label => $doc),+ }.trim_ascii()
            }
        }

        /// A value for each label.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct Labels<T> {
            $(#[doc = $doc] pub $field: T,)+
        }

        impl<T> Labels<T> {
            /// The value of a label.
            #[must_use]
            pub fn get(self, label: Label) -> T {
                match label { $(Label::$label => self.$field),+ }
            }

            /// Each value, borrowed.
            #[must_use]
            pub const fn each(&self) -> Labels<&T> {
                labels_of!(&self)
            }

            /// What becomes of each value.
            pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Labels<U> {
                Labels { $($field: f(self.$field)),+ }
            }

            /// What becomes of each value, or the first error.
            ///
            /// # Errors
            /// Those of `f`.
            pub fn try_map<U, E>(
                self,
                mut f: impl FnMut(T) -> Result<U, E>,
            ) -> Result<Labels<U>, E> {
                Ok(Labels { $($field: f(self.$field)?),+ })
            }

            /// Each value beside another's.
            #[must_use]
            pub fn zip<U>(self, other: Labels<U>) -> Labels<(T, U)> {
                Labels { $($field: (self.$field, other.$field)),+ }
            }
        }

        impl<T> Labels<Option<T>> {
            /// No label.
            pub const NONE: Self = Self { $($field: None),+ };
        }

        impl<T> IntoIterator for Labels<T> {
            type Item = T;
            type IntoIter = std::array::IntoIter<T, { [$(Label::$label),+].len() }>;

            fn into_iter(self) -> Self::IntoIter {
                [$(self.$field),+].into_iter()
            }
        }
    };
}

labels! { $
    /// About what.
    topic, topics: Topic;
    /// In which campaign.
    campaign, campaigns: Campaign;
    /// By which brand.
    brand, brands: Brand;
}

impl Label {
    /// The label that is called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.as_str() == name)
    }
}

pub(crate) use label_lists_of;
pub(crate) use labels_of;

//! Values that are written as words.

/// A value that is written as one of a few words.
pub trait Word: Copy + 'static {
    /// All values, in the order in which they are listed.
    fn all() -> impl Iterator<Item = Self>;

    /// The word as it is written.
    fn word(self) -> &'static str;
}

/// Declares an enum whose values are written as words, each as its name in snake case:
///
/// ```text
/// words! {
///     /// What happened.
///     pub enum EventKind { /// … Opened, /// … BouncedHard, }
/// }
/// ```
///
/// makes `EventKind`, with `EventKind::ALL` in this order, `EventKind::BouncedHard.as_str()`, which
/// is `bounced_hard`, the same for `Display`, and [`Word`]. `in "SCREAMING_SNAKE_CASE"` behind the
/// name writes them in another case, which is one that `strum` knows.
macro_rules! words {
    ($(#[$about:meta])* $visibility:vis enum $name:ident { $($values:tt)+ }) => {
        $crate::model::word::words! {
            $(#[$about])* $visibility enum $name in "snake_case" { $($values)+ }
        }
    };
    ($(#[$about:meta])* $visibility:vis enum $name:ident in $case:tt {
        $($(#[$doc:meta])* $value:ident,)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
        #[strum(serialize_all = $case)]
        $visibility enum $name {
            $($(#[$doc])* $value,)+
        }

        impl $name {
            /// All of them, in the order of their declaration.
            $visibility const ALL: [Self; { [$(Self::$value),+].len() }] = [$(Self::$value),+];

            /// The word as it is written.
            #[must_use]
            $visibility fn as_str(self) -> &'static str {
                self.into()
            }
        }

        impl $crate::model::Word for $name {
            fn all() -> impl Iterator<Item = Self> {
                Self::ALL.into_iter()
            }

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use words;

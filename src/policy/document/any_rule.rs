//! Rules of any family, for what is asked of all of them.

use super::Document;
use super::Rule;
use crate::model::Span;
use crate::policy::document;
use crate::policy::problem::Problems;
use crate::policy::rules::Family;
use crate::policy::rules::Mode;
use crate::policy::rules::families;

/// The part of a rule that does not depend on the rest of the policy.
pub(in crate::policy) trait Alone {
    /// Reports mistakes within the rule.
    fn check(&self, _problems: &mut Problems) {}

    /// The time that it looks back; `None` if it looks at no history, or at all of it.
    fn reach(&self) -> Option<Span> {
        None
    }
}

/// Makes [`AnyRule`] of the table of families.
macro_rules! any_rule {
    ($(#[doc = $doc:literal] $kind:ident($document:ty, $compiled:ty):
        $section:ident, $noun:literal, $family:expr;)+) => {
        /// A rule of some family.
        #[derive(Clone, Copy, Debug)]
        pub(in crate::policy) enum AnyRule<'a> {
            $($kind(&'a $document),)+
        }

        impl<'a> AnyRule<'a> {
            /// What it has in common with all others.
            pub(in crate::policy) fn rule(self) -> &'a Rule {
                match self { $(Self::$kind(it) => &it.rule),+ }
            }

            /// What it says by itself.
            pub(in crate::policy) fn alone(self) -> &'a dyn Alone {
                match self { $(Self::$kind(it) => it),+ }
            }

            /// The family that a purpose can be exempt from; content rules have none.
            pub(in crate::policy) fn family(self) -> Option<Family> {
                match self { $(Self::$kind(_) => $family),+ }
            }

            /// The section of documents in which it stands.
            pub(in crate::policy) const fn section(self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($section)),+ }
            }
        }

        impl Document {
            /// All rules, family by family.
            pub(in crate::policy) fn rules(&self) -> impl Iterator<Item = AnyRule<'_>> {
                std::iter::empty()$(.chain(self.$section.iter().map(AnyRule::$kind)))+
            }
        }
    };
}

families!(any_rule);

impl Document {
    /// The strongest mode that its rules can have.
    pub(in crate::policy) fn mode(&self) -> Mode {
        self.mode.unwrap_or(Mode::Enforce)
    }
}

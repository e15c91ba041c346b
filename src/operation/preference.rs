//! The preference form, on which customers choose purposes, channels, frequencies and breaks: the
//! choices that a policy offers, their states, and the effects of the answers. It has no state of
//! its own: all of it is wishes.
//!
//! The form is about the purposes of the policy's pages, and about nothing else: what it refuses is
//! refused of them, and what it allows again reaches no further.

mod dates;
mod form;
mod limits;
mod occasions;
mod reach;
mod save;

pub use dates::OwnDate;
pub use form::Choice;
pub use form::Form;
pub use form::Spared;
pub use form::State;
pub use form::form;
pub use form::stopped_last;
pub use limits::Limit;
pub use save::Choose;
pub use save::Names;
pub use save::Repeated;
pub use save::Saved;
pub use save::Saving;
pub use save::save;

use crate::model::Name;
use crate::model::Scope;

/// A kind of choice that a customer can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Topics.
    Topic,
    /// Purposes.
    Purpose,
    /// Channels.
    Channel,
    /// Occasions.
    Occasion,
}

impl Sort {
    /// The scope of everything that concerns a choice of this kind.
    #[must_use]
    pub fn alone(self, name: &Name) -> Scope {
        let name = Some(name.clone());
        match self {
            Self::Topic => Scope { topic: name, ..Scope::default() },
            Self::Purpose => Scope { purpose: name, ..Scope::default() },
            Self::Channel => Scope { channel: name, ..Scope::default() },
            Self::Occasion => Scope { occasion: name, ..Scope::default() },
        }
    }

    /// The scope that is refused with a choice of this kind, for one purpose and one brand or all.
    fn scope(self, name: &Name, purpose: &Name, brand: Option<&Name>) -> Scope {
        let whole = whole(purpose, brand);
        match self {
            Self::Topic => Scope { topic: Some(name.clone()), ..whole },
            Self::Purpose => self::whole(name, brand),
            Self::Channel => Scope { channel: Some(name.clone()), ..whole },
            Self::Occasion => Scope { occasion: Some(name.clone()), ..whole },
        }
    }
}

/// The whole scope of a purpose.
fn whole(purpose: &Name, brand: Option<&Name>) -> Scope {
    Scope { purpose: Some(purpose.clone()), brand: brand.cloned(), ..Scope::default() }
}

#[cfg(test)]
mod tests;

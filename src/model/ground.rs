//! The ground of a consent: the customer's own word, or a fact from which a law infers it.

use crate::model::name::Name;

/// The ground of a consent: `express`, one that law knows by name, or one of the policy's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ground(
    // INVARIANT: never `express`, which is unset.
    Option<Name>,
);

impl Ground {
    /// The customer said so.
    pub const EXPRESS: Self = Self(None);
    /// The grounds that every policy knows.
    pub const SHIPPED: [&str; 4] = [EXPRESS, "purchase", "inquiry", "soft_opt_in"];

    /// The ground of that name.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self(Some(name).filter(|name| name.as_str() != EXPRESS))
    }

    /// The ground's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or(EXPRESS)
    }

    /// Whether the customer gave the consent expressly.
    #[must_use]
    pub const fn is_express(&self) -> bool {
        self.0.is_none()
    }

    /// The name of a ground other than `express`.
    #[must_use]
    pub const fn other(&self) -> Option<&Name> {
        self.0.as_ref()
    }
}

const EXPRESS: &str = "express";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn express_is_the_ground_where_none_is_named() {
        let named = |text: &str| Ground::new(Name::new(text).unwrap());
        assert_eq!(named("express"), Ground::default());
        assert_eq!(Ground::default(), Ground::EXPRESS);
        assert_eq!(
            (named("purchase").as_str(), named("express").as_str()),
            ("purchase", "express")
        );
        assert!(!named("purchase").is_express() && Ground::EXPRESS.other().is_none());
    }
}

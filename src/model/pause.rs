//! What operators have paused, as they said it.

use std::fmt;

use crate::model::instant::Instant;
use crate::model::jurisdiction::Jurisdiction;
use crate::model::name::Name;

/// The most pauses of a tenant: every decision looks at each.
pub const PAUSES_MAX: usize = 100;

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Its name, by which it is ended.
    pub name: Name,
    /// What is stopped.
    pub selection: Selection,
    /// Why; it shows in answers.
    pub reason: Box<str>,
    /// When it begins; unset is that it holds already.
    pub from: Option<Instant>,
    /// The first instant at which it is over; unset if it has to be ended by hand.
    pub until: Option<Instant>,
    /// Who wants it, as they said themselves.
    pub author: Option<Box<str>>,
    /// When it was set.
    pub set: Instant,
}

/// Which contacts are meant: every list that is not empty must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// How.
    pub channels: Vec<Name>,
    /// Why.
    pub purposes: Vec<Name>,
    /// About what.
    pub topics: Vec<Name>,
    /// In which campaign.
    pub campaigns: Vec<Name>,
    /// By which brand.
    pub brands: Vec<Name>,
    /// About which occasions; one of them is enough.
    pub occasions: Vec<Name>,
    /// Under which law the customer falls; one of the customer's is enough.
    pub jurisdictions: Vec<Jurisdiction>,
    /// To which groups the customer belongs; one of them is enough.
    pub segments: Vec<Name>,
    /// The least priority.
    pub priority_at_least: Option<u8>,
    /// The priority below which it must be.
    pub priority_below: Option<u8>,
}

impl Pause {
    /// Whether it neither holds nor will.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl fmt::Display for Selection {
    /// `everything`, or the lists: `channels sms, push; priority below 50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jurisdictions: Vec<Name> =
            self.jurisdictions.iter().map(|it| it.name().clone()).collect();
        let lists = [
            ("channels", &self.channels),
            ("purposes", &self.purposes),
            ("topics", &self.topics),
            ("campaigns", &self.campaigns),
            ("brands", &self.brands),
            ("occasions", &self.occasions),
            ("jurisdictions", &jurisdictions),
            ("segments", &self.segments),
        ];
        let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let mut parts: Vec<String> = lists
            .map(|(what, names)| {
                let names: Vec<&str> = names.iter().map(Name::as_str).collect();
                format!("{what} {}", names.join(", "))
            })
            .collect();
        parts.extend(self.priority_at_least.map(|least| format!("priority at least {least}")));
        parts.extend(self.priority_below.map(|bound| format!("priority below {bound}")));
        if parts.is_empty() { f.write_str("everything") } else { f.write_str(&parts.join("; ")) }
    }
}

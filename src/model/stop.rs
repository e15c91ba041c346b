//! A refusal that the customer wrote. A START by the same channel can take it back.

use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;

/// The way in which a refusal was written, and the parts that have been taken back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// The channel by which the refusal came.
    pub channel: Name,
    /// The source of the refusal's width.
    pub width: Width,
    /// The scopes that have been taken back, none within another, in order.
    pub except: Vec<Scope>,
}

/// The source of a written refusal's width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// The policy: the customer wrote a bare `STOP`. A START takes back all of it.
    Policy,
    /// The customer: `stop everything`. A START takes it back for its own channel only.
    Words,
}

/// A START of the customer. It is kept so that an older STOP that is heard later changes nothing in
/// its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retraction {
    /// The channel by which it came, and the brand and topic that it was written to, if there were
    /// any.
    pub scope: Scope,
    /// The time at which it was written.
    pub at: Instant,
}

impl Stop {
    /// A refusal with nothing taken back.
    #[must_use]
    pub const fn new(channel: Name, width: Width) -> Self {
        Self { channel, width, except: Vec::new() }
    }

    /// The scope that a later START takes back; `None` if it came by another channel.
    #[must_use]
    pub fn taken_back(&self, retraction: &Retraction) -> Option<Scope> {
        let scope = retraction.scope.clone();
        let is_own = scope.channel.as_ref() == Some(&self.channel);
        is_own.then_some(match self.width {
            Width::Policy => Scope { channel: None, ..scope },
            Width::Words => scope,
        })
    }

    /// Notes what has been taken back.
    pub fn except(&mut self, scope: Scope) {
        if self.except.iter().any(|known| known.contains(&scope)) {
            return;
        }
        self.except.retain(|known| !scope.contains(known));
        self.except.push(scope);
        self.except.sort();
    }

    /// Whether everything that is taken back of this refusal is taken back of the other too.
    #[must_use]
    pub fn ends_with(&self, other: &Self) -> bool {
        self.channel == other.channel && other.width <= self.width
    }
}

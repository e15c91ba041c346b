//! A refusal that the customer wrote, which a START by the same channel can take back.

use crate::model::instant::Instant;
use crate::model::name::Name;
use crate::model::scope::Scope;

/// How a refusal was written, and what of it has been taken back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// The channel by which it came.
    pub channel: Name,
    /// Who chose how far it reaches.
    pub width: Width,
    /// What has been taken back of it, no scope within another, in order.
    pub except: Vec<Scope>,
}

/// Who chose how far a written refusal reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// The policy: the customer wrote a bare `STOP`. A START takes back all of it.
    Policy,
    /// The customer: `stop everything`. A START takes it back for its own channel only.
    Words,
}

/// That the customer wrote START, kept so that an older STOP which is heard of later changes
/// nothing there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retraction {
    /// By which channel, and to which brand and topic, where it was written to one.
    pub scope: Scope,
    /// When.
    pub at: Instant,
}

impl Stop {
    /// A refusal of which nothing has been taken back.
    #[must_use]
    pub const fn new(channel: Name, width: Width) -> Self {
        Self { channel, width, except: Vec::new() }
    }

    /// What a later START takes back of it; none where it came by another channel.
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

    /// Whether whatever is taken back of this refusal is taken back of the other one too.
    #[must_use]
    pub fn ends_with(&self, other: &Self) -> bool {
        self.channel == other.channel && other.width <= self.width
    }
}

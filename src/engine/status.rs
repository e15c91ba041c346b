//! The result of one rule at one instant, and the time for which it holds.

use crate::model::Instant;
use crate::model::decision::Code;

/// The result of one rule at an instant, and a bound up to which it certainly holds. The bound may
/// be early (then the rule is asked again) and is never late. If a rule is clear at an instant and
/// denies directly after it, the result is `Clear` with that same instant as bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// The rule does not deny, up to the bound or for good.
    Clear(Option<Instant>),
    /// The rule denies for this reason, up to the bound or for good.
    Denied(Code, Option<Instant>),
}

/// The result of one rule at an instant, and the units that it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: Status,
    /// Units that are left for the contact, on the clock with the fewest. `None` if the rule has no
    /// units, is not in force, or needs a clock that is unknown.
    pub(crate) left: Option<u32>,
}

impl Said {
    /// The result of two rules, each of which must be satisfied.
    pub(crate) fn and(self, other: Self) -> Self {
        let status = self.status.and(other.status);
        Self { status, left: earlier(self.left, other.left) }
    }
}

impl From<Status> for Said {
    fn from(status: Status) -> Self {
        Self { status, left: None }
    }
}

impl Status {
    /// The rule does not deny, and never will.
    pub(crate) const CLEAR: Self = Self::Clear(None);

    /// The result with a bound of at most `end`; then the rule must be asked again.
    pub(crate) fn up_to(self, end: Option<Instant>) -> Self {
        match self {
            Self::Clear(until) => Self::Clear(earlier(until, end)),
            Self::Denied(code, until) => Self::Denied(code, earlier(until, end)),
        }
    }

    /// Whether the rule is known not to deny at a later instant either.
    pub(crate) fn is_clear_at(self, later: Instant) -> bool {
        match self {
            Self::Clear(until) => until.is_none_or(|until| later < until),
            Self::Denied(..) => false,
        }
    }

    /// The bound up to which it does not deny, if this is its status at an instant: that instant
    /// itself if it denies then or directly after it.
    pub(crate) fn holds_until(self, at: Instant) -> Option<Instant> {
        match self {
            Self::Clear(until) => until.map(|until| until.max(at)),
            Self::Denied(..) => Some(at),
        }
    }

    /// The result of two rules, each of which must be satisfied.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Clear(one), Self::Clear(two)) => Self::Clear(earlier(one, two)),
            (Self::Denied(code, one), Self::Denied(_, two)) => {
                Self::Denied(code, one.zip(two).map(|(one, two)| one.max(two)))
            }
            (denied @ Self::Denied(..), Self::Clear(_))
            | (Self::Clear(_), denied @ Self::Denied(..)) => denied,
        }
    }
}

/// The earlier of two bounds. `None` is a bound that never comes.
pub(crate) fn earlier<T: Ord>(one: Option<T>, two: Option<T>) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (bound, None) | (None, bound) => bound,
    }
}

/// The result of a rule that is in force over `[from, end)`.
pub(crate) fn in_force(
    from: Option<Instant>,
    end: Option<Instant>,
    at: Instant,
    says: impl FnOnce() -> Said,
) -> Said {
    match (from, end) {
        (Some(from), _) if at < from => Said::from(Status::Clear(Some(from))),
        (_, Some(end)) if end <= at => Said::from(Status::CLEAR),
        _ => {
            let said = says();
            Said { status: said.status.up_to(end), ..said }
        }
    }
}

/// Whether the first instant of a stretch belongs to it. The last one never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// The first instant belongs to the stretch.
    Included,
    /// It does not: a contact exactly that long before another one is not too close.
    Excluded,
}

/// Finds the status at an instant among denied stretches that are fed in order of both their
/// ends.
#[derive(Debug)]
pub(crate) struct Sweep {
    at: Instant,
    start: Start,
    code: Code,
    denied_until: Option<Instant>,
}

impl Sweep {
    pub(crate) const fn new(at: Instant, start: Start, code: Code) -> Self {
        Self { at, start, code, denied_until: None }
    }

    /// Takes the next stretch; answers as soon as no later one can matter.
    pub(crate) fn feed(&mut self, from: Instant, to: Instant) -> Option<Status> {
        match self.denied_until {
            None if to <= self.at => None,
            None if self.begins_by(from, self.at) => {
                self.denied_until = Some(to);
                None
            }
            None => Some(Status::Clear(Some(from))),
            Some(until) if self.begins_by(from, until) => {
                self.denied_until = Some(until.max(to));
                None
            }
            Some(until) => Some(Status::Denied(self.code, Some(until))),
        }
    }

    /// The status, when there are no more stretches.
    pub(crate) const fn finish(self) -> Status {
        match self.denied_until {
            Some(until) => Status::Denied(self.code, Some(until)),
            None => Status::CLEAR,
        }
    }

    fn begins_by(&self, from: Instant, at: Instant) -> bool {
        match self.start {
            Start::Included => from <= at,
            Start::Excluded => from < at,
        }
    }
}

//! A selector: lists that must all match. A missing list matches everything.

use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::pause::Selection;
use crate::policy::Policy;

/// A set of declared channels or purposes, by their positions. The highest bit stands for all
/// that are not declared any more, so that a list of all still matches what is on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask(u64);

impl Mask {
    /// Everything, declared or not.
    pub const ALL: Self = Self(u64::MAX);
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// The channel or purpose at a position; unset is one that is not declared.
    #[must_use]
    pub fn of(position: Option<usize>) -> Self {
        let bit = position.and_then(|position| u32::try_from(position).ok()).unwrap_or(63);
        Self(1_u64.checked_shl(bit.min(63)).unwrap_or(0))
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The members of both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the two have a member in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A conjunction of lists. Lists of names are in order, so that they can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The channels.
    pub channels: Mask,
    /// The purposes.
    pub purposes: Mask,
    /// The labels; a contact without a topic is in no list of topics.
    pub labels: Labels<Option<Vec<Name>>>,
    /// About which occasions; one of them is enough.
    pub occasions: Option<Vec<Name>>,
    /// Under which law the customer falls; `US` matches `US-FL`.
    pub jurisdictions: Option<Vec<Jurisdiction>>,
    /// The customer's segments. One of them is enough.
    pub segments: Option<Vec<Name>>,
    /// The least priority.
    pub priority_at_least: Option<u8>,
    /// The priority below which it must be.
    pub priority_below: Option<u8>,
}

impl Selector {
    /// Whether it selects by channels, purposes and customers alone, without labels or occasions.
    #[must_use]
    pub fn is_about_anything(&self) -> bool {
        self.labels == Labels::NONE
            && self.occasions.is_none()
            && self.priority_at_least.is_none()
            && self.priority_below.is_none()
    }

    /// The selector that matches all.
    pub const ALL: Self = Self {
        channels: Mask::ALL,
        purposes: Mask::ALL,
        labels: Labels::NONE,
        occasions: None,
        jurisdictions: None,
        segments: None,
        priority_at_least: None,
        priority_below: None,
    };

    /// The selector of an operator's selection, under a policy. There are no contacts on channels
    /// or for purposes that the policy does not declare.
    #[must_use]
    pub fn of(selection: &Selection, policy: &Policy) -> Self {
        let listed = |names: &[Name]| (!names.is_empty()).then(|| sorted(names));
        let masked = |names: &[Name], position: &dyn Fn(&str) -> Option<usize>| match names {
            [] => Mask::ALL,
            names => names.iter().fold(Mask::NONE, |mask, name| match position(name) {
                Some(position) => mask.union(Mask::of(Some(position))),
                None => mask,
            }),
        };
        Self {
            channels: masked(&selection.channels, &|name| policy.channel_position(name)),
            purposes: masked(&selection.purposes, &|name| policy.purpose_position(name)),
            labels: selection.labels.each().map(|it| listed(it)),
            occasions: listed(&selection.occasions),
            jurisdictions: (!selection.jurisdictions.is_empty())
                .then(|| sorted(&selection.jurisdictions)),
            segments: listed(&selection.segments),
            priority_at_least: selection.priority_at_least,
            priority_below: selection.priority_below,
        }
    }

    /// Whether the priority lies within the bounds.
    #[must_use]
    #[inline]
    pub fn matches_priority(&self, priority: u8) -> bool {
        self.priority_at_least.is_none_or(|least| priority >= least)
            && self.priority_below.is_none_or(|bound| priority < bound)
    }

    /// Whether it matches a customer with these jurisdictions.
    #[must_use]
    pub fn matches_jurisdictions(&self, jurisdictions: &[Jurisdiction]) -> bool {
        let covered = |codes: &Vec<Jurisdiction>| {
            codes.iter().any(|code| jurisdictions.iter().any(|own| code.covers(own)))
        };
        self.jurisdictions.as_ref().is_none_or(covered)
    }

    /// Whether it matches a customer with these segments.
    #[must_use]
    pub fn matches_segments(&self, segments: &[Name]) -> bool {
        let grouped = |names: &Vec<Name>| names.iter().any(|name| segments.contains(name));
        self.segments.as_ref().is_none_or(grouped)
    }

    /// Whether it matches a contact with these labels.
    #[must_use]
    #[inline]
    pub fn matches_labels(&self, own: Labels<Option<&Name>>) -> bool {
        self.labels.each().zip(own).into_iter().all(|(names, own)| {
            names.as_ref().is_none_or(|names| own.is_some_and(|own| names.contains(own)))
        })
    }
}

fn sorted<T: Clone + Ord>(listed: &[T]) -> Vec<T> {
    let mut sorted = listed.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}

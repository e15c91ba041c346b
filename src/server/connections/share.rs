//! The shares of connections of each port. The process has a number of descriptors for all
//! connections and its files; most are kept for the API, whatever happens at the other ports.

use super::Limits;

/// The number of descriptors that are kept for files and the store, if there are many.
const OTHERS: usize = 128;

/// The numbers of connections that one port may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct Share {
    /// The number for callers and strangers together.
    pub(super) all: usize,
    /// The number for strangers.
    pub(super) strangers: usize,
}

/// The ports' shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct Shares {
    pub(in crate::server) api: Share,
    /// The share of the pages, of the console and of the operations port.
    pub(in crate::server) other: Share,
}

impl Shares {
    /// Shares `descriptors`. Half of the API's are kept for callers.
    pub(in crate::server) fn of(descriptors: usize, limits: &Limits) -> Self {
        let free = descriptors.saturating_sub(OTHERS.min(descriptors / 2));
        let api = limits.connections_max.min(free / 4 * 3).max(2);
        let other = limits.strangers_max.min(free / 12).max(1);
        let strangers = limits.strangers_max.min(api / 2).max(1);
        Self { api: Share { all: api, strangers }, other: Share { all: other, strangers: other } }
    }

    /// Shares what the process may have, after it has asked for all that the system allows.
    pub(in crate::server) fn of_process(limits: &Limits) -> Self {
        let raised = rlimit::increase_nofile_limit(rlimit::INFINITY);
        let descriptors = raised.unwrap_or_else(|error| {
            tracing::warn!(%error, "the limit of open files could not be raised");
            1_024
        });
        let shares = Self::of(usize::try_from(descriptors).unwrap_or(usize::MAX), limits);
        if shares.api.all < limits.connections_max {
            let (connections, wanted) = (shares.api.all, limits.connections_max);
            tracing::warn!(
                descriptors,
                connections,
                wanted,
                "the limit of open files leaves the API fewer connections than `connections_max`"
            );
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_together_leave_descriptors_for_the_store() {
        let limits = Limits::default();
        for descriptors in [64, 128, 256, 1_024, 4_096, 65_536, 1 << 20] {
            let shares = Shares::of(descriptors, &limits);
            let taken = shares.api.all + 3 * shares.other.all;
            assert!(
                taken + OTHERS.min(descriptors / 2) <= descriptors,
                "{descriptors}: {shares:?}"
            );
            assert!(shares.api.strangers * 2 <= shares.api.all, "{descriptors}: {shares:?}");
        }
    }

    #[test]
    fn many_descriptors_are_bounded_by_the_limits() {
        let shares = Shares::of(1 << 20, &Limits::default());
        assert_eq!(
            (shares.api.all, shares.api.strangers, shares.other.all),
            (10_000, 1_024, 1_024)
        );
    }
}

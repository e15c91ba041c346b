//! The servers of an installation: a cluster, one server that Sentinels watch, or one alone.

use std::time::Duration;

use super::super::cluster::Cluster;
use super::super::sentinel::Sentinels;
use super::super::server::Server;

/// The servers of an installation. What they write is on their disks before they say so.
pub(super) enum Servers {
    Cluster(Cluster),
    /// A primary with one replica, and Sentinels.
    Watched(Sentinels),
    Alone(Vec<Server>),
}

impl Servers {
    pub(super) fn alone() -> Self {
        Self::Alone(vec![Server::start(&["appendonly yes", "appendfsync always"])])
    }

    pub(super) fn watched() -> Self {
        Self::Watched(Sentinels::start(1))
    }

    /// What `--store` says to find them.
    pub(super) fn address(&self) -> String {
        match self {
            Self::Cluster(cluster) => cluster.address(),
            Self::Watched(sentinels) => sentinels.address(),
            Self::Alone(servers) => servers.iter().map(Server::url).collect(),
        }
    }

    pub(super) fn nodes(&self) -> &[Server] {
        match self {
            Self::Cluster(cluster) => &cluster.nodes,
            Self::Watched(sentinels) => &sentinels.nodes,
            Self::Alone(servers) => servers,
        }
    }

    pub(super) fn nodes_mut(&mut self) -> &mut [Server] {
        match self {
            Self::Cluster(cluster) => &mut cluster.nodes,
            Self::Watched(sentinels) => &mut sentinels.nodes,
            Self::Alone(servers) => servers,
        }
    }

    /// How many of them can be lost alone.
    pub(super) fn shards(&self) -> usize {
        if let Self::Cluster(_) = self { 3 } else { 1 }
    }

    /// The node that has a key, by its place.
    pub(super) fn primary_of(&self, key: &str) -> usize {
        match self {
            Self::Cluster(cluster) => cluster.primary_of(key),
            Self::Watched(sentinels) => sentinels.primary(),
            Self::Alone(_) => 0,
        }
    }

    /// The node that can take its place, if there is one.
    pub(super) fn replica_of(&self, key: &str) -> Option<usize> {
        match self {
            Self::Cluster(cluster) => Some(cluster.replica_of(key)),
            Self::Watched(sentinels) => Some(1 - sentinels.primary()),
            Self::Alone(_) => None,
        }
    }

    /// How long a primary may be silent before another takes its place.
    pub(super) fn node_timeout(&self) -> Duration {
        match self {
            Self::Cluster(cluster) => cluster.node_timeout(),
            Self::Watched(_) | Self::Alone(_) => Sentinels::DOWN_AFTER,
        }
    }

    /// Lets the replica of a key take over in peace.
    pub(super) fn fail_over(&self, key: &str) {
        match self {
            Self::Cluster(cluster) => cluster.fail_over(key),
            Self::Watched(sentinels) => sentinels.fail_over(),
            Self::Alone(_) => {}
        }
    }

    /// Waits until all is well in the eyes of each of them.
    pub(super) fn wait_until_ok(&self) {
        match self {
            Self::Cluster(cluster) => cluster.wait_until_ok(),
            Self::Watched(sentinels) => sentinels.wait_until_ok(),
            Self::Alone(_) => {}
        }
    }
}

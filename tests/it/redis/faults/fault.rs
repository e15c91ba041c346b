//! What goes wrong, and how it is mended.

use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::super::wait::until;
use super::installation::Installation;
use super::watch;
use super::watch::Said;

/// The sorts of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A primary is killed, and started at once.
    Kill,
    /// A primary is killed, and started when its replica has taken over.
    KillLong,
    /// A primary stands still until its replica has taken over, and goes on as if nothing had been.
    Pause,
    /// A replica takes over in peace.
    FailOver,
    /// A primary is cut off together with an instance and its callers.
    Strand,
    /// An instance is cut off: all its connections go dark.
    Dark,
    /// Every node is killed, and all are started.
    RestartAll,
    /// A replica stands still, so that nothing is promised that it does not have.
    ReplicaAway,
    /// A primary's memory is full, so that it changes nothing.
    MemoryFull,
}

/// What was done, and when, on the clock of the load.
#[derive(Clone, Debug)]
pub(super) struct Struck {
    pub(super) kind: Kind,
    pub(super) shard: usize,
    pub(super) began: Duration,
    /// When it was mended.
    pub(super) ended: Duration,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Kill,
        Self::KillLong,
        Self::Pause,
        Self::FailOver,
        Self::Strand,
        Self::Dark,
        Self::RestartAll,
        Self::ReplicaAway,
        Self::MemoryFull,
    ];

    /// Lets it happen to a shard, and mends it.
    pub(super) fn strike(self, bed: &mut Installation, shard: usize, clock: Stopwatch) -> Struck {
        let key = bed.probes[shard].1.clone();
        let (primary, replica) = (bed.cluster.primary_of(&key), bed.cluster.replica_of(&key));
        let began = clock.elapsed();
        match self {
            Self::Kill => bed.cluster.nodes[primary].restart(),
            Self::KillLong => {
                bed.cluster.nodes[primary].kill();
                wait_for(bed, replica);
                bed.cluster.nodes[primary].restart();
            }
            Self::Pause => {
                bed.cluster.nodes[primary].stop();
                wait_for(bed, replica);
                bed.cluster.nodes[primary].resume();
            }
            Self::FailOver => bed.cluster.fail_over(&key),
            Self::Strand => {
                let island = [primary, bed.end];
                bed.network.strand(&island);
                wait_for(bed, replica);
                bed.network.join(&island);
            }
            Self::Dark => {
                bed.network.cut(bed.end);
                // So long that every call on it has been given up.
                std::thread::sleep(Duration::from_secs(2));
                bed.network.heal(bed.end);
            }
            Self::RestartAll => {
                let nodes = &mut bed.cluster.nodes;
                nodes.iter_mut().for_each(super::super::server::Server::kill);
                nodes.iter_mut().for_each(super::super::server::Server::begin);
                nodes.iter_mut().for_each(super::super::server::Server::wait);
            }
            Self::ReplicaAway => {
                bed.cluster.nodes[replica].stop();
                wait_until_shown(bed);
                bed.cluster.nodes[replica].resume();
            }
            Self::MemoryFull => {
                let memory = |most| ["CONFIG", "SET", "maxmemory", most];
                bed.cluster.nodes[primary].get::<String>(&memory("1"));
                wait_until_shown(bed);
                bed.cluster.nodes[primary].get::<String>(&memory("0"));
            }
        }
        Struck { kind: self, shard, began, ended: clock.elapsed() }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::KillLong => "kill until fail-over",
            Self::Pause => "pause",
            Self::FailOver => "fail-over",
            Self::Strand => "cut",
            Self::Dark => "instance cut off",
            Self::RestartAll => "restart of all",
            Self::ReplicaAway => "replica away",
            Self::MemoryFull => "memory full",
        }
    }

    /// Whether checks go on as if nothing had been, and only changes fail.
    pub(super) fn spares_checks(self) -> bool {
        matches!(self, Self::ReplicaAway | Self::MemoryFull)
    }

    /// Whether it lasts so long that it must be seen from outside.
    pub(super) fn is_lasting(self) -> bool {
        matches!(self, Self::KillLong | Self::Pause | Self::Strand | Self::Dark)
            || self.spares_checks()
    }
}

/// Waits until every instance says that something is wrong.
fn wait_until_shown(bed: &Installation) {
    for instance in &bed.instances {
        until(Duration::from_secs(20), "it is shown", || {
            watch::ask(instance.operations()).filter(|said| *said != Said::Well)
        });
    }
}

fn wait_for(bed: &Installation, replica: usize) {
    let limit = bed.cluster.node_timeout() + Duration::from_secs(20);
    let node = &bed.cluster.nodes[replica];
    until(limit, "the replica takes over", || node.info("role").filter(|role| role == "master"));
}

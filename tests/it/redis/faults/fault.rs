//! What goes wrong, and how it is mended.

use std::path::PathBuf;
use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::super::server::Server;
use super::super::wait::until;
use super::installation::APART;
use super::installation::Installation;
use super::installation::opt_out;
use super::watch;
use super::watch::Said;
use crate::crash::process::Process;

/// How long it may take until a fault that lasts is shown: what is asserted is that it is.
const SHOWN: Duration = Duration::from_secs(60);

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
    /// A replica takes over without asking: its primary is demoted under callers who stay
    /// connected.
    Demoted,
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
    /// A primary and its replica come back without what they held, and later with it. Callers wait
    /// meanwhile, since what is acknowledged before the loss is noticed is gone when the rest is
    /// back.
    Emptied,
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
    pub(super) const ALL: [Self; 11] = [
        Self::Kill,
        Self::KillLong,
        Self::Pause,
        Self::FailOver,
        Self::Demoted,
        Self::Strand,
        Self::Dark,
        Self::RestartAll,
        Self::ReplicaAway,
        Self::MemoryFull,
        Self::Emptied,
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
            Self::Demoted => {
                bed.cluster.nodes[replica].get::<()>(&["CLUSTER", "FAILOVER", "TAKEOVER"]);
                wait_for(bed, replica);
            }
            Self::Strand => {
                let island = [primary, bed.end];
                bed.network.strand(&island);
                wait_for(bed, replica);
                bed.network.join(&island);
            }
            Self::Dark => {
                bed.network.cut(bed.end);
                wait_until_shown(&bed.instances[APART..]);
                bed.network.heal(bed.end);
            }
            Self::RestartAll => {
                let nodes = &mut bed.cluster.nodes;
                nodes.iter_mut().for_each(Server::kill);
                nodes.iter_mut().for_each(Server::begin);
                nodes.iter_mut().for_each(Server::wait);
            }
            Self::ReplicaAway => {
                bed.cluster.nodes[replica].stop();
                wait_until_shown(&bed.instances);
                bed.cluster.nodes[replica].resume();
            }
            Self::MemoryFull => {
                let memory = |most| ["CONFIG", "SET", "maxmemory", most];
                bed.cluster.nodes[primary].get::<String>(&memory("1"));
                wait_until_shown(&bed.instances);
                bed.cluster.nodes[primary].get::<String>(&memory("0"));
            }
            Self::Emptied => {
                empty(bed, primary, replica);
                put_back(bed, primary, replica);
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
            Self::Demoted => "demoted",
            Self::Strand => "cut",
            Self::Dark => "instance cut off",
            Self::RestartAll => "restart of all",
            Self::ReplicaAway => "replica away",
            Self::MemoryFull => "memory full",
            Self::Emptied => "emptied",
        }
    }

    /// Whether checks go on as if nothing had been, and only changes fail.
    pub(super) fn spares_checks(self) -> bool {
        matches!(self, Self::ReplicaAway | Self::MemoryFull)
    }

    /// Whether another server takes the place of a primary that is gone.
    pub(super) fn replaces_a_primary(self) -> bool {
        matches!(self, Self::KillLong | Self::Pause | Self::Strand)
    }

    /// Whether it ends only when all whom it concerns have said that something is wrong.
    pub(super) fn waits_until_shown(self) -> bool {
        matches!(self, Self::Dark | Self::Emptied) || self.spares_checks()
    }

    /// Whether it lasts so long that it must be seen from outside.
    pub(super) fn is_lasting(self) -> bool {
        self.replaces_a_primary() || self.waits_until_shown()
    }
}

/// Waits until instances say that something is wrong.
fn wait_until_shown(instances: &[Process]) {
    for instance in instances {
        until(SHOWN, "it is shown", || {
            watch::ask(instance.operations()).filter(|said| *said != Said::Well)
        });
    }
}

/// Lets a primary and its replica come back without what they held, and waits until every instance
/// has noticed and changes nothing more.
pub(super) fn empty(bed: &mut Installation, primary: usize, replica: usize) {
    let nodes = [replica, primary];
    nodes.into_iter().for_each(|it| bed.cluster.nodes[it].kill());
    for node in nodes.map(|it| &bed.cluster.nodes[it]) {
        std::fs::rename(log_of(node), node.directory().join("kept")).unwrap();
    }
    begin(bed, nodes);
    for instance in &bed.instances {
        until(SHOWN, "the loss is noticed", || {
            let says = watch::readiness(instance.operations())?;
            says.contains("emptied").then_some(())
        });
        opt_out(instance, "nobody").unwrap_err();
    }
}

fn put_back(bed: &mut Installation, primary: usize, replica: usize) {
    let nodes = [replica, primary];
    nodes.into_iter().for_each(|it| bed.cluster.nodes[it].kill());
    for node in nodes.map(|it| &bed.cluster.nodes[it]) {
        std::fs::remove_dir_all(log_of(node)).unwrap();
        std::fs::rename(node.directory().join("kept"), log_of(node)).unwrap();
    }
    begin(bed, nodes);
}

fn begin(bed: &mut Installation, nodes: [usize; 2]) {
    nodes.into_iter().for_each(|it| bed.cluster.nodes[it].begin());
    nodes.into_iter().for_each(|it| bed.cluster.nodes[it].wait());
}

/// Where a node keeps what it holds.
fn log_of(node: &Server) -> PathBuf {
    node.directory().join("appendonlydir")
}

fn wait_for(bed: &Installation, replica: usize) {
    let limit = bed.cluster.node_timeout() + Duration::from_secs(20);
    let node = &bed.cluster.nodes[replica];
    until(limit, "the replica takes over", || node.info("role").filter(|role| role == "master"));
}

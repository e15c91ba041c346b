//! What goes wrong, and how it is mended.

use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::super::server::Server;
use super::installation::APART;
use super::installation::Installation;
use super::loss::Loss;
use super::servers::Servers;
use super::watch;
use super::watch::Said;
use crate::crash::process::Process;
use crate::wait::until;

/// How long it may take until a fault that lasts is shown: what is asserted is that it is.
pub(super) const SHOWN: Duration = Duration::from_secs(60);

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
    /// A shard does not hold what it held, and later does again.
    Loses(Loss),
}

/// What was done, and when, on the clock of the load.
#[derive(Clone, Debug)]
pub(super) struct Struck {
    pub(super) kind: Kind,
    pub(super) shard: usize,
    pub(super) began: Duration,
    /// When it was mended.
    pub(super) ended: Duration,
    /// How long it took until every instance said that something is lost, where something is.
    pub(super) seen: Option<Duration>,
    /// How often an instance has given a record a refusal back.
    pub(super) given_back: u64,
}

impl Kind {
    pub(super) const ALL: [Self; 15] = [
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
        Self::Loses(Loss::Log),
        Self::Loses(Loss::Flushed),
        Self::Loses(Loss::OlderCopy),
        Self::Loses(Loss::Evicting),
        Self::Loses(Loss::Evicted),
    ];

    /// The kind of a name, as runs print it.
    pub(super) fn named(name: &str) -> Self {
        let kind = Self::ALL.into_iter().find(|it| it.name() == name);
        kind.unwrap_or_else(|| panic!("`{name}` is none of {:?}", Self::ALL.map(Self::name)))
    }

    /// Lets it happen to a shard, and mends it.
    pub(super) fn strike(self, bed: &mut Installation, shard: usize, clock: Stopwatch) -> Struck {
        let key = bed.probes[shard].1.clone();
        let (primary, replica) = (bed.servers.primary_of(&key), bed.servers.replica_of(&key));
        // Kinds that need one are for servers that have one.
        let replica = replica.unwrap_or(primary);
        let began = clock.elapsed();
        let mut seen = None;
        match self {
            Self::Kill => bed.servers.nodes_mut()[primary].restart(),
            Self::KillLong => {
                bed.servers.nodes_mut()[primary].kill();
                wait_for(bed, replica);
                bed.servers.nodes_mut()[primary].restart();
            }
            Self::Pause => {
                bed.servers.nodes()[primary].stop();
                wait_for(bed, replica);
                bed.servers.nodes()[primary].resume();
            }
            Self::FailOver => bed.servers.fail_over(&key),
            Self::Demoted => {
                bed.servers.nodes()[replica].get::<()>(&["CLUSTER", "FAILOVER", "TAKEOVER"]);
                wait_for(bed, replica);
            }
            Self::Strand => {
                let island = [primary, bed.end];
                bed.network().strand(&island);
                wait_for(bed, replica);
                bed.network().join(&island);
            }
            Self::Dark => {
                bed.network().cut(bed.end);
                wait_until_shown(&bed.instances[APART..]);
                bed.network().heal(bed.end);
            }
            Self::RestartAll => {
                let nodes = bed.servers.nodes_mut();
                nodes.iter_mut().for_each(Server::kill);
                nodes.iter_mut().for_each(Server::begin);
                nodes.iter_mut().for_each(Server::wait);
            }
            Self::ReplicaAway => {
                bed.servers.nodes()[replica].stop();
                wait_until_shown(&bed.instances);
                bed.servers.nodes()[replica].resume();
            }
            Self::MemoryFull => {
                let memory = |most| ["CONFIG", "SET", "maxmemory", most];
                bed.servers.nodes()[primary].get::<String>(&memory("1"));
                wait_until_shown(&bed.instances);
                bed.servers.nodes()[primary].get::<String>(&memory("0"));
            }
            Self::Loses(loss) => {
                let (nodes, after) = loss.strike(bed, shard);
                seen = Some(after);
                loss.mend(bed, &nodes);
            }
        }
        Struck { kind: self, shard, began, ended: clock.elapsed(), seen, given_back: 0 }
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
            Self::Loses(loss) => loss.name(),
        }
    }

    /// Whether checks go on as if nothing had been, and only changes fail.
    pub(super) fn spares_checks(self) -> bool {
        matches!(self, Self::ReplicaAway | Self::MemoryFull)
    }

    /// Whether it can happen to some servers.
    pub(super) fn befalls(self, servers: &Servers) -> bool {
        match self {
            Self::Demoted | Self::Strand | Self::Dark => matches!(servers, Servers::Cluster(_)),
            Self::KillLong | Self::Pause | Self::FailOver | Self::ReplicaAway => {
                !matches!(servers, Servers::Alone(_))
            }
            Self::Kill | Self::RestartAll | Self::MemoryFull | Self::Loses(_) => true,
        }
    }

    /// What the store loses, so that none of it is used meanwhile.
    pub(super) fn loss(self) -> Option<Loss> {
        if let Self::Loses(loss) = self { Some(loss) } else { None }
    }

    /// Whether another server takes the place of a primary that is gone.
    pub(super) fn replaces_a_primary(self) -> bool {
        matches!(self, Self::KillLong | Self::Pause | Self::Strand)
    }

    /// Whether it ends only when all instances that it affects have said that something is wrong.
    pub(super) fn waits_until_shown(self) -> bool {
        matches!(self, Self::Dark | Self::Loses(_)) || self.spares_checks()
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

fn wait_for(bed: &Installation, replica: usize) {
    let limit = bed.servers.node_timeout() + Duration::from_secs(20);
    let node = &bed.servers.nodes()[replica];
    until(limit, "the replica takes over", || node.info("role").filter(|role| role == "master"));
}

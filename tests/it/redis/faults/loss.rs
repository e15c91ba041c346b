//! A shard that does not hold what it held, or would throw it away: how it comes to that, how it is
//! noticed, and how it is mended.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::super::server::Server;
use super::fault::SHOWN;
use super::installation;
use super::installation::Installation;
use super::watch;
use crate::wait::PATIENCE;
use crate::wait::until;

/// The command that deletes everything, as a log has it.
const FLUSH: &[u8] = b"*1\r\n$8\r\nFLUSHALL\r\n";
/// How many of ten keys a primary throws away: those that are not in use.
const THROWN: u64 = 9;
/// By how many bytes it has too much.
const TOO_MUCH: u64 = 10_000;

/// The ways to lose something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// A primary and its replica are started without their logs, and hold nothing. Later they get
    /// them back.
    Log,
    /// One command deletes everything from a shard. Later it is taken out of the log.
    Flushed,
    /// A primary and its replica come back with an older copy of the log, and later with the
    /// newest.
    OlderCopy,
    /// A primary is told to throw keys away when its memory is full. It throws none away, and later
    /// is told not to.
    Evicting,
    /// A primary has thrown keys away. Later it gets them back, and an operator says so.
    Evicted,
}

/// A primary, and before it its replica, if it has one, by their places.
type Nodes = Vec<usize>;

impl Loss {
    pub(super) const ALL: [Self; 5] =
        [Self::Log, Self::Flushed, Self::OlderCopy, Self::Evicting, Self::Evicted];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Log => "without its log",
            Self::Flushed => "flushed",
            Self::OlderCopy => "older copy",
            Self::Evicting => "evicting",
            Self::Evicted => "evicted",
        }
    }

    /// Whether anything is gone. What is acknowledged before that is noticed is gone when the rest
    /// is back, so callers who change something wait meanwhile.
    pub(super) fn takes_something(self) -> bool {
        self != Self::Evicting
    }

    /// Makes what a loss needs while callers change something: of an older copy, the copy, and then
    /// something that it does not hold and that was acknowledged.
    pub(super) fn prepare(self, bed: &Installation, shard: usize) {
        if self != Self::OlderCopy {
            return;
        }
        let primary = bed.servers.primary_of(&bed.probes[shard].1);
        let node = &bed.servers.nodes()[primary];
        let key = mark_of(bed, primary);
        let mark = || node.mark(&key);
        until(SHOWN, "the shard has a mark", mark);
        copy(&log_of(node), &older_of(node));
        let copied = until(SHOWN, "the shard has a mark", mark).counter;
        until(SHOWN, "more is acknowledged", || mark().filter(|it| it.settled > copied));
    }

    /// Lets a shard lose something, and waits until every instance has noticed and changes nothing
    /// more. Returns the nodes, and how long that took.
    pub(super) fn strike(self, bed: &mut Installation, shard: usize) -> (Nodes, Duration) {
        let key = bed.probes[shard].1.clone();
        let primary = bed.servers.primary_of(&key);
        let nodes: Nodes = bed.servers.replica_of(&key).into_iter().chain([primary]).collect();
        nodes.iter().for_each(|it| wait_until_logged(&bed.servers.nodes()[*it]));
        let node = &bed.servers.nodes()[primary];
        match self {
            Self::Flushed => node.get::<()>(&["FLUSHALL"]),
            Self::Evicting => set(node, "maxmemory-policy", "allkeys-lru"),
            Self::Evicted => {
                // Callers wait, so the copies hold all that was acknowledged.
                for node in nodes.iter().map(|it| &bed.servers.nodes()[*it]) {
                    copy(&log_of(node), &kept_of(node));
                }
                evict(node);
            }
            Self::OlderCopy => {
                let older = older_of(node);
                restart(bed, &nodes, |node| {
                    keep(node);
                    copy(&older, &log_of(node));
                });
            }
            Self::Log => restart(bed, &nodes, keep),
        }
        // A primary that was restarted answers nothing for a while.
        until(SHOWN, "the shard answers", || {
            let mut nodes = bed.servers.nodes().iter();
            nodes.find_map(|it| it.ask::<Option<Vec<u8>>>(&["GET", &key]).ok())
        });
        (nodes, wait_until_noticed(bed))
    }

    /// Puts back what was lost.
    pub(super) fn mend(self, bed: &mut Installation, nodes: &[usize]) {
        let primary = *nodes.last().unwrap();
        match self {
            Self::Evicting => set(&bed.servers.nodes()[primary], "maxmemory-policy", "noeviction"),
            Self::Flushed => {
                for node in nodes.iter().map(|it| &bed.servers.nodes()[*it]) {
                    until(SHOWN, "the log has it", || flush_in(&log_of(node)));
                }
                restart(bed, nodes, |node| {
                    let (file, place) = flush_in(&log_of(node)).unwrap();
                    fs::File::options().write(true).open(file).unwrap().set_len(place).unwrap();
                });
            }
            Self::Log | Self::OlderCopy | Self::Evicted => restart(bed, nodes, |node| {
                fs::remove_dir_all(log_of(node)).unwrap();
                fs::rename(kept_of(node), log_of(node)).unwrap();
            }),
        }
        if self == Self::Evicted {
            // That keys were thrown away is noted in every shard, not only in the one that is back.
            bed.servers.wait_until_ok();
            installation::accept(&bed.instances[0]);
        }
    }
}

fn wait_until_noticed(bed: &Installation) -> Duration {
    let since = Stopwatch::start();
    for instance in &bed.instances {
        until(SHOWN, "the loss is noticed", || {
            let says = watch::readiness(instance.operations())?;
            says.contains("emptied").then_some(())
        });
    }
    let after = since.elapsed();
    for instance in &bed.instances {
        installation::opt_out(instance, "another").unwrap_err();
    }
    after
}

/// Waits until the log of a node has what it holds. A replica that was synchronised in full writes
/// a new log beside the old one: what is put back from that would lack what was acknowledged.
fn wait_until_logged(node: &Server) {
    until(SHOWN, "the log has everything", || {
        let is = |name, value| node.info(name).is_some_and(|it| it == value);
        let follows = is("role", "master") || is("master_link_status", "up");
        let is_whole = is("aof_rewrite_in_progress", "0") && is("aof_rewrite_scheduled", "0");
        (follows && is_whole).then_some(())
    });
}

/// Ends nodes, does something to the files of each, and starts them again.
fn restart(bed: &mut Installation, nodes: &[usize], meanwhile: impl Fn(&Server)) {
    nodes.iter().for_each(|it| bed.servers.nodes_mut()[*it].kill());
    nodes.iter().for_each(|it| meanwhile(&bed.servers.nodes()[*it]));
    nodes.iter().for_each(|it| bed.servers.nodes_mut()[*it].begin());
    nodes.iter().for_each(|it| bed.servers.nodes_mut()[*it].wait());
}

/// Lets a primary throw a part of its keys away, and no more afterwards.
fn evict(node: &Server) {
    let number = |name| node.info(name).and_then(|it| it.parse::<u64>().ok());
    let thrown = number("evicted_keys").unwrap() + node.get::<u64>(&["DBSIZE"]) * THROWN / 10;
    set(node, "maxmemory-policy", "allkeys-lru");
    until(SHOWN, "keys are thrown away", || {
        let most = number("used_memory")?.saturating_sub(TOO_MUCH);
        set(node, "maxmemory", &most.to_string());
        (number("evicted_keys")? >= thrown).then_some(())
    });
    set(node, "maxmemory", "0");
    set(node, "maxmemory-policy", "noeviction");
}

fn set(node: &Server, name: &str, value: &str) {
    assert_eq!(node.get::<String>(&["CONFIG", "SET", name, value]), "OK");
}

/// Where the mark of a shard stands: under the lowest number that its primary has.
fn mark_of(bed: &Installation, primary: usize) -> String {
    let mut keys = (0..).map(|number| format!("courtesy:n:courtesy:mark {{{number}}}"));
    keys.find(|key| bed.servers.primary_of(key) == primary).unwrap()
}

/// Copies a log that is written to meanwhile: it must consist of the same files in the end.
fn copy(from: &Path, to: &Path) {
    let manifest = || fs::read(from.join("appendonly.aof.manifest")).ok();
    until(PATIENCE, "the log is copied", || {
        let before = manifest()?;
        clear(to);
        let copied = Command::new("cp").arg("-r").args([from, to]).output().unwrap();
        (copied.status.success() && manifest()? == before).then_some(())
    });
}

/// Takes the log of a node away.
fn keep(node: &Server) {
    clear(&kept_of(node));
    fs::rename(log_of(node), kept_of(node)).unwrap();
}

fn clear(directory: &Path) {
    if directory.exists() {
        fs::remove_dir_all(directory).unwrap();
    }
}

/// Where a log says that everything is deleted: the file, and the place in it.
fn flush_in(log: &Path) -> Option<(PathBuf, u64)> {
    let files = fs::read_dir(log).unwrap().map(|it| it.unwrap().path());
    let mut found = files.filter_map(|file| {
        let bytes = fs::read(&file).ok()?;
        let place = bytes.windows(FLUSH.len()).rposition(|it| it == FLUSH)?;
        Some((file, u64::try_from(place).unwrap()))
    });
    found.next()
}

/// Where a node keeps what it holds.
fn log_of(node: &Server) -> PathBuf {
    node.directory().join("appendonlydir")
}

/// Where that is kept which it has lost.
fn kept_of(node: &Server) -> PathBuf {
    node.directory().join("kept")
}

/// Where an older copy of it is.
fn older_of(node: &Server) -> PathBuf {
    node.directory().join("older")
}

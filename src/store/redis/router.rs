//! The way from a key to the server that has it, and back with the reply.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use redis::Cmd;
use redis::Pipeline;
use redis::Value;
use redis::cmd;
use thread_local::ThreadLocal;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::address::Host;
use super::link::Breaks;
use super::link::Broken;
use super::link::Door;
use super::link::Link;
use super::reply::Redirect;
use super::reply::Refusal;
use super::reply::is_forbidden;
use super::setting::Setting;
use super::topology::Topology;
use crate::clock::Stopwatch;

/// The number of times that a call is sent after a server has refused it, which changed nothing.
const ATTEMPTS: usize = 4;
/// The time for which a server that is not ready is left alone.
const PAUSE: Duration = Duration::from_millis(60);
/// The number of connections that wait for replicas, for each thread and server: while one waits it
/// does nothing else.
const WAITING: usize = 4;

/// The use of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Commands that are answered at once.
    Quick,
    /// Commands that wait for replicas.
    Waiting(usize),
    /// Questions about the installation.
    Watch,
    /// Questions to a Sentinel that wants a password.
    Signed,
    /// Tests of the servers.
    Probe,
}

/// The reason why there is no reply.
#[derive(Clone, Debug)]
pub(super) enum Failed {
    /// Nothing was done.
    NotDone(String),
    /// Nothing was done, since the server refused it with the error of this code.
    Refused(String, String),
    /// Nothing was done, since the server did not let us in.
    Forbidden(String),
    /// Unknown.
    Unknown(String),
    /// Unknown, since the connection has broken. A new one may do.
    Closed(String),
}

/// The number of times that the connections to a server were left because it had become a replica,
/// and the last time.
#[derive(Debug, Default)]
struct Left {
    times: Arc<AtomicU64>,
    last: Mutex<Option<Stopwatch>>,
}

/// The connections of one thread.
#[derive(Debug, Default)]
struct Links {
    by_host: BTreeMap<Host, HostLinks>,
}

/// The links to one server, and the number of times that they have broken.
#[derive(Debug, Default)]
struct HostLinks {
    links: Vec<Arc<Link>>,
    breaks: Arc<AtomicU64>,
}

impl Links {
    fn link(&self, host: &Host, lane: Lane) -> Option<Arc<Link>> {
        let mut links = self.by_host.get(host)?.links.iter();
        links.find(|link| link.lane() == lane).cloned()
    }
}

/// The way to all servers of an installation.
#[derive(Debug)]
pub(super) struct Router {
    pub(super) setting: Setting,
    pub(super) topology: ArcSwap<Topology>,
    /// Told when the topology may have changed.
    pub(super) doubt: Notify,
    /// Told whenever the topology has been looked at.
    pub(super) looked: Notify,
    links: ThreadLocal<RefCell<Links>>,
    /// The number of times that the connections to each server were left, by all threads.
    left: Mutex<BTreeMap<Host, Arc<Left>>>,
    turn: AtomicUsize,
    scripts: &'static [&'static str],
}

impl Router {
    pub(super) fn new(setting: Setting, scripts: &'static [&'static str]) -> Self {
        let (topology, doubt, looked) = (ArcSwap::default(), Notify::new(), Notify::new());
        let (links, turn) = (ThreadLocal::new(), AtomicUsize::new(0));
        Self { setting, topology, doubt, looked, links, left: Mutex::default(), turn, scripts }
    }

    /// Leaves the connections to a server that has become a replica: behind its name there may be
    /// another one by now.
    pub(super) fn leave(&self, host: &Host) {
        let left = self.left(host);
        let mut last = left.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() >= PAUSE) {
            *last = Some(Stopwatch::start());
            left.times.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn left(&self, host: &Host) -> Arc<Left> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(left.entry(host.clone()).or_default())
    }

    /// The next of the lanes for calls that wait.
    pub(super) fn waiting(&self) -> Lane {
        Lane::Waiting(self.turn.fetch_add(1, Ordering::Relaxed) % WAITING)
    }

    /// Sends commands that only read. They may be sent twice, so a connection that broke while no
    /// command used it costs no answer.
    pub(super) async fn read(&self, key: &[u8], commands: &Pipeline) -> Result<Vec<Value>, Failed> {
        match self.send(key, Lane::Quick, commands).await {
            Err(Failed::Closed(_)) => self.send(key, Lane::Quick, commands).await,
            replies => replies,
        }
    }

    /// Sends commands about one key to the server that has it. The first must be the one that could
    /// be refused; what follows it does no harm where it was.
    pub(super) async fn send(
        &self,
        key: &[u8],
        lane: Lane,
        commands: &Pipeline,
    ) -> Result<Vec<Value>, Failed> {
        let mut redirect: Option<Redirect> = None;
        let mut refused = String::new();
        for _attempt in 0..ATTEMPTS {
            let link = match &redirect {
                Some(redirect) => self.link(&redirect.to, lane),
                None => self.link_to_primary(key, lane)?,
            };
            let asking = redirect.take().is_some_and(|redirect| redirect.asking);
            let replies = self.send_over(&link, commands, asking).await?;
            let Some(refusal) = replies.first().and_then(|reply| Refusal::of(reply, link.host()))
            else {
                return Ok(replies);
            };
            match refusal {
                Refusal::Redirected(to) => {
                    self.doubt.notify_one();
                    redirect = Some(to);
                }
                Refusal::NotReady(why) => {
                    refused = why;
                    let looked = self.looked.notified();
                    self.doubt.notify_one();
                    // Whichever comes first: another server has taken over, or this one is ready.
                    let _either = timeout(PAUSE, looked).await;
                }
                Refusal::Demoted(why) => {
                    refused = why;
                    self.leave(link.host());
                    let looked = self.looked.notified();
                    self.doubt.notify_one();
                    let _either = timeout(PAUSE, looked).await;
                }
                Refusal::ScriptUnknown => link.renew(),
                Refusal::Final(code, why) => return Err(Failed::Refused(code, why)),
            }
        }
        Err(Failed::NotDone(refused))
    }

    async fn send_over(
        &self,
        link: &Link,
        commands: &Pipeline,
        asking: bool,
    ) -> Result<Vec<Value>, Failed> {
        let sent = if asking {
            let mut asking = Pipeline::new();
            asking.cmd("ASKING");
            for command in commands.cmd_iter() {
                asking.add_command(command.clone());
            }
            link.send(&asking).await.map(|replies| replies.into_iter().skip(1).collect())
        } else {
            link.send(commands).await
        };
        sent.map_err(|broken| {
            self.doubt.notify_one();
            match broken {
                Broken::Unsent(why) => Failed::NotDone(why),
                Broken::Refused(why) => Failed::Forbidden(why),
                Broken::Silent(why) => Failed::Unknown(why),
                Broken::Closed(why) => Failed::Closed(why),
            }
        })
    }

    /// The link to a server, of this thread alone: so no reply wakes another thread.
    pub(super) fn link(&self, host: &Host, lane: Lane) -> Arc<Link> {
        let links = self.links.get_or_default();
        let known = links.borrow().link(host, lane);
        if let Some(link) = known {
            return link;
        }
        let mut links = links.borrow_mut();
        let to_host = links.by_host.entry(host.clone()).or_default();
        let here = Arc::clone(&to_host.breaks);
        let breaks = Breaks { here, everywhere: Arc::clone(&self.left(host).times) };
        let setup = match lane {
            Lane::Quick | Lane::Waiting(_) => {
                self.scripts.iter().map(|script| load(script)).collect()
            }
            Lane::Watch | Lane::Signed | Lane::Probe => Vec::new(),
        };
        let door = Door { setting: self.setting.clone(), host: host.clone(), lane };
        let link = Arc::new(Link::new(door, setup, breaks));
        to_host.links.push(Arc::clone(&link));
        link
    }

    fn link_to_primary(&self, key: &[u8], lane: Lane) -> Result<Arc<Link>, Failed> {
        let topology = self.topology.load();
        let shard = topology.position(key).and_then(|position| topology.shards.get(position));
        shard.map(|shard| self.link(&shard.primary, lane)).ok_or_else(|| {
            self.doubt.notify_one();
            Failed::NotDone("no server has this part of the keys".to_owned())
        })
    }
}

fn load(script: &str) -> Cmd {
    cmd("SCRIPT").arg("LOAD").arg(script).clone()
}

impl Failed {
    /// Whether the failure lasts until an operator changes our user or its permissions.
    pub(super) fn is_forbidden(&self) -> bool {
        match self {
            Self::Forbidden(_) => true,
            Self::Refused(code, _) => is_forbidden(code),
            Self::NotDone(_) | Self::Unknown(_) | Self::Closed(_) => false,
        }
    }

    /// The reason, for people.
    pub(super) fn why(self) -> String {
        match self {
            Self::NotDone(why)
            | Self::Refused(_, why)
            | Self::Forbidden(why)
            | Self::Unknown(why)
            | Self::Closed(why) => why,
        }
    }
}

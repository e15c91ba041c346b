//! A proxy before a server, which does to connections what networks do.

mod frame;
mod link;
mod tests;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::net::TcpSocket;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::watch;

use self::link::Link;

/// Where servers come from that call each other. They pass as if there were no proxy.
pub(crate) const SERVERS: &str = "127.0.0.9";

/// Listens on a port of its own, and passes on what it is told to. It is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    port: u16,
    state: Arc<State>,
}

/// What happens to a connection whose reply was swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It is closed.
    Cut,
    /// It stays open, and nothing passes any more.
    Silence,
}

/// What is done with connections, each of which has a number.
#[derive(Clone, Debug, Default)]
struct Rules {
    /// How much later a reply arrives.
    delay: Duration,
    /// How long each byte of a reply takes.
    drip: Duration,
    /// Connections below are closed.
    cut_below: u64,
    /// On connections below nothing passes, and they stay open.
    dark_below: u64,
    /// New connections are closed at once.
    refuses: bool,
    is_over: bool,
}

#[derive(Debug)]
struct State {
    target: Mutex<SocketAddr>,
    rules: watch::Sender<Rules>,
    swallow: Mutex<Option<Swallow>>,
    swallowed: AtomicU64,
    next: AtomicU64,
    open: Mutex<BTreeSet<u64>>,
}

/// Which reply is swallowed: the one to the next request that contains `text`.
#[derive(Clone, Debug)]
struct Swallow {
    text: Vec<u8>,
    then: Then,
}

impl Proxy {
    /// Starts one before a port of this machine.
    pub(crate) fn before(port: u16) -> Self {
        Self::on(0, SocketAddr::from(([127, 0, 0, 1], port)))
    }

    /// Starts one on a port, where 0 is any.
    pub(crate) fn on(port: u16, target: SocketAddr) -> Self {
        let state = Arc::new(State {
            target: Mutex::new(target),
            rules: watch::Sender::new(Rules::default()),
            swallow: Mutex::new(None),
            swallowed: AtomicU64::new(0),
            next: AtomicU64::new(0),
            open: Mutex::new(BTreeSet::new()),
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        // A thread of its own: it goes on while a test waits without a runtime.
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let serving = serve(listener, Arc::clone(&state));
        std::thread::spawn(move || runtime.block_on(serving));
        Self { port, state }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Everything passes again, on connections that are new or were only slow.
    pub(crate) fn pass(&self) {
        *self.state.swallow.lock().unwrap() = None;
        self.change(|rules| {
            rules.delay = Duration::ZERO;
            rules.drip = Duration::ZERO;
            rules.refuses = false;
        });
    }

    /// Each reply arrives so much later, on all connections.
    pub(crate) fn delay(&self, delay: Duration) {
        self.change(|rules| rules.delay = delay);
    }

    /// Replies arrive byte by byte: a short one in time, and a record too late.
    pub(crate) fn drip(&self) {
        self.change(|rules| rules.drip = Duration::from_millis(30));
    }

    /// New connections lead to another port of this machine.
    pub(crate) fn lead_to(&self, port: u16) {
        *self.state.target.lock().unwrap() = SocketAddr::from(([127, 0, 0, 1], port));
    }

    /// The connections there are fall silent and stay open, for good. New ones pass.
    pub(crate) fn black_hole(&self) {
        let next = self.state.next.load(Ordering::SeqCst);
        self.change(|rules| rules.dark_below = next);
    }

    /// Closes the connections there are. New ones pass.
    pub(crate) fn cut(&self) {
        let next = self.state.next.load(Ordering::SeqCst);
        self.change(|rules| rules.cut_below = next);
    }

    /// Closes the connections there are, and all that come, until `pass`.
    pub(crate) fn refuse(&self) {
        self.change(|rules| rules.refuses = true);
        self.cut();
    }

    /// The next request that contains a text is done, and its reply is lost: one, exactly. It
    /// counts requests and replies, so that it cannot be used with subscriptions or TLS.
    pub(crate) fn swallow_reply_to(&self, text: &str, then: Then) {
        let text = text.as_bytes().to_vec();
        *self.state.swallow.lock().unwrap() = Some(Swallow { text, then });
    }

    /// How many replies have been swallowed.
    pub(crate) fn swallowed(&self) -> u64 {
        self.state.swallowed.load(Ordering::SeqCst)
    }

    /// How many connections are open, those of servers excepted.
    pub(crate) fn open(&self) -> usize {
        self.state.open.lock().unwrap().len()
    }

    fn change(&self, change: impl FnOnce(&mut Rules)) {
        self.state.rules.send_modify(change);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.change(|rules| rules.is_over = true);
    }
}

async fn serve(listener: std::net::TcpListener, state: Arc<State>) {
    let listener = TcpListener::from_std(listener).unwrap();
    let mut rules = state.rules.subscribe();
    loop {
        tokio::select! {
            _ = rules.wait_for(|rules| rules.is_over) => return,
            accepted = listener.accept() => {
                let Ok((client, from)) = accepted else { continue };
                let is_server = from.ip().to_string() == SERVERS;
                tokio::spawn(connect(client, is_server, Arc::clone(&state)));
            }
        }
    }
}

async fn connect(client: TcpStream, is_server: bool, state: Arc<State>) {
    let target = *state.target.lock().unwrap();
    if is_server {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(SERVERS.parse().unwrap(), 0)).unwrap();
        let Ok(mut server) = socket.connect(target).await else { return };
        let mut client = client;
        let mut rules = state.rules.subscribe();
        tokio::select! {
            // Either end may go at any time.
            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
            _ = rules.wait_for(|rules| rules.is_over) => {}
        }
        return;
    }
    let number = state.next.fetch_add(1, Ordering::SeqCst);
    if state.rules.borrow().refuses {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else { return };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    state.open.lock().unwrap().insert(number);
    Link::new(number, Arc::clone(&state)).run(client, server).await;
    state.open.lock().unwrap().remove(&number);
}

//! One connection through the proxy.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Rules;
use super::State;
use super::Then;
use super::frame;

pub(super) struct Link {
    number: u64,
    state: Arc<State>,
    counted: Mutex<Counted>,
}

/// Requests and replies so far.
#[derive(Default)]
struct Counted {
    requests: u64,
    replies: u64,
    /// The replies that do not pass, by their number.
    lost: BTreeMap<u64, Then>,
    is_silent: bool,
}

/// Passes a reply on slowly.
async fn drop_by_drop(
    reply: &[u8],
    each: Duration,
    to: &mut OwnedWriteHalf,
) -> std::io::Result<()> {
    for byte in reply {
        to.write_all(&[*byte]).await?;
        tokio::time::sleep(each).await;
    }
    Ok(())
}

/// Bytes of which whole requests or replies are taken.
#[derive(Default)]
struct Frames(VecDeque<u8>);

impl Frames {
    fn next(&mut self) -> Option<Vec<u8>> {
        let length = frame::length(self.0.make_contiguous())?;
        Some(self.0.drain(..length).collect())
    }
}

impl Link {
    pub(super) fn new(number: u64, state: Arc<State>) -> Self {
        Self { number, state, counted: Mutex::default() }
    }

    /// Passes on until one end goes, or the rules say so.
    pub(super) async fn run(&self, client: TcpStream, server: TcpStream) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let mut rules = self.state.rules.subscribe();
        let is_cut = |rules: &Rules| rules.is_over || self.number < rules.cut_below;
        tokio::select! {
            () = self.requests(from_client, to_server) => {}
            () = self.replies(from_server, to_client) => {}
            _ = rules.wait_for(is_cut) => {}
        }
    }

    fn is_dark(&self) -> bool {
        let dark = self.state.rules.borrow().dark_below;
        self.number < dark || self.counted.lock().unwrap().is_silent
    }

    async fn requests(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (mut buffer, mut frames) = (vec![0; 64 << 10], Frames::default());
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            if self.is_dark() {
                continue;
            }
            frames.0.extend(&buffer[..length]);
            while let Some(request) = frames.next() {
                self.note(&request);
            }
            if to.write_all(&buffer[..length]).await.is_err() {
                break;
            }
        }
        self.stay_if_dark().await;
    }

    /// Counts a request, and sees whether its reply is to be lost.
    fn note(&self, request: &[u8]) {
        let mut counted = self.counted.lock().unwrap();
        let mut swallow = self.state.swallow.lock().unwrap();
        let contains =
            |text: &[u8]| text.is_empty() || request.windows(text.len()).any(|it| it == text);
        if let Some(it) = swallow.take_if(|it| contains(&it.text)) {
            let number = counted.requests;
            counted.lost.insert(number, it.then);
        }
        counted.requests += 1;
    }

    async fn replies(&self, mut from: OwnedReadHalf, to: OwnedWriteHalf) {
        let (due, queue) = mpsc::unbounded_channel();
        tokio::join!(
            async {
                let (mut buffer, mut frames) = (vec![0; 64 << 10], Frames::default());
                while let Ok(length @ 1..) = from.read(&mut buffer).await {
                    frames.0.extend(&buffer[..length]);
                    while let Some(reply) = frames.next() {
                        if self.is_dark() {
                            continue;
                        }
                        let Some(reply) = self.keep(reply) else { return drop(due) };
                        let delay = self.state.rules.borrow().delay;
                        // Nothing takes them once the client has gone.
                        if due.send((Instant::now() + delay, reply)).is_err() {
                            return;
                        }
                    }
                }
                self.stay_if_dark().await;
                drop(due);
            },
            self.send(queue, to),
        );
    }

    /// The reply, or nothing where it is to be lost and the connection to end.
    fn keep(&self, reply: Vec<u8>) -> Option<Vec<u8>> {
        if frame::is_push(&reply) {
            return Some(reply);
        }
        let mut counted = self.counted.lock().unwrap();
        let number = counted.replies;
        counted.replies += 1;
        let Some(then) = counted.lost.remove(&number) else { return Some(reply) };
        self.state.swallowed.fetch_add(1, Ordering::SeqCst);
        match then {
            Then::Cut => None,
            Then::Silence => {
                counted.is_silent = true;
                Some(Vec::new())
            }
        }
    }

    async fn send(
        &self,
        mut queue: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>,
        mut to: OwnedWriteHalf,
    ) {
        while let Some((due, reply)) = queue.recv().await {
            if due > Instant::now() {
                tokio::time::sleep_until(due).await;
            }
            let drip = self.state.rules.borrow().drip;
            if !drip.is_zero() && !self.is_dark() {
                if drop_by_drop(&reply, drip, &mut to).await.is_err() {
                    return;
                }
                continue;
            }
            // What was on its way when it became dark is lost too.
            if !self.is_dark() && to.write_all(&reply).await.is_err() {
                return;
            }
        }
    }

    /// A dark connection stays open, whatever the other end does: it is dark for good, and ends
    /// when it is cut or the proxy is gone.
    async fn stay_if_dark(&self) {
        if self.is_dark() {
            std::future::pending::<()>().await;
        }
    }
}

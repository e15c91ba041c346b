//! Runs one long job at a time on the thread that serves no calls, so that only its caller waits.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::sync::mpsc;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The place to submit long work. Clones share it.
#[derive(Clone, Debug)]
pub struct Background {
    free: Arc<Semaphore>,
    sender: mpsc::UnboundedSender<Job>,
}

/// Does what is handed in, for as long as it is polled.
#[derive(Debug)]
pub struct Runner(mpsc::UnboundedReceiver<Job>);

/// Other work is being done already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one simulation or survey at a time runs on an instance; try again when it has ended")]
pub struct Busy;

impl Background {
    /// The place to submit work, and the runner that does it.
    #[must_use]
    pub fn new() -> (Self, Runner) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { free: Arc::new(Semaphore::new(1)), sender }, Runner(receiver))
    }

    /// Hands in some work. It is dropped with the server if it has not ended by then.
    ///
    /// # Errors
    /// If there is some already.
    pub fn start(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Busy> {
        let place = Arc::clone(&self.free).try_acquire_owned().map_err(|_taken| Busy)?;
        let work = Box::pin(async move {
            work.await;
            drop(place);
        });
        // The work does not run if the server is going down.
        self.sender.send(work).map_err(|_gone| Busy)
    }
}

impl Runner {
    /// Goes on for as long as it is polled.
    pub async fn run(mut self) -> Infallible {
        while let Some(work) = self.0.recv().await {
            work.await;
        }
        pending().await
    }
}

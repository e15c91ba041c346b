//! The threads that serve, from their start to their end.

use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::server::Error;
use crate::server::worker::Worker;

/// The threads that serve.
pub(super) struct Workers {
    threads: Vec<JoinHandle<()>>,
    /// Hears of each that ends.
    pub(super) ended: mpsc::UnboundedReceiver<()>,
}

impl Workers {
    pub(super) fn start(
        worker: &Worker,
        listeners: Vec<std::net::TcpListener>,
    ) -> Result<Self, Error> {
        let (ends, ended) = mpsc::unbounded_channel();
        let threads = listeners
            .into_iter()
            .enumerate()
            .map(|(number, listener)| worker.clone().start(number, listener, ends.clone()))
            .collect::<Result<_, _>>()
            .map_err(Error::Thread)?;
        Ok(Self { threads, ended })
    }

    /// Waits until all of them have ended, but no longer than `most`: a thread that hangs must not
    /// keep the process alive.
    pub(super) async fn join(mut self, most: Duration) {
        let all = async { while self.ended.recv().await.is_some() {} };
        if timeout(most, all).await.is_err() {
            tracing::error!("a thread of the server does not stop, and is left behind");
            return;
        }
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the server panicked");
            }
        }
    }
}

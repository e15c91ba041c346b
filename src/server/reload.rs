//! Files that may change while they are in use: credentials and certificates. They are looked at
//! every second, which also sees what replaces a link, as orchestrators do. What does not load
//! changes nothing, is told by a metric and by `/readyz`, and is tried again every second: a key
//! that was revoked in a file that cannot be read is still accepted.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;

use crate::telemetry::Metrics;

/// How long a change may go unnoticed.
const PERIOD: Duration = Duration::from_secs(1);

/// Something that is made of files.
pub(super) struct Reload<T> {
    current: Arc<ArcSwap<T>>,
    /// What it is, for the log.
    what: &'static str,
    seen: Vec<Option<Vec<u8>>>,
    paths: Vec<PathBuf>,
    load: Box<Load<T>>,
    /// Why the files as they are now do not load, if they do not.
    failure: watch::Sender<Option<String>>,
}

/// Whether the files that something is made of load.
#[derive(Clone, Debug)]
pub(super) struct Freshness {
    what: &'static str,
    failure: watch::Receiver<Option<String>>,
}

impl Freshness {
    /// What is out of date, in words, if it is.
    pub(super) fn trouble(&self) -> Option<String> {
        let is_stale = self.failure.borrow().is_some();
        is_stale.then(|| {
            format!(
                "{} are out of date: their files changed and do not load; see the log",
                self.what
            )
        })
    }
}

/// Makes it of its files, in place of what is there, and says which they are.
type Load<T> = dyn Fn(Option<&T>) -> Result<(T, Vec<PathBuf>), String> + Send;

impl<T> Reload<T> {
    /// Loads it for the first time.
    pub(super) fn begin(
        what: &'static str,
        load: impl Fn(Option<&T>) -> Result<(T, Vec<PathBuf>), String> + Send + 'static,
    ) -> Result<Self, String> {
        // Which files they are is known only when they have been read. They are looked at before
        // they are read for good, so that the first look finds what has changed meanwhile, and
        // nothing else.
        let (_first, paths) = load(None)?;
        let seen = contents(&paths);
        let (loaded, paths) = load(None)?;
        let current = Arc::new(ArcSwap::from_pointee(loaded));
        let (failure, _) = watch::channel(None);
        Ok(Self { current, what, seen, paths, load: Box::new(load), failure })
    }

    pub(super) fn freshness(&self) -> Freshness {
        Freshness { what: self.what, failure: self.failure.subscribe() }
    }

    pub(super) fn current(&self) -> Arc<ArcSwap<T>> {
        Arc::clone(&self.current)
    }

    /// Loads it again whenever it has changed, and every second while it does not load.
    pub(super) async fn run(mut self, metrics: Metrics) -> Infallible {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = contents(&self.paths);
            if now == self.seen && self.failure.borrow().is_none() {
                continue;
            }
            self.seen = now;
            let failure = self.reload();
            metrics.reload_failed(self.what, failure.is_some());
            self.failure.send_replace(failure);
        }
    }

    /// Loads it once. Returns why it does not load.
    fn reload(&mut self) -> Option<String> {
        let before = self.current.load_full();
        match (self.load)(Some(&*before)) {
            Ok((loaded, paths)) => {
                self.current.store(Arc::new(loaded));
                self.seen = contents(&paths);
                self.paths = paths;
                tracing::info!("{} are read", self.what);
                None
            }
            Err(why) => {
                // The same failure is logged once, not every second.
                if self.failure.borrow().as_ref() != Some(&why) {
                    let what = self.what;
                    tracing::error!(why, "{what} changed and do not load; the old ones hold");
                }
                Some(why)
            }
        }
    }
}

fn contents(paths: &[PathBuf]) -> Vec<Option<Vec<u8>>> {
    paths.iter().map(|path| std::fs::read(path).ok()).collect()
}

//! Files that may change while they are in use: credentials and certificates. They are looked at every
//! second, which also sees what replaces a link, as orchestrators do. What does not load changes
//! nothing.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;

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
}

/// Makes it of its files, and says which they are.
type Load<T> = dyn Fn() -> Result<(T, Vec<PathBuf>), String> + Send;

impl<T> Reload<T> {
    /// Loads it for the first time.
    pub(super) fn begin(
        what: &'static str,
        load: impl Fn() -> Result<(T, Vec<PathBuf>), String> + Send + 'static,
    ) -> Result<Self, String> {
        let (loaded, paths) = load()?;
        // What has changed meanwhile is found at the first look, which sees nothing it has seen.
        let (current, seen) = (Arc::new(ArcSwap::from_pointee(loaded)), Vec::new());
        Ok(Self { current, what, seen, paths, load: Box::new(load) })
    }

    pub(super) fn current(&self) -> Arc<ArcSwap<T>> {
        Arc::clone(&self.current)
    }

    /// Loads it again whenever it has changed.
    pub(super) async fn run(mut self) -> Infallible {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = contents(&self.paths);
            if now == self.seen {
                continue;
            }
            self.seen = now;
            match (self.load)() {
                Ok((loaded, paths)) => {
                    self.current.store(Arc::new(loaded));
                    self.seen = contents(&paths);
                    self.paths = paths;
                    tracing::info!("{} are read", self.what);
                }
                Err(why) => {
                    tracing::error!(
                        why,
                        "{} changed and do not load; the old ones hold",
                        self.what
                    );
                }
            }
        }
    }
}

fn contents(paths: &[PathBuf]) -> Vec<Option<Vec<u8>>> {
    paths.iter().map(|path| std::fs::read(path).ok()).collect()
}

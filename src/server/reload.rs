//! Files that may change while they are in use: credentials and certificates. They are looked at
//! every second, which also sees a replaced link, as orchestrators make. A change is read once it
//! has been seen twice, so that a file that is still being written is not. Files that do not load
//! change nothing; a metric and `/readyz` report them, and they are tried again every second. A key
//! that was revoked in a file that cannot be read is still accepted.

use std::convert::Infallible;
use std::future::pending;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;
use tokio::time::Interval;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;

use crate::telemetry::Metrics;

/// The time for which a change may go unnoticed.
const PERIOD: Duration = Duration::from_secs(1);

/// The time for which files must stay unchanged before they are read: a program that writes in
/// place empties a file first.
pub(super) const SETTLED: Duration = Duration::from_millis(200);

/// The contents of files; unset for one that cannot be read.
type Contents = Vec<Option<Vec<u8>>>;

/// The result of a look at the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// The files are unchanged.
    Same,
    /// The files have changed since the last look.
    Changing,
    /// The files have changed and stay so, or did not load.
    Changed,
}

/// A value that is made of files.
pub(super) struct Reload<T> {
    current: Arc<ArcSwap<T>>,
    /// Its name, for the log.
    what: &'static str,
    /// The contents when the files were loaded, or failed to load.
    seen: Contents,
    /// The contents at the last look that found a change.
    changing: Option<Contents>,
    paths: Vec<PathBuf>,
    load: Box<Load<T>>,
    /// The reason why the files do not load as they are now, if they do not.
    failure: watch::Sender<Option<String>>,
}

/// Whether the files of a value load.
#[derive(Clone, Debug)]
pub(super) struct Freshness {
    what: &'static str,
    failure: watch::Receiver<Option<String>>,
}

impl Freshness {
    pub(super) const fn new(what: &'static str, failure: watch::Receiver<Option<String>>) -> Self {
        Self { what, failure }
    }

    /// The trouble in words, if the value is out of date.
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

/// The times at which files are looked at: every second, and whenever an operator asks for it.
#[derive(Debug)]
pub(super) struct Looks {
    ticks: Interval,
    asked: watch::Receiver<()>,
}

impl Looks {
    pub(super) fn new(asked: &watch::Sender<()>) -> Self {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, asked: asked.subscribe() }
    }

    /// Waits for the next.
    pub(super) async fn next(&mut self) {
        let asked = async {
            if self.asked.changed().await.is_err() {
                // The sender is gone: there will be no further question.
                pending::<()>().await;
            }
        };
        tokio::select! {
            _ = self.ticks.tick() => {}
            () = asked => {}
        }
    }

    /// Has the next look come so much later.
    pub(super) fn again_after(&mut self, pause: Duration) {
        self.ticks.reset_after(pause);
    }
}

/// Makes the value from its files, in place of the present one, and returns the paths of the files.
type Load<T> = dyn Fn(Option<&T>) -> Result<(T, Vec<PathBuf>), String> + Send;

impl<T> Reload<T> {
    /// Loads it for the first time.
    pub(super) fn begin(
        what: &'static str,
        load: impl Fn(Option<&T>) -> Result<(T, Vec<PathBuf>), String> + Send + 'static,
    ) -> Result<Self, String> {
        // The paths of the files are known only when the files have been read. They are looked at
        // before they are read for good, so that the first look finds changes made meanwhile, and
        // nothing else.
        let (_first, paths) = load(None)?;
        let seen = contents(&paths);
        let (loaded, paths) = load(None)?;
        let current = Arc::new(ArcSwap::from_pointee(loaded));
        let (failure, _) = watch::channel(None);
        let load = Box::new(load);
        Ok(Self { current, what, seen, changing: None, paths, load, failure })
    }

    pub(super) fn freshness(&self) -> Freshness {
        Freshness::new(self.what, self.failure.subscribe())
    }

    pub(super) fn current(&self) -> Arc<ArcSwap<T>> {
        Arc::clone(&self.current)
    }

    /// Loads it again whenever it has changed, and every second while it does not load.
    pub(super) async fn run(mut self, mut looks: Looks, metrics: Metrics) -> Infallible {
        loop {
            looks.next().await;
            match self.look() {
                Look::Same => continue,
                Look::Changing => {
                    looks.again_after(SETTLED);
                    continue;
                }
                Look::Changed => {}
            }
            let failure = self.reload();
            metrics.reload_failed(self.what, failure.is_some());
            self.failure.send_replace(failure);
        }
    }

    fn look(&mut self) -> Look {
        let now = contents(&self.paths);
        if now == self.seen && self.failure.borrow().is_none() {
            return Look::Same;
        }
        if self.changing.as_ref() != Some(&now) {
            self.changing = Some(now);
            return Look::Changing;
        }
        self.seen = now;
        Look::Changed
    }

    /// Loads it once. Returns why it does not load.
    fn reload(&mut self) -> Option<String> {
        let before = self.current.load_full();
        match (self.load)(Some(&*before)) {
            Ok((loaded, paths)) => {
                self.current.store(Arc::new(loaded));
                // Files that it has only now named may have changed since they were read.
                if paths != self.paths {
                    (self.paths, self.seen) = (paths, Vec::new());
                }
                tracing::info!("{} are read", self.what);
                None
            }
            Err(why) => {
                // A repeated failure is logged once, not every second.
                if self.failure.borrow().as_ref() != Some(&why) {
                    let what = self.what;
                    tracing::error!(why, "{what} changed and do not load; the old ones hold");
                }
                Some(why)
            }
        }
    }
}

fn contents(paths: &[PathBuf]) -> Contents {
    paths.iter().map(|path| std::fs::read(path).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_when_it_has_been_written_and_not_before() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let write = |text: &str| std::fs::write(&path, text).unwrap();
        write("one");
        let of = path.clone();
        let load = move |_before: Option<&String>| {
            let text = std::fs::read_to_string(&of).map_err(|error| error.to_string())?;
            if text == "bad" { Err(text) } else { Ok((text, vec![of.clone()])) }
        };
        let mut file = Reload::begin("the file", load).unwrap();
        let current = file.current();
        assert_eq!(file.look(), Look::Same);
        // The writer empties the file first, and continues after we have looked.
        write("");
        assert_eq!(file.look(), Look::Changing);
        write("two");
        assert_eq!(file.look(), Look::Changing);
        assert_eq!(file.look(), Look::Changed);
        assert_eq!((file.reload(), current.load().as_str()), (None, "two"));
        assert_eq!(file.look(), Look::Same);
        // A file that does not load is tried again at every look.
        write("bad");
        assert_eq!([file.look(), file.look()], [Look::Changing, Look::Changed]);
        let failure = file.reload();
        assert_eq!((failure.as_deref(), current.load().as_str()), (Some("bad"), "two"));
        file.failure.send_replace(failure);
        assert_eq!(file.look(), Look::Changed);
    }

    #[test]
    fn what_changes_while_it_is_loaded_is_loaded_again() {
        let directory = tempfile::tempdir().unwrap();
        let [path, other] = ["file", "other"].map(|name| directory.path().join(name));
        std::fs::write(&path, "one").unwrap();
        let load = move |_before: Option<&String>| {
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            if text == "two" {
                std::fs::write(&path, "three").unwrap();
            }
            let more = (text != "one").then(|| other.clone());
            Ok((text, [path.clone()].into_iter().chain(more).collect()))
        };
        let mut file = Reload::begin("the file", load).unwrap();
        let current = file.current();
        std::fs::write(directory.path().join("file"), "two").unwrap();
        while file.look() != Look::Changed {}
        assert_eq!(file.reload(), None);
        assert_eq!(current.load().as_str(), "two");
        while file.look() != Look::Changed {}
        assert_eq!(file.reload(), None);
        assert_eq!((file.look(), current.load().as_str()), (Look::Same, "three"));
    }
}

//! Work that takes long and waits for nothing, on a thread that serves no calls. Its caller waits
//! until its own deadline; other callers do not wait.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The number of policies that are compiled at once. More would take the cores from threads that
/// answer calls.
const AT_ONCE: usize = 2;

/// A limited number of places for such work. Clones share the places.
#[derive(Clone, Debug)]
pub(super) struct Compiler(Arc<Semaphore>);

impl Compiler {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Does some work when there is a place. Work that has begun continues after its caller has
    /// gone.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let place = Arc::clone(&self.0).acquire_owned().await;
        let working = spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        match working.await {
            Ok(done) => done,
            Err(failed) if failed.is_panic() => resume_unwind(failed.into_panic()),
            // The server is on its way down, and so is the caller.
            Err(_cancelled) => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::mpsc;
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn work_keeps_no_call_on_its_callers_thread_waiting() {
        let compiler = Compiler::new();
        let (send, receive) = mpsc::channel();
        // The work ends only if this very thread continues meanwhile.
        let working = compiler.run(move || receive.recv().unwrap());
        let (heard, ()) = tokio::join!(working, async { send.send("go on").unwrap() });
        assert_eq!(heard, "go on");
    }

    #[tokio::test]
    async fn only_so_many_are_done_at_once() {
        let compiler = Compiler::new();
        let (hold, held) = mpsc::channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        let waiting = || {
            let held = Arc::clone(&held);
            compiler.run(move || held.lock().unwrap().recv().is_err())
        };
        let mut busy = Box::pin(async { tokio::join!(waiting(), waiting()) });
        let first = poll_fn(|context| Poll::Ready(busy.as_mut().poll(context))).await;
        assert!(first.is_pending());
        assert_eq!(compiler.0.available_permits(), 0);
        let mut third = Box::pin(compiler.run(|| ()));
        let first = poll_fn(|context| Poll::Ready(third.as_mut().poll(context))).await;
        assert!(first.is_pending());
        drop(hold);
        assert_eq!(busy.await, (true, true));
        third.await;
    }
}

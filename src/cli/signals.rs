//! Signals to the process. They are caught before anything is made that would be left behind, and
//! kept until they are read.

use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::sync::mpsc;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::UnboundedSender;

/// The signals that are caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Hangup,
    Interrupt,
    Terminate,
}

impl Signal {
    /// Its name, without the `SIG` before it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hangup => "HUP",
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }

    /// Its number, which is the same on every Unix.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

/// The signals that come from now on.
pub(super) fn caught() -> io::Result<UnboundedReceiver<Signal>> {
    let (tell, told) = mpsc::unbounded_channel();
    let (begun, beginning) = std::sync::mpsc::channel();
    // A thread of its own: they are to be caught also while another opens a store.
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let listened = Builder::new_current_thread()
            .enable_io()
            .build()
            .and_then(|runtime| runtime.block_on(listen(&tell, || begun.send(Ok(())).is_ok())));
        if let Err(error) = listened {
            // Once it has begun nothing fails, and the other end is gone.
            drop(begun.send(Err(error)));
        }
    })?;
    beginning.recv().map_err(io::Error::other)??;
    Ok(told)
}

async fn listen(tell: &UnboundedSender<Signal>, begun: impl FnOnce() -> bool) -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    begun();
    loop {
        let caught = tokio::select! {
            _ = hangup.recv() => Signal::Hangup,
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        };
        if tell.send(caught).is_err() {
            return Ok(());
        }
    }
}

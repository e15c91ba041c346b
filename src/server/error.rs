//! The errors of a server.

use std::io;
use std::net::SocketAddr;

/// The reason why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process listens there; stop it or choose another port.
    #[error(
        "`{address}` is in use by another process; stop it, or choose another port (settings \
         `listen`, `operations` and `pages`)"
    )]
    AddressInUse {
        /// The address at which the server was to listen.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// The address at which the server was to listen.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// A file or a value of a setting does not load.
    #[error("{0}")]
    Setting(String),
    /// The service cannot be opened.
    #[error(transparent)]
    Open(Box<dyn std::error::Error + Send + Sync>),
    /// The API's own descriptors do not fit together; no configuration does this.
    #[error("the API's descriptors are damaged")]
    Descriptors(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The machine has no room for another thread.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
    /// A thread stopped early; the log has the reason.
    #[error("a thread of the server stopped by itself")]
    Stopped,
}

impl Error {
    pub(super) fn descriptors(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Descriptors(error.into())
    }
}

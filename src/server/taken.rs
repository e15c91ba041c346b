//! The ports, which are taken before anything else is touched.

use std::net::SocketAddr;
use std::num::NonZero;
use std::thread;

use crate::server::Config;
use crate::server::Error;
use crate::server::Listening;
use crate::server::Ready;
use crate::server::Service;
use crate::server::console;
use crate::server::listen;

/// The ports.
pub(super) struct Taken {
    pub(super) listeners: Vec<std::net::TcpListener>,
    pub(super) listen: SocketAddr,
    pub(super) operations: Option<Listening>,
    pub(super) pages: Option<Listening>,
    pub(super) console: Option<Listening>,
}

/// The address of a port.
pub(super) fn address_of(port: Option<&Listening>) -> Option<SocketAddr> {
    port.map(|(_, address)| *address)
}

impl Taken {
    pub(super) fn of(config: &Config) -> Result<Self, Error> {
        let threads = config.threads.unwrap_or_else(one_per_core);
        let (listeners, listen) = listen::all(config.listen, threads.max(1))?;
        Ok(Self {
            listeners,
            listen,
            operations: config.operations.map(listen::one).transpose()?,
            pages: config.pages.map(listen::one).transpose()?,
            console: console::listen(config)?,
        })
    }

    /// The facts about the service, once it can be called.
    pub(super) fn ready(
        &self,
        config: &Config,
        service: &Service,
        (tls, credentials): (bool, bool),
    ) -> Ready {
        Ready {
            listen: self.listen,
            operations: address_of(self.operations.as_ref()),
            pages: address_of(self.pages.as_ref()),
            console: address_of(self.console.as_ref()),
            store: service.store.clone(),
            policy_revision: service.policy_revision,
            tzdb_version: config.zones.version().to_owned(),
            tls,
            credentials,
        }
    }
}

fn one_per_core() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

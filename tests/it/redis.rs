//! The stores, and the bed that Redis is tested in: real servers, clusters and sentinels, which can
//! be killed, stopped, cut off and slowed down.
//!
//! A server runs in a directory of its own, on a port of its own, and is gone when it is
//! dropped, or when this process ends in any other way.

#![expect(
    clippy::disallowed_methods,
    reason = "servers are waited for outside of a runtime, and a proxy has a runtime of its own"
)]

mod addresses;
mod campaign;
mod clock;
mod cluster;
mod conformance;
mod emptied;
mod erased;
mod exhausted;
mod exported;
mod faults;
mod felt;
mod leftovers;
mod marks;
mod merged;
mod network;
mod noticed;
mod parity;
mod port;
mod promoted;
mod proxy;
mod rechecked;
mod repeated;
mod scheduled;
mod secrecy;
mod sentinel;
mod served;
pub(crate) mod server;
pub(crate) mod service;
mod simulation;
mod started;
mod store;
pub(crate) mod tls;
mod told;
mod trouble;
mod unclear;
mod words;

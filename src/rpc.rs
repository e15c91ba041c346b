//! The API over the wire: requests become what the gate and the operations understand, and their
//! results become answers. No rule is here.

mod batch;
mod choice;
mod clock;
mod contact_import;
mod contacts;
pub mod convert;
mod customers;
mod decide;
pub mod ending;
mod event;
mod export;
mod follow_up;
pub mod identity;
mod import;
mod links;
mod policies;
mod reservation;
pub mod status;

pub use event::describe;
pub use links::Links;
pub use policies::Hooks;

use std::io;
use std::sync::Arc;
use std::thread;

use tonic::service::Routes;

use crate::background::Background;
use crate::clock::Setter;
use crate::gate::Gate;
use crate::inbound;
use crate::proto::v1::clock_service_server::ClockServiceServer;
use crate::proto::v1::contact_service_server::ContactServiceServer;
use crate::proto::v1::customer_service_server::CustomerServiceServer;
use crate::proto::v1::policy_service_server::PolicyServiceServer;

/// The largest request of the API, in bytes: a batch, or a policy.
pub const REQUEST_BYTES_MAX: usize = 1 << 20;
/// The largest request about one contact or one customer, in bytes.
pub const SINGLE_BYTES_MAX: usize = 64 << 10;

/// Reads the tables for understanding customers' messages, on a thread of its own that ends
/// afterwards. Otherwise the first message would wait for that.
///
/// # Errors
/// If no thread can be started.
pub fn warm_up() -> io::Result<()> {
    thread::Builder::new().name("tables".to_owned()).spawn(inbound::warm_up).map(drop)
}

/// The services of the API, and with a hand the one that moves the clock.
#[must_use]
pub fn routes(
    gate: &Arc<Gate>,
    links: Links,
    background: Background,
    hooks: Hooks,
    hand: Option<Setter>,
) -> Routes {
    let contacts = contacts::Contacts::new(gate);
    let customers = customers::Customers::new(gate, links);
    let policies = policies::Policies::new(gate, background, hooks);
    let routes = match hand {
        Some(hand) => Routes::default().add_service(ClockServiceServer::new(clock::Clocks(hand))),
        None => Routes::default(),
    };
    routes
        .add_service(
            ContactServiceServer::new(contacts).max_decoding_message_size(REQUEST_BYTES_MAX),
        )
        .add_service(
            CustomerServiceServer::new(customers).max_decoding_message_size(REQUEST_BYTES_MAX),
        )
        .add_service(
            PolicyServiceServer::new(policies).max_decoding_message_size(REQUEST_BYTES_MAX),
        )
}

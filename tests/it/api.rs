//! The API over the wire: the real server with a real store, and a clock that the test moves.

mod batches;
mod cases;
mod conflicts;
mod consent;
mod engagement;
mod history;
mod inbound;
mod policies;
pub(crate) mod product;
mod races;
mod reservations;
mod suppressions;
mod unreadable;
mod unsubscribe;
mod wishes;

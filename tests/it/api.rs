//! The API over the wire: the real server with a real store, and a clock that the test moves.

mod audit;
mod batches;
mod bulk;
mod cases;
mod cli;
mod conflicts;
mod consent;
mod engagement;
mod erasure;
mod history;
mod inbound;
mod instances;
mod occasions;
mod pauses;
mod policies;
pub(crate) mod product;
pub(crate) mod races;
mod reactions;
mod repeated;
mod reservations;
mod revisions;
pub(crate) mod simulation;
mod suppressions;
mod undeclared;
mod unreadable;
mod unsubscribe;
mod wishes;

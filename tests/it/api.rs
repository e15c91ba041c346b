//! The API over the wire: the real server with a real store, and a clock that the test moves.

mod cases;
mod cli;
mod consent;
mod engagement;
mod erasure;
mod history;
mod occasions;
mod policies;
mod product;
mod reactions;
mod reservations;
mod suppressions;
mod unreadable;
mod wishes;

//! The API over the wire: the real server with a real store, and a clock that the test moves.

mod bulk;
mod cases;
mod engagement;
mod history;
mod policies;
mod product;
mod reservations;
mod unreadable;
mod wishes;

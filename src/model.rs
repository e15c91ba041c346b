//! The words: what a customer, a contact and a decision are. Everything here is inert and valid:
//! a value that exists keeps its bounds, and nothing here reads a clock or does I/O.

pub mod name;

pub use name::Name;

//! What people write, and what it means.

mod messages;
mod properties;
mod words;

//! What people write, and what it means.

mod measure;
mod messages;
mod properties;
mod tables;
mod wishes;

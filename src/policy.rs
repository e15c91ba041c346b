//! The policy language: documents as people write them, and the documents that ship.

pub mod preset;

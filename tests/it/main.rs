//! The command as people use it: the real binary, real files, what it prints and how it ends.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails the test")]

mod api;
mod calendar;
mod command;
mod import;
mod policy;
mod support;

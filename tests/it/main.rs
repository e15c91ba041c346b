//! The command as people use it: the real binary, real files, what it prints and how it ends.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what cannot be set up fails the test"
)]

mod api;
mod calendar;
mod clear;
mod command;
mod console;
mod crash;
mod credentials;
mod demo;
mod dice;
mod follow_ups;
mod import;
mod look;
mod policy;
mod readme;
mod redis;
mod run;
mod screens;
mod started_with;
mod strictest;
mod support;
mod telemetry;
mod terminal;
mod wait;
mod wire;

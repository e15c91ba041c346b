//! `courtesy` answers one question for every system that is about to send an e-mail, a text, a
//! push, a letter or to dial: may we contact this customer, on this channel, for this purpose, now?

pub mod access;
pub mod audit;
pub mod background;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod codec;
pub mod config;
pub mod console;
pub mod decision_log;
pub mod engine;
pub mod expression;
pub mod files;
pub mod gate;
pub mod html;
pub mod inbound;
pub mod model;
pub mod network;
pub mod operation;
pub mod pages;
pub mod policy;
pub mod proto;
pub mod rpc;
pub mod secret;
pub mod server;
pub mod simulate;
pub mod snapshot_server;
pub mod store;
pub mod telemetry;
pub mod unsubscribe;
pub mod webhooks;
pub mod wishes;
pub mod words;
pub mod zone;

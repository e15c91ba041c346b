//! The operator console: what operators, support and marketing look at.

pub mod draw;

//! The policy: documents that people write, with every mistake shown where it is, and what the
//! engine runs.
//!
//! A text goes through four steps, and each collects all the mistakes it can see before it gives
//! up: `yaml` makes a tree of nodes that know their place, `document` turns the tree into typed
//! documents, `check` holds the documents of one policy against each other, and `compile` makes
//! what the engine runs. Nothing here reads a file, a clock or a network.

pub mod days;
pub mod diff;
pub mod preset;
pub mod problem;
pub mod rules;
pub mod schema;
pub mod selector;
pub mod source;
pub mod suite;

mod assumed;
mod check;
mod closed;
mod compile;
mod decode;
mod document;
mod documents;
mod exported;
mod load;
mod newer;
mod retention;
mod value;
pub(crate) mod yaml;

pub use newer::NewerWord;
pub use newer::newer_word;
pub use problem::Problem;
pub use problem::Problems;
pub use rules::Policy;
pub use source::Source;
pub use suite::Suite;
pub use value::Confidence;
pub use value::span;

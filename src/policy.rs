//! What a policy is: documents that people write, and what the engine runs.

pub mod days;
pub mod preset;
pub mod rules;
pub mod selector;

pub use rules::Policy;

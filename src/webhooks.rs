//! Webhooks: what has changed is told to other systems, by signed calls to the addresses in the
//! operator's file.
//!
//! An event tells state: how a customer, the pauses or the policy stand when it is sent. Each
//! change is told at least once, those of one customer in their order. One instance tells at a time
//! (`lease`); what it has told is noted in the store (`state`), so that another goes on there.

mod deliver;
mod event;
mod file;
mod lease;
mod send;
mod sign;
mod state;
mod window;

pub use deliver::Deliveries;
pub use event::Described;
pub use event::Fresh;
pub use event::test_event;
pub use file::Kind;
pub use file::Webhook;
pub use file::Webhooks;
pub use file::Wrong;
pub use send::Answer;
pub use send::Sender;
pub use sign::Key;
pub use state::State;
pub use state::replay;
pub use state::state;

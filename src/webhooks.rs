//! Webhooks: changes are sent to other systems, by signed calls to the addresses in the operator's
//! file.
//!
//! An event has state: that of a customer, the pauses or the policy when it is sent. Each change is
//! sent at least once, those of one customer in their order. One instance sends at a time
//! (`lease`); its progress is noted in the store (`state`), so that another can continue there.

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

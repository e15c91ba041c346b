//! The words: what a customer, a contact and a decision are. Everything here is inert and valid:
//! a value that exists keeps its bounds, and nothing here reads a clock or does I/O.

pub mod agenda;
pub mod answer;
pub mod consent_event;
pub mod contact;
pub mod customer_id;
pub mod day;
pub mod decision;
pub mod event;
pub mod ground;
pub mod hidden;
pub mod history;
pub mod instant;
pub mod jurisdiction;
pub mod name;
pub mod pause;
pub mod record;
pub mod reply;
pub mod request;
pub mod revision;
pub mod sampling;
pub mod scope;
pub mod size;
pub mod stop;
pub mod unclear;
pub mod weekdays;
pub mod wish;

pub use answer::Answer;
pub use contact::Contact;
pub use day::Day;
pub use decision::Decision;
pub use event::EventKind;
pub use ground::Ground;
pub use history::History;
pub use instant::Instant;
pub use instant::Span;
pub use jurisdiction::Jurisdiction;
pub use name::Name;
pub use record::Record;
pub use sampling::SampleRate;
pub use scope::Scope;
pub use weekdays::Weekdays;

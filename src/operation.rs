//! The operations on one customer's record: pure functions of a policy, a record and the time. The
//! gate loads the record before them and writes it after them.
//!
//! **Invariant:** an operation that fails has changed nothing.

pub mod agenda;
pub mod check;
pub mod choose;
mod draft;
pub mod engagement;
pub mod erase;
mod eviction;
mod held;
mod idempotency;
pub mod import;
pub mod import_contacts;
pub mod inbound;
pub mod occasion;
pub mod outage;
pub mod plan;
pub mod preference;
pub mod profile;
pub mod recheck;
pub mod record_contact;
mod refresh;
pub mod reply;
mod reply_latency;
pub mod reserve;
pub mod settle;
pub mod suppress;
pub mod unclear;
mod unite;
pub mod wish;

pub use check::Decided;
pub use check::check;
pub use draft::Draft;
pub use idempotency::RequestKey;
pub use idempotency::differ;
pub use refresh::end_refusals;
pub use refresh::expiry;
pub use refresh::refresh;
pub use unite::has_taken_over;
pub use unite::take_over;

use crate::engine::Undeclared;
use crate::model::Instant;
use crate::policy::Policy;

/// The context that every operation depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// The time.
    pub now: Instant,
}

/// The reason why an operation was not done. None of these contains a customer's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The caller names something that the policy does not declare.
    #[error(transparent)]
    Undeclared(#[from] Undeclared),
    /// The request's id belongs to a request with another body.
    #[error("this `request_id` has been used for another request of this customer")]
    RequestIdReused,
    /// The contact lies so far back that only a request that is known already may name its time.
    #[error("`contact_time` {}", reserve::CONTACT_TIME)]
    ContactTimePassed,
    /// No contact on record was made by a request with this id.
    #[error(
        "no reservation of this customer has this `request_id`: it was refused, never made, or so \
         long ago that it has been forgotten"
    )]
    ReservationNotFound,
    /// The customer was erased, and with the customer whatever reservation there was.
    #[error(
        "the customer has been erased, and the reservation, if there was one, with the customer"
    )]
    CustomerErased,
    /// The contact was sent.
    #[error("the contact has been confirmed as sent, and cannot be released")]
    AlreadyConfirmed,
    /// The contact was given back.
    #[error("the reservation has been released; record the contact instead")]
    AlreadyReleased,
    /// A wish finds no room.
    #[error("the customer's record has no room; replace narrow wishes by a wider one")]
    RecordFull,
}

//! The reasons why an expression has no answer for a subject.

use std::sync::Arc;

use crate::expression::TEXT_BYTES_MAX;

/// The reason why an evaluation failed. It quotes the policy's own text and never the customer's
/// data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// `int()` of `""`, which is also the value of a missing attribute.
    #[error("`{0}` is empty, and `int()` needs an integer")]
    Empty(Arc<str>),
    /// `int()` of anything else that is not an integer of 64 bits.
    #[error("`{0}` is not an integer")]
    NotAnInteger(Arc<str>),
    /// `/` or `%` by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// An integer left the range of 64 bits.
    #[error("an integer does not fit into 64 bits")]
    Overflow,
    /// A string grew beyond [`TEXT_BYTES_MAX`].
    #[error("a string is longer than {TEXT_BYTES_MAX} bytes")]
    TooLong,
    /// `at` was read for a customer without a clock.
    #[error("`at` is read, and the customer's local time is unknown")]
    NoLocalTime,
}

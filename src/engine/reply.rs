//! The time by which a customer who wrote to us has to be answered.

use super::hours;
use super::status::Status;
use crate::model::Instant;
use crate::model::Span;
use crate::policy::rules::ReplyTime;

/// The number of stretches of hours that are looked at. An answer that may take longer is never
/// late.
const STRETCHES_MAX: usize = 10_000;

/// The time at which the answer to a message of `since` is late. Only time within the hours counts.
#[must_use]
pub fn reply_due(reply: &ReplyTime, since: Instant) -> Instant {
    let Some((hours, zone)) = &reply.hours else { return since.plus(reply.within) };
    let (mut at, mut left) = (since, reply.within);
    for _stretch in 0..STRETCHES_MAX {
        let (is_open, until) = match hours::contact_hours(hours, zone, at) {
            Status::Clear(until) => (true, until),
            Status::Denied(_, until) => (false, until),
        };
        let until = until.unwrap_or(Instant::LAST);
        if is_open {
            let due = at.plus(left);
            if due <= until {
                return due;
            }
            left = Span::from_millis(
                left.millis().saturating_sub(until.millis().saturating_sub(at.millis())),
            );
        }
        at = until;
    }
    Instant::LAST
}

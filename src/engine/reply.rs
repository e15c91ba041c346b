//! Until when a customer who wrote to us has to be answered.

use super::hours;
use super::status::Status;
use crate::model::Instant;
use crate::model::Span;
use crate::policy::rules::ReplyTime;

/// How many stretches of hours are looked at. What takes more is never late.
const STRETCHES_MAX: usize = 10_000;

/// When the answer to a message of `since` is late: the time runs within the hours only.
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

//! Reactions: what an event does by itself, because the policy says so.

use crate::engine::case::Case;
use crate::engine::spacing;
use crate::engine::status::Start;
use crate::engine::status::Status;
use crate::engine::status::Sweep;
use crate::model::Instant;
use crate::model::decision::Code;
use crate::model::history::Event;
use crate::policy::rules::Reaction;
use crate::zone::Zone;

/// Suppressed from the event that sets it off, for as long as the policy says.
pub(crate) fn reaction(
    case: &Case<'_>,
    reaction: &Reaction,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let mut sweep = Sweep::new(at, Start::Included, Code::Suppressed);
    for event in triggers(case, reaction) {
        // Without a clock, days cannot be told to have ended.
        let end = reaction.lasts.and_then(|lapse| spacing::end(lapse, event.at, clock));
        let status = match end {
            Some(end) => sweep.feed(event.at, end),
            None if event.at <= at => Some(Status::Denied(Code::Suppressed, None)),
            // For good from there on; what is before that still has to be told.
            None => sweep.feed(event.at, Instant::from_millis(i64::MAX)),
        };
        if let Some(status) = status {
            return status;
        }
    }
    sweep.finish()
}

/// The events that end a run of at least so many of their kind.
fn triggers<'c>(case: &'c Case<'_>, reaction: &'c Reaction) -> impl Iterator<Item = &'c Event> {
    let mut run = 0_u32;
    case.events().iter().filter(move |event| {
        let concerned = !reaction.same_channel || is_on_own_channel(case, event, reaction);
        if !concerned {
            return false;
        }
        run = if event.kind == reaction.on { run.saturating_add(1) } else { 0 };
        run >= reaction.times
    })
}

/// Where the suppression is of the event's channel: that the event was on the contact's. One on a
/// channel that nobody knows may have been, but cannot be part of a run.
fn is_on_own_channel(case: &Case<'_>, event: &Event, reaction: &Reaction) -> bool {
    event.channel.map_or_else(
        || reaction.times == 1 && event.kind == reaction.on,
        |channel| case.is_own_channel(channel),
    )
}

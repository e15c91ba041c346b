//! Reactions: what an event does by itself, because the policy says so.

mod row;

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
    let Triggers { events, until } = triggers(case, reaction, at);
    suppressed(events, reaction, clock, at).up_to(until)
}

fn suppressed(
    events: Vec<&Event>,
    reaction: &Reaction,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let mut sweep = Sweep::new(at, Start::Included, Code::Suppressed);
    for event in events {
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

/// The events that set it off, in order, and until when that certainly holds.
fn triggers<'c>(case: &'c Case<'_>, reaction: &Reaction, at: Instant) -> Triggers<'c> {
    let concerned = case.events().iter().filter(|event| is_concerned(case, event, reaction));
    if reaction.times == 1 {
        return Triggers { events: concerned.collect(), until: None };
    }
    // Most customers have too few of them to go on.
    let times = usize::try_from(reaction.times).unwrap_or(usize::MAX);
    if concerned.clone().count() < times {
        return Triggers { events: Vec::new(), until: None };
    }
    match reaction.within {
        None => row::triggers(case, reaction, at),
        Some(within) => {
            let happened: Vec<&Event> = concerned.collect();
            let windows = happened.windows(times);
            let full = windows.filter_map(|window| {
                let (first, last) = (window.first()?, *window.last()?);
                (last.at < first.at.plus(within)).then_some(last)
            });
            Triggers { events: full.collect(), until: None }
        }
    }
}

/// When it was set off last; none where it was not.
pub(crate) fn last_trigger(case: &Case<'_>, reaction: &Reaction, at: Instant) -> Option<Instant> {
    let events = triggers(case, reaction, at).events.into_iter();
    events.map(|event| event.at).take_while(|happened| *happened <= at).last()
}

/// How many of the events count at an instant that set it off.
pub(crate) fn so_far(case: &Case<'_>, reaction: &Reaction, at: Instant) -> usize {
    if reaction.times > 1 && reaction.within.is_none() {
        return row::length(case, reaction, at);
    }
    let counts = |event: &&Event| {
        event.at <= at
            && reaction.within.is_none_or(|within| at < event.at.plus(within))
            && is_concerned(case, event, reaction)
    };
    case.events().iter().filter(counts).count()
}

/// What sets a reaction off.
pub(crate) struct Triggers<'c> {
    pub(crate) events: Vec<&'c Event>,
    /// When there may be others; unset is never.
    pub(crate) until: Option<Instant>,
}

/// Whether it is one of the events that are counted. Where the suppression is of the event's
/// channel, the event must have been on the contact's. One on an unknown channel may have
/// been, but cannot be one of several.
pub(crate) fn is_concerned(case: &Case<'_>, event: &Event, reaction: &Reaction) -> bool {
    event.kind == reaction.on && is_on_its_channel(case, event, reaction)
}

pub(crate) fn is_on_its_channel(case: &Case<'_>, event: &Event, reaction: &Reaction) -> bool {
    !reaction.same_channel
        || event.channel.map_or(reaction.times == 1, |channel| case.is_own_channel(channel))
}

//! Reactions: the effects of events under the policy.

mod row;
mod standing;

pub use standing::Standing;
pub use standing::standing;

use crate::engine::case::Case;
use crate::engine::spacing;
use crate::engine::status::Start;
use crate::engine::status::Status;
use crate::engine::status::Sweep;
use crate::model::Instant;
use crate::model::decision::Code;
use crate::model::history::Event;
use crate::model::history::History;
use crate::policy::rules::Reaction;
use crate::zone::Zone;

/// The facts that a reaction looks at.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    history: &'a History,
    /// The channel in question, as a position in [`History::channels`]; `None` if it is not on
    /// record.
    channel: Option<u16>,
}

impl<'a> Seen<'a> {
    fn of(case: &Case<'a>) -> Self {
        Self { history: &case.record.history, channel: case.own_channel_on_record() }
    }
}

/// Suppressed from the event that sets it off, for the time that the policy sets.
pub(crate) fn reaction(
    case: &Case<'_>,
    reaction: &Reaction,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let Triggers { events, until } = triggers(Seen::of(case), reaction, at);
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
fn triggers<'a>(seen: Seen<'a>, reaction: &Reaction, at: Instant) -> Triggers<'a> {
    let concerned = concerned(seen, reaction);
    if reaction.times == 1 {
        return Triggers { events: concerned.collect(), until: None };
    }
    // Most customers have too few of them to go on.
    let times = usize::try_from(reaction.times).unwrap_or(usize::MAX);
    if concerned.clone().count() < times {
        return Triggers { events: Vec::new(), until: None };
    }
    match reaction.within {
        None => row::triggers(seen, reaction, at),
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

/// The time at which the reaction was last set off; `None` if it never was.
pub(crate) fn last_trigger(case: &Case<'_>, reaction: &Reaction, at: Instant) -> Option<Instant> {
    let events = triggers(Seen::of(case), reaction, at).events.into_iter();
    events.map(|event| event.at).take_while(|happened| *happened <= at).last()
}

/// The number of events at an instant that count towards setting it off.
pub(crate) fn so_far(case: &Case<'_>, reaction: &Reaction, at: Instant) -> usize {
    let seen = Seen::of(case);
    if reaction.times > 1 && reaction.within.is_none() {
        return row::length(seen, reaction, at);
    }
    let counts = |event: &&Event| {
        event.at <= at && reaction.within.is_none_or(|within| at < event.at.plus(within))
    };
    concerned(seen, reaction).filter(counts).count()
}

/// The events that set a reaction off.
struct Triggers<'a> {
    events: Vec<&'a Event>,
    /// The time from which there may be others; unset for never.
    until: Option<Instant>,
}

/// The events that are counted, in order.
fn concerned<'a>(seen: Seen<'a>, reaction: &Reaction) -> impl Iterator<Item = &'a Event> + Clone {
    seen.history.events().iter().filter(move |event| is_concerned(seen, event, reaction))
}

/// Whether the event counts. If the suppression is of the event's channel, the event must have been
/// on the contact's channel. An event on an unknown channel may have been, but cannot be one of
/// several.
fn is_concerned(seen: Seen<'_>, event: &Event, reaction: &Reaction) -> bool {
    event.kind == reaction.on && is_on_its_channel(seen, event, reaction)
}

fn is_on_its_channel(seen: Seen<'_>, event: &Event, reaction: &Reaction) -> bool {
    !reaction.same_channel
        || event.channel.map_or(reaction.times == 1, |channel| seen.channel == Some(channel))
}

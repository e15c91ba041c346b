//! Reactions, told as the specification tells them: whether enough happened, in a row or within a
//! time.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::reference::Asked;
use crate::spec::*;

impl Asked<'_> {
    pub(crate) fn reacts(&self, reaction: &Reaction, clock: &TimeZone) -> bool {
        let mut history: Vec<&Event> = self.spec.customer.events.iter().collect();
        // Of what happened at one instant, the bad news come first.
        let bad = ["refused", "bounced_soft", "bounced_hard", "complained"];
        let rank = |event: &Event| bad.iter().position(|kind| *kind == event.kind).unwrap_or(4);
        history.sort_by_key(|event| (event.at, rank(event)));
        (0..history.len()).any(|position| {
            let last = history[position];
            let meant = match &last.channel {
                Some(channel) => !reaction.same_channel || *channel == self.contact.channel,
                None => !reaction.same_channel || reaction.times == 1,
            };
            let lasts = match reaction.lasts {
                // Without a clock it is unknown when a day has ended.
                Some(Length::FullDays(_)) if self.spec.clocks.is_empty() => None,
                lasts => lasts,
            };
            last.kind == reaction.on
                && meant
                && last.at <= self.at
                && lasts.is_none_or(|lasts| self.since(last, lasts, clock))
                && self.is_one_of_many(reaction, &history[..=position])
        })
    }

    /// Whether enough happened up to the last of some events, which is one of those that count.
    fn is_one_of_many(&self, reaction: &Reaction, history: &[&Event]) -> bool {
        let last = history[history.len() - 1];
        let on_channel = |event: &Event| !reaction.same_channel || event.channel == last.channel;
        let counts = |(position, event): &(usize, &&Event)| {
            event.kind == reaction.on
                && on_channel(event)
                && match reaction.within {
                    _ if reaction.times == 1 => true,
                    Some(within) => last.at - within < event.at,
                    None => {
                        let year = SignedDuration::from_hours(365 * 24);
                        last.at - year < event.at
                            && !self.is_broken(reaction, &history[*position..])
                    }
                }
        };
        history.iter().enumerate().filter(counts).count() >= reaction.times
    }

    /// Whether something arrived between the first and the last of some events, on the channel of
    /// the first.
    fn is_broken(&self, reaction: &Reaction, history: &[&Event]) -> bool {
        let (first, last) = (history[0], history[history.len() - 1]);
        let arrived = ["opened", "clicked", "converted", "complained"];
        let by_event = history[1..].iter().any(|event| {
            let unknown = event.channel.is_none() && !reaction.same_channel;
            arrived.contains(&event.kind.as_str())
                && event.kind != reaction.on
                && (unknown || event.channel == first.channel)
        });
        let days = SignedDuration::from_hours(72);
        by_event
            || self.spec.customer.contacts.iter().any(|past| {
                Some(&past.contact.channel) == first.channel.as_ref()
                    && past.state == "sent"
                    && first.at < past.at
                    && past.at <= last.at
                    && past.at + days <= self.at
                    && !self.met(reaction, past)
            })
    }

    /// Whether the event, or a bounce, happened to a contact: it was the newest on its channel
    /// then.
    fn met(&self, reaction: &Reaction, contact: &Past) -> bool {
        let kinds = [reaction.on.as_str(), "bounced_soft", "bounced_hard"];
        let events = self.spec.customer.events.iter();
        events.filter(|event| kinds.contains(&event.kind.as_str())).any(|event| {
            let made = self.spec.customer.contacts.iter().filter(|past| {
                Some(&past.contact.channel) == event.channel.as_ref()
                    && past.at <= event.at
                    && !["released", "expired"].contains(&past.state.as_str())
            });
            made.max_by_key(|past| past.at).is_some_and(|newest| std::ptr::eq(newest, contact))
        })
    }
}

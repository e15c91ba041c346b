//! What a customer is told after saving.

use super::said::limit_text;
use super::said::occasion_title;
use crate::gate::Active;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::operation::Context;
use crate::operation::preference;
use crate::operation::preference::Saving;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::rules::titled;

/// What was done, in words.
pub(super) fn news(
    active: &Active,
    words: Words,
    chosen: &Saving,
    record: &Record,
    now: Instant,
) -> Vec<String> {
    let policy = &active.policy;
    let form = preference::form(Context { policy, now }, record, chosen.brand.as_ref());
    let titles = &policy.pages.titles;
    let language = words.language();
    let named = |names: &preference::Names| {
        let purposes = names.purposes.iter().map(|it| titled(&titles.purposes, it, language));
        let topics = names.topics.iter().map(|it| titled(&titles.topics, it, language));
        let channels = names.channels.iter().map(|it| titled(&titles.channels, it, language));
        purposes.chain(topics).chain(channels).collect::<Vec<_>>().join(", ")
    };
    let occasions = |names: &[Name]| {
        let titles = names.iter().map(|it| occasion_title(policy, words, it));
        titles.collect::<Vec<_>>().join(", ")
    };
    let is_pending = |name: &&Name| {
        let mut channels = form.channels.iter();
        channels.any(|it| it.name == **name && it.state != preference::State::Wanted)
    };
    let (pending, again): (Vec<&Name>, Vec<&Name>) =
        chosen.wanted.channels.iter().partition(is_pending);
    let wanted = preference::Names {
        channels: again.into_iter().cloned().collect(),
        ..chosen.wanted.clone()
    };
    let pending = pending.into_iter().map(|it| titled(&titles.channels, it, language));
    let limit = chosen.limit.map(|it| match it.0 {
        Some(limit) => limit_text(words, limit),
        None => words.say(Text::AsItComes).to_owned(),
    });
    let dates =
        chosen.added.iter().map(|it| words.month_day(it.date)).collect::<Vec<_>>().join(", ");
    let lines = [
        (Text::NoMore, named(&chosen.refused)),
        (Text::Again, named(&wanted)),
        (Text::ToConfirm, pending.collect::<Vec<_>>().join(", ")),
        (Text::HowOften, limit.unwrap_or_default()),
        (Text::Spared, occasions(&chosen.refused.occasions)),
        (Text::Spared, dates),
        (Text::SparedNoMore, occasions(&chosen.wanted.occasions)),
    ];
    let mut told: Vec<String> = Vec::new();
    if chosen.stop_all {
        told.push(words.say(Text::Stopped).to_owned());
    }
    let lines = lines.iter().filter(|(_, what)| !what.is_empty());
    told.extend(lines.map(|(text, what)| words.with(*text, what)));
    if chosen.end_break {
        told.push(words.say(Text::BreakOver).to_owned());
    } else if let Some(until) = form.break_until.filter(|_| chosen.break_for.is_some()) {
        told.push(words.with(Text::BreakEnds, &words.date(crate::pages::day_of(until))));
    }
    let saved =
        if told.is_empty() && chosen.removed.is_empty() { Text::SavedNothing } else { Text::Saved };
    told.insert(0, words.say(saved).to_owned());
    told
}

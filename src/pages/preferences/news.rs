//! The text for a customer after saving.

use super::said::limit_text;
use super::said::occasion_title;
use crate::gate::Active;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::operation::Context;
use crate::operation::preference;
use crate::operation::preference::Choice;
use crate::operation::preference::Saving;
use crate::operation::preference::State;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::rules::titled;

/// The changes.
pub(super) struct News {
    /// The changes in words.
    pub(super) lines: Vec<String>,
    /// Whether a choice that was wanted does not hold, since it was refused again meanwhile.
    pub(super) is_outdated: bool,
}

/// The changes, as the record has them now.
pub(super) fn news(
    active: &Active,
    words: Words,
    chosen: &Saving,
    record: &Record,
    now: Instant,
) -> News {
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
    let spared: Vec<Choice> = form.occasions.iter().map(|it| it.choice.clone()).collect();
    let in_state = |names: &[Name], choices: &[Choice], states: &[State]| -> Vec<Name> {
        let is =
            |name: &&Name| choices.iter().any(|it| it.name == **name && states.contains(&it.state));
        names.iter().filter(is).cloned().collect()
    };
    let wanted_in = |states: &[State]| preference::Names {
        topics: in_state(&chosen.wanted.topics, &form.topics, states),
        purposes: in_state(&chosen.wanted.purposes, &form.purposes, states),
        channels: in_state(&chosen.wanted.channels, &form.channels, states),
        occasions: in_state(&chosen.wanted.occasions, &spared, states),
    };
    let wanted = wanted_in(&[State::Wanted]);
    let refused_again = wanted_in(&[State::Refused]);
    let refused_by_wider = wanted_in(&[State::RefusedByWider]);
    let pending = wanted_in(&[State::Pending, State::NeedsConsent]).channels;
    let pending = pending.iter().map(|it| titled(&titles.channels, it, language));
    let limit = chosen.limit.filter(|it| it.0 == form.chosen).map(|it| match it.0 {
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
        (Text::SparedNoMore, occasions(&wanted.occasions)),
    ];
    let mut told: Vec<String> = Vec::new();
    let lines = lines.iter().filter(|(_, what)| !what.is_empty());
    told.extend(lines.map(|(text, what)| words.with(*text, what)));
    if refused_by_wider.iter().next().is_some() {
        told.push(words.say(Text::Wider).to_owned());
    }
    let goes_on = chosen.end_break && form.break_until.is_some() && chosen.break_for.is_none();
    if chosen.end_break && !goes_on {
        told.push(words.say(Text::BreakOver).to_owned());
    } else if let Some(until) = form.break_until.filter(|_| chosen.break_for.is_some()) {
        told.push(words.with(Text::BreakEnds, &words.date(crate::pages::day_of(until))));
    }
    let says_nothing = told.is_empty() && chosen.removed.is_empty() && !chosen.stop_all;
    let saved = if says_nothing { Text::SavedNothing } else { Text::Saved };
    told.insert(0, words.say(saved).to_owned());
    News { lines: told, is_outdated: refused_again.iter().next().is_some() || goes_on }
}

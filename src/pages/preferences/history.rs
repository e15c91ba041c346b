//! The customer's statements, and the times and channels of our contacts.

use maud::Markup;
use maud::html;

use super::said::occasion_title;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Scope;
use crate::model::consent_event::ConsentKind;
use crate::model::history::State;
use crate::pages::day_of;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::Policy;
use crate::policy::rules::ShownHistory;
use crate::policy::rules::spoken;
use crate::policy::rules::titled;

/// The most lines of each; the newest are shown.
const LINES_MAX: usize = 5;

/// The record of a customer, for the customer.
pub(super) struct History<'a> {
    pub(super) policy: &'a Policy,
    pub(super) words: Words,
    pub(super) record: &'a Record,
}

impl History<'_> {
    pub(super) fn html(&self) -> Markup {
        html! { (self.lines(Text::SentYou, &self.sent())) (self.lines(Text::ToldUs, &self.told())) }
    }

    fn lines(&self, title: Text, lines: &[String]) -> Markup {
        html! {
            @if !lines.is_empty() {
                details class="ends" {
                    summary { (self.words.say(title)) }
                    ul { @for line in lines { li { (line) } } }
                }
            }
        }
    }

    /// The times and channels of contacts, and never their content.
    fn sent(&self) -> Vec<String> {
        if self.policy.pages.history == ShownHistory::Off {
            return Vec::new();
        }
        let history = &self.record.history;
        let titles = &self.policy.pages.titles.channels;
        let made = history.entries().iter().rev();
        let made = made.filter(|it| matches!(it.state, State::Sent | State::Bounced));
        let lines = made.filter_map(|it| {
            let channel = history.channels().get(usize::from(it.channel))?;
            let channel = titled(titles, channel, self.words.language());
            Some(self.words.dated(Text::SentOn, day_of(it.at), &channel))
        });
        lines.take(LINES_MAX).collect()
    }

    /// Statements of the same moment stand in one line, each once: one form makes one for each of
    /// several purposes.
    fn told(&self) -> Vec<String> {
        let mut told: Vec<(Instant, Text, Vec<String>)> = Vec::new();
        for it in self.record.consent_events.iter().rev() {
            let text = match it.kind {
                ConsentKind::OptOut => Text::SaidNo,
                ConsentKind::OptIn => Text::SaidYes,
                ConsentKind::PendingOptIn => Text::SaidYesToConfirm,
            };
            let until = it.until.map(|until| self.words.date(day_of(until)));
            let until = until.map(|until| self.words.with(Text::Until, &until));
            let what = [Some(self.what(&it.scope)), until].into_iter().flatten();
            let what = what.collect::<Vec<_>>().join(", ");
            let is_full = told.len() == LINES_MAX;
            match told.last_mut() {
                Some((at, said, things)) if *said == text && *at == it.at => {
                    if !things.contains(&what) {
                        things.insert(0, what);
                    }
                }
                Some(_) | None if is_full => break,
                Some(_) | None => told.push((it.at, text, vec![what])),
            }
        }
        let line = |(at, text, things): &(Instant, Text, Vec<String>)| {
            self.words.dated(*text, day_of(*at), &things.join(", "))
        };
        told.iter().map(line).collect()
    }

    /// The narrowest that a scope names: a purpose only where it is all that is named.
    fn what(&self, scope: &Scope) -> String {
        let titles = &self.policy.pages.titles;
        let language = self.words.language();
        let topic = scope.topic.as_ref().map(|it| titled(&titles.topics, it, language));
        let channel = scope.channel.as_ref().map(|it| titled(&titles.channels, it, language));
        let occasion =
            scope.occasion.as_ref().map(|it| occasion_title(self.policy, self.words, it));
        let mut named: Vec<String> = [topic, channel, occasion].into_iter().flatten().collect();
        if named.is_empty() {
            let purpose = scope.purpose.as_ref().map(|it| titled(&titles.purposes, it, language));
            named.push(purpose.unwrap_or_else(|| self.words.say(Text::AllOfIt).to_owned()));
        }
        let brand = scope.brand.as_ref().map(|it| {
            self.policy.pages.sender(Some(it)).name.map_or_else(|| spoken(it), String::from)
        });
        named.extend(brand);
        named.join(", ")
    }
}

//! The promise of a link, for the customer who is about to use it: the messages that stop, and
//! those that still come.

use std::collections::BTreeMap;

use super::words::Text;
use super::words::Words;
use crate::model::Name;
use crate::model::Scope;
use crate::policy::Policy;
use crate::policy::rules::Channel;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Family;
use crate::policy::rules::Title;
use crate::policy::rules::Titles;
use crate::policy::rules::titled;

/// The messages that a link stops under a policy.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    scope: Scope,
    /// The kind of the scope's channel, if it names one and the policy knows its kind.
    kind: Option<ChannelKind>,
    /// Whether any purpose is exempt from opt-outs.
    exceptions: bool,
    /// The names for customers.
    titles: Titles,
    /// The name of the scope's brand for customers, if the policy has one.
    brand: Option<Box<str>>,
}

impl Promise {
    pub(super) fn of(scope: &Scope, policy: &Policy) -> Self {
        let brand = scope.brand.as_ref().and_then(|name| policy.pages.brands.get(name));
        let channel = scope.channel.as_ref();
        let channel = channel.and_then(|name| policy.channel_position(name));
        let channel = channel.and_then(|position| policy.channels.get(position));
        Self {
            scope: scope.clone(),
            kind: channel.and_then(|Channel { kind, .. }| *kind),
            exceptions: policy.purposes.iter().any(|it| it.exempt.contains(Family::OptOuts)),
            titles: policy.pages.titles.clone(),
            brand: brand.and_then(|it| it.name.clone()),
        }
    }

    /// `advertising by e-mail about “newsletter”`.
    pub(super) fn stops(&self, words: Words) -> String {
        let Scope { channel, purpose, topic, brand, occasion, marketing } = &self.scope;
        let titles = &self.titles;
        let named = |phrase, titles: &BTreeMap<Name, Title>, name: &Name| {
            // The declared name is shown as it is: it stands in quotes.
            let known = titles.get(name).is_some_and(|it| !it.is_empty());
            let title =
                if known { titled(titles, name, words.language()) } else { name.replace('_', " ") };
            words.with(phrase, &title)
        };
        let none = BTreeMap::new();
        let what = match purpose {
            Some(purpose) => named(Text::OfPurpose, &titles.purposes, purpose),
            None if *marketing => words.say(Text::Marketing).to_owned(),
            None => words.say(Text::Everything).to_owned(),
        };
        let means = channel.as_ref().map(|name| {
            let means = self.kind.and_then(|kind| words.means(kind));
            means.map_or_else(|| named(Text::Through, &titles.channels, name), str::to_owned)
        });
        let about = topic.as_ref().map(|name| named(Text::AboutName, &titles.topics, name));
        let around = occasion.as_ref().map(|name| named(Text::AboutName, &titles.occasions, name));
        let from = brand.as_ref().map(|name| match &self.brand {
            Some(known) => words.with(Text::From, known),
            None => named(Text::From, &none, name),
        });
        let parts = [what].into_iter().chain(means).chain(about).chain(around).chain(from);
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The messages that still come, in sentences.
    pub(super) fn comes(&self, words: Words) -> Vec<&'static str> {
        let Scope { channel, purpose, topic, brand, occasion, marketing } = &self.scope;
        let narrow = [purpose, topic, brand, occasion].iter().any(|part| part.is_some());
        let first = if *marketing {
            Text::NoMarketingComes
        } else if narrow {
            Text::AllElseComes
        } else if self.exceptions {
            Text::ExceptionsCome
        } else {
            Text::NothingComes
        };
        let also = if narrow && *marketing {
            Some(Text::AllElseComes)
        } else {
            channel.as_ref().filter(|_| !narrow).map(|_| Text::OtherMeans)
        };
        [first].into_iter().chain(also).map(|text| words.say(text)).collect()
    }
}

#[cfg(test)]
mod tests;

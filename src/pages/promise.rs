//! What a link stops, and what still comes, for the customer who is about to use it.

use super::words::Words;
use crate::model::Scope;
use crate::policy::Policy;
use crate::policy::rules::Channel;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Family;

/// What a link stops under a policy.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    scope: Scope,
    /// The kind of the scope's channel, if it names one and the policy knows its kind.
    kind: Option<ChannelKind>,
    /// Whether anything is exempt from opt-outs.
    exceptions: bool,
}

impl Promise {
    pub(super) fn of(scope: &Scope, policy: &Policy) -> Self {
        let channel = scope.channel.as_ref();
        let channel = channel.and_then(|name| policy.channel_position(name));
        let channel = channel.and_then(|position| policy.channels.get(position));
        Self {
            scope: scope.clone(),
            kind: channel.and_then(|Channel { kind, .. }| *kind),
            exceptions: policy.purposes.iter().any(|it| it.exempt.contains(Family::OptOuts)),
        }
    }

    /// `advertising by e-mail about “newsletter”`, as HTML.
    pub(super) fn stops(&self, words: &Words) -> String {
        let Scope { channel, purpose, topic, brand, occasion, marketing } = &self.scope;
        let what = match purpose {
            Some(purpose) => named(words.of_purpose, purpose),
            None if *marketing => words.marketing.to_owned(),
            None => words.everything.to_owned(),
        };
        let means = channel.as_ref().map(|name| {
            let means = self.kind.and_then(|kind| words.means(kind));
            means.map_or_else(|| named(words.through, name), str::to_owned)
        });
        let about = [topic, occasion].into_iter().flatten().map(|name| named(words.about, name));
        let from = brand.as_ref().map(|name| named(words.from, name));
        let parts = [what].into_iter().chain(means).chain(about).chain(from);
        parts.collect::<Vec<_>>().join(" ")
    }

    /// What still comes, in sentences.
    pub(super) fn comes(&self, words: &Words) -> Vec<&'static str> {
        let Scope { channel, purpose, topic, brand, occasion, marketing } = &self.scope;
        let narrow = [purpose, topic, brand, occasion].iter().any(|part| part.is_some());
        let first = if *marketing {
            words.no_marketing_comes
        } else if narrow {
            words.all_else_comes
        } else if self.exceptions {
            words.exceptions_come
        } else {
            words.nothing_comes
        };
        let also = if narrow && *marketing {
            Some(words.all_else_comes)
        } else {
            channel.as_ref().filter(|_| !narrow).map(|_| words.other_means)
        };
        [first].into_iter().chain(also).collect()
    }
}

/// A phrase with a name in it, which may hold any character.
fn named(phrase: &str, name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '_' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    phrase.replace("{}", &escaped)
}

#[cfg(test)]
mod tests;

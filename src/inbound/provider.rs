//! What the provider took a message for.

use super::Breadth;
use super::Language;
use super::Match;
use super::Meaning;

impl Meaning {
    /// The meaning, or a refusal where the provider took the message for one: that counts, whatever the text.
    /// What is refused is what the text says, or not said.
    #[must_use]
    pub fn or_refusal(self, provider_refuses: bool) -> Self {
        if !provider_refuses || matches!(self, Self::Stop { .. }) {
            return self;
        }
        let because = Match {
            language: Language::UNDETERMINED,
            phrase: "the provider took it for a refusal",
            words: "provider_meaning".to_owned(),
            source: None,
            place: None,
        };
        Self::Stop { breadths: vec![Breadth::Unsaid], because }
    }
}

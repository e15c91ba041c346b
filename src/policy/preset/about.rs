//! What a preset says about itself, for people who choose among them.

use super::Preset;
use crate::model::Day;
use crate::model::decision::NotInForce;
use crate::policy::decode::Text;
use crate::policy::document::Document;
use crate::policy::documents;
use crate::policy::problem::Problems;
use crate::policy::rules::Effective;
use crate::policy::source::Source;
use crate::policy::value::Confidence;

/// What a preset says about itself.
#[derive(Clone, Debug)]
pub struct About {
    /// What it does.
    pub description: String,
    /// The day on which it was last compared with its sources.
    pub reviewed: Option<Day>,
    /// How sure the sources are.
    pub confidence: Option<Confidence>,
    /// What it rests on, and as of when.
    pub sources: Vec<(String, Day)>,
    /// What the law says and the preset does not.
    pub leaves_out: Vec<String>,
    /// The presets that it includes.
    pub includes: Vec<String>,
    /// Its rules.
    pub parts: Vec<Part>,
}

/// A rule or a reaction of a preset.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The key of its family in the policy language.
    pub family: &'static str,
    /// When it is in force.
    pub effective: Effective,
    /// Where it comes from.
    pub source: String,
}

impl Part {
    /// On which side of its dates a day lies, if not within them.
    #[must_use]
    pub fn not_in_force(&self, today: Day) -> Option<NotInForce> {
        self.effective.not_in_force(today)
    }
}

impl Preset {
    /// What the preset says about itself.
    #[must_use]
    pub fn about(&self) -> About {
        let source = Source::new(self.name, self.text);
        let document: Option<Document> = documents::read(&source, &mut Problems::default());
        document.map_or_else(About::nothing, |document| About::of(&document))
    }
}

impl About {
    const fn nothing() -> Self {
        Self {
            description: String::new(),
            reviewed: None,
            confidence: None,
            sources: Vec::new(),
            leaves_out: Vec::new(),
            includes: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn of(document: &Document) -> Self {
        let text = |text: Option<&Text>| text.map_or_else(String::new, Text::to_string);
        let reactions = document.reactions.iter().map(|reaction| Part {
            name: reaction.name.as_ref().map_or_else(String::new, |name| name.to_string()),
            family: "reactions",
            effective: Effective::of(reaction.effective.as_ref()),
            source: text(reaction.source.as_ref()),
        });
        let parts = document.rules().map(|any| {
            let rule = any.rule();
            Part {
                name: rule.name.to_string(),
                family: any.section(),
                effective: Effective::of(rule.effective.as_ref()),
                source: text(rule.source.as_ref()),
            }
        });
        Self {
            description: text(document.description.as_ref()),
            reviewed: document.reviewed,
            confidence: document.confidence,
            sources: document.sources.iter().map(|it| (it.what.to_string(), it.seen)).collect(),
            leaves_out: document.leaves_out.iter().map(Text::to_string).collect(),
            includes: document.include.iter().map(|name| name.to_string()).collect(),
            parts: parts.chain(reactions).collect(),
        }
    }
}

//! The description of a preset, for people who choose among presets.

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

/// The description of a preset.
#[derive(Clone, Debug)]
pub struct About {
    /// Its effect.
    pub description: String,
    /// The day on which it was last compared with its sources.
    pub reviewed: Option<Day>,
    /// The reliability of the sources.
    pub confidence: Option<Confidence>,
    /// The sources, and the days on which they were read.
    pub sources: Vec<(String, Day)>,
    /// The parts of the law that the preset leaves out.
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
    /// The dates on which it is in force.
    pub effective: Effective,
    /// Its source.
    pub source: String,
}

impl Part {
    /// The side of its dates on which a day lies, if it is not within them.
    #[must_use]
    pub fn not_in_force(&self, today: Day) -> Option<NotInForce> {
        self.effective.not_in_force(today)
    }
}

impl Preset {
    /// The description of the preset.
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

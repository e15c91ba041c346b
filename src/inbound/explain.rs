//! How a message was understood.

use super::Meaning;
use super::Operator;
use super::is_known;
use super::reply;
use super::table::TABLE;
use crate::words::fold;
use crate::words::lexicon::Sense;

/// How a message was understood.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The clauses of the customer's own words.
    pub clauses: Vec<Vec<Explained>>,
    /// What the message means. It holds the line that decided.
    pub meaning: Meaning,
}

/// A word, folded.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The word.
    pub word: String,
    /// The classes of words that it is in, or begins an entry of, each with its language:
    /// `en CEASE`.
    pub classes: Vec<String>,
}

/// Understands a message, and tells how.
#[must_use]
pub fn explain(text: &str, operator: &Operator) -> Explanation {
    let clauses = fold::clauses(&reply::own_part(text), is_known);
    let explained = |words: &Vec<String>| {
        let tokens = TABLE.tokens(words.clone()).into_iter();
        tokens.map(|it| Explained { classes: classes(&it.senses), word: it.word }).collect()
    };
    let explained = clauses.iter().map(explained).collect();
    Explanation { clauses: explained, meaning: super::read(clauses, operator) }
}

fn classes(senses: &[Sense]) -> Vec<String> {
    let classes = senses.iter().filter_map(|sense| TABLE.classes.get(sense.class));
    let mut names: Vec<String> = classes
        .map(|class| match class.key {
            Some(key) => format!("{} {key:?}", class.language.code()).to_lowercase(),
            None => format!("{} {}", class.language.code(), class.name),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

//! Lines of which the words stand in any order: `& NOT WANT OBJECT`.
//!
//! Each word of such a line stands near the first one, with any words between them. One word may be
//! two of them: `nie wieder` is a negation, and says that it was before. `!BENIGN` must not be
//! near. A line that begins with `<6` is held against fewer than six words. What an innocent line
//! covers is out of sight. Every search is bounded: the work grows with the length.

use super::kind::Says;
use super::table::Rule;
use super::table::TABLE;
use crate::words::lexicon::ClassId;
use crate::words::pattern::Element;
use crate::words::pattern::Token;
use crate::words::work;

/// How many words the others of a line are at most before or after its first one.
const NEAR: usize = 12;

/// What a line asks for beside its words.
#[derive(Debug)]
pub(super) struct Scattered {
    /// None of these is near.
    pub(super) without: Vec<ClassId>,
    /// There are fewer words than these.
    pub(super) fewer_than: usize,
}

/// The clearest of the lines of these kinds that the words say, and the words that say it: what
/// refuses more than what is a doubt, and of these what has most words. It is told which classes
/// are there.
pub(super) fn clearest<'t>(
    tokens: &[&'t Token],
    there: &[bool],
    is_asked: impl Fn(&Rule) -> bool,
) -> Option<(&'static Rule, Vec<&'t Token>)> {
    let mut best: Option<(&Rule, Vec<usize>)> = None;
    for (at, token) in tokens.iter().enumerate() {
        let rules = TABLE.scattered_with(token).filter(|rule| is_asked(rule));
        for rule in rules.filter(|rule| rule.may_be_in(there)) {
            let rank = |rule: &Rule, words: &[usize]| {
                (matches!(rule.says, Says::Stop(_)), words.len(), rule.says)
            };
            let Some(found) = words_of(rule, tokens, at) else { continue };
            let is_better =
                |(other, words): &(&Rule, Vec<usize>)| rank(rule, &found) > rank(other, words);
            if best.as_ref().is_none_or(is_better) {
                best = Some((rule, found));
            }
        }
    }
    let (rule, mut words) = best?;
    words.sort_unstable();
    words.dedup();
    Some((rule, words.into_iter().filter_map(|at| tokens.get(at).copied()).collect()))
}

/// Where the words of a line stand of which the first stands here.
fn words_of(rule: &Rule, tokens: &[&Token], at: usize) -> Option<Vec<usize>> {
    let Scattered { without, fewer_than } = rule.scattered.as_ref()?;
    let end = tokens.len().min(at + NEAR + 1);
    let near = at.saturating_sub(NEAR)..end;
    let is_there = |at: usize, classes: &[ClassId]| {
        work::step();
        tokens.get(at).is_some_and(|token| token.length_in(classes).is_some())
    };
    if tokens.len() >= *fewer_than || near.clone().any(|it| is_there(it, without)) {
        return None;
    }
    let mut words = vec![at];
    for element in rule.elements.iter().skip(1) {
        let Element::Any(classes) = element else { return None };
        words.push(near.clone().find(|it| is_there(*it, classes))?);
    }
    Some(words)
}

//! A line of a grammar: `CEASE SEND ME $`.
//!
//! A word in capitals is a class of words, a word in small letters is itself, `A|B` is one or the
//! other, `NUMBER` is a number of four digits or more, `NAME` is a word that no table knows. `^` is
//! the start of a clause, `$` its end, `...` is up to eight words of any kind. Between the words of
//! a line there may be words of the class `LIGHT`, and nothing else. Nothing in a line is optional,
//! so that what decides cannot be missing. Every search is bounded, so that the work grows with the
//! length of a clause and not with its square.

use super::lexicon::ClassId;
use super::lexicon::Sense;
use super::work;

/// The most words that `...` stands for.
const GAP_MAX: usize = 8;
/// The most light words between two words of a line, and before `^`.
const LIGHT_MAX: usize = 6;
/// The most light words before `$`, and the most objects that are joined.
const PASSED_MAX: usize = 12;

/// A word of a message, and the classes that it is in.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) word: String,
    /// The senses of the token, those of the longest entries first.
    pub(crate) senses: Vec<Sense>,
}

impl Token {
    /// The number of the message's words in the longest entry of one of these classes here.
    pub(crate) fn length_in(&self, classes: &[ClassId]) -> Option<usize> {
        self.senses.iter().find(|sense| classes.contains(&sense.class)).map(|sense| sense.length)
    }
}

/// A place of a line.
#[derive(Debug)]
pub(crate) enum Element {
    /// A word of one of these classes.
    Any(Vec<ClassId>),
    Start,
    End,
    Gap,
}

/// The classes that have a part in every line of a language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Particles {
    /// May stand between the words of a line.
    pub(crate) light: ClassId,
    /// May stand before `^`.
    pub(crate) lead: ClassId,
    /// May follow `$`.
    pub(crate) tail: ClassId,
    /// `and`: one object more.
    pub(crate) and: ClassId,
    /// `before`, `unless`: what follows is a condition.
    pub(crate) condition: ClassId,
    /// Courtesy of any language.
    pub(crate) courtesy: ClassId,
    /// A number.
    pub(crate) number: ClassId,
}

/// The kinds of words that may stand before the next word of a line.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Light,
    Anything,
}

/// A clause against which lines of one language are held.
pub(crate) struct Matcher<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) particles: Particles,
}

impl Matcher<'_> {
    /// The end of a match that begins here.
    pub(crate) fn end(&self, elements: &[Element], at: usize) -> Option<usize> {
        self.run(elements, at, Before::Nothing)
    }

    fn run(&self, elements: &[Element], at: usize, before: Before) -> Option<usize> {
        let Some((first, rest)) = elements.split_first() else { return Some(at) };
        match first {
            Element::Start => self.is_start(at).then(|| self.run(rest, at, before)).flatten(),
            Element::End => self.is_end(at).then(|| self.run(rest, at, before)).flatten(),
            Element::Gap => self.run(rest, at, Before::Anything),
            Element::Any(classes) => self.find(classes, rest, (at, before)),
        }
    }

    /// The first place from here at which one of the classes and all that follows it match.
    fn find(
        &self,
        classes: &[ClassId],
        rest: &[Element],
        (at, before): (usize, Before),
    ) -> Option<usize> {
        let mut place = at;
        for _ in 0..=GAP_MAX {
            work::step();
            let token = self.tokens.get(place)?;
            if let Some(length) = token.length_in(classes) {
                let next = self.joined(classes, place + length);
                if let Some(end) = self.run(rest, next, Before::Light) {
                    return Some(end);
                }
            }
            place += match before {
                Before::Light if place - at < LIGHT_MAX => {
                    token.length_in(&[self.particles.light])?
                }
                Before::Nothing | Before::Light => return None,
                Before::Anything => 1,
            };
        }
        None
    }

    /// The number of words in the longest entry of these classes here.
    fn length(&self, at: usize, classes: &[ClassId]) -> Option<usize> {
        self.tokens.get(at).and_then(|token| token.length_in(classes))
    }

    /// Past what is joined to a match: `calling and texting`.
    fn joined(&self, classes: &[ClassId], mut at: usize) -> usize {
        for _ in 0..PASSED_MAX {
            let Some(length) = self.length(at, &[self.particles.and]) else { break };
            let next = self.past_light(at + length);
            let Some(length) = self.length(next, classes) else { break };
            at = next + length;
        }
        at
    }

    /// Past words of these classes that begin here.
    fn past(&self, classes: &[ClassId], mut at: usize, end: usize) -> usize {
        for _ in 0..PASSED_MAX {
            work::step();
            let Some(length) = self.length(at, classes).filter(|_| at < end) else { break };
            at += length;
        }
        at
    }

    fn past_light(&self, at: usize) -> usize {
        self.past(&[self.particles.light, self.particles.courtesy], at, usize::MAX)
    }

    fn is_start(&self, at: usize) -> bool {
        let lead = [self.particles.lead, self.particles.light, self.particles.courtesy];
        at <= PASSED_MAX && self.past(&lead, 0, at) == at
    }

    fn is_end(&self, at: usize) -> bool {
        let end = self.past_light(at);
        let tail = [self.particles.number, self.particles.tail];
        end >= self.tokens.len() || self.length(end, &tail).is_some()
    }

    /// Whether a condition follows: `before noon`.
    pub(crate) fn is_conditional(&self, at: usize) -> bool {
        let condition = [self.particles.condition];
        (at..=self.past_light(at)).any(|place| self.length(place, &condition).is_some())
    }
}

//! A line of a grammar: `CEASE SEND ME $`.
//!
//! A word in capitals is a class of words, a word in small letters is itself, `A|B` is one or the other,
//! `NUMBER` is a number of four digits or more, `NAME` is a word that no table knows.
//! `^` is the start of a clause, `$` its end, `...` is up to eight words of any kind. Between the words
//! of a line there may be words of the class `LIGHT`, and nothing else. Nothing in a line is optional, so
//! that what decides cannot be missing. Every search is bounded, so that the work grows with the length
//! of a clause and not with its square.

use super::lexicon::ClassId;
use super::lexicon::Sense;
use super::work;

/// The most words that `...` stands for.
const GAP_MAX: usize = 8;

/// The most light words between two words of a line, and before `^`.
const LIGHT_MAX: usize = 6;

/// The most light words before `$`, and the most objects that are joined.
const PASSED_MAX: usize = 12;

/// A number has at least this many digits.
const NUMBER_DIGITS_MIN: usize = 4;

/// A word of a message, and the classes that it is in.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: String,
    /// Those of the longest entries first.
    pub(super) senses: Vec<Sense>,
}

impl Token {
    /// How many words of the message the longest entry of one of these classes has here.
    fn length_in(&self, classes: &[ClassId]) -> Option<usize> {
        self.senses.iter().find(|sense| classes.contains(&sense.class)).map(|sense| sense.length)
    }

    pub(super) fn is_number(&self) -> bool {
        self.word.len() >= NUMBER_DIGITS_MIN && self.word.bytes().all(|c| c.is_ascii_digit())
    }

    pub(super) fn is_name(&self) -> bool {
        self.senses.is_empty() && self.word.chars().all(char::is_alphabetic)
    }
}

/// A place of a line.
#[derive(Debug)]
pub(super) enum Element {
    Any { classes: Box<[ClassId]>, number: bool, name: bool },
    Start,
    End,
    Gap,
}

/// The classes that have a part in every line of a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Particles {
    /// May stand between the words of a line.
    pub(super) light: ClassId,
    /// May stand before `^`.
    pub(super) lead: ClassId,
    /// May follow `$`.
    pub(super) tail: ClassId,
    /// `and`: one object more.
    pub(super) and: ClassId,
    /// `before`, `unless`: what follows is a condition.
    pub(super) condition: ClassId,
    /// Courtesy of any language.
    pub(super) courtesy: ClassId,
}

/// What may stand before the next word of a line.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Light,
    Anything,
}

/// A clause against which lines of one language are held.
pub(super) struct Matcher<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) particles: Particles,
}

impl Matcher<'_> {
    /// Where a match ends that begins here.
    pub(super) fn end(&self, elements: &[Element], at: usize) -> Option<usize> {
        self.run(elements, at, Before::Nothing)
    }

    fn run(&self, elements: &[Element], at: usize, before: Before) -> Option<usize> {
        let Some((first, rest)) = elements.split_first() else { return Some(at) };
        match first {
            Element::Start => self.is_start(at).then(|| self.run(rest, at, before)).flatten(),
            Element::End => self.is_end(at).then(|| self.run(rest, at, before)).flatten(),
            Element::Gap => self.run(rest, at, Before::Anything),
            Element::Any { .. } => self.find(first, rest, (at, before)),
        }
    }

    /// The first place from here at which the element and all that follows it match.
    fn find(
        &self,
        first: &Element,
        rest: &[Element],
        (at, before): (usize, Before),
    ) -> Option<usize> {
        let mut place = at;
        for _ in 0..=GAP_MAX {
            work::step();
            let token = self.tokens.get(place)?;
            if let Some(length) = accepts(first, token) {
                let next = self.joined(first, place + length);
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

    /// Past what is joined to a match: `calling and texting`.
    fn joined(&self, element: &Element, mut at: usize) -> usize {
        for _ in 0..PASSED_MAX {
            let and = self.tokens.get(at).and_then(|token| token.length_in(&[self.particles.and]));
            let Some(length) = and else { break };
            let next = self.past_light(at + length);
            let same = self.tokens.get(next).and_then(|token| accepts(element, token));
            let Some(length) = same else { break };
            at = next + length;
        }
        at
    }

    /// Past words of these classes that begin here.
    fn past(&self, classes: &[ClassId], mut at: usize, end: usize) -> usize {
        for _ in 0..PASSED_MAX {
            work::step();
            let token = self.tokens.get(at).filter(|_| at < end);
            let Some(length) = token.and_then(|token| token.length_in(classes)) else { break };
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
        let ends =
            |token: &Token| token.is_number() || token.length_in(&[self.particles.tail]).is_some();
        self.tokens.get(self.past_light(at)).is_none_or(ends)
    }

    /// Whether a condition follows: `before noon`.
    pub(super) fn is_conditional(&self, at: usize) -> bool {
        let is_condition = |token: &Token| token.length_in(&[self.particles.condition]).is_some();
        (at..=self.past_light(at)).any(|place| self.tokens.get(place).is_some_and(is_condition))
    }
}

fn accepts(element: &Element, token: &Token) -> Option<usize> {
    let Element::Any { classes, number, name } = element else { return None };
    token
        .length_in(classes)
        .or_else(|| ((*number && token.is_number()) || (*name && token.is_name())).then_some(1))
}

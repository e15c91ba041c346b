//! What one clause says.
//!
//! A clause of key words and courtesy alone is what the key words say. In any other clause the
//! lines of the grammars are looked for from left to right, the longest first, so that `don't stop`
//! hides the `stop` in it. Where none of them refuses, the lines in any order are.

use std::borrow::Borrow;

use super::Breadth;
use super::Doubt;
use super::Match;
use super::Operator;
use super::kind::Key;
use super::kind::Says;
use super::language::Language;
use super::scattered;
use super::table::Class;
use super::table::NAME;
use super::table::NUMBER;
use super::table::Rule;
use super::table::TABLE;
use crate::words::pattern::Element;
use crate::words::pattern::Matcher;
use crate::words::pattern::Token;
use crate::words::slips;
use crate::words::work;

/// A number of at least so many digits is a telephone number.
const TELEPHONE_DIGITS_MIN: usize = 7;

/// What can be a whole clause, with courtesies and numbers around it; the last with fillers too.
const WHOLES: [&[Key]; 7] = [
    &[Key::Stop, Key::StopAlone],
    &[Key::Start],
    &[Key::Stop, Key::StopAlone, Key::Start],
    &[Key::Yes],
    &[Key::Help],
    &[Key::Doubt],
    &[Key::Stop, Key::Filler],
];

/// What a clause is read by.
pub(super) struct Context<'a> {
    pub(super) operator: &'a Operator,
    /// Whether the message may be in a language, by its number: everyday language of one is a doubt
    /// in another.
    pub(super) likely: Vec<bool>,
    /// The languages of which the message has most words, by their numbers.
    pub(super) best: Vec<usize>,
}

/// What was found in a clause.
pub(super) struct Said {
    pub(super) tokens: Vec<Token>,
    /// The key words, if the clause is nothing else.
    pub(super) keys: Vec<Found<Key>>,
    /// What the grammars found.
    pub(super) found: Vec<Found<Says>>,
    /// The words that are innocent.
    hidden: Vec<bool>,
}

impl Said {
    /// Whether a line says that some of its words are not about us.
    pub(super) fn is_innocent(&self) -> bool {
        self.keys.is_empty() && self.hidden.contains(&true)
    }

    /// The words that are not innocent.
    pub(super) fn seen(&self) -> impl Iterator<Item = &Token> {
        let tokens = self.tokens.iter().zip(&self.hidden);
        tokens.filter(|(_, is_hidden)| !**is_hidden).map(|(token, _)| token)
    }
}

impl Context<'_> {
    /// Whether the message may be in the language of a line.
    pub(super) fn may_be_in(&self, rule: &Rule) -> bool {
        self.likely.get(rule.tongue) == Some(&true)
    }
}

/// A line that matches, and where its match ends.
type Hit<'r> = (&'r Rule, usize);

/// Something that was found.
pub(super) struct Found<T> {
    pub(super) what: T,
    pub(super) breadths: Vec<Breadth>,
    pub(super) because: Match,
}

/// Whether the clause is courtesy and nothing else.
pub(super) fn is_courtesy(tokens: &[Token]) -> bool {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Some((_, length)) = key(token, |_, key| key == Key::Courtesy) else { return false };
        at += length;
    }
    true
}

/// The class of the longest key word that begins here and is one of these, and how many words it
/// has.
fn key(token: &Token, is_one: impl Fn(Language, Key) -> bool) -> Option<(&'static Class, usize)> {
    token.senses.iter().find_map(|sense| {
        let class = TABLE.classes.get(sense.class)?;
        is_one(class.language, class.key?).then_some((class, sense.length))
    })
}

/// What the clause says.
pub(super) fn read(tokens: Vec<Token>, context: &Context<'_>) -> Said {
    let senses = tokens.iter().flat_map(|token| &token.senses);
    let there: Vec<Key> = senses.filter_map(|sense| TABLE.key(sense)).collect();
    let is_there = |keys: &&&[Key]| {
        let is_one = |key: &Key| *key != Key::Filler && there.contains(key);
        !context.operator.is_empty() || keys.iter().any(is_one)
    };
    let whole = WHOLES.iter().filter(is_there).find_map(|keys| {
        // One language's filler is another one's verb.
        let fillers = Language::READ.map(Some);
        let languages = if keys.contains(&Key::Filler) { &fillers[..] } else { &[None] };
        let mut languages = languages.iter();
        languages.find_map(|language| whole(&tokens, context.operator, keys, *language))
    });
    if let Some(keys) = whole {
        return Said { hidden: vec![true; tokens.len()], keys, found: Vec::new(), tokens };
    }
    let there = TABLE.there(&tokens);
    let (found, hidden) = lines(&tokens, &there, context);
    let mut said = Said { tokens, keys: Vec::new(), found, hidden };
    let is_clear = |it: &Found<Says>| matches!(it.what, Says::Stop(_) | Says::Negated);
    if !said.found.iter().any(is_clear) {
        let seen: Vec<&Token> = said.seen().collect();
        let is_asked = |rule: &Rule| matches!(rule.says, Says::Stop(_)) && context.may_be_in(rule);
        if let Some((rule, words)) = scattered::clearest(&seen, &there, is_asked) {
            let refusal = self::found(&words, rule);
            said.found.push(refusal);
        }
    }
    said
}

/// The keys, if they and what may surround them are all that the clause says. Fillers may, of the
/// language that is named.
fn whole(
    tokens: &[Token],
    operator: &Operator,
    keys: &[Key],
    filler: Option<Language>,
) -> Option<Vec<Found<Key>>> {
    let is_ours = |language| filler.is_none_or(|it| it == language);
    let is_key = |language, key| key != Key::Filler && keys.contains(&key) && is_ours(language);
    let may_surround =
        |language, key| key == Key::Courtesy || (key == Key::Filler && filler == Some(language));
    let mut all: Vec<Found<Key>> = Vec::new();
    let mut at = 0;
    while let Some(rest @ [token, ..]) = tokens.get(at..) {
        work::step();
        if let Some((what, because, length)) = operator.key_at(rest, keys) {
            all.push(Found { what, breadths: vec![Breadth::Unsaid], because });
            at += length;
        } else if let Some((class, length)) = key(token, is_key) {
            let because = class.found(words(rest.get(..length).unwrap_or(rest)));
            let breadths = vec![class.breadth.unwrap_or(Breadth::Unsaid)];
            all.push(Found { what: class.key?, breadths, because });
            at += length;
        } else if let Some((_, length)) = key(token, may_surround) {
            at += length;
        } else if token.length_in(&[NUMBER]).is_some()
            || (filler.is_none() && names_list(token, &all))
        {
            at += 1;
        } else {
            return None;
        }
    }
    // `remove 555-123-4567` says what is to be removed.
    if tokens.iter().any(is_telephone) {
        for key in all.iter_mut().filter(|key| key.what == Key::StopAlone) {
            key.breadths = vec![Breadth::Number];
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Whether it is a telephone number, and not the few digits of a sender.
fn is_telephone(token: &Token) -> bool {
    token.length_in(&[NUMBER]).is_some() && token.word.len() >= TELEPHONE_DIGITS_MIN
}

/// Whether a word can be the name of a list, and not what is to stop: `stop snoring`. It follows a
/// word that carriers or a law name.
fn names_list(token: &Token, keys: &[Found<Key>]) -> bool {
    let is_named = |key: &Found<Key>| {
        let source = key.because.source.unwrap_or("practice");
        key.what == Key::Stop && !source.starts_with("practice")
    };
    token.length_in(&[NAME]).is_some()
        && !token.word.ends_with("ing")
        && keys.last().is_some_and(is_named)
}

/// The lines of the grammars that match in the clause, and which words an innocent line takes out
/// of sight.
fn lines(tokens: &[Token], there: &[bool], context: &Context<'_>) -> (Vec<Found<Says>>, Vec<bool>) {
    let mut all = Vec::new();
    let mut hidden = vec![false; tokens.len()];
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rules = TABLE.beginning_with(token).filter(|rule| {
            // What clearly refuses does so in any language.
            !matches!(rule.says, Says::Doubt(_)) || context.may_be_in(rule)
        });
        let (best, refusal) = best(tokens, at, rules.filter(|rule| rule.may_be_in(there)));
        if let Some((rule, end)) = best.filter(|(rule, _)| rule.says != Says::Innocent) {
            all.push(found(tokens.get(at..end).unwrap_or_default(), rule));
        }
        // What follows at some distance makes a refusal doubtful, but not an ordinary message.
        let is_far = best.is_some_and(|(rule, _)| {
            rule.says == Says::Innocent && rule.elements.iter().any(|it| matches!(it, Element::Gap))
        });
        if let Some((rule, end)) = refusal.filter(|_| is_far) {
            let what = Says::Doubt(Doubt::Mentions);
            all.push(Found { what, ..found(tokens.get(at..end).unwrap_or_default(), rule) });
        }
        if let Some((_, end)) = best.filter(|(rule, _)| rule.says == Says::Innocent) {
            hidden.get_mut(at..end).unwrap_or_default().fill(true);
        }
        // A doubt hides nothing: something clearer may begin within it.
        let hides = best.filter(|(rule, _)| !matches!(rule.says, Says::Doubt(_)));
        at = hides.map_or(at + 1, |(_, end)| end);
    }
    (all, hidden)
}

/// The longest of the lines that match from here, and where it ends; of several, what it says
/// decides. With it the last refusal among them, whether or not it is the longest.
fn best<'r>(
    tokens: &[Token],
    at: usize,
    rules: impl Iterator<Item = &'r Rule>,
) -> (Option<Hit<'r>>, Option<Hit<'r>>) {
    // A doubt may be longer than something clearer, and is less.
    let rank = |rule: &Rule, end: usize| {
        let clear = Some(rule.says).filter(|says| !matches!(says, Says::Doubt(_)));
        (clear.is_some(), end, clear)
    };
    let (mut best, mut refusal): (Option<Hit<'_>>, _) = (None, None);
    for rule in rules {
        let matcher = Matcher { tokens, particles: rule.particles };
        let Some(end) = matcher.end(&rule.elements, at) else { continue };
        let may_have_condition = matches!(rule.says, Says::Stop(_) | Says::Doubt(Doubt::Mentions));
        if may_have_condition && matcher.is_conditional(end) {
            continue;
        }
        if matches!(rule.says, Says::Stop(_)) {
            refusal = Some((rule, end));
        }
        if best.is_none_or(|(other, longest)| rank(rule, end) > rank(other, longest)) {
            best = Some((rule, end));
        }
    }
    (best, refusal)
}

/// That these words are what a line says.
pub(super) fn found<T: Borrow<Token>>(tokens: &[T], rule: &Rule) -> Found<Says> {
    let mut breadths = Vec::new();
    if let Says::Stop(own) = rule.says {
        let named = tokens.iter().flat_map(|it| &it.borrow().senses);
        let named = named.filter_map(|sense| TABLE.classes.get(sense.class));
        let named = named.filter(|class| class.language == rule.language && class.key.is_none());
        breadths = own.map_or_else(|| named.filter_map(|it| it.breadth).collect(), |it| vec![it]);
        if tokens.iter().any(|it| is_telephone(it.borrow())) {
            breadths.push(Breadth::Number);
        }
        // `stop texting my phone` is about texts.
        if breadths.iter().any(|it| *it != Breadth::Number) {
            breadths.retain(|it| *it != Breadth::Number);
        }
        if breadths.is_empty() {
            breadths.push(Breadth::Unsaid);
        }
    }
    let because = Match {
        language: rule.language,
        phrase: rule.text,
        words: words(tokens),
        source: None,
        place: Some(rule.place),
    };
    Found { what: rule.says, breadths, because }
}

/// The key word that the clause's only word begins with, or that it is but for a mistake or two.
pub(super) fn misspelt(tokens: &[Token]) -> Option<Match> {
    let mut left = tokens.iter().filter(|it| key(it, |_, key| key == Key::Courtesy).is_none());
    let (Some(typed), None) = (left.next(), left.next()) else { return None };
    let mut keys = TABLE.single_keys.iter();
    let class =
        TABLE.classes.get(keys.find(|(word, _)| slips::looks_like(&typed.word, word))?.1)?;
    Some(class.found(typed.word.clone()))
}

fn words<T: Borrow<Token>>(tokens: &[T]) -> String {
    tokens.iter().map(|token| token.borrow().word.as_str()).collect::<Vec<_>>().join(" ")
}

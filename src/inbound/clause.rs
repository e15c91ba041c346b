//! What one clause says.
//!
//! A clause of key words and courtesy alone is what the key words say. In any other clause the lines of
//! the grammars are looked for from left to right, the longest first, so that `don't stop` hides the
//! `stop` in it.

use super::Breadth;
use super::Doubt;
use super::Match;
use super::Operator;
use super::fold::Clause;
use super::kind::Key;
use super::kind::Says;
use super::language::Language;
use super::lexicon::Sense;
use super::pattern::Matcher;
use super::pattern::Token;
use super::table::Rule;
use super::table::TABLE;

/// A shorter key word looks like too many ordinary words.
const KEY_LETTERS_MIN: usize = 4;

/// A key word as typed has at most one mistake in this many letters.
const LETTERS_PER_MISTAKE: usize = 5;

/// A longer word is no key word with something after it. In bytes.
const TYPED_MAX: usize = 64;

/// The languages that have fillers.
const ONE_LANGUAGE: [Option<Language>; 6] = {
    let [a, b, c, d, e, f] = Language::READ;
    [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)]
};

/// What can be a whole clause, and what may surround it.
const WHOLES: &[(&[Key], &[Key])] = &[
    (&[Key::Stop, Key::StopAlone], &[Key::Courtesy]),
    (&[Key::Start], &[Key::Courtesy]),
    (&[Key::Stop, Key::StopAlone, Key::Start], &[Key::Courtesy]),
    (&[Key::Yes], &[Key::Courtesy]),
    (&[Key::Help], &[Key::Courtesy]),
    (&[Key::Doubt], &[Key::Courtesy]),
    (&[Key::Stop], &[Key::Courtesy, Key::Filler]),
];

/// What was found in a clause.
pub(super) struct Said {
    pub(super) tokens: Vec<Token>,
    /// The key words, if the clause is nothing else.
    pub(super) keys: Vec<Found<Key>>,
    /// What the grammars found.
    pub(super) found: Vec<Found<Says>>,
}

/// Something that was found.
#[derive(Clone)]
pub(super) struct Found<T> {
    pub(super) what: T,
    pub(super) breadths: Vec<Breadth>,
    /// From where to where in the clause.
    pub(super) span: (usize, usize),
    pub(super) because: Match,
}

/// Whether the clause is courtesy and nothing else.
pub(super) fn is_courtesy(words: &[String]) -> bool {
    let mut rest = words;
    while let Some(length) = TABLE.longest(rest, &[Key::Courtesy]) {
        rest = rest.get(length..).unwrap_or_default();
    }
    rest.is_empty()
}

/// What the clause says.
pub(super) fn read(clause: &Clause, operator: &Operator) -> Said {
    let tokens = TABLE.tokens(&clause.words);
    let whole = WHOLES.iter().find_map(|(keys, around)| {
        // One language's filler is another one's verb.
        let languages: &[Option<Language>] =
            if around.contains(&Key::Filler) { &ONE_LANGUAGE } else { &[None] };
        languages.iter().find_map(|language| {
            Whole { tokens: &tokens, operator, keys, around, language: *language }.found()
        })
    });
    let found = if whole.is_some() { Vec::new() } else { lines(&tokens) };
    Said { keys: whole.unwrap_or_default(), found, tokens }
}

/// A clause held against key words and what may surround them.
struct Whole<'a> {
    tokens: &'a [Token],
    operator: &'a Operator,
    keys: &'a [Key],
    around: &'a [Key],
    /// The language of the keys and the fillers.
    language: Option<Language>,
}

impl Whole<'_> {
    /// The keys, if they and what may surround them are all that the clause says.
    fn found(&self) -> Option<Vec<Found<Key>>> {
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            if let Some(found) = self.key_at(at) {
                at = found.span.1;
                all.push(found);
                continue;
            }
            at += match self.sense(token, self.around) {
                Some(sense) => sense.length,
                None if token.is_number() => 1,
                None => return None,
            };
        }
        (!all.is_empty()).then_some(all)
    }

    fn key_at(&self, at: usize) -> Option<Found<Key>> {
        let rest = self.tokens.get(at..)?;
        if let Some((what, because, length)) = self.operator.key_at(rest, self.keys) {
            return Some(Found {
                what,
                breadths: vec![Breadth::Unsaid],
                span: (at, at + length),
                because,
            });
        }
        let sense = self.sense(rest.first()?, self.keys)?;
        let class = TABLE.classes.get(sense.class)?;
        let span = (at, at + sense.length);
        Some(Found {
            what: class.key?,
            breadths: vec![class.breadth.unwrap_or(Breadth::Unsaid)],
            span,
            because: Match {
                language: class.language,
                phrase: class.name,
                words: words(self.tokens, span),
                source: class.source,
                place: Some(class.place),
            },
        })
    }

    fn sense<'t>(&self, token: &'t Token, keys: &[Key]) -> Option<&'t Sense> {
        token.senses.iter().find(|sense| {
            TABLE.classes.get(sense.class).is_some_and(|class| {
                let is_free = class.key == Some(Key::Courtesy) || self.language.is_none();
                class.key.is_some_and(|key| keys.contains(&key))
                    && (is_free || self.language == Some(class.language))
            })
        })
    }
}

/// The lines of the grammars that match in the clause.
fn lines(tokens: &[Token]) -> Vec<Found<Says>> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((rule, end)) = best(tokens, at) else {
            at += 1;
            continue;
        };
        if rule.says != Says::Innocent {
            all.push(found(tokens, rule, (at, end)));
        }
        // A doubt hides nothing: something clearer may begin within it.
        at = if matches!(rule.says, Says::Doubt(_)) { at + 1 } else { end };
    }
    all
}

/// The longest line that matches from here, and where it ends; of several, what it says decides.
fn best(tokens: &[Token], at: usize) -> Option<(&'static Rule, usize)> {
    let mut best: Option<(&Rule, usize)> = None;
    for rule in TABLE.beginning_with(tokens.get(at)?) {
        let Some(particles) = TABLE.particles(rule.language) else { continue };
        let matcher = Matcher { tokens, particles };
        let Some(end) = matcher.end(&rule.elements, at) else { continue };
        let may_have_condition = matches!(rule.says, Says::Stop(_) | Says::Doubt(Doubt::Mentions));
        if may_have_condition && matcher.is_conditional(end) {
            continue;
        }
        let is_better = best.is_none_or(|(other, longest)| {
            (weight(rule.says), end) > (weight(other.says), longest)
                || (end == longest && order(rule.says) > order(other.says))
        });
        if is_better {
            best = Some((rule, end));
        }
    }
    best
}

/// A doubt may be longer than something clearer, and is less.
const fn weight(says: Says) -> usize {
    match says {
        Says::Doubt(_) => 0,
        Says::Negated | Says::Innocent | Says::Stop(_) => 1,
    }
}

/// What counts of two lines that are equally long.
const fn order(says: Says) -> usize {
    match says {
        Says::Doubt(_) => 0,
        Says::Stop(None) => 1,
        Says::Stop(Some(_)) => 2,
        Says::Innocent => 3,
        Says::Negated => 4,
    }
}

fn found(tokens: &[Token], rule: &Rule, span: (usize, usize)) -> Found<Says> {
    let mut breadths = Vec::new();
    if let Says::Stop(own) = rule.says {
        let named = tokens.get(span.0..span.1).unwrap_or_default().iter().flat_map(|it| &it.senses);
        let named = named.filter_map(|sense| TABLE.classes.get(sense.class));
        let named = named.filter(|class| class.language == rule.language && class.key.is_none());
        breadths = own.map_or_else(|| named.filter_map(|it| it.breadth).collect(), |it| vec![it]);
        if breadths.is_empty() {
            breadths.push(Breadth::Unsaid);
        }
    }
    let because = Match {
        language: rule.language,
        phrase: rule.text,
        words: words(tokens, span),
        source: None,
        place: Some(rule.place),
    };
    Found { what: rule.says, breadths, span, because }
}

/// The key word that the clause's only word begins with, or that it is but for a mistake or two.
pub(super) fn misspelt(tokens: &[Token]) -> Option<Match> {
    let courtesy =
        |token: &&Token| !token.senses.iter().any(|sense| TABLE.key(sense) == Some(Key::Courtesy));
    let mut left = tokens.iter().filter(courtesy);
    let typed = left.next().filter(|token| token.word.len() <= TYPED_MAX)?;
    if left.next().is_some() {
        return None;
    }
    let keys = TABLE.single_keys();
    let mut close = keys.filter(|(word, _)| looks_like(&typed.word, word));
    close.next().map(|(_, class)| Match {
        language: class.language,
        phrase: class.name,
        words: typed.word.clone(),
        source: class.source,
        place: Some(class.place),
    })
}

fn looks_like(typed: &str, key: &str) -> bool {
    let letters = key.chars().count();
    let mistakes = letters / LETTERS_PER_MISTAKE;
    letters >= KEY_LETTERS_MIN
        && (typed.starts_with(key)
            || (mistakes > 0 && strsim::osa_distance(typed, key) <= mistakes))
}

fn words(tokens: &[Token], (start, end): (usize, usize)) -> String {
    let words = tokens.get(start..end).unwrap_or_default();
    words.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ")
}

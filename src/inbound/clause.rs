//! What one clause says.
//!
//! A clause of key words and courtesy alone is what the key words say. In any other clause the lines of
//! the grammars are looked for from left to right, the longest first, so that `don't stop` hides the
//! `stop` in it.

use super::Breadth;
use super::Doubt;
use super::Match;
use super::Operator;
use super::kind::Key;
use super::kind::Says;
use super::language::Language;
use super::lexicon::Sense;
use super::pattern::Element;
use super::pattern::Matcher;
use super::pattern::Token;
use super::table::Rule;
use super::table::TABLE;
use super::work;

/// A shorter key word looks like too many ordinary words.
const KEY_LETTERS_MIN: usize = 4;

/// A key word as typed has at most one mistake in this many letters.
const LETTERS_PER_MISTAKE: usize = 5;

/// A longer word is no key word with something after it. In bytes.
const TYPED_MAX: usize = 64;

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
    /// Whether the message may be in a language, by its number: everyday language of one is a doubt in
    /// another.
    pub(super) likely: Vec<bool>,
}

/// What was found in a clause.
pub(super) struct Said {
    pub(super) tokens: Vec<Token>,
    /// The key words, if the clause is nothing else.
    pub(super) keys: Vec<Found<Key>>,
    /// What the grammars found.
    pub(super) found: Vec<Found<Says>>,
}

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
        let Some(sense) = token.senses.iter().find(|it| TABLE.key(it) == Some(Key::Courtesy))
        else {
            return false;
        };
        at += sense.length;
    }
    true
}

/// What the clause says.
pub(super) fn read(tokens: Vec<Token>, context: &Context<'_>) -> Said {
    let operator = context.operator;
    let senses = tokens.iter().flat_map(|token| &token.senses);
    let there: Vec<Key> = senses
        .filter_map(|sense| TABLE.key(sense))
        .filter(|key| !matches!(key, Key::Courtesy | Key::Filler | Key::Common))
        .collect();
    let may_hold =
        |keys: &&&[Key]| !operator.is_empty() || there.iter().any(|key| keys.contains(key));
    let whole = WHOLES.iter().filter(may_hold).find_map(|keys| {
        // One language's filler is another one's verb.
        let languages = Language::READ.map(Some);
        let languages = if keys.contains(&Key::Filler) { &languages[..] } else { &[None] };
        let mut whole = languages.iter().map(|language| Whole {
            tokens: &tokens,
            operator,
            keys,
            language: *language,
        });
        whole.find_map(|whole| whole.found())
    });
    let found = if whole.is_some() { Vec::new() } else { lines(&tokens, context) };
    Said { keys: whole.unwrap_or_default(), found, tokens }
}

/// A clause held against key words and what may surround them.
struct Whole<'a> {
    tokens: &'a [Token],
    operator: &'a Operator,
    keys: &'a [Key],
    /// The language of the keys and the fillers.
    language: Option<Language>,
}

impl Whole<'_> {
    /// The keys, if they and what may surround them are all that the clause says.
    fn found(&self) -> Option<Vec<Found<Key>>> {
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            work::step();
            if let Some((found, length)) = self.key_at(at) {
                at += length;
                all.push(found);
                continue;
            }
            at += match self.sense(token, |key| self.may_surround(key)) {
                Some(sense) => sense.length,
                None if token.is_number() => 1,
                None if self.language.is_none() && names_list(token, &all) => 1,
                None => return None,
            };
        }
        (!all.is_empty()).then_some(all)
    }

    fn may_surround(&self, key: Key) -> bool {
        key == Key::Courtesy || (key == Key::Filler && self.keys.contains(&key))
    }

    /// The key that begins here, and how many words it has.
    fn key_at(&self, at: usize) -> Option<(Found<Key>, usize)> {
        let rest = self.tokens.get(at..)?;
        if let Some((what, because, length)) = self.operator.key_at(rest, self.keys) {
            return Some((Found { what, breadths: vec![Breadth::Unsaid], because }, length));
        }
        let is_key = |key| key != Key::Filler && self.keys.contains(&key);
        let sense = self.sense(rest.first()?, is_key)?;
        let class = TABLE.classes.get(sense.class)?;
        let because = Match {
            language: class.language,
            phrase: class.name,
            words: words(self.tokens, (at, at + sense.length)),
            source: class.source,
            place: Some(class.place),
        };
        let breadths = vec![class.breadth.unwrap_or(Breadth::Unsaid)];
        Some((Found { what: class.key?, breadths, because }, sense.length))
    }

    fn sense<'t>(&self, token: &'t Token, is_one: impl Fn(Key) -> bool) -> Option<&'t Sense> {
        token.senses.iter().find(|sense| {
            let class = TABLE.classes.get(sense.class);
            class.is_some_and(|class| {
                class.key.is_some_and(|key| {
                    let is_free = key == Key::Courtesy || self.language.is_none();
                    is_one(key) && (is_free || self.language == Some(class.language))
                })
            })
        })
    }
}

/// Whether a word can be the name of a list, and not what is to stop: `stop snoring`. It follows a word
/// that carriers or a law name.
fn names_list(token: &Token, keys: &[Found<Key>]) -> bool {
    let is_named = |key: &Found<Key>| {
        let source = key.because.source.unwrap_or("practice");
        key.what == Key::Stop && !source.starts_with("practice")
    };
    token.is_name() && !token.word.ends_with("ing") && keys.last().is_some_and(is_named)
}

/// Which classes a clause has words of, so that most lines need not be held against it.
struct Holds {
    classes: Vec<bool>,
    number: bool,
    name: bool,
}

impl Holds {
    fn of(tokens: &[Token]) -> Self {
        let mut classes = vec![false; TABLE.classes.len()];
        for sense in tokens.iter().flat_map(|token| &token.senses) {
            if let Some(class) = classes.get_mut(sense.class) {
                *class = true;
            }
        }
        let number = tokens.iter().any(Token::is_number);
        Self { classes, number, name: tokens.iter().any(Token::is_name) }
    }

    /// Whether each place of a line has a word for it somewhere.
    fn all(&self, elements: &[Element]) -> bool {
        elements.iter().all(|element| match element {
            Element::Any { classes, number, name } => {
                classes.iter().any(|class| self.classes.get(*class) == Some(&true))
                    || (*number && self.number)
                    || (*name && self.name)
            }
            Element::Start | Element::End | Element::Gap => true,
        })
    }
}

/// The lines of the grammars that match in the clause.
fn lines(tokens: &[Token], context: &Context<'_>) -> Vec<Found<Says>> {
    let holds = Holds::of(tokens);
    let is_likely = |rule: &&Rule| {
        !matches!(rule.says, Says::Doubt(_)) || context.likely.get(rule.tongue) == Some(&true)
    };
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rules = TABLE.beginning_with(token).filter(is_likely);
        let Some((rule, end)) = best(tokens, at, rules, &holds) else {
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

/// The longest of the lines that match from here, and where it ends; of several, what it says decides.
fn best<'r>(
    tokens: &[Token],
    at: usize,
    rules: impl Iterator<Item = &'r Rule>,
    holds: &Holds,
) -> Option<(&'r Rule, usize)> {
    let mut best: Option<(&Rule, usize)> = None;
    for rule in rules.filter(|rule| holds.all(&rule.elements)) {
        let matcher = Matcher { tokens, particles: rule.particles };
        let Some(end) = matcher.end(&rule.elements, at) else { continue };
        let may_have_condition = matches!(rule.says, Says::Stop(_) | Says::Doubt(Doubt::Mentions));
        if may_have_condition && matcher.is_conditional(end) {
            continue;
        }
        // A doubt may be longer than something clearer, and is less.
        let rank = |says: Says, end: usize| (!matches!(says, Says::Doubt(_)), end, order(says));
        if best.is_none_or(|(other, longest)| rank(rule.says, end) > rank(other.says, longest)) {
            best = Some((rule, end));
        }
    }
    best
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

fn found(tokens: &[Token], rule: &Rule, (start, end): (usize, usize)) -> Found<Says> {
    let mut breadths = Vec::new();
    if let Says::Stop(own) = rule.says {
        let named = tokens.get(start..end).unwrap_or_default().iter().flat_map(|it| &it.senses);
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
        words: words(tokens, (start, end)),
        source: None,
        place: Some(rule.place),
    };
    Found { what: rule.says, breadths, because }
}

/// The key word that the clause's only word begins with, or that it is but for a mistake or two.
pub(super) fn misspelt(tokens: &[Token]) -> Option<Match> {
    let is_courtesy = |it: &Token| it.senses.iter().any(|it| TABLE.key(it) == Some(Key::Courtesy));
    let mut left = tokens.iter().filter(|token| !is_courtesy(token));
    let typed = left.next().filter(|token| token.word.len() <= TYPED_MAX)?;
    if left.next().is_some() {
        return None;
    }
    let (_, class) = TABLE.single_keys.iter().find(|(word, _)| looks_like(&typed.word, word))?;
    let class = TABLE.classes.get(*class)?;
    Some(Match {
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
    let is_close = || {
        typed.chars().count().abs_diff(letters) <= mistakes
            && strsim::osa_distance(typed, key) <= mistakes
    };
    letters >= KEY_LETTERS_MIN && (typed.starts_with(key) || (mistakes > 0 && is_close()))
}

fn words(tokens: &[Token], (start, end): (usize, usize)) -> String {
    let words = tokens.get(start..end).unwrap_or_default();
    words.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ")
}

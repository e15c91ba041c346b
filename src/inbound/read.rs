//! From clauses to a meaning: a refusal outweighs everything but its own contradiction.

use super::Breadth;
use super::Doubt;
use super::Match;
use super::Meaning;
use super::Operator;
use super::clause;
use super::clause::Context;
use super::clause::Found;
use super::clause::Said;
use super::kind::Key;
use super::kind::Says;
use super::scattered;
use super::table::Known;
use super::table::Rule;
use super::table::TABLE;
use crate::words::fold;
use crate::words::pattern::Token;
use crate::words::weights::Weighed;

/// A message of fewer words, in letters that are known, may be names.
const WORDS_MIN: usize = 3;
/// From how many of a hundred words a language is known.
const KNOWN_PERCENT_MIN: usize = 20;
/// From how many known words a language is that of a message.
const KNOWN_MIN: usize = 3;
/// A message of more words may speak of several things. In words that are not innocent.
const SHORT_MAX: usize = 12;
/// So many words of another language are no chance.
const OTHERS_MIN: usize = 2;

/// What the clauses of a message say together.
pub(super) fn meaning(clauses: Vec<Vec<String>>, operator: &Operator) -> Meaning {
    let mut clauses: Vec<_> = clauses.into_iter().map(|words| TABLE.tokens(words)).collect();
    // Mere courtesy is passed over, unless it is all there is: one language's courtesy is another
    // one's yes.
    if clauses.iter().any(|clause| !clause::is_courtesy(clause)) {
        clauses.retain(|clause| !clause::is_courtesy(clause));
    }
    let tokens: Vec<&Token> = clauses.iter().flatten().collect();
    let known = TABLE.known_in(&tokens);
    let most = TABLE.most(&known, Known::Sentences).max(TABLE.most(&known, Known::Words));
    let is_likely = |count: &usize| count * 2 > most || most < KNOWN_MIN;
    let context = Context {
        operator,
        likely: known.iter().map(is_likely).collect(),
        best: TABLE.best(&known),
    };
    let said: Vec<Said> = clauses.into_iter().map(|it| clause::read(it, &context)).collect();
    let because = |key| all_say(&said, &[key]);
    refusal(&said)
        .or_else(|| short(&said, &context))
        .map(|refusal| light(refusal, &said, &context))
        .or_else(|| because(Key::Start).map(|because| Meaning::Start { because }))
        .or_else(|| because(Key::Yes).map(|because| Meaning::Yes { because }))
        .or_else(|| because(Key::Help).map(|because| Meaning::Help { because }))
        .or_else(|| {
            let doubt =
                doubt(&said).or_else(|| alone(&said)).or_else(|| scattered(&said, &context));
            weighed(doubt, &said, &context)
        })
        .or_else(|| unknown(&said))
        .unwrap_or(Meaning::Other)
}

/// A refusal, if there is one, or its contradiction.
fn refusal(said: &[Said]) -> Option<Meaning> {
    let is_all = all_say(said, &[Key::Stop, Key::StopAlone]).is_some();
    // `we are no customers of yours, delete` is about us, and so is what it tells us to do.
    let complains = |line: &Found<Says>| {
        matches!(line.what, Says::Doubt(Doubt::Complaint | Doubt::WrongPerson))
    };
    let is_alone = is_all || found(said).any(complains);
    let refuses =
        |key: &&Found<Key>| key.what == Key::Stop || (key.what == Key::StopAlone && is_alone);
    let keys = keys(said).filter(refuses).map(|key| (&key.because, &key.breadths));
    let lines = found(said)
        .filter(|line| matches!(line.what, Says::Stop(_)))
        .map(|line| (&line.because, &line.breadths));
    let refusals: Vec<(&Match, &Vec<Breadth>)> = keys.chain(lines).collect();
    let because = refusals.first()?.0.clone();
    let negated = found(said).find(|line| line.what == Says::Negated).map(|line| &line.because);
    let start = self::keys(said).find(|key| key.what == Key::Start).map(|key| &key.because);
    if let Some(against) = negated.or(start) {
        return Some(unclear(Doubt::Contradicts, against));
    }
    let mut breadths: Vec<_> = refusals.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    breadths.sort_unstable();
    breadths.dedup();
    if breadths.len() > 1 {
        breadths.retain(|breadth| *breadth != Breadth::Unsaid);
    }
    Some(Meaning::Stop { breadths, because })
}

/// A refusal in any order in more clauses than one, if the message is so short that it can be about
/// nothing else: `my number, you can forget it`.
fn short(said: &[Said], context: &Context<'_>) -> Option<Meaning> {
    let seen: Vec<&Token> = said.iter().flat_map(Said::seen).collect();
    let is_negated = found(said).any(|line| line.what == Says::Negated);
    if said.len() < 2 || seen.len() > SHORT_MAX || is_negated || keys(said).next().is_some() {
        return None;
    }
    let is_asked = |rule: &Rule| matches!(rule.says, Says::Stop(_)) && context.may_be_in(rule);
    let (rule, words) = scattered::clearest(&seen, &TABLE.there(&seen), is_asked)?;
    let Found { breadths, because, .. } = clause::found(&words, rule);
    Some(Meaning::Stop { breadths, because })
}

/// What makes a message unclear that is no refusal, wherever it stands.
fn doubt(said: &[Said]) -> Option<Meaning> {
    let lines = found(said).filter_map(|line| match line.what {
        Says::Negated => Some((Doubt::Negated, &line.because)),
        Says::Doubt(doubt) => Some((doubt, &line.because)),
        Says::Innocent | Says::Stop(_) => None,
    });
    let key = |key: &'_ &Found<Key>| matches!(key.what, Key::Stop | Key::StopAlone | Key::Start);
    let keys = keys(said).filter(key).map(|key| (Doubt::Mentions, &key.because));
    lines.chain(keys).min_by_key(|(doubt, _)| *doubt).map(|(doubt, it)| unclear(doubt, it))
}

/// What makes a message unclear only because it says nothing else.
fn alone(said: &[Said]) -> Option<Meaning> {
    if let Some(because) = all_say(said, &[Key::Doubt]) {
        return Some(unclear(Doubt::Mentions, &because));
    }
    let [only] = said else { return None };
    clause::misspelt(&only.tokens).map(|because| unclear(Doubt::Misspelt, &because))
}

/// What is a doubt by words that stand anywhere in the message, in any order.
fn scattered(said: &[Said], context: &Context<'_>) -> Option<Meaning> {
    let seen: Vec<&Token> = said.iter().flat_map(Said::seen).collect();
    let is_asked = |rule: &Rule| matches!(rule.says, Says::Doubt(_)) && context.may_be_in(rule);
    let (rule, words) = scattered::clearest(&seen, &TABLE.there(&seen), is_asked)?;
    let Says::Doubt(doubt) = rule.says else { return None };
    Some(unclear(doubt, &clause::found(&words, rule).because))
}

/// How much the words of a message weigh.
fn weight(said: &[Said], context: &Context<'_>) -> Option<Weighed> {
    let all = said.iter().flat_map(|clause| &clause.tokens);
    let words: Vec<&str> = all.map(|token| token.word.as_str()).collect();
    let seen: Vec<&Token> = said.iter().flat_map(Said::seen).collect();
    TABLE.weights.of(&words, &TABLE.there(&seen), &context.best)
}

/// A refusal, or a doubt where a line says so and the words weigh so little that they are of
/// something else.
fn light(refusal: Meaning, said: &[Said], context: &Context<'_>) -> Meaning {
    let Meaning::Stop { because, .. } = &refusal else { return refusal };
    let is_light = || weight(said, context).is_some_and(|it| it.hides_refusal());
    if because.is_of_line() && is_light() { unclear(Doubt::Mentions, because) } else { refusal }
}

/// A doubt as it is, or a refusal or nothing where the words weigh so much or so little; what is
/// heavy alone is a refusal or a doubt.
fn weighed(doubt: Option<Meaning>, said: &[Said], context: &Context<'_>) -> Option<Meaning> {
    let Some(weighed) = weight(said, context) else { return doubt };
    let is_innocent = doubt.is_none() && said.iter().any(Said::is_innocent);
    let refuses = weighed.refuses(doubt.is_some()) && !is_innocent;
    let hides = weighed.hides_doubt();
    let because = match &doubt {
        Some(Meaning::Unclear { doubt: Doubt::Complaint | Doubt::Mentions, because })
            if because.is_of_line() =>
        {
            because.clone()
        }
        None if weighed.is_doubtful(is_innocent) => TABLE.heavy(weighed),
        _ => return doubt,
    };
    if refuses {
        return Some(Meaning::Stop { breadths: vec![Breadth::Unsaid], because });
    }
    let doubt = doubt.unwrap_or_else(|| unclear(Doubt::Mentions, &because));
    (!hides).then_some(doubt)
}

/// A language of which the tables know nothing.
fn unknown(said: &[Said]) -> Option<Meaning> {
    let tokens = said.iter().flat_map(|clause| &clause.tokens);
    let words: Vec<&Token> =
        tokens.filter(|token| token.word.chars().all(char::is_alphabetic)).collect();
    let foreign = words.iter().filter(|token| token.word.contains(fold::is_other_letter)).count();
    let counts = TABLE.known_in(&words);
    let known = TABLE.most(&counts, Known::Sentences);
    let others = TABLE.most(&counts, Known::Words);
    let is_foreign = foreign * 2 > words.len();
    let is_unknown = words.len() >= WORDS_MIN && known * 100 < words.len() * KNOWN_PERCENT_MIN;
    if !is_foreign && !is_unknown && (others < OTHERS_MIN || others <= known) {
        return None;
    }
    let first: Vec<&str> = words.iter().take(6).map(|token| token.word.as_str()).collect();
    let because = Match::told("a language that the tables do not know", first.join(" "));
    Some(unclear(Doubt::UnknownLanguage, &because))
}

/// The first finding, if every clause consists of such findings.
fn all_say(said: &[Said], kinds: &[Key]) -> Option<Match> {
    let says = |clause: &Said| {
        !clause.keys.is_empty() && clause.keys.iter().all(|key| kinds.contains(&key.what))
    };
    keys(said).next().filter(|_| said.iter().all(says)).map(|key| key.because.clone())
}

fn keys(said: &[Said]) -> impl Iterator<Item = &Found<Key>> {
    said.iter().flat_map(|clause| &clause.keys)
}

fn found(said: &[Said]) -> impl Iterator<Item = &Found<Says>> {
    said.iter().flat_map(|clause| &clause.found)
}

fn unclear(doubt: Doubt, because: &Match) -> Meaning {
    Meaning::Unclear { doubt, because: because.clone() }
}

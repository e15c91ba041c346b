//! From clauses to a meaning: a refusal outweighs everything but its own contradiction.

use super::Doubt;
use super::Match;
use super::Meaning;
use super::clause;
use super::clause::Clause;
use super::clause::Found;
use super::table::Kind;

/// What the clauses of a message say together.
pub(super) fn meaning(clauses: &[Vec<String>]) -> Meaning {
    let said = said(clauses);
    if let Some(refusal) = refusal(&said) {
        return refusal;
    }
    if let Some(found) = all_say(&said, &[Kind::Start]) {
        return Meaning::Start { because: found.because.clone() };
    }
    if let Some(found) = all_say(&said, &[Kind::Yes]) {
        return Meaning::Yes { because: found.because.clone() };
    }
    if let Some(found) = all_say(&said, &[Kind::Help]) {
        return Meaning::Help { because: found.because.clone() };
    }
    doubt(&said).or_else(|| alone(&said)).unwrap_or(Meaning::Other)
}

/// The clauses that are not mere courtesy; all of them, if they all are: one language's courtesy is
/// another one's yes.
fn said(clauses: &[Vec<String>]) -> Vec<Clause> {
    let is_all = clauses.iter().all(|words| clause::is_courtesy(words));
    let said = clauses.iter().filter(|words| is_all || !clause::is_courtesy(words));
    said.map(|words| clause::read(words)).collect()
}

/// A refusal, if there is one, or its contradiction.
fn refusal(said: &[Clause]) -> Option<Meaning> {
    let is_all = all_say(said, &[Kind::Stop, Kind::StopAlone]).is_some();
    let refuses = |found: &&Found| {
        found.kind == Kind::StopPhrase
            || (found.kind == Kind::Stop && found.is_whole)
            || (found.kind == Kind::StopAlone && is_all)
    };
    let refusals: Vec<&Found> = all(said).filter(refuses).collect();
    let because = refusals.first()?.because.clone();
    if let Some(against) = first(said, &[Kind::Negated, Kind::Start]) {
        return Some(unclear(Doubt::Contradicts, &against.because));
    }
    let mut breadths: Vec<_> = refusals.iter().map(|found| found.breadth).collect();
    breadths.sort_unstable();
    breadths.dedup();
    Some(Meaning::Stop { breadths, because })
}

/// What makes a message unclear that is no refusal, wherever it stands.
fn doubt(said: &[Clause]) -> Option<Meaning> {
    let reasons: [(Doubt, &[Kind]); 3] = [
        (Doubt::WrongPerson, &[Kind::WrongPerson]),
        (Doubt::Negated, &[Kind::Negated]),
        (Doubt::Mentions, &[Kind::Mention, Kind::Stop, Kind::StopAlone, Kind::Start]),
    ];
    reasons
        .into_iter()
        .find_map(|(doubt, kinds)| first(said, kinds).map(|found| unclear(doubt, &found.because)))
}

/// What makes a message unclear only because it says nothing else.
fn alone(said: &[Clause]) -> Option<Meaning> {
    if let Some(found) = all_say(said, &[Kind::Doubt]) {
        return Some(unclear(Doubt::Mentions, &found.because));
    }
    let [only] = said else { return None };
    only.misspelt.as_ref().map(|keyword| unclear(Doubt::Misspelt, keyword))
}

/// The first finding, if every clause consists of such findings.
fn all_say<'a>(said: &'a [Clause], kinds: &[Kind]) -> Option<&'a Found> {
    let says = |clause: &Clause| {
        !clause.found.is_empty()
            && clause.found.iter().all(|found| found.is_whole && kinds.contains(&found.kind))
    };
    all(said).next().filter(|_| said.iter().all(says))
}

fn first<'a>(said: &'a [Clause], kinds: &[Kind]) -> Option<&'a Found> {
    all(said).find(|found| kinds.contains(&found.kind))
}

fn all(said: &[Clause]) -> impl Iterator<Item = &Found> {
    said.iter().flat_map(|clause| &clause.found)
}

fn unclear(doubt: Doubt, because: &Match) -> Meaning {
    Meaning::Unclear { doubt, because: because.clone() }
}

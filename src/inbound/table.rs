//! The table of words, `words.tsv`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Match;
use super::language::Language;
use super::pattern::Pattern;

/// The file, which says at its head what its columns and kinds are.
pub(super) const TEXT: &str = include_str!("words.tsv");

/// The shipped table. A line that cannot be read is left out; a test holds that there is none.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(TEXT));

/// What a customer refuses. Which channels and purposes of a policy these are is for the caller to
/// say; see each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breadth {
    /// Not said: a bare `STOP`. What it covers is a setting: the channel it came by, or, by the rule of
    /// the FCC that is waived until 2027-01-31, everything that needs consent.
    Unsaid,
    /// Everything, in so many words: `stop all`, `never contact me again`.
    Everything,
    /// Advertising, by whatever channel: `no more ads`.
    Marketing,
    /// Text messages, whatever channel the customer wrote on.
    Texts,
    /// Calls.
    Calls,
    /// E-mail.
    Emails,
    /// Letters.
    Letters,
    /// Push notifications.
    Notifications,
}

/// What a phrase says, and where in a message it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Takes what it covers out of sight: `don't stop`.
    Negated,
    /// Likewise, and means nothing: `bus stop`.
    Innocent,
    /// A refusal wherever it stands.
    StopPhrase,
    /// A refusal as a clause of its own, a mention elsewhere.
    Stop,
    /// A refusal as the whole message; as a clause among others unclear; an ordinary word elsewhere.
    StopAlone,
    /// An opt-in as the whole message; as a clause among others unclear.
    Start,
    /// Somebody else reads our messages.
    WrongPerson,
    /// Unclear wherever it stands.
    Mention,
    /// Unclear as the whole message.
    Doubt,
    /// A bare yes.
    Yes,
    /// A call for help as the whole message.
    Help,
    /// May surround any keyword.
    Courtesy,
    /// May surround a keyword that is no ordinary word.
    Filler,
    /// How a line that introduces quoted text begins.
    ReplyOpener,
    /// What it also holds.
    ReplyVerb,
    /// A line after which all is quoted.
    Original,
    /// The first and a later line of a quoted message's head.
    HeadFrom,
    HeadNext,
    /// A line that a program signs with.
    Device,
}

/// A line of the table.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) breadth: Breadth,
    pub(super) pattern: Pattern,
    pub(super) language: Language,
    pub(super) phrase: &'static str,
    source: Option<&'static str>,
}

/// The lines, by the words that a match of them begins with.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
    /// The numbers of the lines that could not be read, from one.
    pub(super) mistakes: Vec<usize>,
    by_first: BTreeMap<String, Vec<usize>>,
}

impl Table {
    pub(super) fn parse(text: &'static str) -> Self {
        let mut table = Self::default();
        for (line, number) in text.lines().zip(1..) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match Entry::parse(line) {
                Some(entries) => entries.into_iter().for_each(|entry| table.push(entry)),
                None => table.mistakes.push(number),
            }
        }
        table
    }

    fn push(&mut self, entry: Entry) {
        for word in entry.pattern.first_words() {
            self.by_first.entry(word.to_owned()).or_default().push(self.entries.len());
        }
        self.entries.push(entry);
    }

    /// The longest phrase of one of these kinds at the start of these words, and its length; of
    /// several, the kind that comes first, then the line that does.
    pub(super) fn longest(&self, words: &[String], kinds: &[Kind]) -> Option<(&Entry, usize)> {
        let mut best: Option<(&Entry, usize)> = None;
        for entry in self.beginning_with(words.first()?).filter(|entry| kinds.contains(&entry.kind))
        {
            let Some(length) = entry.pattern.longest(words) else { continue };
            let is_better = best.is_none_or(|(other, longest)| {
                length > longest || (length == longest && entry.kind < other.kind)
            });
            if is_better {
                best = Some((entry, length));
            }
        }
        best
    }

    fn beginning_with(&self, word: &str) -> impl Iterator<Item = &Entry> {
        let places = self.by_first.get(word).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.entries.get(*place))
    }
}

impl Entry {
    /// The line's entries: two if it has an umlaut, which many write as two letters.
    fn parse(line: &'static str) -> Option<Vec<Self>> {
        let mut columns = line.split('\t');
        let language = Language::of_code(columns.next()?)?;
        let kind = kind(columns.next()?)?;
        let breadth = breadth(columns.next()?)?;
        let phrase = columns.next()?;
        let source = columns.next().filter(|source| !source.is_empty());
        if columns.next().is_some() {
            return None;
        }
        let spelt = phrase.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        let mut entries = Vec::new();
        for written in [Some(phrase), (spelt != phrase).then_some(&*spelt)].into_iter().flatten() {
            let pattern = Pattern::parse(written)?;
            entries.push(Self { kind, breadth, pattern, language, phrase, source });
        }
        Some(entries)
    }

    /// What this entry found.
    pub(super) fn found(&self, words: &[String]) -> Match {
        Match {
            language: self.language,
            phrase: self.phrase,
            words: words.join(" "),
            source: self.source,
        }
    }
}

fn kind(text: &str) -> Option<Kind> {
    Some(match text {
        "negated" => Kind::Negated,
        "innocent" => Kind::Innocent,
        "stop_phrase" => Kind::StopPhrase,
        "stop" => Kind::Stop,
        "stop_alone" => Kind::StopAlone,
        "start" => Kind::Start,
        "wrong_person" => Kind::WrongPerson,
        "mention" => Kind::Mention,
        "doubt" => Kind::Doubt,
        "yes" => Kind::Yes,
        "help" => Kind::Help,
        "courtesy" => Kind::Courtesy,
        "filler" => Kind::Filler,
        "reply_opener" => Kind::ReplyOpener,
        "reply_verb" => Kind::ReplyVerb,
        "original" => Kind::Original,
        "head_from" => Kind::HeadFrom,
        "head_next" => Kind::HeadNext,
        "device" => Kind::Device,
        _ => return None,
    })
}

fn breadth(text: &str) -> Option<Breadth> {
    Some(match text {
        "-" => Breadth::Unsaid,
        "everything" => Breadth::Everything,
        "marketing" => Breadth::Marketing,
        "texts" => Breadth::Texts,
        "calls" => Breadth::Calls,
        "emails" => Breadth::Emails,
        "letters" => Breadth::Letters,
        "notifications" => Breadth::Notifications,
        _ => return None,
    })
}

//! A column whose words stand for wishes or events: `UNSUBSCRIBED`, `TRUE`, a reason for a bounce.

use crate::cli::rows::meaning::Meaning;
use crate::cli::rows::words;

/// The meanings of a column's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Says {
    /// The meanings of its own words. The words are as `words::plain` writes them.
    pub(super) words: Vec<(String, Vec<Meaning>)>,
    /// The meanings of a yes; unset if a yes is a word like any other.
    pub(super) yes: Option<Vec<Meaning>>,
    /// The meanings of a no; unset if a no is a word like any other.
    pub(super) no: Option<Vec<Meaning>>,
    /// The meanings of any other word; unset if such a word is a mistake.
    pub(super) others: Option<Vec<Meaning>>,
    /// The column with the time.
    pub(super) time: Option<String>,
    /// The column with the time of a yes; unset if it is that of the row's other wishes.
    pub(super) consent_time: Option<String>,
    /// The provider's name, if the cell itself is the proof, together with that name.
    pub(super) proof: Option<String>,
}

/// Words that people write into a column of refusals, beside yes and no.
const REFUSED: [&str; 6] =
    ["unsubscribed", "opted_out", "optedout", "opt_out", "optout", "unsubscribe"];
const NOT_REFUSED: [&str; 5] = ["subscribed", "opted_in", "optedin", "opt_in", "optin"];

impl Says {
    /// A column of yes and no: yes stands for something, no for nothing.
    pub(super) fn truth(yes: Vec<Meaning>) -> Self {
        let (said, unsaid) = match yes.first() {
            Some(Meaning::OptOut(_)) => (&REFUSED[..], &NOT_REFUSED[..]),
            Some(Meaning::Consent(_)) => (&NOT_REFUSED[..], &REFUSED[..]),
            Some(Meaning::Event(_)) | None => (&[][..], &[][..]),
        };
        let said = said.iter().map(|word| ((*word).to_owned(), yes.clone()));
        let unsaid = unsaid.iter().map(|word| ((*word).to_owned(), Vec::new()));
        let words = said.chain(unsaid).collect();
        Self { words, yes: Some(yes), no: Some(Vec::new()), ..Self::default() }
    }

    /// The meanings for a column of some name, if they have that name in them.
    pub(super) fn of_column(&self, name: &str) -> Self {
        let filled = |all: &Vec<Meaning>| -> Vec<Meaning> {
            all.iter().map(|it| it.filled("{column}", name)).collect()
        };
        let words = self.words.iter().map(|(word, said)| (word.clone(), filled(said)));
        Self {
            words: words.collect(),
            yes: self.yes.as_ref().map(filled),
            no: self.no.as_ref().map(filled),
            others: self.others.as_ref().map(filled),
            ..self.clone()
        }
    }

    /// The column with the time of a statement.
    pub(super) fn time_of(&self, said: &Meaning) -> Option<&str> {
        let consent = matches!(said, Meaning::Consent(_)).then_some(self.consent_time.as_deref());
        consent.flatten().or(self.time.as_deref())
    }

    /// The meanings of a cell. A cell that is a JSON list has the meanings of all its words.
    pub(super) fn said(&self, cell: &str) -> Result<Vec<Meaning>, String> {
        let listed: Option<Vec<String>> = serde_json::from_str(cell).ok();
        let Some(listed) = listed else { return self.word(cell) };
        let all = listed.iter().map(|word| self.word(word));
        Ok(all.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn word(&self, word: &str) -> Result<Vec<Meaning>, String> {
        let plain = words::plain(word);
        if let Some((_, meanings)) = self.words.iter().find(|(known, _)| *known == plain) {
            return Ok(meanings.clone());
        }
        let truth = match words::truth(word) {
            Some(true) => self.yes.as_ref(),
            Some(false) => self.no.as_ref(),
            None => None,
        };
        truth.or(self.others.as_ref()).cloned().ok_or_else(|| self.unknown())
    }

    fn unknown(&self) -> String {
        let own: Vec<&str> = self.words.iter().map(|(word, _)| word.as_str()).collect();
        let own = own.join(", ");
        match (self.yes.is_some() || self.no.is_some(), own.is_empty()) {
            (true, true) => format!("is neither yes nor no: write {}", words::listed()),
            (true, false) => {
                format!("is neither yes nor no: write {}; or one of {own}", words::listed())
            }
            (false, _) => format!("is none of the words that are known here: {own}"),
        }
    }
}

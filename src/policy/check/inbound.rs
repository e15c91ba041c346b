//! Words that operators add for what customers write.

use crate::inbound::NotAdded;
use crate::inbound::Operator;
use crate::inbound::OwnWord;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::yaml::quoted;

/// The most words of a policy.
const WORDS_MAX: usize = 200;

pub(super) fn check(documents: &Documents, problems: &mut Problems) {
    let mut operator = Operator::default();
    let inbound = documents.own.iter().filter_map(|document| document.inbound_messages.as_ref());
    for (number, (word, what)) in inbound.flat_map(|it| it.words()).enumerate() {
        if number == WORDS_MAX {
            let message = format!("a policy adds at most {WORDS_MAX} words");
            problems.error(word.position, message, "remove the others");
            return;
        }
        let text = quoted(&word.value.0);
        let key = key(what);
        let (message, help) = match operator.add(&word.value.0, what) {
            Ok(()) => continue,
            Err(NotAdded::NoWord) => {
                let message = format!("{text} is not a key word");
                (message, "write one word of letters or digits, or up to six".to_owned())
            }
            Err(NotAdded::Taken(known)) => {
                let message = format!("{text} in `{key}` means {} already", means(known));
                (message, "remove it: the words that ship cannot mean something else".to_owned())
            }
            Err(NotAdded::Twice(known)) => {
                let message = format!("{text} stands in `{}` as well", self::key(known));
                (message, "keep one of the two".to_owned())
            }
            Err(NotAdded::Courtesy) => {
                let message =
                    format!("{text} is a polite word that customers also write in other messages");
                (message, "choose a word that only means this".to_owned())
            }
        };
        problems.error(word.position, message, help);
    }
}

const fn key(what: OwnWord) -> &'static str {
    match what {
        OwnWord::Stop => "stop_words",
        OwnWord::Start => "start_words",
        OwnWord::Help => "help_words",
    }
}

const fn means(what: OwnWord) -> &'static str {
    match what {
        OwnWord::Stop => "a refusal",
        OwnWord::Start => "an opt-in",
        OwnWord::Help => "a call for help",
    }
}

//! Pauses: contacts that operators have stopped.

use std::fmt;

use crate::model::instant::Instant;
use crate::model::jurisdiction::Jurisdiction;
use crate::model::label::Label;
use crate::model::label::Labels;
use crate::model::name::Name;

/// The most pauses of a tenant: every decision looks at each.
pub const PAUSES_MAX: usize = 100;

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Its name. A pause is ended by its name.
    pub name: Name,
    /// The contacts that are stopped.
    pub selection: Selection,
    /// The reason; it shows in answers.
    pub reason: Box<str>,
    /// The time at which it begins. If unset, it holds already.
    pub from: Option<Instant>,
    /// The first instant at which it is over; unset if it has to be ended by hand.
    pub until: Option<Instant>,
    /// The author, as the caller gave it.
    pub author: Option<Box<str>>,
    /// The time at which it was set.
    pub set: Instant,
}

/// The contacts that are meant. Every list that is not empty must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The channels.
    pub channels: Vec<Name>,
    /// The purposes.
    pub purposes: Vec<Name>,
    /// The labels.
    pub labels: Labels<Vec<Name>>,
    /// About which occasions; one of them is enough.
    pub occasions: Vec<Name>,
    /// Under which law the customer falls; one of the customer's is enough.
    pub jurisdictions: Vec<Jurisdiction>,
    /// The customer's segments. One of them is enough.
    pub segments: Vec<Name>,
    /// The least priority.
    pub priority_at_least: Option<u8>,
    /// The priority below which it must be.
    pub priority_below: Option<u8>,
}

/// Makes a message with the fields of a selection.
macro_rules! selection_as {
    ($($message:ident)::+, $selection:expr) => {{
        let texts = |names: &[$crate::model::Name]| names.iter().map(ToString::to_string).collect();
        let selection: &$crate::model::pause::Selection = $selection;
        let mut message = $($message)::+ {
            channels: texts(&selection.channels),
            purposes: texts(&selection.purposes),
            occasions: texts(&selection.occasions),
            jurisdictions: selection.jurisdictions.iter().map(ToString::to_string).collect(),
            segments: texts(&selection.segments),
            priority_at_least: selection.priority_at_least.map(u32::from),
            priority_below: selection.priority_below.map(u32::from),
            ..Default::default()
        };
        let labels = selection.labels.each().map(|it| texts(it));
        $crate::model::label::label_lists_of!(message) = labels;
        message
    }};
}

pub(crate) use selection_as;

impl Pause {
    /// Whether the pause has ended.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl fmt::Display for Selection {
    /// Writes the pause as [`in_words`] does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = [("channels", texts(&self.channels)), ("purposes", texts(&self.purposes))];
        let labels = Label::ALL.zip(self.labels.each()).map(|(it, all)| (it.list(), texts(all)));
        let jurisdictions = self.jurisdictions.iter().map(Jurisdiction::as_str).collect();
        let last = [
            ("occasions", texts(&self.occasions)),
            ("jurisdictions", jurisdictions),
            ("segments", texts(&self.segments)),
        ];
        let bounds = (self.priority_at_least.map(u32::from), self.priority_below.map(u32::from));
        f.write_str(&in_words(first.into_iter().chain(labels).chain(last), bounds))
    }
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

/// `everything`, or the lists and the bounds of priorities: `channels sms, push; priority below
/// 50`.
#[must_use]
pub fn in_words<'a>(
    lists: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>,
    (at_least, below): (Option<u32>, Option<u32>),
) -> String {
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let mut parts: Vec<String> =
        lists.map(|(what, names)| format!("{what} {}", names.join(", "))).collect();
    parts.extend(at_least.map(|least| format!("priority at least {least}")));
    parts.extend(below.map(|bound| format!("priority below {bound}")));
    if parts.is_empty() { "everything".to_owned() } else { parts.join("; ") }
}

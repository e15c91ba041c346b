//! The largest size that a record can have in its stored form, calculated without writing it.

use crate::model::answer::Answer;
use crate::model::answer::Stated;
use crate::model::consent_event::ConsentEvent;
use crate::model::history::Event;
use crate::model::history::History;
use crate::model::name::Name;
use crate::model::profile::Known;
use crate::model::profile::Profile;
use crate::model::profile::facts;
use crate::model::record::Record;
use crate::model::reply::Awaiting;
use crate::model::request::Request;
use crate::model::scope::Scope;
use crate::model::scope::parts;
use crate::model::unclear::Unclear;
use crate::model::wish::Cadence;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;

/// The most bytes of a record.
pub const RECORD_BYTES_MAX: usize = 65_536;

/// The bytes of numbers, lengths and tags: more than the stored form ever needs for one element.
const ENTRY: usize = 48;
const UNANSWERED: usize = 8;
const EVENT: usize = 16;
/// The number of a contact, with its tag.
const NUMBER: usize = 6;
const ELEMENT: usize = 32;
const TEXT: usize = 4;

impl Record {
    /// An upper bound of the bytes that the record takes in a store.
    #[must_use]
    pub fn size(&self) -> usize {
        let consents =
            self.consents.iter().map(|it| ELEMENT + scope(&it.scope) + optional(it.ground.other()));
        ELEMENT
            + profile(&self.profile)
            + self.opt_outs.iter().map(opt_out).sum::<usize>()
            + consents.sum::<usize>()
            + self.opt_ins.iter().map(|it| ELEMENT + scope(&it.scope)).sum::<usize>()
            + self.retractions.iter().map(|it| ELEMENT + scope(&it.scope)).sum::<usize>()
            + self.suppressions.iter().map(suppression).sum::<usize>()
            + self.cadence.iter().map(cadence).sum::<usize>()
            + self.quiet.iter().map(quiet).sum::<usize>()
            + history(&self.history)
            + self.requests.iter().map(request).sum::<usize>()
            + self.consent_events.iter().map(consent_event).sum::<usize>()
            + self.unclear.iter().map(unclear).sum::<usize>()
            + self.awaiting.iter().map(awaiting).sum::<usize>()
            + self.erased_requests.len() * ELEMENT
            + self.taken_over.iter().map(|it| ELEMENT + it.id.len()).sum::<usize>()
    }

    /// Whether the record is small enough for a store.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.size() <= RECORD_BYTES_MAX
    }
}

fn profile(profile: &Profile) -> usize {
    ELEMENT + facts!([known(&profile)]).into_iter().sum::<usize>()
}

fn known(it: &impl Known) -> usize {
    it.bytes(TEXT)
}

fn history(history: &History) -> usize {
    let occasions: usize = history.entries().iter().map(|entry| entry.occasions.len() * 2).sum();
    names(history.channels())
        + names(history.purposes())
        + names(history.labels())
        + history.entries().len() * ENTRY
        + history.entries().iter().filter(|entry| entry.unanswered).count() * UNANSWERED
        + occasions
        + history.events().iter().map(event).sum::<usize>()
}

/// An opt-out of marketing is stored twice.
fn opt_out(opt_out: &OptOut) -> usize {
    let times = if opt_out.scope.marketing { 2 } else { 1 };
    let stop = opt_out.stop.as_ref().map_or(0, |stop| {
        ELEMENT + stop.channel.len() + stop.except.iter().map(|it| TEXT + scope(it)).sum::<usize>()
    });
    times * (ELEMENT + scope(&opt_out.scope) + stop) + optional(opt_out.source.as_ref())
}

fn suppression(suppression: &Suppression) -> usize {
    let names = [suppression.reason.as_ref(), suppression.source.as_ref()];
    2 * ELEMENT + scope(&suppression.scope) + names.into_iter().map(optional).sum::<usize>()
}

fn cadence(cadence: &Cadence) -> usize {
    ELEMENT + optional(cadence.channel.as_ref()) + names(&cadence.purposes) + names(&cadence.topics)
}

fn quiet(quiet: &Quiet) -> usize {
    match quiet {
        Quiet::Days { .. } | Quiet::Yearly { .. } => ELEMENT,
        Quiet::Hours(hours) => ELEMENT + names(&hours.channels),
    }
}

fn request(request: &Request) -> usize {
    3 * ELEMENT + request.id.len() + request.answer.as_ref().map_or(0, answer)
}

fn answer(answer: &Answer) -> usize {
    let remaining = answer.remaining.iter().map(|it| it.rule.len() + 3 * TEXT);
    2 * ELEMENT
        + answer.tzdb_version.len()
        + answer.reasons.iter().chain(&answer.shadow).map(stated).sum::<usize>()
        + remaining.sum::<usize>()
}

fn stated(stated: &Stated) -> usize {
    let message = stated.message.as_ref().map_or(0, |message| message.len());
    ELEMENT + optional(stated.rule.as_ref()) + stated.cause.len() + message
}

fn event(event: &Event) -> usize {
    EVENT + event.contact.map_or(0, |_number| NUMBER)
}

fn consent_event(event: &ConsentEvent) -> usize {
    let evidence = event.evidence.as_ref().map_or(0, |evidence| evidence.len());
    let names = [event.source.as_ref(), event.ground.other()];
    2 * ELEMENT + scope(&event.scope) + names.into_iter().map(optional).sum::<usize>() + evidence
}

fn unclear(unclear: &Unclear) -> usize {
    2 * ELEMENT
        + unclear.id.len()
        + scope(&unclear.scope)
        + unclear.doubt.len()
        + unclear.words.len()
}

fn awaiting(awaiting: &Awaiting) -> usize {
    ELEMENT + awaiting.channel.len() + awaiting.id.len()
}

fn scope(scope: &Scope) -> usize {
    TEXT + parts!(&scope).into_iter().map(|(_, part)| part.bytes(TEXT)).sum::<usize>()
}

fn names(names: &[Name]) -> usize {
    names.iter().map(|name| name.len() + TEXT).sum()
}

fn optional(name: Option<&Name>) -> usize {
    name.map_or(0, |name| name.len() + TEXT)
}

//! The record of one customer.

use crate::model::consent_event::ConsentEvent;
use crate::model::history::History;
use crate::model::instant::Instant;
use crate::model::profile::Profile;
use crate::model::reply::Awaiting;
use crate::model::request::ErasedRequest;
use crate::model::request::Request;
use crate::model::stop::Retraction;
use crate::model::unclear::Unclear;
use crate::model::weekdays::Weekdays;
use crate::model::wish::Cadence;
use crate::model::wish::Consent;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;

/// The customer's profile, wishes and history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The customer's places and segments, and other facts.
    pub profile: Profile,
    /// The customer's refusals.
    pub opt_outs: Vec<OptOut>,
    /// The newest yes of each scope, unless a wider one is as new.
    pub opt_ins: Vec<OptIn>,
    /// The newest START of each channel, brand and topic, unless a wider one is as new.
    pub retractions: Vec<Retraction>,
    /// The customer's recorded yeses.
    pub consents: Vec<Consent>,
    /// The operator's refusals.
    pub suppressions: Vec<Suppression>,
    /// The customer's own limits on the number of contacts.
    pub cadence: Vec<Cadence>,
    /// The times at which the customer wants no contacts.
    pub quiet: Vec<Quiet>,
    /// Contacts and events.
    pub history: History,
    /// The requests that are remembered, so that repeating one changes nothing.
    pub requests: Vec<Request>,
    /// The customer's statements about being contacted, in the order in which we heard them.
    pub consent_events: Vec<ConsentEvent>,
    /// The customer's messages that a human has to look at, resolved or not, in the order in which
    /// we heard them.
    pub unclear: Vec<Unclear>,
    /// The channels on which the customer waits for an answer, as they were written. An answer that
    /// is given later ends the entry.
    pub awaiting: Vec<Awaiting>,
    /// The time of the last erasure. Facts from before it are not recorded again.
    pub erased: Option<Instant>,
    /// The reservations that were remembered then.
    pub erased_requests: Vec<ErasedRequest>,
    /// The records under other spellings of the customer's id whose content has been taken over.
    pub taken_over: Vec<TakenOver>,
}

/// A record under another spelling of the customer's id, as it was taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The spelling.
    pub id: Box<str>,
    /// Drawn at random when that record was made.
    pub incarnation: u64,
    /// Grew with every change of it.
    pub counter: u64,
}

impl Record {
    /// Whether the record has a wish that is limited to some days, channels, purposes, topics or
    /// brands. Earlier versions would take it for a wider one.
    #[must_use]
    pub fn has_narrow_wishes(&self) -> bool {
        let narrow_hours = |quiet: &Quiet| match quiet {
            Quiet::Days { .. } | Quiet::Yearly { .. } => false,
            Quiet::Hours(hours) => hours.days != Weekdays::ALL || !hours.channels.is_empty(),
        };
        let narrow_cadence = |it: &Cadence| !it.purposes.is_empty() || !it.topics.is_empty();
        self.quiet.iter().any(narrow_hours)
            || self.cadence.iter().any(narrow_cadence)
            || self.consents.iter().any(|it| it.scope.topic.is_some() || it.scope.brand.is_some())
    }

    /// Whether the record has refusals that a START can take back or has taken back. Earlier
    /// versions know nothing of that.
    #[must_use]
    pub fn has_stops(&self) -> bool {
        !self.retractions.is_empty() || self.opt_outs.iter().any(|it| it.stop.is_some())
    }

    /// Whether a message of the customer is still unresolved.
    #[must_use]
    pub fn has_unclear(&self) -> bool {
        self.unclear.iter().any(Unclear::is_open)
    }

    /// The request with this id, if it is remembered.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<&Request> {
        self.requests.iter().find(|request| *request.id == *id)
    }
}

//! All that is known of one customer.

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

/// Who the customer is, what the customer wants, and what happened so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Where the customer lives and to which groups the customer belongs.
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
    /// How often the customer wants to hear from us.
    pub cadence: Vec<Cadence>,
    /// When the customer does not.
    pub quiet: Vec<Quiet>,
    /// Contacts and events.
    pub history: History,
    /// The requests that are remembered, so that repeating one changes nothing.
    pub requests: Vec<Request>,
    /// What the customer said about being contacted, in the order in which we heard it.
    pub consent_events: Vec<ConsentEvent>,
    /// What the customer wrote and a human has to look at, resolved or not, in the order in which
    /// we heard it.
    pub unclear: Vec<Unclear>,
    /// By which channels the customer waits for an answer, as it was written: one that has been
    /// given since ends it.
    pub awaiting: Vec<Awaiting>,
    /// When the customer was erased the last time. What happened before that is not known again.
    pub erased: Option<Instant>,
    /// The reservations that were remembered then.
    pub erased_requests: Vec<ErasedRequest>,
    /// What has been taken over from records under other spellings of the customer's id.
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
    /// Whether it holds a wish for some days, channels, purposes, topics or brands only, which
    /// earlier versions would take for a wider one.
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

    /// Whether it holds what a START can take back or has taken back, of which earlier versions
    /// know nothing.
    #[must_use]
    pub fn has_stops(&self) -> bool {
        !self.retractions.is_empty() || self.opt_outs.iter().any(|it| it.stop.is_some())
    }

    /// Whether the customer wrote something that is still unresolved.
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

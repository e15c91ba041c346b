//! The customer's no and yes.

use super::request::Repeatable;
use super::time::Within;
use super::time::timestamp;
use super::violations::Path;
use super::violations::Violations;
use crate::engine::Undeclared;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::profile::texts;
use crate::model::scope::parts;
use crate::model::wish::Consent;
use crate::model::wish::OptOut;
use crate::model::wish::Suppression;
use crate::operation::Context;
use crate::operation::RequestKey;
use crate::operation::wish::Wish;
use crate::policy::Policy;
use crate::proto::v1;

const EVIDENCE_BYTES_MAX: usize = 1_024;
const SNOOZE_MAX: Span = Span::from_days(400);

impl Violations {
    /// The scope of a wish. Names that the policy does not declare are noted.
    pub fn scope(&mut self, path: Path, scope: Option<&v1::Scope>, policy: &Policy) -> Scope {
        let path = path.with("scope");
        scope.map(|scope| self.scope_at(path, scope, policy)).unwrap_or_default()
    }

    /// A scope whose own fields stand at this path.
    pub(super) fn scope_at(&mut self, path: Path, scope: &v1::Scope, policy: &Policy) -> Scope {
        let scope = Scope {
            channel: self.optional(path, "channel", scope.channel.as_deref()),
            purpose: self.optional(path, "purpose", scope.purpose.as_deref()),
            topic: self.optional(path, "topic", scope.topic.as_deref()),
            brand: self.optional(path, "brand", scope.brand.as_deref()),
            occasion: self.optional(path, "occasion", scope.occasion.as_deref()),
            marketing: scope.marketing.unwrap_or_default(),
        };
        if scope.marketing && scope.purpose.is_some() {
            self.add(path, "marketing", "must not be set together with `purpose`");
        }
        self.declared(path, &scope, policy);
        scope
    }

    /// The scope of a suppression.
    pub fn suppressed(&mut self, path: Path, scope: Option<&v1::Scope>, policy: &Policy) -> Scope {
        let scope = self.scope(path, scope, policy);
        if scope.marketing {
            let problem = "is for wishes of the customer only: name the purpose";
            self.add(path.with("scope"), "marketing", problem);
        }
        scope
    }

    /// An opt-out.
    pub fn opt_out(
        &mut self,
        path: Path,
        request: &v1::OptOutRequest,
        context: Context<'_>,
    ) -> Wish {
        let Context { policy, now } = context;
        let said = request.event_time.as_ref();
        let at = self.time(path, "event_time", said, Within::LongPast.at(now));
        let evidence = request.evidence.as_deref();
        Wish {
            request: self.optional_key(path, request.request_id.as_deref(), request),
            kind: ConsentKind::OptOut,
            ground: Ground::EXPRESS,
            scope: self.scope(path, request.scope.as_ref(), policy),
            at,
            until: self.end(path, request, at.unwrap_or(now), now),
            source: self.optional(path, "source", request.source.as_deref()),
            evidence: evidence.and_then(|text| self.evidence(path, text)),
            stop: None,
            takes_back: false,
        }
    }

    /// The end of an opt-out that was said at `said`.
    fn end(
        &mut self,
        path: Path,
        request: &v1::OptOutRequest,
        said: Instant,
        now: Instant,
    ) -> Option<Instant> {
        let until = request.until_time.as_ref();
        let until = self.time(path, "until_time", until, Within::Term.at(now));
        if until.is_some_and(|until| until <= said) {
            self.add(path, "until_time", "must be after the time at which the customer said so");
        }
        let snooze = self.duration(path, "snooze", request.snooze.as_ref(), SNOOZE_MAX);
        if request.snooze.is_some() && request.until_time.is_some() {
            self.add(path, "snooze", "must not be set together with `until_time`");
        }
        until.or_else(|| snooze.map(|snooze| said.plus(snooze)))
    }

    /// An opt-in.
    pub fn opt_in(&mut self, request: &v1::OptInRequest, context: Context<'_>) -> Wish {
        let Context { policy, now } = context;
        let root = Path::ROOT;
        let pending = request.pending.unwrap_or_default();
        let said = request.event_time.as_ref();
        Wish {
            request: self.optional_key(root, request.request_id.as_deref(), request),
            kind: if pending { ConsentKind::PendingOptIn } else { ConsentKind::OptIn },
            ground: self.ground(request.ground.as_deref(), policy),
            scope: self.scope(root, request.scope.as_ref(), policy),
            at: self.time(root, "event_time", said, Within::LongPast.at(now)),
            until: None,
            source: self.optional(root, "source", request.source.as_deref()),
            evidence: self.evidence(root, &request.evidence),
            stop: None,
            takes_back: false,
        }
    }

    /// The ground of a yes. If unset, it is the customer's own word.
    fn ground(&mut self, ground: Option<&str>, policy: &Policy) -> Ground {
        let name = self.optional(Path::ROOT, "ground", ground);
        let ground = name.map_or(Ground::EXPRESS, Ground::new);
        if let Err(undeclared) = Undeclared::check_ground(policy, &ground) {
            self.add_undeclared(Path::ROOT, &undeclared);
        }
        ground
    }

    /// Checks the ground. It belongs to a consent, and a consent to a channel; on any other wish it
    /// would mean nothing.
    pub fn grounded(&mut self, wish: &Wish) {
        let Scope { channel, topic, brand, occasion, .. } = &wish.scope;
        let narrow = [topic, brand, occasion].iter().any(|part| part.is_some());
        if !wish.ground.is_express() && (channel.is_none() || narrow) {
            let problem = "with a ground other than `express` needs a scope with a channel, and \
                           without a topic, a brand and an occasion";
            self.add(Path::ROOT, "ground", problem);
        }
    }

    /// The key of a request that need not have an id.
    pub fn optional_key<R: Repeatable>(
        &mut self,
        path: Path,
        id: Option<&str>,
        request: &R,
    ) -> Option<RequestKey> {
        id.and_then(|id| self.request_key(path, id, request))
    }

    /// The proof of a wish. Line breaks are allowed, since people write them.
    pub(super) fn evidence(&mut self, path: Path, text: &str) -> Option<Box<str>> {
        let problem = match text.len() {
            0 => "must not be empty: say what proves it".to_owned(),
            1..=EVIDENCE_BYTES_MAX => return Some(Box::from(text)),
            length => format!("has at most {EVIDENCE_BYTES_MAX} bytes, this one has {length}"),
        };
        self.add(path, "evidence", problem);
        None
    }
}

/// A scope, as a message.
#[must_use]
pub fn scope(scope: &Scope) -> v1::Scope {
    parts!(v1::Scope { texts(&scope), marketing: scope.marketing.then_some(true) })
}

/// An opt-out as a message.
#[must_use]
pub fn opted_out(opt_out: &OptOut) -> v1::OptedOut {
    v1::OptedOut {
        scope: Some(scope(&opt_out.scope)),
        event_time: opt_out.at.map(timestamp),
        until_time: opt_out.until.map(timestamp),
        source: opt_out.source.as_ref().map(ToString::to_string),
        except_scopes: opt_out.except().iter().map(scope).collect(),
    }
}

/// A consent as a message.
#[must_use]
pub fn consent(consent: &Consent) -> v1::Consent {
    v1::Consent {
        channel: consent.scope.channel.as_ref().map(ToString::to_string).unwrap_or_default(),
        purpose: consent.scope.purpose.as_ref().map(ToString::to_string),
        topic: consent.scope.topic.as_ref().map(ToString::to_string),
        brand: consent.scope.brand.as_ref().map(ToString::to_string),
        event_time: consent.at.map(timestamp),
        confirmed: consent.confirmed,
        ground: consent.ground.as_str().to_owned(),
    }
}

/// A suppression as a message.
#[must_use]
pub fn suppression(suppression: &Suppression) -> v1::Suppression {
    v1::Suppression {
        scope: Some(scope(&suppression.scope)),
        reason_code: suppression.reason.as_ref().map(ToString::to_string),
        until_time: suppression.until.map(timestamp),
        set_time: suppression.at.map(timestamp),
        source: suppression.source.as_ref().map(ToString::to_string),
    }
}

/// A statement of the customer, as a message.
#[must_use]
pub fn consent_event(event: &ConsentEvent) -> v1::ConsentEvent {
    let kind = match event.kind {
        ConsentKind::OptOut => v1::ConsentKind::OptOut,
        ConsentKind::OptIn => v1::ConsentKind::OptIn,
        ConsentKind::PendingOptIn => v1::ConsentKind::PendingOptIn,
    };
    v1::ConsentEvent {
        kind: i32::from(kind),
        scope: Some(scope(&event.scope)),
        event_time: Some(timestamp(event.at)),
        hear_time: Some(timestamp(event.heard)),
        until_time: event.until.map(timestamp),
        source: event.source.as_ref().map(ToString::to_string),
        evidence: event.evidence.as_deref().map(str::to_owned),
        ground: (event.kind != ConsentKind::OptOut).then(|| event.ground.as_str().to_owned()),
        doubt: None,
        resolve_time: None,
    }
}

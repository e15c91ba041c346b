//! Rows of imports and exports: one customer each.

use tonic_types::FieldViolation;

use super::contact::Terms;
use super::contact::recorded;
use super::customer::customer;
use super::time::Within;
use super::time::instant;
use super::time::timestamp;
use super::violations::Path;
use super::violations::Violations;
use crate::codec::number;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::model::profile::facts;
use crate::model::stop::Stop;
use crate::model::stop::Width;
use crate::model::wish::Consent;
use crate::model::wish::OptOut;
use crate::model::wish::Suppression;
use crate::operation::Context;
use crate::operation::import::Occurrence;
use crate::operation::import::Row;
use crate::operation::import_contacts::Happened;
use crate::operation::wish::Wish;
use crate::policy::Policy;
use crate::proto::v1;

/// The age up to which a past event is recorded.
const REMEMBERED: Span = Span::from_days(400);
/// The maximum number of wishes of a kind in one row, and of events.
const WISHES_MAX: usize = 256;

/// The values of an import for rows that have none.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The source of wishes.
    pub source: Option<String>,
    /// The time of wishes.
    pub event_time: Option<prost_types::Timestamp>,
    /// The proof of yeses.
    pub evidence: Option<String>,
}

impl Violations {
    /// The values of an import for rows that have none.
    pub fn defaults(&mut self, options: v1::ImportOptions, context: Context<'_>) -> Defaults {
        let now = context.now;
        let path = Path::of("options");
        self.time(path, "event_time", options.event_time.as_ref(), Within::LongPast.at(now));
        self.optional(path, "source", options.source.as_deref());
        if let Some(evidence) = options.evidence.as_deref() {
            let proof = v1::OptInRequest { evidence: evidence.to_owned(), ..Default::default() };
            self.nest("options", |inner| inner.opt_in(&proof, context));
        }
        let v1::ImportOptions { source, event_time, evidence, .. } = options;
        Defaults { source, event_time, evidence }
    }

    /// Notes what is wrong with a part of a message under the part's own path.
    fn nest<T>(&mut self, path: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut inner = Self::default();
        let value = read(&mut inner);
        for broken in inner.into_fields() {
            self.add(Path::ROOT, &format!("{path}.{}", broken.field), broken.description);
        }
        value
    }
}

/// The customer of a row and its content, or the violations in it, by the fields of the row.
///
/// # Errors
/// Everything that breaks a bound, or that the policy does not declare.
pub fn row(
    message: v1::CustomerRow,
    defaults: &Defaults,
    (context, spelling): (Context<'_>, Spelling),
) -> Result<(CustomerId, Row), Vec<FieldViolation>> {
    let Context { policy, now } = context;
    let mut violations = Violations::with(spelling);
    let id = violations.listed_customer_id(Path::ROOT, &message.customer_id);
    let lists = [
        ("opt_outs", message.opt_outs.len()),
        ("consents", message.consents.len()),
        ("suppressions", message.suppressions.len()),
        ("events", message.events.len()),
    ];
    for (field, count) in lists {
        violations.at_most(Path::ROOT, field, count, WISHES_MAX);
    }
    let stands = |it: &Option<prost_types::Timestamp>| !has_ended(it.as_ref(), now);
    let opt_outs = message.opt_outs.into_iter().take(WISHES_MAX).enumerate();
    let opt_outs = opt_outs.filter(|(_, it)| stands(&it.until_time)).map(|(position, mut it)| {
        let written = it.stop.take();
        let request = opt_out_request(it, defaults);
        violations.nest(&format!("opt_outs[{position}]"), |inner| {
            let stop = written.and_then(|written| inner.row_stop(&written, policy));
            Wish { stop, ..inner.opt_out(Path::ROOT, &request, context) }
        })
    });
    let opt_outs: Vec<Wish> = opt_outs.collect();
    let opt_ins =
        message.consents.into_iter().take(WISHES_MAX).enumerate().map(|(position, it)| {
            let path = format!("consents[{position}]");
            violations.nest(&path, |inner| inner.row_consent(it, defaults, context))
        });
    let opt_ins: Vec<Wish> = opt_ins.collect();
    let suppressions = message.suppressions.iter().take(WISHES_MAX).enumerate();
    let suppressions =
        suppressions.filter(|(_, it)| stands(&it.until_time)).map(|(position, it)| {
            let path = format!("suppressions[{position}]");
            violations.nest(&path, |inner| inner.row_suppression(it, defaults, policy))
        });
    let suppressions = suppressions.collect();
    let events = message.events.into_iter().take(WISHES_MAX).enumerate();
    let events = events.filter_map(|(position, it)| {
        let path = format!("events[{position}]");
        violations.nest(&path, |inner| inner.row_event(&it, defaults, context))
    });
    let events = events.collect();
    let profile = v1::Customer {
        cadence: message.cadence,
        quiet_times: message.quiet_times,
        ..facts!(v1::Customer { message, .. })
    };
    let replacements = violations.replacements(&profile, None, policy);
    let broken = violations.into_fields();
    match id {
        Some(id) if broken.is_empty() => {
            Ok((id, Row { replacements, opt_outs, opt_ins, suppressions, events }))
        }
        Some(_) | None => Err(broken.into_iter().map(of_row).collect()),
    }
}

/// The same violation, with the field of the row instead of that of a request.
fn of_row(mut violation: FieldViolation) -> FieldViolation {
    if let Some(field) = violation.field.strip_prefix("customer.") {
        violation.field = field.to_owned();
    }
    violation
}

fn has_ended(until: Option<&prost_types::Timestamp>, now: Instant) -> bool {
    until.and_then(instant).is_some_and(|until| until <= now)
}

fn opt_out_request(stated: v1::RowOptOut, defaults: &Defaults) -> v1::OptOutRequest {
    v1::OptOutRequest {
        scope: stated.scope,
        event_time: stated.event_time.or(defaults.event_time),
        until_time: stated.until_time,
        source: stated.source.or_else(|| defaults.source.clone()),
        evidence: stated.evidence,
        ..v1::OptOutRequest::default()
    }
}

impl Violations {
    /// The written form of a refusal.
    fn row_stop(&mut self, stated: &v1::RowStop, policy: &Policy) -> Option<Stop> {
        let path = Path::of("stop");
        let channel = self.name(path, "channel", &stated.channel);
        self.declared(path, &Scope { channel: channel.clone(), ..Scope::default() }, policy);
        self.at_most(path, "except_scopes", stated.except_scopes.len(), WISHES_MAX);
        let in_words = stated.reach_in_words.unwrap_or_default();
        let width = if in_words { Width::Words } else { Width::Policy };
        let mut stop = Stop::new(channel?, width);
        for (scope, position) in stated.except_scopes.iter().take(WISHES_MAX).zip(0..) {
            let place = format!("stop.except_scopes[{position}]");
            stop.except(self.nest(&place, |inner| inner.scope_at(Path::ROOT, scope, policy)));
        }
        Some(stop)
    }

    fn row_consent(
        &mut self,
        stated: v1::RowConsent,
        defaults: &Defaults,
        context: Context<'_>,
    ) -> Wish {
        let scope = Scope {
            channel: self.name(Path::ROOT, "channel", &stated.channel),
            purpose: self.optional(Path::ROOT, "purpose", stated.purpose.as_deref()),
            topic: self.optional(Path::ROOT, "topic", stated.topic.as_deref()),
            brand: self.optional(Path::ROOT, "brand", stated.brand.as_deref()),
            occasion: None,
            marketing: false,
        };
        self.declared(Path::ROOT, &scope, context.policy);
        let evidence = stated.evidence.or_else(|| defaults.evidence.clone());
        let request = v1::OptInRequest {
            event_time: stated.event_time.or(defaults.event_time),
            source: stated.source.or_else(|| defaults.source.clone()),
            evidence: evidence.unwrap_or_default(),
            pending: Some(!stated.confirmed.unwrap_or(true)),
            ground: stated.ground,
            ..v1::OptInRequest::default()
        };
        Wish { scope, ..self.opt_in(&request, context) }
    }

    /// The event; `None` if it is wrong or long forgotten.
    fn row_event(
        &mut self,
        stated: &v1::RowEvent,
        defaults: &Defaults,
        context: Context<'_>,
    ) -> Option<Occurrence> {
        let kind = number::event_kind(stated.kind);
        if kind.is_none() {
            self.add(Path::ROOT, "kind", format!("there is no kind {}", stated.kind));
        }
        let channel = self.optional(Path::ROOT, "channel", stated.channel.as_deref());
        let scope = Scope { channel, ..Scope::default() };
        self.declared(Path::ROOT, &scope, context.policy);
        let at = stated.event_time.as_ref().or(defaults.event_time.as_ref());
        let at = self.time(Path::ROOT, "event_time", at, Within::LongPast.at(context.now));
        let remembered = at.is_none_or(|at| at > context.now.minus(REMEMBERED));
        let happened = kind.map(|kind| Occurrence { kind, channel: scope.channel, at });
        happened.filter(|_| remembered)
    }

    fn row_suppression(
        &mut self,
        stated: &v1::Suppression,
        defaults: &Defaults,
        policy: &Policy,
    ) -> Suppression {
        let times = [("until_time", &stated.until_time), ("set_time", &stated.set_time)];
        for (field, time) in times {
            if time.as_ref().is_some_and(|time| instant(time).is_none()) {
                self.add(Path::ROOT, field, "is not a valid time (1970 to 2199)");
            }
        }
        let source = stated.source.as_ref().or(defaults.source.as_ref());
        Suppression {
            scope: self.suppressed(Path::ROOT, stated.scope.as_ref(), policy),
            reason: self.optional(Path::ROOT, "reason_code", stated.reason_code.as_deref()),
            at: stated.set_time.as_ref().and_then(instant),
            until: stated.until_time.as_ref().and_then(instant),
            source: self.optional(Path::ROOT, "source", source.map(String::as_str)),
        }
    }
}

/// A customer as a row. Refusals that have ended by `now` are left out.
#[must_use]
pub fn exported(id: &str, record: &Record, contacts: bool, now: Instant) -> v1::CustomerRow {
    let known = customer(id, record, None);
    let opt_outs = record.opt_outs.iter().filter(|it| it.until.is_none_or(|until| until > now));
    let history = record.history.entries().iter();
    let stands = |it: &v1::Suppression| !has_ended(it.until_time.as_ref(), now);
    v1::CustomerRow {
        customer_id: known.customer_id,
        cadence: known.cadence,
        quiet_times: known.quiet_times,
        opt_outs: opt_outs.map(|it| row_opt_out(record, it)).collect(),
        consents: record.consents.iter().map(|it| row_consent(record, it)).collect(),
        suppressions: known.suppressions.into_iter().filter(stands).collect(),
        contacts: history.filter(|_| contacts).map(|entry| recorded(record, entry)).collect(),
        ..facts!(v1::CustomerRow { known, .. })
    }
}

fn row_opt_out(record: &Record, known: &OptOut) -> v1::RowOptOut {
    let said = |event: &&ConsentEvent| {
        event.kind == ConsentKind::OptOut
            && event.scope == known.scope
            && Some(event.at) == known.at
    };
    let event = record.consent_events.iter().rev().find(said);
    let known_as = super::wish::opted_out(known);
    let stop = known.stop.as_ref().map(|stop| v1::RowStop {
        channel: stop.channel.to_string(),
        reach_in_words: (stop.width == Width::Words).then_some(true),
        except_scopes: known_as.except_scopes,
    });
    v1::RowOptOut {
        scope: known_as.scope,
        event_time: known.at.map(timestamp),
        until_time: known.until.map(timestamp),
        source: known.source.as_ref().map(Name::to_string),
        evidence: event.and_then(|event| event.evidence.as_deref().map(ToOwned::to_owned)),
        stop,
    }
}

fn row_consent(record: &Record, known: &Consent) -> v1::RowConsent {
    let scope = &known.scope;
    let said = |event: &&ConsentEvent| {
        event.kind != ConsentKind::OptOut
            && event.ground == known.ground
            && event.scope == *scope
            && Some(event.at) == known.at
    };
    let event = record.consent_events.iter().rev().find(said);
    v1::RowConsent {
        channel: scope.channel.as_ref().map(Name::to_string).unwrap_or_default(),
        purpose: scope.purpose.as_ref().map(Name::to_string),
        topic: scope.topic.as_ref().map(Name::to_string),
        brand: scope.brand.as_ref().map(Name::to_string),
        event_time: known.at.map(timestamp),
        confirmed: Some(known.confirmed),
        ground: known.ground.other().map(Name::to_string),
        source: event.and_then(|event| event.source.as_ref().map(Name::to_string)),
        evidence: event.and_then(|event| event.evidence.as_deref().map(ToOwned::to_owned)),
    }
}

/// A contact that was made, of an import, or what is wrong with its row.
///
/// # Errors
/// If it breaks a bound, or names what the policy does not declare.
pub fn contact_row(
    row: &v1::ContactRow,
    (context, spelling): (Context<'_>, Spelling),
) -> Result<(CustomerId, Happened), Vec<FieldViolation>> {
    let mut violations = Violations::with(spelling);
    let terms = Terms { policy: context.policy, when: Within::LongPast.at(context.now) };
    let contact = row.contact.clone().unwrap_or_default();
    if contact.contact_time.is_none() {
        violations.add(Path::ROOT, "contact_time", "must be set");
    }
    let asked = violations.contact(Path::ROOT, Some(&contact), terms);
    if let Some(asked) = &asked {
        violations.not_spoiled(Path::ROOT, &asked.customer_id);
    }
    let broken = violations.into_fields();
    match asked.and_then(|asked| Some((asked.customer_id, asked.contact, asked.at?))) {
        Some((customer_id, contact, at)) if broken.is_empty() => {
            let unanswered = row.unanswered.unwrap_or_default();
            Ok((customer_id, Happened { contact, at, unanswered }))
        }
        Some(_) | None => Err(broken),
    }
}

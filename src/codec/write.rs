//! Records become messages.

use super::FORMAT_OF_NARROW_WISHES;
use super::FORMAT_OF_STOPS;
use super::RECORD_FORMAT;
use super::contacts;
use super::marketing;
use super::number;
use crate::model::Answer;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Profile;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Weekdays;
use crate::model::answer::Stated;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::decision::Effect;
use crate::model::history::Event;
use crate::model::history::History;
use crate::model::profile::facts;
use crate::model::profile::texts;
use crate::model::record::TakenOver;
use crate::model::reply::Awaiting;
use crate::model::request::ErasedRequest;
use crate::model::request::Request;
use crate::model::scope::parts;
use crate::model::stop::Retraction;
use crate::model::stop::Stop;
use crate::model::stop::Width;
use crate::model::unclear::Unclear;
use crate::model::wish::Cadence;
use crate::model::wish::Consent;
use crate::model::wish::Cycle;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::Suppression;
use crate::proto::store::v1;

pub(super) fn record(record: &Record) -> v1::Record {
    let (opt_outs, marketing_opt_outs) = marketing::split_opt_outs(&record.opt_outs);
    let (opt_ins, marketing_opt_ins) = marketing::split_opt_ins(&record.opt_ins);
    v1::Record {
        format: format(record),
        profile: Some(profile(&record.profile)),
        opt_outs: opt_outs.iter().map(opt_out).collect(),
        opt_ins: opt_ins.iter().map(opt_in).collect(),
        retractions: record.retractions.iter().map(retraction).collect(),
        marketing_opt_outs: marketing_opt_outs.iter().map(opt_out).collect(),
        marketing_opt_ins: marketing_opt_ins.iter().map(opt_in).collect(),
        consents: consents(record, true),
        grounded_consents: consents(record, false),
        suppressions: record.suppressions.iter().map(suppression).collect(),
        cadence: record.cadence.iter().map(cadence).collect(),
        quiet: record.quiet.iter().map(quiet).collect(),
        history: Some(history(&record.history)),
        requests: record.requests.iter().map(request).collect(),
        consent_events: record.consent_events.iter().map(consent_event).collect(),
        unclear_messages: record.unclear.iter().map(unclear).collect(),
        awaiting: record.awaiting.iter().map(awaiting).collect(),
        erased_ms: record.erased.map(Instant::millis),
        erased_requests: record.erased_requests.iter().map(erased_request).collect(),
        taken_over: record.taken_over.iter().map(taken_over).collect(),
    }
}

/// The oldest format that says all of the record.
fn format(record: &Record) -> u32 {
    if record.has_stops() {
        FORMAT_OF_STOPS
    } else if record.has_narrow_wishes() {
        FORMAT_OF_NARROW_WISHES
    } else {
        RECORD_FORMAT
    }
}

fn profile(profile: &Profile) -> v1::Profile {
    facts!(v1::Profile { texts(&profile) })
}

fn scope(scope: &Scope) -> v1::Scope {
    parts!(v1::Scope { texts(&scope), marketing: scope.marketing })
}

fn opt_out(opt_out: &OptOut) -> v1::OptOut {
    v1::OptOut {
        scope: Some(scope(&opt_out.scope)),
        event_ms: opt_out.at.map(Instant::millis),
        until_ms: opt_out.until.map(Instant::millis),
        source: optional(opt_out.source.as_ref()),
        stop: opt_out.stop.as_ref().map(stop),
    }
}

fn stop(stop: &Stop) -> v1::Stop {
    v1::Stop {
        channel: stop.channel.to_string(),
        by_words: stop.width == Width::Words,
        except: stop.except.iter().map(scope).collect(),
    }
}

fn opt_in(opt_in: &OptIn) -> v1::OptIn {
    v1::OptIn { scope: Some(scope(&opt_in.scope)), event_ms: opt_in.at.millis() }
}

fn retraction(retraction: &Retraction) -> v1::OptIn {
    v1::OptIn { scope: Some(scope(&retraction.scope)), event_ms: retraction.at.millis() }
}

/// The yeses that are the customer's word, or those that rest on something else.
fn consents(record: &Record, express: bool) -> Vec<v1::Consent> {
    let consents = record.consents.iter().filter(|it| it.ground.is_express() == express);
    consents.map(consent).collect()
}

fn consent(consent: &Consent) -> v1::Consent {
    v1::Consent {
        scope: Some(scope(&consent.scope)),
        event_ms: consent.at.map(Instant::millis),
        confirmed: consent.confirmed,
        ground: optional(consent.ground.other()),
    }
}

fn suppression(suppression: &Suppression) -> v1::Suppression {
    v1::Suppression {
        scope: Some(scope(&suppression.scope)),
        reason: optional(suppression.reason.as_ref()),
        until_ms: suppression.until.map(Instant::millis),
        event_ms: suppression.at.map(Instant::millis),
        source: optional(suppression.source.as_ref()),
    }
}

fn cadence(cadence: &Cadence) -> v1::Cadence {
    let per = match cadence.per {
        Cycle::Sliding(span) => v1::cadence::Per::SlidingMs(span.millis()),
        Cycle::Calendar(unit) => {
            v1::cadence::Per::Calendar(number::of_calendar_unit(unit).unsigned_abs())
        }
    };
    v1::Cadence {
        channel: optional(cadence.channel.as_ref()),
        limit: cadence.limit,
        per: Some(per),
        purposes: names(&cadence.purposes),
        topics: names(&cadence.topics),
    }
}

fn quiet(quiet: &Quiet) -> v1::Quiet {
    let time = match quiet {
        Quiet::Days { first, last } => {
            v1::quiet::Time::Days(v1::QuietDays { first: first.number(), last: last.number() })
        }
        Quiet::Yearly { date, around } => v1::quiet::Time::Yearly(v1::QuietDate {
            month: u32::from(date.month.unsigned_abs()),
            day: u32::from(date.day.unsigned_abs()),
            around: u32::from(*around),
        }),
        Quiet::Hours(hours) => v1::quiet::Time::Hours(v1::QuietHours {
            from_secs: hours.from_secs,
            to_secs: hours.to_secs,
            days: (hours.days != Weekdays::ALL).then(|| hours.days.bits().into()),
            channels: names(&hours.channels),
        }),
    };
    v1::Quiet { time: Some(time) }
}

fn history(history: &History) -> v1::History {
    v1::History {
        channels: names(history.channels()),
        purposes: names(history.purposes()),
        labels: names(history.labels()),
        entries: Vec::new(),
        events: history.events().iter().map(event).collect(),
        next_number: history.next_number(),
        contacts: (!history.entries().is_empty()).then(|| contacts::write(history.entries())),
    }
}

fn event(event: &Event) -> v1::Event {
    v1::Event {
        at_ms: event.at.millis(),
        kind: i32::from(number::of_event_kind(event.kind)).unsigned_abs(),
        channel: event.channel.map(u32::from),
        contact: event.contact,
    }
}

fn awaiting(awaiting: &Awaiting) -> v1::Awaiting {
    v1::Awaiting {
        channel: awaiting.channel.to_string(),
        since_ms: awaiting.since.millis(),
        id: awaiting.id.to_string(),
    }
}

fn unclear(unclear: &Unclear) -> v1::UnclearMessage {
    v1::UnclearMessage {
        id: unclear.id.to_string(),
        heard_ms: unclear.heard.millis(),
        event_ms: unclear.at.millis(),
        scope: Some(scope(&unclear.scope)),
        doubt: unclear.doubt.to_string(),
        words: unclear.words.to_string(),
        resolved_ms: unclear.resolved.map(Instant::millis),
    }
}

fn erased_request(request: &ErasedRequest) -> v1::ErasedRequest {
    let ErasedRequest { mark, body, forgotten } = *request;
    v1::ErasedRequest { mark, body, forgotten_ms: forgotten.millis() }
}

fn taken_over(other: &TakenOver) -> v1::TakenOver {
    let TakenOver { id, incarnation, counter } = other;
    v1::TakenOver { id: id.to_string(), incarnation: *incarnation, counter: *counter }
}

fn request(request: &Request) -> v1::Request {
    v1::Request {
        id: request.id.to_string(),
        body: request.body,
        answered_ms: request.answered.millis(),
        contact: request.contact,
        chosen: request.chosen,
        answer: request.answer.as_ref().map(answer),
        expire_ms: request.hold_until.map(Instant::millis),
        reply_until_ms: request.reply_until.map(Instant::millis),
        late: request.late,
        contact_body: request.contact_body,
        last_use_ms: request.last_use.map(Instant::millis),
    }
}

fn answer(answer: &Answer) -> v1::Answer {
    let remaining = answer.remaining.iter();
    v1::Answer {
        deny: answer.effect == Effect::Deny,
        reasons: answer.reasons.iter().map(stated).collect(),
        shadow: answer.shadow.iter().map(stated).collect(),
        next_allowed_ms: answer.next_allowed_time.map(Instant::millis),
        valid_until_ms: answer.valid_until.map(Instant::millis),
        remaining: remaining
            .map(|it| v1::Remaining { rule: it.rule.to_string(), units: it.units })
            .collect(),
        policy_revision: answer.policy_revision,
        tzdb_version: answer.tzdb_version.to_string(),
    }
}

fn stated(stated: &Stated) -> v1::Reason {
    v1::Reason {
        code: i32::from(number::of_code(stated.code)).unsigned_abs(),
        rule: optional(stated.rule.as_ref()),
        cause: stated.cause.to_string(),
        until_ms: stated.until.map(Instant::millis),
        message: stated.message.as_deref().map(str::to_owned),
    }
}

fn consent_event(event: &ConsentEvent) -> v1::ConsentEvent {
    v1::ConsentEvent {
        heard_ms: event.heard.millis(),
        kind: position(&ConsentKind::ALL, &event.kind),
        scope: Some(scope(&event.scope)),
        event_ms: event.at.millis(),
        until_ms: event.until.map(Instant::millis),
        source: optional(event.source.as_ref()),
        evidence: event.evidence.as_deref().map(str::to_owned),
        ground: optional(event.ground.other()),
    }
}

/// The position of a value in the short list of all of its sort.
pub(super) fn position<T: PartialEq>(all: &[T], value: &T) -> u32 {
    let position = all.iter().position(|other| other == value).unwrap_or_default();
    u32::try_from(position).unwrap_or_default()
}

fn names(names: &[Name]) -> Vec<String> {
    names.iter().map(Name::to_string).collect()
}

fn optional(name: Option<&Name>) -> Option<String> {
    name.map(Name::to_string)
}

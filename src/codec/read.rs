//! Messages become records, if nothing in them breaks a bound.

use super::Unreadable;
use super::contacts;
use super::marketing;
use super::number;
use crate::model::Answer;
use crate::model::Day;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Profile;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::Weekdays;
use crate::model::answer::Stated;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::decision::Effect;
use crate::model::decision::Remaining;
use crate::model::history::Entry;
use crate::model::history::Event;
use crate::model::history::History;
use crate::model::history::Parts;
use crate::model::history::State;
use crate::model::label::labels_of;
use crate::model::profile::Known;
use crate::model::profile::facts;
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
use crate::model::wish::MonthDay;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::model::wish::Suppression;
use crate::proto::store::v1;

type Result<T> = std::result::Result<T, Unreadable>;

pub(super) fn record(message: v1::Record) -> Result<Record> {
    Ok(Record {
        profile: message.profile.map(profile).transpose()?.unwrap_or_default(),
        opt_outs: marketing::joined_opt_outs(
            each(message.opt_outs, opt_out)?,
            each(message.marketing_opt_outs, opt_out)?,
        ),
        opt_ins: marketing::joined_opt_ins(
            each(message.opt_ins, opt_in)?,
            each(message.marketing_opt_ins, opt_in)?,
        ),
        retractions: each(message.retractions, retraction)?,
        consents: consents(message.consents, message.grounded_consents)?,
        suppressions: each(message.suppressions, suppression)?,
        cadence: each(message.cadence, cadence)?,
        quiet: each(message.quiet, quiet)?,
        history: message.history.map(history).transpose()?.unwrap_or_default(),
        requests: each(message.requests, request)?,
        consent_events: each(message.consent_events, consent_event)?,
        unclear: each(message.unclear_messages, unclear)?,
        awaiting: each(message.awaiting, awaiting)?,
        erased: message.erased_ms.map(Instant::from_millis),
        erased_requests: message.erased_requests.into_iter().map(erased_request).collect(),
        taken_over: message.taken_over.into_iter().map(taken_over).collect(),
    })
}

pub(super) fn record_for_decision(message: v1::RecordForDecision) -> Result<Record> {
    record(v1::Record {
        format: message.format,
        profile: message.profile,
        opt_outs: message.opt_outs,
        consents: message.consents,
        suppressions: message.suppressions,
        cadence: message.cadence,
        quiet: message.quiet,
        history: message.history,
        erased_ms: message.erased_ms,
        marketing_opt_outs: message.marketing_opt_outs,
        grounded_consents: message.grounded_consents,
        ..v1::Record::default()
    })
}

fn profile(message: v1::Profile) -> Result<Profile> {
    Ok(facts!(Profile { known(message)? }))
}

fn known<T: Known>(texts: T::Texts) -> Result<T> {
    T::of(texts).map_err(Unreadable::Field)
}

fn scope(message: Option<v1::Scope>) -> Result<Scope> {
    let message = message.ok_or(Unreadable::Field("scope"))?;
    Ok(parts!(Scope { optional(message)?, marketing: message.marketing }))
}

fn opt_out(message: v1::OptOut) -> Result<OptOut> {
    Ok(OptOut {
        scope: scope(message.scope)?,
        at: message.event_ms.map(Instant::from_millis),
        until: message.until_ms.map(Instant::from_millis),
        source: optional(message.source)?,
        stop: message.stop.map(stop).transpose()?,
    })
}

fn stop(message: v1::Stop) -> Result<Stop> {
    let except = message.except.into_iter().map(|it| scope(Some(it)));
    Ok(Stop {
        channel: name(&message.channel)?,
        width: if message.by_words { Width::Words } else { Width::Policy },
        except: except.collect::<Result<_>>()?,
    })
}

fn retraction(message: v1::OptIn) -> Result<Retraction> {
    let OptIn { scope, at } = opt_in(message)?;
    Ok(Retraction { scope, at })
}

fn opt_in(message: v1::OptIn) -> Result<OptIn> {
    Ok(OptIn { scope: scope(message.scope)?, at: Instant::from_millis(message.event_ms) })
}

/// Both lists in one, in the order in which a record keeps them.
fn consents(express: Vec<v1::Consent>, grounded: Vec<v1::Consent>) -> Result<Vec<Consent>> {
    let mut consents = each(express, consent)?;
    if !grounded.is_empty() {
        consents.extend(each(grounded, consent)?);
        consents.sort_by(|one, other| one.about().cmp(&other.about()));
    }
    Ok(consents)
}

fn consent(message: v1::Consent) -> Result<Consent> {
    let at = message.event_ms.map(Instant::from_millis);
    let ground = ground(message.ground)?;
    Ok(Consent { scope: scope(message.scope)?, at, confirmed: message.confirmed, ground })
}

fn ground(name: Option<String>) -> Result<Ground> {
    Ok(optional(name)?.map_or(Ground::EXPRESS, Ground::new))
}

fn suppression(message: v1::Suppression) -> Result<Suppression> {
    Ok(Suppression {
        scope: scope(message.scope)?,
        reason: optional(message.reason)?,
        at: message.event_ms.map(Instant::from_millis),
        until: message.until_ms.map(Instant::from_millis),
        source: optional(message.source)?,
    })
}

fn cadence(message: v1::Cadence) -> Result<Cadence> {
    let per = match message.per.ok_or(Unreadable::Field("per"))? {
        v1::cadence::Per::SlidingMs(millis) => Cycle::Sliding(Span::from_millis(millis)),
        v1::cadence::Per::Calendar(unit) => {
            let unit = i32::try_from(unit).ok().and_then(number::calendar_unit);
            Cycle::Calendar(unit.ok_or(Unreadable::Field("calendar"))?)
        }
    };
    Ok(Cadence {
        channel: optional(message.channel)?,
        purposes: names(&message.purposes)?,
        topics: names(&message.topics)?,
        limit: message.limit,
        per,
    })
}

fn quiet(message: v1::Quiet) -> Result<Quiet> {
    Ok(match message.time.ok_or(Unreadable::Field("time"))? {
        v1::quiet::Time::Days(days) => {
            Quiet::Days { first: Day::from_number(days.first), last: Day::from_number(days.last) }
        }
        v1::quiet::Time::Yearly(yearly) => Quiet::Yearly {
            date: MonthDay { month: small(yearly.month, "month")?, day: small(yearly.day, "day")? },
            around: small(yearly.around, "around")?,
        },
        v1::quiet::Time::Hours(hours) => {
            let days = hours.days.map_or(Some(Weekdays::ALL), Weekdays::from_bits);
            Quiet::Hours(QuietHours {
                from_secs: hours.from_secs,
                to_secs: hours.to_secs,
                days: days.ok_or(Unreadable::Field("days"))?,
                channels: names(&hours.channels)?,
            })
        }
    })
}

fn history(message: v1::History) -> Result<History> {
    let parts = Parts {
        channels: names(&message.channels)?,
        purposes: names(&message.purposes)?,
        labels: names(&message.labels)?,
        entries: match &message.contacts {
            Some(columns) => contacts::read(columns)?,
            None => each(message.entries, entry)?,
        },
        events: each(message.events, event)?,
        next_number: message.next_number,
    };
    Ok(History::from_parts(parts)?)
}

fn entry(message: v1::Entry) -> Result<Entry> {
    let label = |number: Option<u32>| number.map(|it| small(it, "label")).transpose();
    let occasions = message.occasions.into_iter().map(|it| small(it, "occasions"));
    let priority = message.priority.map(|it| small(it, "priority")).transpose()?;
    Ok(Entry {
        number: message.number,
        at: Instant::from_millis(message.at_ms),
        channel: small(message.channel, "channel")?,
        purpose: small(message.purpose, "purpose")?,
        labels: labels_of!(message).try_map(label)?,
        occasions: occasions.collect::<Result<_>>()?,
        priority: priority.unwrap_or(PRIORITY_DEFAULT),
        state: at_position(&State::ALL, message.state, "state")?,
        hold_until: message.hold_until_ms.map(Instant::from_millis),
        unanswered: false,
    })
}

fn event(message: v1::Event) -> Result<Event> {
    let kind = i32::try_from(message.kind).ok().and_then(number::event_kind);
    Ok(Event {
        at: Instant::from_millis(message.at_ms),
        kind: kind.ok_or(Unreadable::Field("kind"))?,
        channel: message.channel.map(|it| small(it, "channel")).transpose()?,
        contact: message.contact,
    })
}

fn awaiting(message: v1::Awaiting) -> Result<Awaiting> {
    let v1::Awaiting { channel, since_ms, id } = message;
    let since = Instant::from_millis(since_ms);
    Ok(Awaiting { channel: name(&channel)?, since, id: id.into() })
}

fn unclear(message: v1::UnclearMessage) -> Result<Unclear> {
    Ok(Unclear {
        id: message.id.into(),
        heard: Instant::from_millis(message.heard_ms),
        at: Instant::from_millis(message.event_ms),
        scope: scope(message.scope)?,
        doubt: name(&message.doubt)?,
        words: message.words.into(),
        resolved: message.resolved_ms.map(Instant::from_millis),
    })
}

fn erased_request(message: v1::ErasedRequest) -> ErasedRequest {
    let forgotten = Instant::from_millis(message.forgotten_ms);
    ErasedRequest { mark: message.mark, body: message.body, forgotten }
}

fn taken_over(message: v1::TakenOver) -> TakenOver {
    let v1::TakenOver { id, incarnation, counter } = message;
    TakenOver { id: id.into(), incarnation, counter }
}

fn request(message: v1::Request) -> Result<Request> {
    Ok(Request {
        id: message.id.into(),
        body: message.body,
        answered: Instant::from_millis(message.answered_ms),
        contact: message.contact,
        chosen: message.chosen,
        answer: message.answer.map(answer).transpose()?,
        hold_until: message.expire_ms.map(Instant::from_millis),
        reply_until: message.reply_until_ms.map(Instant::from_millis),
        late: message.late,
        contact_body: message.contact_body,
        last_use: message.last_use_ms.map(Instant::from_millis),
    })
}

fn answer(message: v1::Answer) -> Result<Answer> {
    let remaining =
        each(message.remaining, |it| Ok(Remaining { rule: name(&it.rule)?, units: it.units }))?;
    Ok(Answer {
        effect: if message.deny { Effect::Deny } else { Effect::Allow },
        reasons: each(message.reasons, stated)?,
        shadow: each(message.shadow, stated)?,
        next_allowed_time: message.next_allowed_ms.map(Instant::from_millis),
        valid_until: message.valid_until_ms.map(Instant::from_millis),
        remaining,
        policy_revision: message.policy_revision,
        tzdb_version: message.tzdb_version.into(),
    })
}

fn stated(message: v1::Reason) -> Result<Stated> {
    let code = i32::try_from(message.code).ok().and_then(number::code);
    Ok(Stated {
        code: code.ok_or(Unreadable::Field("code"))?,
        rule: optional(message.rule)?,
        cause: message.cause.into(),
        until: message.until_ms.map(Instant::from_millis),
        message: message.message.map(Into::into),
    })
}

fn consent_event(message: v1::ConsentEvent) -> Result<ConsentEvent> {
    Ok(ConsentEvent {
        heard: Instant::from_millis(message.heard_ms),
        kind: at_position(&ConsentKind::ALL, message.kind, "kind")?,
        ground: ground(message.ground)?,
        scope: scope(message.scope)?,
        at: Instant::from_millis(message.event_ms),
        until: message.until_ms.map(Instant::from_millis),
        source: optional(message.source)?,
        evidence: message.evidence.map(Into::into),
    })
}

fn each<M, T>(messages: Vec<M>, read: impl Fn(M) -> Result<T>) -> Result<Vec<T>> {
    messages.into_iter().map(read).collect()
}

pub(super) fn at_position<T: Copy>(all: &[T], position: u32, field: &'static str) -> Result<T> {
    let position = usize::try_from(position).ok();
    position.and_then(|it| all.get(it).copied()).ok_or(Unreadable::Field(field))
}

pub(super) fn small<T: TryFrom<u32>>(number: u32, field: &'static str) -> Result<T> {
    T::try_from(number).map_err(|_too_large| Unreadable::Field(field))
}

fn names(texts: &[String]) -> Result<Vec<Name>> {
    texts.iter().map(|text| name(text)).collect()
}

fn optional(text: Option<String>) -> Result<Option<Name>> {
    text.map(|text| name(&text)).transpose()
}

fn name(text: &str) -> Result<Name> {
    Name::new(text).map_err(|_error| Unreadable::Field("name"))
}

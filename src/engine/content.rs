//! Content rules: conditions on the content of a message and on its recipient.

use crate::engine::case::Case;
use crate::engine::status::Status;
use crate::expression::EvaluationError;
use crate::expression::Grain;
use crate::expression::LocalTime;
use crate::expression::Subject;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::Code;
use crate::policy::rules::Content;
use crate::zone::Zone;

const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MILLIS: i64 = 60 * MINUTE_MILLIS;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// A content rule at an instant. What cannot be evaluated denies.
pub(crate) fn content(
    case: &Case<'_>,
    content: &Content,
    clock: Option<&Zone>,
    at: Instant,
) -> Status {
    let denies = evaluate(case, content, clock, at).unwrap_or(true);
    let until = content.expression.grain().zip(clock).map(|(grain, clock)| {
        let wall_clock = clock.wall_clock(at);
        let grain_millis = match grain {
            Grain::Minute => MINUTE_MILLIS,
            Grain::Hour => HOUR_MILLIS,
            Grain::Day => DAY_MILLIS,
        };
        let rest = grain_millis - wall_clock.millis.rem_euclid(grain_millis);
        at.plus(Span::from_millis(rest)).min(wall_clock.steady_until)
    });
    if denies { Status::Denied(Code::ContentRule, until) } else { Status::Clear(until) }
}

/// Whether the rule's condition holds, or the reason why that is unknown.
pub(crate) fn evaluate(
    case: &Case<'_>,
    content: &Content,
    clock: Option<&Zone>,
    at: Instant,
) -> Result<bool, EvaluationError> {
    let contact = case.contact;
    let reads_jurisdictions = content.expression.reads_jurisdictions();
    let jurisdictions = if reads_jurisdictions { case.jurisdictions() } else { &[] };
    content.expression.evaluate(&Subject {
        channel: &contact.channel,
        purpose: &contact.purpose,
        labels: contact.labels.each().map(|it| it.as_deref().unwrap_or_default()),
        occasions: &contact.occasions,
        priority: i64::from(contact.priority),
        attributes: &contact.attributes,
        profile: &case.record.profile,
        jurisdictions,
        at: clock.map(|clock| local_time(clock, at)),
    })
}

fn local_time(clock: &Zone, at: Instant) -> LocalTime {
    let wall_clock = clock.wall_clock(at);
    let whole = |millis: i64| i8::try_from(millis).unwrap_or_default();
    LocalTime {
        date: wall_clock.day.date(),
        weekday: wall_clock.day.weekday(),
        hour: whole(wall_clock.millis / HOUR_MILLIS),
        minute: whole(wall_clock.millis / MINUTE_MILLIS % 60),
    }
}

//! Converts test documents to questions for the engine.

use std::collections::BTreeMap;

use super::Expectation;
use super::Stated;
use super::Test;
use crate::model::Contact;
use crate::model::Ground;
use crate::model::History;
use crate::model::Instant;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Weekdays;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::history::State;
use crate::model::history::TooManyNames;
use crate::model::wish::Cadence;
use crate::model::wish::Consent;
use crate::model::wish::Cycle;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::model::wish::Suppression;
use crate::policy::compile::Resolver;
use crate::policy::decode::At;
use crate::policy::decode::Either;
use crate::policy::decode::Text;
use crate::policy::decode::Whole;
use crate::policy::document;
use crate::policy::problem::Problems;
use crate::policy::rules::Pause;
use crate::policy::value::ConsentState;

pub(super) fn test(
    test: &document::Test,
    resolver: &Resolver<'_>,
    problems: &mut Problems,
) -> Test {
    let mut customers = BTreeMap::new();
    for (name, customer) in &test.customers {
        match record(customer) {
            Ok(record) => {
                customers.insert(name.value.clone(), record);
            }
            Err(error) => problems.error(name.position, error.to_string(), "use fewer names"),
        }
    }
    let pauses = test.pauses.iter().map(|pause| Pause {
        selector: resolver.selector(pause.r#for.as_deref()),
        from: pause.from,
        until: pause.until,
        reason: pause.reason.as_ref().map(Text::to_string).unwrap_or_default(),
    });
    Test {
        name: test.name.to_string(),
        customers,
        pauses: pauses.collect(),
        expectations: test.expect.iter().map(|it| expectation(it, test.now)).collect(),
    }
}

fn expectation(expected: &At<document::Expectation>, now: Instant) -> Expectation {
    let question = &expected.contact;
    let reasons = expected.reasons.as_ref();
    let rules = expected.rules.as_ref();
    let remaining = expected.remaining.iter().map(|(rule, units)| {
        let units = match units {
            Stated::Value(units) => Some(**units),
            Stated::Nothing | Stated::Unset => None,
        };
        (rule.value.clone(), units)
    });
    Expectation {
        line: expected.position.line,
        customer: question.customer.value.clone(),
        contact: Contact {
            labels: question.labels.each().map(|it| it.as_deref().cloned()),
            occasions: question.occasions.iter().map(|it| it.value.clone()).collect(),
            priority: priority(question.priority),
            attributes: question.attributes.texts(),
            ..Contact::new(question.channel.value.clone(), question.purpose.value.clone())
        },
        at: question.at.unwrap_or(now),
        effect: expected.effect,
        reasons: reasons.map(|reasons| reasons.iter().copied().collect()),
        rules: rules.map(|rules| rules.iter().map(|rule| rule.value.clone()).collect()),
        next_allowed_time: expected.next_allowed_time.clone(),
        valid_until: expected.valid_until.clone(),
        remaining: remaining.collect(),
    }
}

/// The customer's record.
pub(super) fn record(customer: &document::Customer) -> Result<Record, TooManyNames> {
    Ok(Record {
        profile: customer.profile(),
        opt_outs: customer.opt_outs.iter().map(opt_out).collect(),
        consents: customer.consents.iter().map(consent).collect(),
        suppressions: customer.suppressions.iter().map(suppression).collect(),
        cadence: customer.cadence.iter().map(cadence).collect(),
        quiet: customer.quiet.iter().filter_map(quiet).collect(),
        history: history(customer)?,
        ..Record::default()
    })
}

fn opt_out(opt_out: &document::OptOut) -> OptOut {
    let marketing = opt_out.marketing.unwrap_or_default();
    let scope = Scope { marketing, ..scope(&opt_out.scope) };
    OptOut { scope, at: None, until: opt_out.until, source: None, stop: None }
}

fn consent(consent: &document::Consent) -> Consent {
    Consent {
        scope: Scope {
            channel: consent.channel.as_deref().cloned(),
            purpose: consent.purpose.as_deref().cloned(),
            topic: consent.topic.clone(),
            brand: consent.brand.clone(),
            occasion: None,
            marketing: false,
        },
        at: consent.at,
        confirmed: consent.state != Some(ConsentState::Pending),
        ground: consent.ground.as_deref().cloned().map_or(Ground::EXPRESS, Ground::new),
    }
}

fn suppression(suppression: &document::Suppression) -> Suppression {
    Suppression {
        scope: scope(&suppression.scope),
        reason: suppression.reason.clone(),
        at: None,
        until: suppression.until,
        source: None,
    }
}

fn scope(scope: &document::Scope) -> Scope {
    Scope {
        channel: scope.channel.as_deref().cloned(),
        purpose: scope.purpose.as_deref().cloned(),
        topic: scope.topic.clone(),
        brand: scope.brand.clone(),
        occasion: scope.occasion.as_deref().cloned(),
        marketing: false,
    }
}

fn cadence(cadence: &document::Cadence) -> Cadence {
    Cadence {
        channel: cadence.channel.as_deref().cloned(),
        purposes: cadence.purposes.iter().map(|it| it.value.clone()).collect(),
        topics: cadence.topics.clone(),
        limit: *cadence.limit,
        per: match &cadence.per {
            Either::Short(span) => Cycle::Sliding(*span),
            Either::Long(own) => Cycle::Calendar(own.calendar),
        },
    }
}

fn quiet(quiet: &document::Quiet) -> Option<Quiet> {
    if let (Some(first), Some(last)) = (&quiet.from, &quiet.to) {
        return Some(Quiet::Days { first: **first, last: **last });
    }
    if let Some(date) = quiet.yearly {
        let around = quiet.around.map_or(0, |days| days.0);
        return Some(Quiet::Yearly { date, around });
    }
    let hours = quiet.hours.as_ref()?;
    let (from, to) = (u32::from(hours.from.0), u32::from(hours.to.0));
    let days = hours.days.iter().flat_map(|days| days.iter().map(|day| day.0));
    Some(Quiet::Hours(QuietHours {
        from_secs: from * 60,
        to_secs: to * 60,
        days: Weekdays::of(days),
        channels: hours.channels.iter().map(|it| it.value.clone()).collect(),
    }))
}

fn history(customer: &document::Customer) -> Result<History, TooManyNames> {
    let mut history = History::default();
    for past in &customer.contacts {
        let contact = Contact {
            labels: past.labels.each().map(|it| it.as_deref().cloned()),
            occasions: past.occasions.iter().map(|it| it.value.clone()).collect(),
            priority: priority(past.priority),
            ..Contact::new(past.channel.value.clone(), past.purpose.value.clone())
        };
        let state = past.state.unwrap_or(State::Sent);
        let number = history.add_contact(&contact, past.at, state)?;
        if past.unanswered == Some(true) {
            history.leave_unanswered(number);
        }
    }
    for event in &customer.events {
        history.add_event(event.r#type, event.at, event.channel.as_deref())?;
    }
    Ok(history)
}

/// Priorities end at 100, as the document's types say.
fn priority(priority: Option<Whole<0, 100>>) -> u8 {
    priority.and_then(|it| u8::try_from(*it).ok()).unwrap_or(PRIORITY_DEFAULT)
}

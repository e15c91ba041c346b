//! The report of a simulation, as a message.

use std::cmp::Reverse;

use crate::codec::number;
use crate::engine::Refusal;
use crate::proto::v1;
use crate::simulate::Cause;
use crate::simulate::Effect;
use crate::simulate::Tally;

/// The counts. The caller adds the facts about the policies.
#[must_use]
pub fn report(tally: &Tally) -> v1::SimulationReport {
    let mut causes: Vec<(&Cause, &Effect)> = tally.by_cause.iter().collect();
    causes.sort_by_key(|(_, it)| Reverse((it.newly_refused, it.newly_allowed, it.candidate)));
    let mut shadow: Vec<(&Refusal, &u64)> = tally.shadow.iter().collect();
    shadow.sort_by_key(|(_, contacts)| Reverse(**contacts));
    let channels = tally.by_channel.iter().map(|(channel, share)| v1::SimulatedChannel {
        channel: channel.to_string(),
        contacts: share.contacts,
        effect: Some(effect(&share.effect)),
    });
    let days = tally.by_day.iter().map(|(day, share)| v1::SimulatedDay {
        date: day.to_string(),
        contacts: share.contacts,
        effect: Some(effect(&share.effect)),
    });
    let worst = tally.worst().map(|(customer_id, newly_refused)| v1::AffectedCustomer {
        customer_id: customer_id.to_owned(),
        newly_refused,
    });
    v1::SimulationReport {
        customers_seen: tally.customers_seen,
        customers_simulated: tally.customers,
        customers_unreadable: tally.customers_unreadable,
        customers_affected: tally.customers_affected,
        contacts: tally.all.contacts,
        effect: Some(effect(&tally.all.effect)),
        causes: causes.into_iter().map(cause).collect(),
        channels: channels.collect(),
        days: days.collect(),
        most_affected: worst.collect(),
        shadow_rules: shadow.into_iter().map(shadow_rule).collect(),
        shadow_contacts: tally.shadow_contacts,
        ..Default::default()
    }
}

const fn effect(effect: &Effect) -> v1::SimulatedEffect {
    v1::SimulatedEffect {
        refused_now: effect.current,
        refused_then: effect.candidate,
        newly_refused: effect.newly_refused,
        newly_allowed: effect.newly_allowed,
    }
}

fn cause((cause, of): (&Cause, &Effect)) -> v1::SimulatedCause {
    let refusal = match cause {
        Cause::Refusal(refusal) => Some(refusal),
        Cause::Undeclared => None,
    };
    v1::SimulatedCause {
        code: refusal.map(|it| i32::from(number::of_code(it.code))),
        rule: refusal.and_then(|it| it.rule.as_ref()).map(ToString::to_string),
        effect: Some(effect(of)),
    }
}

fn shadow_rule((refusal, contacts): (&Refusal, &u64)) -> v1::ShadowRule {
    v1::ShadowRule {
        code: i32::from(number::of_code(refusal.code)),
        rule: refusal.rule.as_ref().map(ToString::to_string),
        contacts: *contacts,
    }
}

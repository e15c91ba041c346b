//! The stories of some customers, and the actions of operators, call by call.

mod cast;

use super::caller::Caller;
use super::caller::heard;
use super::make::Made;
use super::people::Person;
use super::policies;
use super::policies::Change;
use crate::cli::Error;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::Effect;
use crate::proto::v1::EngagementKind;
use crate::proto::v1::InboundMeaning;
use crate::rpc::convert::time::duration;
use crate::rpc::convert::time::timestamp;

pub(super) use self::cast::events;

/// The number of customers of the last campaign.
const PREVIEWED: usize = 400;

/// One event of a story.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Apply(Change),
    RollBack {
        author: &'static str,
        note: &'static str,
        /// The number of revisions to go back.
        by: u64,
    },
    Pause {
        name: &'static str,
        channel: &'static str,
        reason: &'static str,
        until: Instant,
    },
    Resume(&'static str),
    /// A customer wrote.
    Wrote {
        customer: String,
        channel: &'static str,
        text: &'static str,
    },
    /// A contact was asked for, made, and confirmed.
    Sent {
        customer: String,
        channel: &'static str,
        purpose: &'static str,
        campaign: Option<&'static str>,
        clicked: bool,
    },
    /// A contact was asked for that is to be made tomorrow.
    Booked(&'static str),
    Engaged(&'static str, &'static str, EngagementKind),
    /// A limit on e-mails a week.
    Fewer(&'static str, u32),
    OptedOut(&'static str, v1::Scope, &'static str),
    Suppressed(&'static str, Instant),
}

/// Lets it happen.
pub(super) async fn happen(
    caller: &mut Caller,
    event: Event,
    made: &mut Made,
) -> Result<(), Error> {
    match event {
        Event::Apply(change) => {
            made.revision = policies::apply(caller, change, made.revision).await?;
        }
        Event::RollBack { author, note, by } => {
            let request = v1::RollbackPolicyRequest {
                revision: Some(made.revision.saturating_sub(by)),
                expected_revision: Some(made.revision),
                author: Some(author.to_owned()),
                note: Some(note.to_owned()),
                ..Default::default()
            };
            heard(caller.policies().rollback_policy(request).await)?;
            made.revision = made.revision.saturating_add(1);
        }
        Event::Pause { .. } | Event::Resume(_) => pause(caller, event).await?,
        Event::Wrote { customer, channel, text } => {
            made.messages = made.messages.saturating_add(1);
            let wish = wrote(caller, customer, channel, text).await?;
            made.wishes = made.wishes.saturating_add(u64::from(wish));
        }
        Event::Sent { .. } => {
            made.contacts = made.contacts.saturating_add(1);
            sent(caller, event).await?;
        }
        Event::Booked(customer) => booked(caller, customer).await?,
        Event::Engaged(customer, channel, kind) => engaged(caller, customer, channel, kind).await?,
        Event::Fewer(..) | Event::OptedOut(..) => {
            made.wishes = made.wishes.saturating_add(1);
            wished(caller, event).await?;
        }
        Event::Suppressed(customer, until) => suppressed(caller, customer, until).await?,
    }
    Ok(())
}

async fn pause(caller: &Caller, event: Event) -> Result<(), Error> {
    let author = Some("edsger".to_owned());
    if let Event::Resume(name) = event {
        let names = vec![name.to_owned()];
        let request = v1::ResumeContactsRequest { names, author, ..Default::default() };
        return heard(caller.policies().resume_contacts(request).await).map(drop);
    }
    let Event::Pause { name, channel, reason, until } = event else { return Ok(()) };
    let channels = vec![channel.to_owned()];
    let request = v1::PauseContactsRequest {
        name: name.to_owned(),
        selector: Some(v1::ContactSelector { channels, ..Default::default() }),
        reason: reason.to_owned(),
        end_time: Some(timestamp(until)),
        author,
        ..Default::default()
    };
    heard(caller.policies().pause_contacts(request).await).map(drop)
}

/// Lets a customer write, and returns whether that was a wish which is now on record.
async fn wrote(
    caller: &mut Caller,
    customer_id: String,
    channel: &str,
    text: &str,
) -> Result<bool, Error> {
    let request = v1::HandleInboundMessageRequest {
        customer_id,
        channel: channel.to_owned(),
        text: text.to_owned(),
        request_id: caller.request_id(),
        ..Default::default()
    };
    let answer = heard(caller.customers().handle_inbound_message(request).await)?;
    Ok(matches!(answer.meaning(), InboundMeaning::Stop | InboundMeaning::Preference))
}

/// Asks, sends and confirms, as a sender does. If the contact is refused, for example in a quiet
/// season of the shop, it was sent all the same by a sender that did not ask.
async fn sent(caller: &mut Caller, event: Event) -> Result<(), Error> {
    let Event::Sent { customer, channel, purpose, campaign, clicked } = event else {
        return Ok(());
    };
    let contact = v1::Contact {
        customer_id: customer.clone(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        campaign: campaign.map(str::to_owned),
        brand: Some("northwind".to_owned()),
        ..Default::default()
    };
    let request_id = caller.request_id();
    let request = v1::ReserveContactRequest {
        contact: Some(contact.clone()),
        request_id: request_id.clone(),
        hold: Some(duration(Span::from_hours(1))),
        ..Default::default()
    };
    let reserved = heard(caller.contacts().reserve_contact(request).await)?;
    let mut made = request_id.clone();
    if reserved.decision.is_some_and(|it| it.effect() == Effect::Allow) {
        let customer_id = customer.clone();
        let request = v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() };
        heard(caller.contacts().confirm_contact(request).await)?;
    } else {
        made = caller.request_id();
        let request = v1::RecordContactRequest {
            contact: Some(contact),
            request_id: made.clone(),
            ..Default::default()
        };
        heard(caller.contacts().record_contact(request).await)?;
    }
    if clicked {
        let request = v1::RecordEngagementRequest {
            customer_id: customer,
            kind: EngagementKind::Clicked.into(),
            contact_request_id: Some(made),
            request_id: caller.request_id(),
            ..Default::default()
        };
        heard(caller.contacts().record_engagement(request).await)?;
    }
    Ok(())
}

async fn booked(caller: &mut Caller, customer: &str) -> Result<(), Error> {
    let tomorrow = caller.now().plus(Span::from_hours(20));
    let request = v1::ReserveContactRequest {
        contact: Some(v1::Contact {
            customer_id: customer.to_owned(),
            channel: "email".to_owned(),
            purpose: "marketing".to_owned(),
            topic: Some("newsletter".to_owned()),
            campaign: Some("spring-digest".to_owned()),
            priority: Some(60),
            contact_time: Some(timestamp(tomorrow)),
            ..Default::default()
        }),
        request_id: caller.request_id(),
        hold: Some(duration(Span::from_days(2))),
        ..Default::default()
    };
    heard(caller.contacts().reserve_contact(request).await).map(drop)
}

async fn engaged(
    caller: &mut Caller,
    customer: &str,
    channel: &str,
    kind: EngagementKind,
) -> Result<(), Error> {
    let request = v1::RecordEngagementRequest {
        customer_id: customer.to_owned(),
        kind: kind.into(),
        channel: Some(channel.to_owned()),
        request_id: caller.request_id(),
        ..Default::default()
    };
    heard(caller.contacts().record_engagement(request).await).map(drop)
}

async fn wished(caller: &Caller, event: Event) -> Result<(), Error> {
    match event {
        Event::Fewer(customer, limit) => {
            let cadence = v1::Cadence {
                channel: Some("email".to_owned()),
                limit: Some(limit),
                window: Some(v1::cadence::Window::Sliding(duration(Span::from_days(7)))),
                purposes: vec!["marketing".to_owned()],
                ..Default::default()
            };
            let customer = v1::Customer {
                customer_id: customer.to_owned(),
                cadence: vec![cadence],
                ..Default::default()
            };
            let request =
                v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
            heard(caller.customers().update_customer(request).await).map(drop)
        }
        Event::OptedOut(customer, scope, evidence) => {
            let request = v1::OptOutRequest {
                customer_id: customer.to_owned(),
                scope: Some(scope),
                source: Some("support-desk".to_owned()),
                evidence: Some(evidence.to_owned()),
                ..Default::default()
            };
            heard(caller.customers().opt_out(request).await).map(drop)
        }
        Event::Apply(_)
        | Event::RollBack { .. }
        | Event::Pause { .. }
        | Event::Resume(_)
        | Event::Wrote { .. }
        | Event::Sent { .. }
        | Event::Booked(_)
        | Event::Suppressed(..)
        | Event::Engaged(..) => Ok(()),
    }
}

async fn suppressed(caller: &Caller, customer: &str, until: Instant) -> Result<(), Error> {
    let scope = v1::Scope { purpose: Some("marketing".to_owned()), ..Default::default() };
    let request = v1::SuppressCustomerRequest {
        customer_id: customer.to_owned(),
        scope: Some(scope),
        reason_code: Some("open_case".to_owned()),
        until_time: Some(timestamp(until)),
        source: Some("support-desk".to_owned()),
        ..Default::default()
    };
    heard(caller.customers().suppress_customer(request).await).map(drop)
}

/// The campaign of this hour: all customers are asked about, and the first of those who may be
/// contacted are contacted. The others wait.
pub(super) async fn winter_preview(caller: &mut Caller, people: &[Person]) -> Result<(), Error> {
    let others = people.iter().filter(|person| !person.is_named).take(PREVIEWED);
    let mut reservations = Vec::new();
    for person in others {
        reservations.push(v1::BatchReservation {
            contact: Some(v1::Contact {
                customer_id: person.id.clone(),
                channel: "email".to_owned(),
                purpose: "marketing".to_owned(),
                topic: Some("offers".to_owned()),
                campaign: Some("winter-preview".to_owned()),
                brand: Some("northwind".to_owned()),
                ..Default::default()
            }),
            request_id: format!("winter-preview-{}", person.id),
            hold: Some(duration(Span::from_hours(2))),
        });
    }
    let asked: Vec<(String, String)> = reservations
        .iter()
        .map(|it| {
            let customer = it.contact.as_ref().map(|contact| contact.customer_id.clone());
            (customer.unwrap_or_default(), it.request_id.clone())
        })
        .collect();
    let request = v1::BatchReserveContactsRequest { reservations, tenant: None };
    let answer = heard(caller.contacts().batch_reserve_contacts(request).await)?;
    let is_allowed = |it: &v1::BatchReserveResult| match &it.result {
        Some(v1::batch_reserve_result::Result::Reservation(it)) => {
            it.decision.as_ref().is_some_and(|it| it.effect() == Effect::Allow)
        }
        Some(v1::batch_reserve_result::Result::Error(_)) | None => false,
    };
    let allowed = asked.into_iter().zip(&answer.results).filter(|(_, it)| is_allowed(it));
    let confirmations: Vec<_> = allowed
        .take(PREVIEWED / 4)
        .map(|((customer_id, request_id), _)| v1::BatchConfirmation {
            customer_id,
            request_id,
            ..Default::default()
        })
        .collect();
    if confirmations.is_empty() {
        return Ok(());
    }
    let request = v1::BatchConfirmContactsRequest { confirmations, tenant: None };
    heard(caller.contacts().batch_confirm_contacts(request).await).map(drop)
}

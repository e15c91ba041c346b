//! The contacts and events that count against a contact, on a line of time.

use std::collections::BTreeMap;

use maud::Markup;
use maud::html;
use tonic::Status;

use super::Look;
use crate::console::draw;
use crate::console::draw::Dot;
use crate::console::draw::Lane;
use crate::console::draw::Timeline;
use crate::console::draw::Window;
use crate::console::when::instant;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::ContactState;

/// The most contacts that are asked for.
const CONTACTS_MAX: u32 = 1_000;
/// The time before now that the line covers if nothing counts for longer.
const BACK: Span = Span::from_days(14);
/// The longest time before now that it covers.
const BACK_MAX: Span = Span::from_days(92);
/// The time after now that it covers.
const AHEAD: Span = Span::from_days(1);

/// A rule or a wish that counts contacts.
struct Counter {
    /// The rule, or the wish in words.
    name: String,
    contacts: Vec<Counted>,
}

/// A contact that counts.
struct Counted {
    at: Instant,
    channel: String,
    ages_out: Option<Instant>,
}

/// A contact on record that was made, or will be.
struct Made {
    at: Instant,
    channel: String,
    says: String,
    counts_for: String,
    ages_out: Option<Instant>,
}

/// The contacts, and those that count against the one that is asked about.
pub(super) async fn timeline(look: &Look<'_>, evidence: &[v1::Evidence]) -> Result<Markup, Status> {
    let counters = counters(evidence);
    let contacts = made(look, &counters).await?;
    let windows: Vec<(String, Instant)> = counters.iter().map(|it| window(it, look)).collect();
    let now = look.visit.now;
    let earliest = windows.iter().map(|(_, from)| *from).min();
    let usual = now.minus(BACK);
    let from = earliest.map_or(usual, |it| it.min(usual));
    let from = from.max(now.minus(BACK_MAX));

    let mut lanes: BTreeMap<&str, Vec<Dot<'_>>> = BTreeMap::new();
    for it in contacts.iter().filter(|it| it.at >= from) {
        lanes.entry(&it.channel).or_default().push(Dot {
            at: it.at,
            label: &it.says,
            counts_for: &it.counts_for,
            ages_out: it.ages_out,
        });
    }
    let lanes: Vec<Lane<'_>> =
        lanes.iter().map(|(label, contacts)| Lane { label, contacts }).collect();
    let windows: Vec<Window<'_>> =
        windows.iter().map(|(label, from)| Window { label, from: *from, to: now }).collect();
    Ok(html! {
        h2 id="evidence" { "What stands against it" }
        (draw::timeline(&Timeline {
            id: "timeline",
            title: "Contacts, and what counts them",
            zone: look.clock.zone(),
            from,
            to: now.plus(AHEAD),
            now,
            lanes: &lanes,
            windows: &windows,
        }))
    })
}

fn counters(evidence: &[v1::Evidence]) -> Vec<Counter> {
    let mut counters: Vec<Counter> = Vec::new();
    for it in evidence {
        let name = it.rule.clone().unwrap_or_else(|| it.cause.clone());
        let Some(at) = it.contact_time.as_ref().map(instant) else { continue };
        let counted = Counted {
            at,
            channel: it.channel.clone(),
            ages_out: it.age_out_time.as_ref().map(instant),
        };
        match counters.iter_mut().find(|it| it.name == name) {
            Some(counter) => counter.contacts.push(counted),
            None => counters.push(Counter { name, contacts: vec![counted] }),
        }
    }
    counters
}

/// The window of a counter: as long as a contact counts, up to now.
fn window(counter: &Counter, look: &Look<'_>) -> (String, Instant) {
    let now = look.visit.now;
    let lengths = counter
        .contacts
        .iter()
        .filter_map(|it| it.ages_out.map(|out| out.millis().saturating_sub(it.at.millis())));
    let length = lengths.max().map_or(BACK, Span::from_millis);
    (format!("{}: {}", counter.name, counter.contacts.len()), now.minus(length))
}

/// The contacts on record, with what each counts for.
async fn made(look: &Look<'_>, counters: &[Counter]) -> Result<Vec<Made>, Status> {
    if !look.visit.may("CustomerService/ListContacts") {
        return Ok(Vec::new());
    }
    let request = v1::ListContactsRequest {
        customer_id: look.customer.customer_id.clone(),
        page_size: Some(CONTACTS_MAX),
        tenant: look.visit.of_tenant(),
        ..Default::default()
    };
    let listed = look.visit.api.customers().list_contacts(request).await?.into_inner();
    let stands = |it: &&v1::RecordedContact| match it.state() {
        ContactState::Reserved | ContactState::Sent | ContactState::Bounced => true,
        ContactState::Unspecified | ContactState::Released | ContactState::Expired => false,
    };
    Ok(listed.contacts.iter().filter(stands).filter_map(|it| joined(it, counters)).collect())
}

fn joined(contact: &v1::RecordedContact, counters: &[Counter]) -> Option<Made> {
    let at = contact.contact_time.as_ref().map(instant)?;
    let mut counts_for = Vec::new();
    let mut ages_out = None;
    for counter in counters {
        let counted =
            counter.contacts.iter().find(|it| it.at == at && it.channel == contact.channel);
        if let Some(counted) = counted {
            counts_for.push(&*counter.name);
            ages_out = ages_out.max(counted.ages_out);
        }
    }
    let parts = [Some(&contact.purpose), contact.campaign.as_ref()];
    let says: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    Some(Made {
        at,
        channel: contact.channel.clone(),
        says: says.join(", "),
        counts_for: counts_for.join(", "),
        ages_out,
    })
}

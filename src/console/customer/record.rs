//! The record: wishes with their proofs, suppressions, and contacts.

use maud::Markup;
use maud::html;
use tonic::Status;

use super::Look;
use crate::console::table::table;
use crate::console::when::instant;
use crate::console::when::length;
use crate::proto::v1;
use crate::proto::v1::ConsentKind;
use crate::proto::v1::ContactState;

/// The number of contacts on a page.
const PAGE: u32 = 50;
/// The number of consent events that are shown.
const EVENTS: u32 = 100;

/// Wishes and suppressions.
pub(super) async fn wishes(look: &Look<'_>) -> Result<Markup, Status> {
    Ok(html! {
        h2 id="wishes" { "Wishes" }
        (in_force(look))
        (events(look).await?)
        h2 id="suppressions" { "Suppressions" }
        (suppressions(look))
    })
}

/// The customer's wishes in force.
fn in_force(look: &Look<'_>) -> Markup {
    let (customer, clock) = (look.customer, &look.clock);
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    for it in &customer.opt_outs {
        rows.push(vec![
            html! { span class="deny" { "no " (scope(it.scope.as_ref())) } },
            clock.optional(it.event_time.as_ref()),
            clock.optional(it.until_time.as_ref()),
            html! { (it.source.as_deref().unwrap_or("–")) },
        ]);
    }
    for it in &customer.consents {
        let on = [Some(&*it.channel), it.purpose.as_deref(), it.topic.as_deref()];
        let on: Vec<&str> = on.into_iter().flatten().collect();
        let class = if it.confirmed { "allow" } else { "soft" };
        rows.push(vec![
            html! {
                span class=(class) {
                    "yes to " (on.join(", ")) @if !it.confirmed { " (not confirmed)" }
                }
            },
            clock.optional(it.event_time.as_ref()),
            html! { "–" },
            html! { (it.ground) },
        ]);
    }
    rows.extend(customer.cadence.iter().map(|it| plain(html! { (cadence(it)) })));
    rows.extend(customer.quiet_times.iter().map(|it| plain(html! { (quiet(it)) })));
    let heads = ["Wish", "Said", "Until", "Source"];
    table("Wishes", &heads, &rows, "No wish is on record.")
}

fn plain(what: Markup) -> Vec<Markup> {
    let none = || html! { "–" };
    vec![what, none(), none(), none()]
}

fn cadence(it: &v1::Cadence) -> String {
    let window = match &it.window {
        Some(v1::cadence::Window::Sliding(it)) => length(it.seconds.saturating_mul(1_000)),
        Some(v1::cadence::Window::Calendar(unit)) => {
            let unit = v1::CalendarUnit::try_from(*unit).unwrap_or_default();
            let name = unit.word();
            format!("a {}", name.to_lowercase())
        }
        None => "any time".to_owned(),
    };
    let what = [it.channel.clone().into_iter().collect(), it.purposes.clone(), it.topics.clone()];
    let what: Vec<String> = what.concat();
    let of = if what.is_empty() { "all contacts".to_owned() } else { what.join(", ") };
    match it.limit {
        Some(limit) => format!("at most {limit} of {of} in {window}"),
        None => format!("no limit of {of} in {window}"),
    }
}

fn quiet(it: &v1::QuietTime) -> String {
    match &it.time {
        Some(v1::quiet_time::Time::Days(it)) => {
            format!("nothing from {} to {}", it.first_date, it.last_date)
        }
        Some(v1::quiet_time::Time::Yearly(it)) => match it.days_around {
            Some(days) => format!("nothing {days} days around {} of each year", it.date),
            None => format!("nothing on {} of each year", it.date),
        },
        Some(v1::quiet_time::Time::Hours(it)) => {
            let lists = [&it.days, &it.channels].into_iter().filter(|it| !it.is_empty());
            let on: String = lists.map(|it| format!(", {}", it.join(" "))).collect();
            format!("nothing from {} to {}{on}", it.from, it.to)
        }
        None => String::new(),
    }
}

/// A scope in words.
pub(super) fn scope(scope: Option<&v1::Scope>) -> String {
    let Some(it) = scope else { return "contact at all".to_owned() };
    let mut parts: Vec<String> =
        [&it.channel, &it.purpose].into_iter().flatten().cloned().collect();
    parts.extend(it.marketing.unwrap_or_default().then(|| "marketing".to_owned()));
    parts.extend(it.topic.as_ref().map(|it| format!("topic {it}")));
    parts.extend(it.brand.as_ref().map(|it| format!("brand {it}")));
    parts.extend(it.occasion.as_ref().map(|it| format!("occasion {it}")));
    if parts.is_empty() { "contact at all".to_owned() } else { parts.join(", ") }
}

/// The customer's statements, with their times and proofs.
async fn events(look: &Look<'_>) -> Result<Markup, Status> {
    if !look.visit.may("CustomerService/ListConsentEvents") {
        return Ok(html! {});
    }
    let request = v1::ListConsentEventsRequest {
        customer_id: look.customer.customer_id.clone(),
        page_size: Some(EVENTS),
        tenant: look.visit.of_tenant(),
        ..Default::default()
    };
    let listed = look.visit.api.customers().list_consent_events(request).await?.into_inner();
    let clock = &look.clock;
    let rows: Vec<Vec<Markup>> = listed
        .consent_events
        .iter()
        .map(|it| {
            let (class, kind) = match it.kind() {
                ConsentKind::OptOut => ("deny", "opted out"),
                ConsentKind::OptIn => ("allow", "opted in"),
                ConsentKind::PendingOptIn => ("soft", "opted in, not confirmed"),
                ConsentKind::Unclear => ("deny", "wrote what is unclear"),
                ConsentKind::Unspecified => ("soft", "–"),
            };
            vec![
                html! { span class=(class) { (kind) } },
                html! { (scope(it.scope.as_ref())) },
                clock.optional(it.event_time.as_ref()),
                clock.optional(it.hear_time.as_ref()),
                html! { (it.source.as_deref().unwrap_or("–")) },
                html! { (it.evidence.as_deref().unwrap_or("–")) },
            ]
        })
        .collect();
    let heads = ["What", "About", "Said", "Heard", "Source", "Evidence"];
    Ok(html! {
        details open[!rows.is_empty() && rows.len() <= 10] {
            summary { "What the customer said, and what proves it (" (rows.len()) ")" }
            (table("What the customer said", &heads, &rows, "The customer has said nothing yet."))
        }
    })
}

fn suppressions(look: &Look<'_>) -> Markup {
    let clock = &look.clock;
    let may = look.visit.may("CustomerService/UnsuppressCustomer");
    let rows: Vec<Vec<Markup>> = look
        .customer
        .suppressions
        .iter()
        .map(|it| {
            let reason = it.reason_code.as_deref().unwrap_or("–");
            vec![
                html! { span class="deny" { "no " (scope(it.scope.as_ref())) } },
                html! { (reason) },
                clock.optional(it.set_time.as_ref()),
                clock.optional(it.until_time.as_ref()),
                html! { (it.source.as_deref().unwrap_or("–")) },
                html! { @if may { (super::act::lift(look, it)) } },
            ]
        })
        .collect();
    let heads = ["What", "Reason", "Set", "Until", "Source", ""];
    table("Suppressions", &heads, &rows, "Nothing is suppressed.")
}

/// A page of contacts, the newest first.
pub(super) async fn contacts(look: &Look<'_>, page: &str) -> Result<Markup, Status> {
    if !look.visit.may("CustomerService/ListContacts") {
        return Ok(html! {});
    }
    let request = v1::ListContactsRequest {
        customer_id: look.customer.customer_id.clone(),
        page_size: Some(PAGE),
        page_token: Some(page.to_owned()).filter(|it| !it.is_empty()),
        tenant: look.visit.of_tenant(),
    };
    let listed = look.visit.api.customers().list_contacts(request).await?.into_inner();
    let rows: Vec<Vec<Markup>> = listed.contacts.iter().map(|it| contact(look, it)).collect();
    let heads = ["When", "State", "Channel", "Purpose", "Campaign", "Topic", "Brand"];
    Ok(html! {
        h2 id="contacts" { "Contacts" }
        (table("Contacts", &heads, &rows, "No contact is on record."))
        @if !listed.next_page_token.is_empty() {
            p { a href={ "?page=" (listed.next_page_token) "#contacts" } { "Older contacts" } }
        }
    })
}

fn contact(look: &Look<'_>, it: &v1::RecordedContact) -> Vec<Markup> {
    let state = match it.state() {
        ContactState::Reserved => "reserved",
        ContactState::Sent => "sent",
        ContactState::Released => "released",
        ContactState::Expired => "expired",
        ContactState::Bounced => "bounced",
        ContactState::Unspecified => "–",
    };
    let text = |it: &Option<String>| html! { (it.as_deref().unwrap_or("–")) };
    vec![
        look.clock.optional(it.contact_time.as_ref()),
        html! { (state) @if it.unanswered { span class="soft" { ", unanswered" } } },
        html! { (it.channel) },
        html! { (it.purpose) },
        text(&it.campaign),
        text(&it.topic),
        text(&it.brand),
    ]
}

/// Whether a time is over.
pub(super) fn is_past(look: &Look<'_>, at: Option<&prost_types::Timestamp>) -> bool {
    at.is_some_and(|at| instant(at) <= look.visit.now)
}

//! What stands against a contact, and when it may be made.

use maud::Markup;
use maud::html;
use tonic::Status;

use super::Look;
use crate::console::table::table;
use crate::proto::v1;

/// The contacts that count against the one that is asked about.
pub(super) async fn timeline(
    look: &Look<'_>,
    evidence: &[v1::Evidence],
) -> Result<Markup, Status> {
    if evidence.is_empty() {
        return Ok(html! {});
    }
    let rows: Vec<Vec<Markup>> = evidence
        .iter()
        .map(|it| {
            vec![
                look.clock.optional(it.contact_time.as_ref()),
                html! { (it.channel) },
                html! { (it.purpose) },
                html! { (it.rule.as_deref().unwrap_or("the customer’s wish")) },
                html! { (it.cause) },
                look.clock.optional(it.age_out_time.as_ref()),
            ]
        })
        .collect();
    let heads = ["Made", "Channel", "Purpose", "Counts for", "Cause", "Ages out"];
    Ok(html! {
        h2 id="evidence" { "What stands against it" }
        (table("Contacts that count", &heads, &rows, ""))
    })
}

/// When each channel is allowed.
pub(super) async fn ribbon(_look: &Look<'_>) -> Result<Markup, Status> {
    Ok(html! {})
}

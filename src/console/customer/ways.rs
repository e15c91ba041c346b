//! Every channel and purpose at once.

use maud::Markup;
use maud::html;
use tonic::Status;

use super::Look;
use crate::console::table::table;
use crate::console::when::instant;
use crate::proto::v1;
use crate::proto::v1::batch_check_result::Result as Checked;

/// The most that one batch asks.
const BATCH_MAX: usize = 1_000;

/// The table of all ways.
pub(super) async fn section(look: &Look<'_>) -> Result<Markup, Status> {
    let (channels, purposes) = (&look.declared.channels, &look.declared.purposes);
    let pairs = channels.iter().flat_map(|c| purposes.iter().map(move |p| (c, p)));
    let contacts: Vec<v1::Contact> =
        pairs.take(BATCH_MAX).map(|(c, p)| look.contact(&c.name, &p.name)).collect();
    if contacts.is_empty() {
        return Ok(html! {});
    }
    let request = v1::BatchCheckContactsRequest {
        contacts,
        detail: v1::DetailLevel::Brief.into(),
        tenant: look.visit.of_tenant(),
    };
    let answered = look.visit.api.contacts().batch_check_contacts(request).await?.into_inner();
    let mut results = answered.results.iter();
    let mut rows = Vec::new();
    for channel in channels {
        let mut row = vec![html! { strong { (channel.name) } }];
        row.extend(results.by_ref().take(purposes.len()).zip(purposes).map(|(it, purpose)| {
            let asks = format!("?channel={}&purpose={}#answer", channel.name, purpose.name);
            html! { a class="cell" href=(asks) { (cell(look, it)) } }
        }));
        rows.push(row);
    }
    let heads = ["Channel"].into_iter().chain(purposes.iter().map(|it| &*it.name));
    let heads: Vec<&str> = heads.collect();
    Ok(html! {
        h2 { "The other ways, now" }
        (table("Every channel and purpose", &heads, &rows, ""))
    })
}

fn cell(look: &Look<'_>, result: &v1::BatchCheckResult) -> Markup {
    match &result.result {
        Some(Checked::Decision(it)) if it.effect() == v1::Effect::Allow => {
            html! { span class="allow" { "allowed" } }
        }
        Some(Checked::Decision(it)) => {
            let names: Vec<&str> = it.reasons.iter().map(|it| it.code().word()).collect();
            html! {
                span class="deny" title=(names.join(", ")) {
                    @match &it.next_allowed_time {
                        Some(next) => { "refused · " (look.clock.text(instant(next))) },
                        None => "refused · until a person acts",
                    }
                }
            }
        }
        Some(Checked::Error(it)) => html! { span class="soft" { (it.message) } },
        None => html! { "–" },
    }
}

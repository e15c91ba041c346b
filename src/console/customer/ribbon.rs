//! The times at which a contact for a purpose may be made, on every channel, over the next two
//! weeks.

use maud::Markup;
use maud::html;
use prost_types::Duration;
use tonic::Status;

use super::Look;
use crate::console::draw;
use crate::console::draw::Ribbon;
use crate::console::draw::Row;
use crate::console::draw::Stretch;
use crate::console::when::instant;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;

/// The number of days that are shown.
const DAYS: u32 = 14;

/// A stretch with the words of why it is refused.
struct Told {
    from: Instant,
    to: Instant,
    refused: Option<String>,
}

/// The bars of a purpose, one for each channel.
pub(super) async fn section(look: &Look<'_>, purpose: &str) -> Result<Markup, Status> {
    let span = Span::from_days(DAYS);
    let request = v1::PlanContactRequest {
        contact: Some(look.contact("", purpose)),
        channels: look.declared.channels.iter().map(|it| it.name.clone()).collect(),
        horizon: Some(Duration { seconds: span.millis() / 1_000, nanos: 0 }),
        tenant: look.visit.of_tenant(),
        all_stretches: true,
    };
    let planned = look.visit.api.contacts().plan_contact(request).await?.into_inner();
    let mut plans: Vec<(&str, Vec<Told>)> = planned
        .plans
        .iter()
        .map(|it| (&*it.channel, it.stretches.iter().filter_map(told).collect()))
        .collect();
    // In the order of the policy, as everywhere on this screen.
    let place = |name: &str| look.declared.channels.iter().position(|it| it.name == name);
    plans.sort_by_key(|(channel, _)| place(channel));
    let stretches: Vec<Vec<Stretch<'_>>> =
        plans.iter().map(|(_, told)| told.iter().map(Told::drawn).collect()).collect();
    let rows: Vec<Row<'_>> = plans
        .iter()
        .zip(&stretches)
        .map(|((label, _), stretches)| Row { label, stretches })
        .collect();
    let now = look.visit.now;
    Ok(html! {
        h2 id="when" { "When, for " (purpose) }
        p class="soft" {
            "On the customer’s clock (" (look.clock.name())
            "), if nothing else happens. For another purpose:"
            @for it in look.declared.purposes.iter().filter(|it| it.name != purpose) {
                " " a href={ "?purpose=" (it.name) "#when" } { (it.name) }
            }
        }
        (draw::ribbon(&Ribbon {
            id: "ribbon",
            title: "When a contact is allowed, by channel",
            zone: look.clock.zone(),
            from: now,
            to: now.plus(span),
            rows: &rows,
        }))
    })
}

fn told(it: &v1::Stretch) -> Option<Told> {
    let (from, to) = (instant(it.start_time.as_ref()?), instant(it.end_time.as_ref()?));
    let reasons: Vec<String> = it
        .reasons
        .iter()
        .map(|reason| match &reason.rule {
            Some(rule) => format!("{} ({rule})", reason.code().word()),
            None => format!("{} ({})", reason.code().word(), reason.cause),
        })
        .collect();
    let refused = (it.effect() != v1::Effect::Allow).then(|| reasons.join(", "));
    Some(Told { from, to, refused })
}

impl Told {
    fn drawn(&self) -> Stretch<'_> {
        Stretch { from: self.from, to: self.to, refused: self.refused.as_deref() }
    }
}

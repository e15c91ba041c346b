//! May we? The decision, with what refuses, until when, and what can be done about it.

use maud::Markup;
use maud::html;
use tonic::Status;

use super::Look;
use super::Question;
use crate::console::choice;
use crate::console::table::table;
use crate::console::when::Clock;
use crate::console::when::instant;
use crate::console::when::timestamp;
use crate::model::Instant;
use crate::proto::v1;
use crate::proto::v1::FindingResult;
use crate::proto::v1::ReasonCode;

/// The form of the question.
pub(super) fn form(look: &Look<'_>, question: &Question) -> Markup {
    let channels: Vec<String> = look.declared.channels.iter().map(|it| it.name.clone()).collect();
    let purposes: Vec<String> = look.declared.purposes.iter().map(|it| it.name.clone()).collect();
    html! {
        form method="get" class="ask" {
            (choice::select("Channel", "channel", &channels, &question.channel))
            (choice::select("Purpose", "purpose", &purposes, &question.purpose))
            label { "Topic" input name="topic" size="12" maxlength="128" value=(question.topic); }
            label { "When, on the customer’s clock"
                input type="datetime-local" name="at" value=(question.at);
            }
            button { "May we?" }
        }
    }
}

/// The decision.
pub(super) async fn section(look: &Look<'_>, question: &Question) -> Result<Markup, Status> {
    let mut contact = look.contact(&question.channel, &question.purpose);
    contact.topic = Some(question.topic.trim().to_owned()).filter(|it| !it.is_empty());
    contact.contact_time = at(&look.clock, &question.at).map(timestamp);
    let request = v1::CheckContactRequest {
        contact: Some(contact),
        detail: v1::DetailLevel::Full.into(),
        tenant: look.visit.of_tenant(),
        ..Default::default()
    };
    let answered = match look.visit.api.contacts().check_contact(request).await {
        Ok(answered) => answered.into_inner().decision.unwrap_or_default(),
        Err(status) => {
            return Ok(html! { p class="told bad" role="alert" { (status.message()) } });
        }
    };
    let detail = answered.detail.clone().unwrap_or_default();
    Ok(html! {
        h2 id="answer" { (verdict(&look.clock, &answered)) }
        (reasons(look, &answered, &detail.trace))
        (super::pictures::timeline(look, &detail.evidence).await?)
        details {
            summary { "Every rule, and what it says" }
            (rules(&look.clock, &detail.trace))
        }
    })
}

/// The instant of a local time as browsers write it.
fn at(clock: &Clock, text: &str) -> Option<Instant> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(clock.at(local))
}

fn verdict(clock: &Clock, decision: &v1::Decision) -> Markup {
    let next = decision.next_allowed_time.as_ref().map(instant);
    let until = decision.valid_until_time.as_ref().map(instant);
    html! {
        @if decision.effect() == v1::Effect::Allow {
            span class="allow" { "Yes, allowed" }
            @if let Some(until) = until { ", until " (clock.shown(until)) }
            @if decision.degraded { " (the store is away: by the purpose’s rule for that)" }
        } @else {
            span class="deny" { "No, refused" }
            @match next {
                Some(next) => { ", until " (clock.shown(next)) },
                None => ", until something changes",
            }
        }
    }
}

fn reasons(look: &Look<'_>, decision: &v1::Decision, trace: &[v1::Finding]) -> Markup {
    let rows = decision.reasons.iter().map(|it| reason(look, it, trace));
    let rows: Vec<Vec<Markup>> = rows.collect();
    let heads = ["Reason", "Rule", "Cause", "Until", "What you can do"];
    html! {
        @if !rows.is_empty() { (table("What refuses it", &heads, &rows, "")) }
        @if !decision.shadow_reasons.is_empty() {
            p class="soft" {
                "In shadow, which refuses nothing yet: "
                @for it in &decision.shadow_reasons {
                    (it.cause) @if let Some(rule) = &it.rule { " (" (rule) ")" } ". "
                }
            }
        }
        @if rows.is_empty() && !decision.remaining.is_empty() {
            p {
                "Left of the budgets: "
                @for (index, it) in decision.remaining.iter().enumerate() {
                    @if index > 0 { ", " } (it.rule) " " strong { (it.units) }
                }
            }
        }
    }
}

fn reason(look: &Look<'_>, reason: &v1::Reason, trace: &[v1::Finding]) -> Vec<Markup> {
    // The trace says it with the numbers as they stand for this customer.
    let found = trace.iter().find(|it| it.rule == reason.rule && it.cause == reason.cause);
    let note = found.map(|it| &*it.note).filter(|it| !it.is_empty());
    vec![
        html! { span class="deny" { (reason.code().word()) } },
        rule(look, reason.rule.as_deref()),
        html! {
            (note.unwrap_or(&reason.cause)) @if let Some(says) = &reason.message {
                br; span class="soft" { (says) }
            }
        },
        look.clock.optional(reason.until_time.as_ref()),
        remedy(reason.code()),
    ]
}

/// A rule's name, which leads to it where the caller may see the policy.
fn rule(look: &Look<'_>, rule: Option<&str>) -> Markup {
    match rule {
        None => html! { "–" },
        Some(name) if look.visit.may("PolicyService/GetPolicy") => {
            html! { a href={ "/policy?rule=" (name) } { (name) } }
        }
        Some(name) => html! { (name) },
    }
}

/// Links from the words of a remedy to the place on the page where it is done.
const LINKS: [(&str, &str); 4] = [
    ("Lift it", "#suppressions"),
    ("see what counts", "#evidence"),
    ("See what counts", "#evidence"),
    ("Pauses", "/pauses"),
];

/// The remedy for a reason, for the person who answers the customer, and who else can help.
fn remedy(code: ReasonCode) -> Markup {
    let says = code.remedy();
    let found = LINKS.into_iter().find_map(|it| Some((it, says.split_once(it.0)?)));
    match found {
        Some(((words, to), (before, after))) => {
            html! { (before) a href=(to) { (words) } (after) }
        }
        None => html! { (says) },
    }
}

/// Every rule that was asked, those that refuse first.
fn rules(clock: &Clock, trace: &[v1::Finding]) -> Markup {
    let mut trace: Vec<&v1::Finding> = trace.iter().collect();
    trace.sort_by_key(|it| weight(it.result()));
    let rows: Vec<Vec<Markup>> = trace
        .into_iter()
        .map(|it| {
            let class = match it.result() {
                FindingResult::Denies => "deny",
                FindingResult::Satisfied => "allow",
                FindingResult::Unspecified
                | FindingResult::NotConcerned
                | FindingResult::Off
                | FindingResult::Exempt
                | FindingResult::WouldDeny
                | FindingResult::NotInForce => "soft",
            };
            vec![
                html! { (it.rule.as_deref().unwrap_or("the customer’s wish")) },
                html! { (it.family) },
                html! { span class=(class) { (result(it.result())) } },
                html! { (it.note) @if it.note.is_empty() { (it.cause) } },
                clock.optional(it.until_time.as_ref()),
            ]
        })
        .collect();
    let heads = ["Rule", "Family", "Result", "Why", "Until at least"];
    table("Every rule", &heads, &rows, "No rule and no wish is about this contact.")
}

const fn weight(result: FindingResult) -> u8 {
    match result {
        FindingResult::Denies => 0,
        FindingResult::WouldDeny => 1,
        FindingResult::Satisfied => 2,
        FindingResult::Exempt => 3,
        FindingResult::NotInForce => 4,
        FindingResult::Off => 5,
        FindingResult::NotConcerned | FindingResult::Unspecified => 6,
    }
}

const fn result(result: FindingResult) -> &'static str {
    match result {
        FindingResult::Denies => "refuses",
        FindingResult::WouldDeny => "would refuse (shadow)",
        FindingResult::Satisfied => "satisfied",
        FindingResult::Exempt => "exempt",
        FindingResult::NotInForce => "not in force",
        FindingResult::Off => "off",
        FindingResult::NotConcerned | FindingResult::Unspecified => "not concerned",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_on_the_customers_clock() {
        let now = Instant::parse("2026-11-29T12:00:00Z").unwrap();
        let zones = crate::zone::Zones::bundled();
        let clock = Clock::new(zones.find("America/New_York").unwrap(), now);
        for (text, expected) in [
            ("2026-12-01T09:00", Some("2026-12-01T14:00:00Z")),
            // The day on which clocks are set back.
            ("2026-11-01T12:00", Some("2026-11-01T17:00:00Z")),
            ("2026-11-01T00:30", Some("2026-11-01T04:30:00Z")),
            ("", None),
            ("tomorrow", None),
        ] {
            let expected = expected.map(|it| Instant::parse(it).unwrap());
            assert_eq!(at(&clock, text), expected, "{text}");
        }
    }
}

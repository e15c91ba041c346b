//! Pressure: how often customers really hear from us, and what that does.

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::Console;
use super::draw;
use super::draw::Bars;
use super::draw::Category;
use super::draw::Layout;
use super::draw::Series;
use super::draw::Tone;
use super::table::table;
use super::visit::Screened;
use super::visit::Visit;
use crate::proto::v1;
use crate::proto::v1::describe_pressure_response::Part;

const AT: &str = "/pressure";
/// The default number of days that are looked at.
const DAYS: &str = "56";

pub(super) fn routes() -> Router<Console> {
    Router::new().route("/pressure", get(show))
}

/// Over how many days.
#[derive(Debug, Default, Deserialize)]
struct PressureQuery {
    #[serde(default)]
    days: String,
}

/// Shows the form, or the report. Reading every customer takes a while, so nothing is read before
/// it is asked for.
async fn show(visit: Visit, Query(asked): Query<PressureQuery>) -> Screened {
    let body = if asked.days.is_empty() {
        html! {
            (form(DAYS))
            p class="soft" {
                "This reads the record of every customer, beside the calls that are answered."
            }
        }
    } else {
        match report(&visit, &asked.days).await {
            Ok(report) => html! { (form(&asked.days)) (drawn(&report)) },
            Err(status) => return Err(visit.refused(AT, &status).await),
        }
    };
    Ok(visit.page((AT, "Pressure"), body).await)
}

fn form(days: &str) -> Markup {
    html! {
        form method="get" class="ask" {
            label {
                "Over how many days" input name="days" inputmode="numeric" size="5" required
                value=(days);
            }
            button { "Look" }
        }
    }
}

async fn report(visit: &Visit, days: &str) -> Result<v1::PressureReport, Status> {
    let days = days.trim().parse::<u32>();
    let days = days
        .map_err(|_not_a_number| Status::invalid_argument("the number of days is from 1 to 400"))?;
    let request = v1::DescribePressureRequest { days: Some(days), tenant: visit.of_tenant() };
    let mut answers = visit.api.policies().describe_pressure(request).await?.into_inner();
    while let Some(answer) = answers.message().await? {
        if let Some(Part::Report(report)) = answer.part {
            return Ok(report);
        }
    }
    Err(Status::unavailable("the survey ended early; try again"))
}

fn drawn(report: &v1::PressureReport) -> Markup {
    html! {
        p {
            strong { (report.customers_seen) } " customers, " strong { (report.contacts) }
                " contacts in "
            (report.weeks) " weeks."
            @if report.customers_unreadable > 0 {
                " " (report.customers_unreadable) " records cannot be read and are left out."
            }
        }
        h2 { "Contacts of a customer in a week" }
        (buckets(
            "weeks",
            "Weeks of customers, by contacts on all channels",
            &report.customer_weeks,
        ))
        @for it in report.channels.iter().filter(|it| it.contacts > 0) {
            h3 { (it.channel) ", " (it.contacts) " contacts" }
            (buckets(
                &format!("weeks-{}", it.channel),
                &format!("Weeks of customers, by contacts on {}", it.channel),
                &it.customer_weeks,
            ))
        }
        h2 { "Budgets" }
        (budgets(&report.budgets))
        h2 { "Opt-outs, by how many contacts came in the week before" }
        (buckets("opt-outs", "Opt-outs by contacts in the 7 days before", &report.opt_outs))
    }
}

fn buckets(id: &str, title: &str, buckets: &[v1::PressureBucket]) -> Markup {
    let labels: Vec<String> = buckets.iter().map(label).collect();
    let values: Vec<[u64; 1]> = buckets.iter().map(|it| [it.count]).collect();
    let categories: Vec<Category<'_>> =
        labels.iter().zip(&values).map(|(label, values)| Category { label, values }).collect();
    draw::bars(&Bars {
        id,
        title,
        layout: Layout::Columns,
        of: "Contacts",
        series: &[Series { label: "how many", tone: Tone::Other(0) }],
        categories: &categories,
    })
}

fn label(bucket: &v1::PressureBucket) -> String {
    match bucket.contacts_max {
        Some(most) if most == bucket.contacts_min => most.to_string(),
        Some(most) => format!("{} to {most}", bucket.contacts_min),
        None => format!("{} or more", bucket.contacts_min),
    }
}

fn budgets(budgets: &[v1::PressureBudget]) -> Markup {
    let row = |it: &v1::PressureBudget| {
        let percent = it.customers_at_limit.saturating_mul(100).checked_div(it.customers);
        vec![
            html! { a href={ "/policy?rule=" (it.rule) } { (it.rule) } },
            html! { (it.customers) },
            html! {
                (it.customers_at_limit) @if let Some(percent) = percent { " (" (percent) " %)" }
            },
            html! { (it.would_refuse) },
        ]
    };
    let rows: Vec<Vec<Markup>> = budgets.iter().map(row).collect();
    let heads = ["Budget", "Customers", "At its limit now", "Made contacts that it would refuse"];
    table("Budgets", &heads, &rows, "The policy has no budget.")
}

//! A year: occasions, public holidays, the policy's quiet periods, what is scheduled, and pauses.

mod ics;

use axum::Router;
use axum::extract::Query;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use jiff::civil::Date;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::Console;
use super::draw;
use super::draw::Kind;
use super::draw::Mark;
use super::draw::Year;
use super::visit::Screened;
use super::visit::Visit;
use super::when::instant;
use crate::calendar;
use crate::calendar::Countries;
use crate::calendar::HolidaySet;
use crate::calendar::Occasion;
use crate::html::Loads;
use crate::html::guard;
use crate::model::Day;
use crate::proto::v1;

/// The address of the screen.
const AT: &str = "/calendar";
/// The years whose days are known.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;
/// The number of occasions that are asked for at once.
const PAGE: u32 = 1_000;
/// The number of countries that are listed; of more, only the number is given.
const COUNTRIES_MAX: usize = 6;

pub(super) fn routes() -> Router<Console> {
    Router::new().route("/calendar", get(show)).route("/calendar.ics", get(download))
}

/// The calendar that is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
struct CalendarQuery {
    year: Option<i16>,
    /// The country of the holidays, by its ISO code; none if empty.
    #[serde(default)]
    country: String,
}

/// Days, and what they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Marked {
    from: Day,
    to: Day,
    kind: Kind,
    label: String,
}

/// The calendar that is asked for, and its marks.
struct Marks {
    year: i16,
    country: String,
    marked: Vec<Marked>,
}

async fn show(visit: Visit, Query(asked): Query<CalendarQuery>) -> Screened {
    match marks(&visit, &asked).await {
        Ok(marks) => {
            let title = format!("Calendar {}", marks.year);
            Ok(visit.page((AT, &title), drawn(&visit, &marks)).await)
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

fn drawn(visit: &Visit, marks: &Marks) -> Markup {
    let Marks { year, country, marked } = marks;
    let shown: Vec<Mark<'_>> = marked
        .iter()
        .map(|it| Mark { from: it.from, to: it.to, kind: it.kind, label: &it.label })
        .collect();
    let path = |year: i16| format!("{AT}?year={year}&country={country}");
    let turned = |years: i16| Some(year.saturating_add(years)).filter(|it| YEARS.contains(it));
    html! {
        div class="ask turn" {
            nav class="links" aria-label="Years" {
                @if let Some(it) = turned(-1) { a href=(path(it)) rel="prev" { "← " (it) } }
                strong { (year) }
                @if let Some(it) = turned(1) { a href=(path(it)) rel="next" { (it) " →" } }
            }
            form method="get" action=(AT) class="links" {
                input type="hidden" name="year" value=(year);
                label { "Public holidays of"
                    select name="country" {
                        option value="" selected[country.is_empty()] { "no country" }
                        @for it in HolidaySet::all() {
                            option selected[it.name() == country] { (it.name()) }
                        }
                    }
                }
                button class="plain" { "Show" }
            }
            a href={ "/calendar.ics?year=" (year) "&country=" (country) } {
                "Download for a calendar (.ics)"
            }
        }
        (draw::year(&Year {
            id: "year",
            title: "The year by months",
            year: *year,
            today: today(visit),
            marks: &shown,
        }))
        p class="soft" {
            "Occasions are those that the policy knows"
            @if country.is_empty() { ", wherever they are kept" } @else {
                " and that are kept in " (country)
            }
            ". Quiet periods are those for every customer, from today and for 400 days. Days are \
             UTC’s."
        }
    }
}

async fn download(visit: Visit, Query(asked): Query<CalendarQuery>) -> Screened {
    match marks(&visit, &asked).await {
        Ok(marks) => Ok(file(&marks, ics::calendar(&marks.marked, visit.now))),
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

fn file(marks: &Marks, text: String) -> Response {
    let mut response = guard(
        (StatusCode::OK, text).into_response(),
        Loads::Script,
        "text/calendar; charset=utf-8",
    );
    let dash = if marks.country.is_empty() { "" } else { "-" };
    let named =
        format!("attachment; filename=\"courtesy-{}{dash}{}.ics\"", marks.year, marks.country);
    if let Ok(named) = HeaderValue::from_str(&named) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

fn today(visit: &Visit) -> Day {
    visit.utc().zone().day(visit.now)
}

/// All marks, as far as the caller may see them.
async fn marks(visit: &Visit, asked: &CalendarQuery) -> Result<Marks, Status> {
    let country = asked.country.trim().to_owned();
    if !country.is_empty() && !calendar::is_jurisdiction(&country) {
        return Err(Status::invalid_argument(format!("`{country}` is not an ISO 3166 code")));
    }
    let this_year = today(visit).date().year();
    let year = asked.year.unwrap_or(this_year).clamp(*YEARS.start(), *YEARS.end());
    let offered = offered(visit).await?;
    let mut marked = own(&offered);
    if country.is_empty() {
        marked.extend(everywhere(&offered, year));
    } else {
        marked.extend(kept_in(&country, year));
    }
    marked.extend(quiet(visit).await?);
    marked.extend(scheduled(visit).await?);
    marked.extend(pauses(visit).await?);
    marked.retain(|it| it.from.date().year() <= year && it.to.date().year() >= year);
    marked.sort();
    marked.dedup();
    Ok(Marks { year, country, marked })
}

/// The occasions of the policy.
async fn offered(visit: &Visit) -> Result<Vec<v1::OfferedOccasion>, Status> {
    let mut occasions = Vec::new();
    let mut page_token = None;
    loop {
        let request = v1::ListOccasionsRequest {
            customer_id: None,
            page_size: Some(PAGE),
            page_token,
            tenant: visit.of_tenant(),
        };
        let listed = visit.api.policies().list_occasions(request).await?.into_inner();
        occasions.extend(listed.occasions);
        if listed.next_page_token.is_empty() {
            return Ok(occasions);
        }
        page_token = Some(listed.next_page_token);
    }
}

fn day(text: &str) -> Option<Day> {
    text.parse::<Date>().ok().map(Day::from)
}

fn of_days(days: &v1::OccasionDays, kind: Kind, label: String) -> Option<Marked> {
    Some(Marked { from: day(&days.first_date)?, to: day(&days.last_date)?, kind, label })
}

/// The days of the policy's own occasions, of which the next ones are known.
fn own(offered: &[v1::OfferedOccasion]) -> Vec<Marked> {
    let own = offered.iter().filter(|it| it.title.is_none());
    let days = own.flat_map(|it| it.next_days.iter().map(|days| (&it.name, days)));
    days.filter_map(|(name, days)| of_days(days, Kind::Occasion, name.clone())).collect()
}

/// The policy's occasions in all countries, each with those that keep it then.
fn everywhere(offered: &[v1::OfferedOccasion], year: i16) -> Vec<Marked> {
    let occasions = offered.iter().filter_map(|it| Occasion::find(&it.name));
    let groups = occasions.flat_map(|it| it.groups().iter().map(move |group| (it.title(), group)));
    let days = groups.flat_map(|(title, group)| {
        let label = match group.countries() {
            Countries::Listed(codes) => format!("{title} ({})", listed(codes)),
            Countries::Elsewhere => format!("{title} (elsewhere)"),
            Countries::Everywhere => title.to_owned(),
        };
        around(year).flat_map(|year| group.occurrences(year)).map(move |days| Marked {
            from: Day::from(days.first),
            to: Day::from(days.last),
            kind: Kind::Occasion,
            label: label.clone(),
        })
    });
    days.collect()
}

/// A year, and the one before: some days continue over the new year.
fn around(year: i16) -> impl Iterator<Item = i16> {
    [year.saturating_sub(1), year].into_iter()
}

fn listed(codes: &[&str]) -> String {
    let named: Vec<&str> = codes.iter().take(COUNTRIES_MAX).copied().collect();
    match codes.len().saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The occasions and the public holidays of a country.
fn kept_in(country: &str, year: i16) -> Vec<Marked> {
    let entries = around(year).flat_map(|year| calendar::year(country, year));
    let marked = |it: calendar::Entry| {
        let (kind, observed) = match it.kind {
            calendar::Kind::Occasion => (Kind::Occasion, ""),
            calendar::Kind::Holiday if it.observed => (Kind::Holiday, " (observed)"),
            calendar::Kind::Holiday => (Kind::Holiday, ""),
        };
        let label = format!("{}{observed}", it.title);
        Marked { from: Day::from(it.days.first), to: Day::from(it.days.last), kind, label }
    };
    entries.map(marked).collect()
}

/// The days that rules keep quiet for every customer.
async fn quiet(visit: &Visit) -> Result<Vec<Marked>, Status> {
    let request = v1::DescribePolicyRequest { tenant: visit.of_tenant() };
    let declared = visit.api.policies().describe_policy(request).await?.into_inner();
    let days =
        declared.rules.iter().flat_map(|it| it.quiet_days.iter().map(move |days| (it, days)));
    let marked = |(rule, days): (&v1::DeclaredRule, &v1::OccasionDays)| {
        let mut label = rule.name.clone();
        if !days.countries.is_empty() {
            let codes: Vec<&str> = days.countries.iter().map(String::as_str).collect();
            label = format!("{label} ({})", listed(&codes));
        }
        if rule.shadow {
            label = format!("{label}, in shadow");
        }
        of_days(days, Kind::QuietPeriod, label)
    };
    Ok(days.filter_map(marked).collect())
}

/// The revision that is scheduled.
async fn scheduled(visit: &Visit) -> Result<Vec<Marked>, Status> {
    if !visit.may("PolicyService/ListPolicyRevisions") {
        return Ok(Vec::new());
    }
    let request = v1::ListPolicyRevisionsRequest {
        // One can be scheduled, which is among the newest; those that were cancelled are too.
        page_size: Some(20),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    let listed = visit.api.policies().list_policy_revisions(request).await?.into_inner();
    let marked = |it: &v1::PolicyRevision| {
        let at = instant(it.effective_time.as_ref()?);
        let utc = visit.utc();
        let (from, number) = (utc.zone().day(at), it.revision);
        let label = format!("revision {number} comes into force at {} UTC", utc.time(at));
        Some(Marked { from, to: from, kind: Kind::Revision, label })
    };
    Ok(listed.revisions.iter().filter(|it| it.scheduled).filter_map(marked).collect())
}

/// The pauses; one without an end is marked up to today, as it may end any day.
async fn pauses(visit: &Visit) -> Result<Vec<Marked>, Status> {
    if !visit.may("PolicyService/ListPauses") {
        return Ok(Vec::new());
    }
    let request = v1::ListPausesRequest { tenant: visit.of_tenant(), ..Default::default() };
    let listed = visit.api.policies().list_pauses(request).await?.into_inner().pauses;
    let utc = visit.utc();
    let marked = |it: &v1::Pause| {
        let start = it.start_time.as_ref().or(it.set_time.as_ref()).map(instant);
        let from = utc.zone().day(start?);
        let end = it.end_time.as_ref().map(|end| utc.zone().day(instant(end)));
        let what = super::choice::selected(it.selector.as_ref());
        let open = if end.is_none() { ", until it is resumed" } else { "" };
        let label = format!("{what}: {}{open}", it.reason);
        let to = end.unwrap_or_else(|| from.max(today(visit)));
        Some(Marked { from, to, kind: Kind::Pause, label })
    };
    Ok(listed.iter().filter_map(marked).collect())
}

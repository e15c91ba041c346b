//! The presets that ship: what each is, which sources it has, and when it was last reviewed.

use axum::extract::Query;
use http::StatusCode;
use maud::Markup;
use maud::html;
use serde::Deserialize;
use tonic::Status;

use super::AT;
use super::lines;
use super::lines::Line;
use crate::console::visit::Screened;
use crate::console::visit::Visit;
use crate::proto::v1;

/// The number of presets that are asked for: there are fewer.
const PRESETS_MAX: u32 = 1_000;

/// The preset that is shown whole.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PresetsQuery {
    #[serde(default)]
    name: String,
}

pub(super) async fn show(visit: Visit, Query(asked): Query<PresetsQuery>) -> Screened {
    let request = v1::ListPresetsRequest { page_size: Some(PRESETS_MAX), page_token: None };
    let listed = match visit.api.policies().list_presets(request).await {
        Ok(listed) => listed.into_inner().presets,
        Err(status) => return Err(visit.refused(AT, &status).await),
    };
    if asked.name.is_empty() {
        return Ok(visit.page((AT, "Presets"), list(&listed)).await);
    }
    match listed.iter().find(|it| it.name == asked.name) {
        Some(it) => {
            let body = html! { h1 { "Preset " (it.name) } (whole(it)) };
            Ok(visit.headed(StatusCode::OK, (AT, "Preset"), body).await)
        }
        None => {
            let status = Status::not_found("there is no such preset");
            Err(visit.refused(AT, &status).await)
        }
    }
}

fn list(presets: &[v1::Preset]) -> Markup {
    html! {
        p {
            "Rules of laws that a document takes in with " code { "include: [" "us-tcpa" "]" }
            ". They are not legal advice; each says what it rests on. "
            a href=(AT) { "Policy" }
        }
        div class="scroll" tabindex="0" role="region" aria-label="Presets" {
            table {
                thead { tr {
                    @for head in
                        ["Preset", "What it is", "Held against its sources", "How sure", "Sources"]
                        {
                        th scope="col" { (head) }
                    }
                } }
                tbody {
                    @for it in presets {
                        tr {
                            td {
                                a class="nowrap" href={ "/policy/presets?name=" (it.name) } {
                                    (it.name)
                                }
                            }
                            td { (it.description) }
                            td { (it.reviewed_date) }
                            td { (it.confidence) }
                            td { (it.sources.len()) }
                        }
                    }
                }
            }
        }
    }
}

fn whole(it: &v1::Preset) -> Markup {
    html! {
        p { (it.description) }
        p class="facts-line" {
            span { "held against its sources on " (it.reviewed_date) }
            span { "confidence: " (it.confidence) }
        }
        p { a href="/policy/presets" { "All presets" } }
        h2 { "What it rests on" }
        ul { @for source in &it.sources {
            li {
                (source.what) @if !source.seen_date.is_empty() {
                    span class="soft" { ", as of " (source.seen_date) }
                }
            }
        } }
        @if !it.leaves_out.is_empty() {
            h2 { "What it leaves out" }
            ul { @for it in &it.leaves_out { li { (it) } } }
        }
        h2 { "The text" }
        (lines::numbered(&it.name, &it.text, |_| Line::Plain))
    }
}

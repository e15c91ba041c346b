//! The policy as it is to be: edited, checked, compared, simulated, and applied now or at a time,
//! on one page that keeps all in its form.

use axum::extract::Form;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use jiff::civil::DateTime;
use maud::Markup;
use maud::html;
use prost_types::Timestamp;
use tonic::Code;
use tonic::Status;

use super::AT;
use super::draft;
use super::draft::Draft;
use super::draft::Wanted;
use super::lines;
use super::simulation;
use crate::console::visit::Screened;
use crate::console::visit::Visit;
use crate::console::when::instant;
use crate::console::when::timestamp;
use crate::proto::v1;

/// The longest name of an author, in bytes.
const AUTHOR_BYTES_MAX: usize = 128;

/// The notice above the form.
struct Notice {
    status: StatusCode,
    says: Markup,
    /// The errors and warnings in the documents.
    problems: Vec<v1::PolicyProblem>,
}

impl Notice {
    const fn well(says: Markup) -> Self {
        Self { status: StatusCode::OK, says, problems: Vec::new() }
    }
}

/// The author of the change.
pub(super) fn author(visit: &Visit) -> Option<String> {
    Some(visit.identity.name.to_string()).filter(|it| it.len() <= AUTHOR_BYTES_MAX)
}

/// The policy in force, to be edited.
pub(super) async fn begin(visit: Visit) -> Screened {
    match super::of_revision(&visit, None).await {
        Ok(policy) => {
            let draft = Draft::of_policy(policy);
            let says = html! {
                p class="empty" {
                    "Change what you want, and check it. Nothing is in force before you apply it."
                }
            };
            page(&visit, &draft, Notice::well(says)).await
        }
        Err(status) => Err(visit.refused(AT, &status).await),
    }
}

/// Does the action of the button that was pressed.
pub(super) async fn act(
    visit: Visit,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Screened {
    let mut draft = Draft::of_form(fields);
    let told = match draft.wanted {
        Wanted::Check => check(&visit, &draft).await,
        Wanted::Simulate if takes_events(&headers) => {
            return simulation::live(&visit, &draft).await;
        }
        Wanted::Simulate => simulation::whole(&visit, &draft).await.map(Notice::well),
        Wanted::Apply => apply(&visit, &mut draft).await,
        Wanted::Add => {
            draft.add();
            Ok(Notice::well(html! {}))
        }
        Wanted::Remove(index) => {
            draft.remove(index);
            Ok(Notice::well(html! {}))
        }
        Wanted::GoOn(revision) => {
            draft.expected = revision;
            check(&visit, &draft).await
        }
    };
    let told = match told {
        Ok(told) => told,
        Err(status) if status.code() == Code::PermissionDenied => {
            return Err(visit.refused(AT, &status).await);
        }
        Err(status) => refused(&status),
    };
    page(&visit, &draft, told).await
}

/// The reason why the API refused; the text stays.
fn refused(status: &Status) -> Notice {
    let is_any = |codes: &[Code]| codes.contains(&status.code());
    let code = if is_any(&[Code::Aborted, Code::FailedPrecondition]) {
        StatusCode::CONFLICT
    } else if is_any(&[Code::InvalidArgument, Code::OutOfRange, Code::NotFound]) {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Notice { status: code, says: simulation::refused(status), problems: Vec::new() }
}

fn takes_events(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accept.is_some_and(|it| it.contains("text/event-stream"))
}

async fn page(visit: &Visit, draft: &Draft, told: Notice) -> Screened {
    let Notice { status, says, problems } = told;
    let body = html! {
        p class="facts-line" {
            @if draft.expected == 0 { span { "in place of the starter policy" } }
            @else { span { "in place of revision " (draft.expected) } }
            span { a href=(AT) { "What is in force" } }
        }
        section id="result" aria-label="What came out" tabindex="-1" { (says) }
        (draft::form(visit, draft, &problems))
    };
    Ok(visit.page_of(status, (AT, "Edit the policy"), body).await)
}

async fn validated(visit: &Visit, draft: &Draft) -> Result<v1::ValidatePolicyResponse, Status> {
    let request = v1::ValidatePolicyRequest {
        documents: draft.sent(),
        prune: Some(true),
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    Ok(visit.api.policies().validate_policy(request).await?.into_inner())
}

async fn check(visit: &Visit, draft: &Draft) -> Result<Notice, Status> {
    let found = validated(visit, draft).await?;
    Ok(checked(draft, found))
}

/// The result of a check: mistakes, or differences.
fn checked(draft: &Draft, found: v1::ValidatePolicyResponse) -> Notice {
    let has_moved = found.revision != draft.expected;
    let is_wrong = !found.errors.is_empty();
    let says = html! {
        @if has_moved { (moved(found.revision)) }
        @if is_wrong {
            p class="told bad" role="alert" {
                @if found.errors.len() == 1 { "There is a mistake. " }
                @else { "There are " (found.errors.len()) " mistakes. " }
                "Nothing was applied."
            }
            (draft::problems(draft, &found.errors))
        } @else {
            p class="told" role="status" { "It could be applied. This would be different:" }
            (lines::changes(&found.changes))
            (warnings(draft, &found.warnings))
        }
    };
    let problems = if is_wrong { found.errors } else { found.warnings };
    Notice { status: StatusCode::OK, says, problems }
}

fn warnings(draft: &Draft, warnings: &[v1::PolicyProblem]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            h2 { "Doubtful" }
            (draft::problems(draft, warnings))
        }
    }
}

/// Another revision came into force while this one was edited.
fn moved(revision: u64) -> Markup {
    html! {
        div class="told bad" role="alert" {
            p {
                "Meanwhile " a href={ "/policy?revision=" (revision) } { "revision " (revision) }
                " came into force. Your text is kept; what you apply would undo what that revision \
                 changed, unless you take it over. Compare, and then:"
            }
            // It is the form's below.
            button form="editor" name="do" value={ "go-on:" (revision) } {
                "Go on from revision " (revision)
            }
        }
    }
}

async fn apply(visit: &Visit, draft: &mut Draft) -> Result<Notice, Status> {
    let effective = effective(visit, &draft.at)?;
    let found = validated(visit, draft).await?;
    if !found.errors.is_empty() {
        return Ok(Notice { status: StatusCode::BAD_REQUEST, ..checked(draft, found) });
    }
    let request = v1::ApplyPolicyRequest {
        documents: draft.sent(),
        prune: Some(true),
        expected_revision: Some(draft.expected),
        author: author(visit),
        note: Some(draft.note.trim().to_owned()).filter(|it| !it.is_empty()),
        effective_time: effective,
        tenant: visit.of_tenant(),
        ..Default::default()
    };
    match visit.api.policies().apply_policy(request).await {
        Ok(applied) => Ok(done(visit, draft, effective, applied.into_inner())),
        Err(status) if status.code() == Code::Aborted => {
            let told = checked(draft, found);
            Ok(Notice { status: StatusCode::CONFLICT, ..told })
        }
        Err(status) => Err(status),
    }
}

/// The time from which it is to be in force; at once if unset.
fn effective(visit: &Visit, at: &str) -> Result<Option<Timestamp>, Status> {
    match at.trim() {
        "" => Ok(None),
        at => {
            let local: DateTime = at.parse().map_err(|error| {
                Status::invalid_argument(format!("`{at}` is not a date with a time: {error}"))
            })?;
            Ok(Some(timestamp(visit.utc().at(local))))
        }
    }
}

/// The notice about an applied policy, and the time from which it is in force.
fn done(
    visit: &Visit,
    draft: &mut Draft,
    effective: Option<Timestamp>,
    applied: v1::ApplyPolicyResponse,
) -> Notice {
    let utc = visit.utc();
    let v1::ApplyPolicyResponse { revision, warnings: doubtful, changes } = applied;
    let is_same = revision == draft.expected;
    if effective.is_none() {
        draft.expected = revision;
    }
    draft.note.clear();
    draft.at.clear();
    let says = html! {
        p class="told" role="status" {
            @if is_same { "Nothing was applied: these very documents are in force already." }
            @else if let Some(at) = &effective {
                strong { "Revision " (revision) " is scheduled." } " It will be in force from "
                (utc.shown(instant(at))) " UTC. "
                a href="/policy#revisions" { "See or cancel it" }
            } @else {
                strong { "Revision " (revision) " is in force" } " since " (utc.shown(visit.now))
                    " UTC. "
                a href="/policy#revisions" { "Revisions" }
            }
        }
        @if !is_same { (lines::changes(&changes)) }
        (warnings(draft, &doubtful))
    };
    Notice { status: StatusCode::OK, says, problems: doubtful }
}

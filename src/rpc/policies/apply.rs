//! New revisions of a policy, tried and applied.

use std::collections::BTreeSet;

use tonic::Status;

use super::words;
use crate::gate::Applied;
use crate::gate::Candidate;
use crate::gate::Edit;
use crate::gate::Gate;
use crate::gate::Revision;
use crate::model::revision::Change;
use crate::policy::Problem;
use crate::policy::Source;
use crate::policy::problem::Severity;
use crate::policy::source::DOCUMENT_BYTES_MAX;
use crate::proto::v1;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

const ROOT: Path = Path::ROOT;
/// The most documents of one request.
const DOCUMENTS_MAX: usize = 100;

/// Answers `ApplyPolicy`.
pub(super) async fn apply(
    gate: &Gate,
    request: &v1::ApplyPolicyRequest,
) -> Result<v1::ApplyPolicyResponse, Status> {
    let caller = Caller::of_new_tenant(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let expected = violations.required(ROOT, "expected_revision", request.expected_revision);
    let edit = (&request.documents[..], &request.remove_documents[..], request.prune);
    let edit = edit_of(&mut violations, edit);
    let words = words(&mut violations, request.author.as_deref(), request.note.as_deref());
    let effective = request.effective_time.as_ref();
    let when = Within::Future.at(caller.now);
    let effective = violations.time(ROOT, "effective_time", effective, when);
    let revision = Revision {
        expected: violations.finish(expected)?,
        effective,
        candidate: Candidate::Edited(edit),
        validate_only: request.validate_only.unwrap_or_default(),
        words,
    };
    let applied = gate.apply(&caller.tenant, &revision).await;
    let Applied { revision, warnings, changes } = applied.map_err(|failure| refuse(&failure))?;
    let warnings = warnings.iter().map(problem).collect();
    let changes = changes.iter().map(change).collect();
    Ok(v1::ApplyPolicyResponse { revision, warnings, changes })
}

/// Answers `ValidatePolicy`.
pub(super) async fn validate(
    gate: &Gate,
    request: &v1::ValidatePolicyRequest,
) -> Result<v1::ValidatePolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let edit = (&request.documents[..], &request.remove_documents[..], request.prune);
    let edit = edit_of(&mut violations, edit);
    violations.finish(Some(()))?;
    let validated = gate.validate(&caller.tenant, &edit).await;
    let (revision, validated) = validated.map_err(|failure| refuse(&failure))?;
    Ok(match validated {
        Ok(applied) => v1::ValidatePolicyResponse {
            errors: Vec::new(),
            warnings: applied.warnings.iter().map(problem).collect(),
            changes: applied.changes.iter().map(change).collect(),
            revision,
        },
        Err(problems) => {
            let errors = problems.iter().filter(|it| it.severity == Severity::Error);
            let errors = errors.map(problem).collect();
            v1::ValidatePolicyResponse { errors, revision, ..Default::default() }
        }
    })
}

/// Answers `RollbackPolicy`.
pub(super) async fn rollback(
    gate: &Gate,
    request: &v1::RollbackPolicyRequest,
) -> Result<v1::RollbackPolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let wanted = violations.required(ROOT, "revision", request.revision);
    if wanted == Some(0) {
        violations.add(
            ROOT,
            "revision",
            "must be at least 1: the starter policy is not a revision",
        );
    }
    let expected = violations.required(ROOT, "expected_revision", request.expected_revision);
    let words = words(&mut violations, request.author.as_deref(), request.note.as_deref());
    let (wanted, expected) = violations.finish(wanted.zip(expected))?;
    let revision = Revision {
        expected,
        effective: None,
        candidate: Candidate::Restored(wanted),
        validate_only: request.validate_only.unwrap_or_default(),
        words,
    };
    let applied = gate.apply(&caller.tenant, &revision).await;
    let Applied { revision, warnings, changes } = applied.map_err(|failure| refuse(&failure))?;
    let warnings = warnings.iter().map(problem).collect();
    let changes = changes.iter().map(change).collect();
    Ok(v1::RollbackPolicyResponse { revision, warnings, changes })
}

/// Answers `CancelPolicy`.
pub(super) async fn cancel(
    gate: &Gate,
    request: &v1::CancelPolicyRequest,
) -> Result<v1::CancelPolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let revision = violations.required(ROOT, "revision", request.revision);
    let words = words(&mut violations, request.author.as_deref(), request.note.as_deref());
    let revision = violations.finish(revision)?;
    let cancelled = gate.cancel(&caller.tenant, revision, &words).await;
    let revision = cancelled.map_err(|failure| refuse(&failure))?;
    Ok(v1::CancelPolicyResponse { revision })
}

/// The change that an operator wants made.
fn edit_of(violations: &mut Violations, wanted: Wanted<'_>) -> Edit {
    let (documents, removed, prune) = wanted;
    if documents.is_empty() && removed.is_empty() && !prune.unwrap_or_default() {
        violations.add(ROOT, "documents", "must not be empty where nothing is removed");
    }
    edit(violations, wanted)
}

/// Documents to add or to replace, names of documents to remove, and whether all others are
/// removed.
pub(super) type Wanted<'a> = (&'a [v1::PolicyDocument], &'a [String], Option<bool>);

/// Reads a change of documents that may be empty.
pub(super) fn edit(violations: &mut Violations, (documents, removed, prune): Wanted<'_>) -> Edit {
    let documents = sources(violations, documents);
    violations.at_most(ROOT, "remove_documents", removed.len(), DOCUMENTS_MAX);
    let prune = prune.unwrap_or_default();
    if prune && !removed.is_empty() {
        violations.add(
            ROOT,
            "remove_documents",
            "must be empty with `prune`, which removes all others",
        );
    }
    if prune && documents.is_empty() && removed.is_empty() {
        violations.add(
            ROOT,
            "documents",
            "must not be empty with `prune`, which removes all others",
        );
    }
    Edit { documents, remove: removed.to_vec(), prune }
}

/// The documents of a request, by the names that they give themselves.
fn sources(violations: &mut Violations, documents: &[v1::PolicyDocument]) -> Vec<Source> {
    violations.at_most(ROOT, "documents", documents.len(), DOCUMENTS_MAX);
    let mut names = BTreeSet::new();
    let mut sources = Vec::new();
    for (i, document) in documents.iter().take(DOCUMENTS_MAX).enumerate() {
        let path = Path::item("documents", i);
        if document.text.len() > DOCUMENT_BYTES_MAX {
            violations.add(path, "text", format!("has at most {DOCUMENT_BYTES_MAX} bytes"));
            continue;
        }
        // One without a name is refused, under the name of its place.
        let place = format!("documents[{i}]");
        let source = Source::new(&place, &document.text);
        let source = source.own_name().map_or(source, |name| Source::new(&name, &document.text));
        if !names.insert(source.name().to_owned()) {
            violations.add(path, "text", "has the same name as another document of the request");
        }
        sources.push(source);
    }
    sources
}

pub(super) fn problem(problem: &Problem) -> v1::PolicyProblem {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    v1::PolicyProblem {
        document: problem.file.clone(),
        line: number(problem.line),
        column: number(problem.column),
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

pub(super) fn change(change: &Change) -> v1::PolicyChange {
    v1::PolicyChange { subject: change.subject.clone(), text: change.text.clone() }
}

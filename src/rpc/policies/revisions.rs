//! The present and past revisions of a policy.

use prost::Message;
use tonic::Status;

use super::PAGE_BYTES;
use super::apply::change;
use crate::codec::policy::Documents;
use crate::gate::Active;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::revision::About;
use crate::proto::v1;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

/// Answers `GetPolicy`.
pub(super) async fn get(
    gate: &Gate,
    request: &v1::GetPolicyRequest,
) -> Result<v1::GetPolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let active = &caller.active;
    let mut violations = Violations::default();
    if request.revision == Some(0) {
        violations.add(Path::ROOT, "revision", "must be at least 1");
    }
    violations.finish(Some(()))?;
    let policy = match request.revision {
        Some(number) if number != active.policy.revision => {
            let known = gate.revision(&caller.tenant, number).await;
            let Documents { revision, documents, about } =
                known.map_err(|failure| refuse(&failure))?;
            policy(revision, documents.iter().map(|(name, text)| (name, text)), Some(&about))
        }
        Some(_) | None => {
            policy(active.policy.revision, active.documents.iter(), active.about.as_ref())
        }
    };
    Ok(v1::GetPolicyResponse { policy: Some(policy) })
}

/// Answers `ListPolicyRevisions`. A token is the number of the next revision.
pub(super) async fn list(
    gate: &Gate,
    request: &v1::ListPolicyRevisionsRequest,
) -> Result<v1::ListPolicyRevisionsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size);
    let newest = violations.page_number(request.page_token.as_deref());
    violations.finish(Some(()))?;
    let mut revisions: Vec<v1::PolicyRevision> = Vec::new();
    let (mut seen, mut bytes, mut next) = (0, 0, 0);
    let listed = gate.revisions(&caller.tenant, newest, |number, documents| {
        if seen == size || bytes >= PAGE_BYTES {
            next = number;
            return false;
        }
        seen += 1;
        if let Some(documents) = documents {
            let listed = revision(documents);
            bytes += listed.encoded_len();
            revisions.push(listed);
        }
        true
    });
    let in_force = listed.await.map_err(|failure| refuse(&failure))?;
    for revision in &mut revisions {
        revision.in_force = revision.revision == in_force;
        revision.scheduled = revision.revision > in_force && revision.cancel_time.is_none();
    }
    let next_page_token = if next == 0 { String::new() } else { next.to_string() };
    Ok(v1::ListPolicyRevisionsResponse { revisions, next_page_token })
}

fn policy<'a>(
    revision: u64,
    documents: impl Iterator<Item = (&'a String, &'a String)>,
    about: Option<&About>,
) -> v1::Policy {
    let document = |(name, text): (&String, &String)| v1::PolicyDocument {
        text: text.clone(),
        name: name.clone(),
    };
    let said = |said: Option<&Box<str>>| said.map(|said| said.to_string());
    v1::Policy {
        revision,
        documents: documents.map(document).collect(),
        apply_time: about.map(|it| timestamp(it.applied)),
        author: said(about.and_then(|it| it.author.as_ref())),
        note: said(about.and_then(|it| it.note.as_ref())),
        restored_revision: about.and_then(|it| it.restored),
        effective_time: about.and_then(|it| it.effective).map(timestamp),
        cancel_time: about.and_then(|it| it.cancelled).map(timestamp),
    }
}

/// The revision in force, unless it is the starter policy, and the one that is scheduled.
pub(in crate::rpc) fn in_force(
    active: &Active,
    now: Instant,
) -> (Option<v1::PolicyRevision>, Option<v1::PolicyRevision>) {
    let told = |active: &Active| Some(numbered(active.policy.revision, active.about.as_ref()?));
    let (in_force, scheduled) = match active.scheduled() {
        Some((effective, next)) if effective <= now => (next, None),
        scheduled => (active, scheduled.map(|(_, next)| next)),
    };
    let in_force = told(in_force).map(|it| v1::PolicyRevision { in_force: true, ..it });
    let scheduled = scheduled.and_then(told);
    (in_force, scheduled.map(|it| v1::PolicyRevision { scheduled: true, ..it }))
}

fn revision(documents: &Documents) -> v1::PolicyRevision {
    numbered(documents.revision, &documents.about)
}

fn numbered(revision: u64, about: &About) -> v1::PolicyRevision {
    let About { applied, effective, cancelled, author, note, restored, changes } = about;
    v1::PolicyRevision {
        revision,
        apply_time: Some(timestamp(*applied)),
        author: author.as_deref().map(str::to_owned),
        note: note.as_deref().map(str::to_owned),
        restored_revision: *restored,
        changes: changes.iter().map(change).collect(),
        in_force: false,
        effective_time: effective.map(timestamp),
        cancel_time: cancelled.map(timestamp),
        scheduled: false,
    }
}

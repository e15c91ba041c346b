//! Pauses by operators.

use tonic::Status;

use super::words;
use crate::gate::Gate;
use crate::gate::Resumed;
use crate::model::Name;
use crate::model::pause::PAUSES_MAX;
use crate::model::pause::Pause;
use crate::proto::v1;
use crate::rpc::convert::page;
use crate::rpc::convert::selector::selector;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

const ROOT: Path = Path::ROOT;
/// The longest reason, in bytes.
const REASON_BYTES_MAX: usize = 256;

/// Answers `PauseContacts`.
pub(super) async fn pause(
    gate: &Gate,
    request: &v1::PauseContactsRequest,
) -> Result<v1::PauseContactsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let now = caller.now;
    let mut violations = Violations::default();
    let name = violations.name(ROOT, "name", &request.name);
    let path = Path::of("selector");
    let selection = violations.selection(path, request.selector.as_ref(), &caller.active.policy);
    let reason = violations.text(ROOT, "reason", &request.reason, REASON_BYTES_MAX);
    let starts = request.start_time.as_ref();
    let from = violations.time(ROOT, "start_time", starts, Within::Future.at(now));
    let ends = request.end_time.as_ref();
    let until = violations.time(ROOT, "end_time", ends, Within::Future.at(now));
    if until.is_some_and(|until| until <= from.unwrap_or(now)) {
        violations.add(ROOT, "end_time", "must be after the beginning");
    }
    let words = words(&mut violations, request.author.as_deref(), None);
    let (name, reason) = violations.finish(name.zip(reason))?;
    let author = words.author.clone();
    let pause = Pause { name, selection, reason, from, until, author, set: now };
    let paused = gate.pause(&caller.tenant, &pause, &words).await;
    paused.map_err(|failure| refuse(&failure))?;
    Ok(v1::PauseContactsResponse { pause: Some(message(&pause)) })
}

/// Answers `ResumeContacts`.
pub(super) async fn resume(
    gate: &Gate,
    request: &v1::ResumeContactsRequest,
) -> Result<v1::ResumeContactsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    if request.names.is_empty() {
        violations.add(ROOT, "names", "must not be empty");
    }
    let names: Vec<Name> = violations.names(ROOT, "names", &request.names, PAUSES_MAX);
    let words = words(&mut violations, request.author.as_deref(), None);
    violations.finish(Some(()))?;
    let resumed = gate.resume(&caller.tenant, &names, &words).await;
    let Resumed { ended, left } = resumed.map_err(|failure| refuse(&failure))?;
    let (ended, pauses) = (ended.iter().map(message), left.iter().map(message));
    Ok(v1::ResumeContactsResponse { ended: ended.collect(), pauses: pauses.collect() })
}

/// Answers `ListPauses`.
pub(super) fn list(
    gate: &Gate,
    request: &v1::ListPausesRequest,
) -> Result<v1::ListPausesResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size);
    let after = violations.page_name(request.page_token.as_deref());
    violations.finish(Some(()))?;
    let pauses = gate.pauses(&caller.tenant, caller.now);
    let (pauses, next_page_token) = page::by_name(pauses, |it| &it.name, size, after.as_ref());
    Ok(v1::ListPausesResponse { pauses: pauses.iter().map(message).collect(), next_page_token })
}

/// A pause as a message.
pub(in crate::rpc) fn message(pause: &Pause) -> v1::Pause {
    v1::Pause {
        name: pause.name.to_string(),
        selector: Some(selector(&pause.selection)),
        reason: pause.reason.to_string(),
        start_time: pause.from.map(timestamp),
        end_time: pause.until.map(timestamp),
        author: pause.author.as_deref().map(str::to_owned),
        set_time: Some(timestamp(pause.set)),
    }
}

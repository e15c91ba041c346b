//! The preference form of a customer: its choices, their states, and the answers.

use tonic::Status;

use super::shown;
use crate::engine::Undeclared;
use crate::gate::Change;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Record;
use crate::operation;
use crate::operation::Draft;
use crate::operation::preference;
use crate::operation::preference::Saved;
use crate::operation::preference::Saving;
use crate::operation::preference::State;
use crate::proto::v1;
use crate::rpc::convert::preference::form;
use crate::rpc::convert::violations::Path;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::decide::refuse_naming;

/// Answers `GetPreferences`.
pub(super) async fn get(
    gate: &Gate,
    request: v1::GetPreferencesRequest,
) -> Result<v1::GetPreferencesResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let brand = violations.optional(Path::ROOT, "brand", request.brand.as_deref());
    let language = violations.language(request.language.as_deref());
    let id = violations.finish(id)?;
    let key = caller.key(&id);
    let looked = gate.read(&key, &caller.active.policy, caller.now).await;
    let snapshot = looked.map_err(|failure| refuse(&failure))?;
    let form = form(caller.context(), &snapshot.record, (brand.as_ref(), language.as_deref()));
    Ok(v1::GetPreferencesResponse { form: Some(form), version: shown(snapshot.version) })
}

/// Answers `SetPreferences`.
pub(super) async fn set(
    gate: &Gate,
    request: v1::SetPreferencesRequest,
) -> Result<v1::SetPreferencesResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let seen = request.expected_version.as_deref();
    let expected = seen.filter(|text| !text.is_empty());
    let expected = expected.and_then(|text| violations.version("expected_version", text));
    let saving = violations.saving(&request, &caller.active.policy);
    let (id, undeclared) = violations.finish_bounds(id)?;
    let key = caller.key(&id);
    let named = saving.request.as_ref();
    let change = caller.wish(gate, &key);
    let change = Change { request: named, ..change };
    let context = caller.context();
    let work = |record: &mut Record, is_current: bool| {
        let before = record.clone();
        check_names(context, record, &saving)?;
        let saving = Saving { is_current, ..saving.clone() };
        let saved = preference::save(context, record, &saving)?;
        // All of what was asked for, or nothing.
        if saved.no_room {
            return Err(operation::Fault::RecordFull);
        }
        let changed =
            operation::differ(&before, record) || before.consent_events != record.consent_events;
        Ok((record.clone(), changed, saved))
    };
    // The record that was seen, if it is still there; otherwise what refuses more.
    let seen = match (seen, expected) {
        (None, _) => None,
        (Some(_), Some(_)) => {
            let change = Change { expected, ..change.clone() };
            match gate.change(&change, |record| work(record, true)).await {
                Err(Failure::VersionMoved) => None,
                changed => Some(changed),
            }
        }
        // Nothing was on record.
        (Some(_), None) => {
            let is_new = |record: &Record| *record == Record::default();
            let work = |record: &mut Draft<'_>| {
                let is_new = is_new(record);
                work(record, is_new)
            };
            Some(gate.change(&change, work).await)
        }
    };
    let changed = match seen {
        Some(changed) => changed,
        None => gate.change(&change, |record| work(record, false)).await,
    };
    let ((record, changed, saved), version) =
        changed.map_err(|failure| refuse_naming(&failure, undeclared))?;
    let Saved { outdated, widened, .. } = saved;
    if widened {
        tracing::warn!("a record had no room for preferences: all that the form offers is refused");
    }
    let language = record.profile.locale.clone();
    let own = preference::form(context, &record, saving.brand.as_ref());
    let pending = own
        .channels
        .iter()
        .filter(|it| it.state == State::Pending && saving.wanted.channels.contains(&it.name));
    Ok(v1::SetPreferencesResponse {
        pending_channels: pending.map(|it| it.name.to_string()).collect(),
        form: Some(form(context, &record, (saving.brand.as_ref(), language.as_deref()))),
        version: shown(version),
        changed: Some(changed),
        outdated,
    })
}

/// A name in a choice must be declared, or be on record.
fn check_names(
    context: operation::Context<'_>,
    record: &Record,
    saving: &Saving,
) -> Result<(), operation::Fault> {
    for (sort, name) in saving.refused.iter().chain(saving.wanted.iter()) {
        let scope = sort.alone(name);
        let is_known = record.opt_outs.iter().any(|it| scope.contains(&it.scope));
        if !is_known {
            Undeclared::check_scope(context.policy, &scope)?;
        }
    }
    let proven = saving.proven.as_ref();
    proven.map_or(Ok(()), |it| Ok(Undeclared::check_channel(context.policy, it)?))
}

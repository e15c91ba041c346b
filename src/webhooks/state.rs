//! The progress of each webhook, as a note in the store.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use crate::gate::Changes;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::Name;
use crate::store::Version;

/// The number of attempts at writing a note while another instance writes it.
const ATTEMPTS: usize = 5;

/// The state of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The place up to which the changes of each tenant have been sent.
    pub told: BTreeMap<String, String>,
    /// The time since which an event could not be sent, in milliseconds.
    pub failing_since: Option<i64>,
    /// The reason for the failure, in words.
    pub problem: Option<String>,
    /// The time of the last success.
    pub delivered: Option<i64>,
    /// Whether it is off: no event could be sent for three days.
    pub off: bool,
}

impl State {
    /// The place up to which a tenant's changes have been sent; `None` if the tenant is new.
    pub(super) fn of(&self, tenant: &Name) -> Option<Changes> {
        self.told.get(tenant.as_str()).and_then(|text| Changes::parse(text))
    }

    pub(super) fn write(&self) -> Vec<u8> {
        // Maps of text are always written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The id of the note about a webhook's state.
pub(super) fn note_of(webhook: &Name) -> String {
    format!("webhook {webhook}")
}

/// The state of a webhook and the version of its note; the default state if there is no note.
///
/// # Errors
/// If the store cannot be read.
pub async fn state(gate: &Gate, webhook: &Name) -> Result<(State, Option<Version>), Failure> {
    let Some((value, version)) = gate.noted(&note_of(webhook)).await? else {
        return Ok((State::default(), None));
    };
    // If a state cannot be read, changes are sent from now on.
    Ok((serde_json::from_slice(&value).unwrap_or_default(), Some(version)))
}

/// Turns a webhook on again, so that it gets all changes since a time.
///
/// # Errors
/// If the store does not do what it is asked.
pub async fn replay(
    gate: &Gate,
    webhook: &Name,
    tenants: impl Iterator<Item = Name>,
    since: Instant,
) -> Result<(), Failure> {
    let place = gate.changes_at(since).await?.to_string();
    let told: BTreeMap<String, String> =
        tenants.map(|tenant| (tenant.to_string(), place.clone())).collect();
    for _attempt in 0..ATTEMPTS {
        let (before, version) = state(gate, webhook).await?;
        let state = State { told: told.clone(), delivered: before.delivered, ..State::default() };
        if gate.keep_note(&note_of(webhook), version, state.write()).await?.is_some() {
            gate.wake();
            return Ok(());
        }
    }
    Err(Failure::Conflict)
}

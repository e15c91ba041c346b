//! How far each webhook has been told, as a note in the store.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use crate::gate::Changes;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::Name;
use crate::store::Version;

/// How often a note is tried to be written while another instance writes it.
const ATTEMPTS: usize = 5;

/// How a webhook stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// How far the changes of each tenant have been told.
    pub told: BTreeMap<String, String>,
    /// Since when something could not be told, in milliseconds.
    pub failing_since: Option<i64>,
    /// Why not, in words.
    pub problem: Option<String>,
    /// When something was told the last time.
    pub delivered: Option<i64>,
    /// Whether it is off: nothing could be told for three days.
    pub off: bool,
}

impl State {
    /// How far a tenant's changes have been told; none is that it is new.
    pub(super) fn of(&self, tenant: &Name) -> Option<Changes> {
        self.told.get(tenant.as_str()).and_then(|text| Changes::parse(text))
    }

    pub(super) fn write(&self) -> Vec<u8> {
        // Maps of text are always written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Where the state of a webhook is noted.
pub(super) fn note_of(webhook: &Name) -> String {
    format!("webhook {webhook}")
}

/// How a webhook stands, and in which version; nothing where nothing was told yet.
///
/// # Errors
/// If the store cannot say.
pub async fn state(gate: &Gate, webhook: &Name) -> Result<(State, Option<Version>), Failure> {
    let Some((value, version)) = gate.noted(&note_of(webhook)).await? else {
        return Ok((State::default(), None));
    };
    // What cannot be read is told anew from here on.
    Ok((serde_json::from_slice(&value).unwrap_or_default(), Some(version)))
}

/// Turns a webhook on again, and lets everything be told to it that has changed since.
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

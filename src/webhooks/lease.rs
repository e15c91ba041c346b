//! The lease of the instance that sends: a note in the store.

use serde::Deserialize;
use serde::Serialize;

use crate::gate::Failure;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::Span;

/// The id of the lease's note.
const NOTE: &str = "webhooks lease";
/// The time that it holds without renewal.
const HOLDS: Span = Span::from_secs(15);
/// The time before its end at which it is renewed.
const RENEWED: Span = Span::from_secs(10);
/// The interval at which an instance without the lease checks whether it is free.
const LOOKED_AT: Span = Span::from_secs(2);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    holder: String,
    until: i64,
}

/// The lease of this instance.
#[derive(Debug)]
pub(super) struct Lease {
    holder: String,
    /// The time until which this instance holds it.
    until: Option<Instant>,
    /// The time until which the note of another instance is not read again.
    left: Option<Instant>,
}

impl Lease {
    /// The lease of an instance, which it does not hold yet.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let mut drawn = [0; 8];
        getrandom::fill(&mut drawn)?;
        let holder = drawn.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { holder, until: None, left: None })
    }

    /// Takes or renews the lease, and returns whether this instance holds it.
    pub(super) async fn hold(&mut self, gate: &Gate) -> Result<bool, Failure> {
        if !gate.is_shared() {
            return Ok(true);
        }
        let now = gate.clock().now();
        if self.until.is_some_and(|until| now.plus(HOLDS).minus(RENEWED) < until && now < until) {
            return Ok(true);
        }
        if self.left.is_some_and(|left| now < left && left <= now.plus(LOOKED_AT)) {
            return Ok(false);
        }
        (self.until, self.left) = (None, None);
        let known = gate.noted(NOTE).await?;
        let note: Note = known
            .as_ref()
            .and_then(|(value, _)| serde_json::from_slice(value).ok())
            .unwrap_or_default();
        if note.holder != self.holder && now.millis() < note.until {
            self.left = Some(now.plus(LOOKED_AT));
            return Ok(false);
        }
        let until = now.plus(HOLDS);
        let note = Note { holder: self.holder.clone(), until: until.millis() };
        let note = serde_json::to_vec(&note).unwrap_or_default();
        let kept = gate.keep_note(NOTE, known.map(|(_, version)| version), note).await?;
        self.until = kept.map(|_| until);
        Ok(kept.is_some())
    }
}

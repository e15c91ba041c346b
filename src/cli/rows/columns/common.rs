//! Columns whose value applies to the whole row.

use super::Field;
use crate::cli::rows::times::Times;
use crate::proto::v1;

/// The values of columns that apply to all wishes of a row.
#[derive(Debug, Default)]
pub(super) struct Common {
    /// The best id so far, and how good it is.
    pub(super) id: Option<(usize, String)>,
    time: Option<prost_types::Timestamp>,
    opt_out_time: Option<prost_types::Timestamp>,
    opt_out_until: Option<prost_types::Timestamp>,
    consent_time: Option<prost_types::Timestamp>,
    pub(super) evidence: Option<String>,
}

impl Common {
    pub(super) fn time(&mut self, field: &Field, cell: &str, times: &Times) -> Result<(), String> {
        let at = Some(times.timestamp(cell)?);
        let time = if *field == Field::OptOutTime {
            &mut self.opt_out_time
        } else if *field == Field::OptOutUntil {
            &mut self.opt_out_until
        } else if *field == Field::ConsentTime {
            &mut self.consent_time
        } else {
            &mut self.time
        };
        *time = at;
        Ok(())
    }

    pub(super) fn fill(self, row: &mut v1::CustomerRow) {
        for opt_out in &mut row.opt_outs {
            opt_out.event_time = opt_out.event_time.or(self.opt_out_time).or(self.time);
            opt_out.until_time = opt_out.until_time.or(self.opt_out_until);
            opt_out.evidence = opt_out.evidence.take().or_else(|| self.evidence.clone());
        }
        for consent in &mut row.consents {
            consent.event_time = consent.event_time.or(self.consent_time).or(self.time);
            consent.evidence = consent.evidence.take().or_else(|| self.evidence.clone());
        }
        for event in &mut row.events {
            event.event_time = event.event_time.or(self.time);
        }
    }
}

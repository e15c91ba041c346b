//! `DescribePressure`: how much customers hear.

use std::sync::Arc;

use tonic::Status;

use super::survey;
use super::survey::Survey;
use crate::background::Background;
use crate::gate::Gate;
use crate::model::Record;
use crate::policy::Policy;
use crate::proto::v1;
use crate::proto::v1::describe_pressure_response::Part;
use crate::rpc::convert::pressure;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::status;
use crate::simulate::DAYS_MAX;
use crate::simulate::pressure::Pressure;

/// The default number of days that are looked at: eight weeks.
const DAYS_DEFAULT: u32 = 56;

/// The answers about one tenant.
pub(super) type Answers = survey::Answers<v1::DescribePressureResponse>;

/// Answers `DescribePressure`.
pub(super) async fn answers(
    gate: &Arc<Gate>,
    background: &Background,
    request: &v1::DescribePressureRequest,
) -> Result<Answers, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let days = request.days.unwrap_or(DAYS_DEFAULT);
    if !(1..=DAYS_MAX).contains(&days) {
        violations.add(Path::ROOT, "days", format!("must be from 1 to {DAYS_MAX}"));
    }
    violations.finish(Some(()))?;
    let event = Caller::event("DescribePressure", format!("{days} days"));
    let noted = gate.note(&caller.tenant, &event).await;
    noted.map_err(|failure| refuse(&failure))?;

    let Caller { tenant, active, now, .. } = caller;
    let (readers, answers) = survey::readers(gate, tenant, progress).await?;
    let started = background.start(async move {
        let policy = active.policy.clone();
        let revision = policy.revision;
        let survey = readers.survey(Pressure::new(policy, now, days), now, |pressure| {
            let report = pressure::report(&pressure.finish());
            answer(Part::Report(v1::PressureReport { revision, ..report }))
        });
        survey.await;
    });
    started.map_err(|busy| status::busy(&busy.to_string()))?;
    Ok(answers)
}

impl Survey for Pressure {
    fn policy(&self) -> &Policy {
        self.policy()
    }

    fn add(&mut self, _customer_id: &str, record: &Record) {
        self.add(record);
    }

    fn add_unreadable(&mut self) {
        self.add_unreadable();
    }

    fn customers_seen(&self) -> u64 {
        self.customers_seen()
    }
}

const fn progress(customers_seen: u64) -> v1::DescribePressureResponse {
    answer(Part::Progress(v1::PressureProgress { customers_seen }))
}

const fn answer(part: Part) -> v1::DescribePressureResponse {
    v1::DescribePressureResponse { part: Some(part) }
}

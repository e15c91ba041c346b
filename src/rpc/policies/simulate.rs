//! `SimulatePolicy`: what other documents would have done with the contacts of the last days.

use std::sync::Arc;

use tonic::Status;

use super::apply::change;
use super::apply::edit;
use super::apply::problem;
use super::survey;
use super::survey::Readers;
use super::survey::Survey;
use crate::background::Background;
use crate::gate::Comparison;
use crate::gate::Gate;
use crate::model::Instant;
use crate::model::Record;
use crate::policy::Policy;
use crate::proto::v1;
use crate::proto::v1::simulate_policy_response::Part;
use crate::rpc::convert::simulation;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;
use crate::rpc::status;
use crate::simulate::DAYS_MAX;
use crate::simulate::Question;
use crate::simulate::SAMPLE_MAX;
use crate::simulate::Simulation;

/// The default number of days that are looked at.
const DAYS_DEFAULT: u32 = 28;
/// The answers of one simulation.
pub(super) type Answers = survey::Answers<v1::SimulatePolicyResponse>;

/// Answers `SimulatePolicy`.
pub(super) async fn answers(
    gate: &Arc<Gate>,
    background: &Background,
    request: &v1::SimulatePolicyRequest,
) -> Result<Answers, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let wanted = (&request.documents[..], &request.remove_documents[..], request.prune);
    let edit = edit(&mut violations, wanted);
    let days = request.days.unwrap_or(DAYS_DEFAULT);
    if !(1..=DAYS_MAX).contains(&days) {
        violations.add(Path::ROOT, "days", format!("must be from 1 to {DAYS_MAX}"));
    }
    let sample = request.sample_size.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
    if sample.is_some_and(|size| !(1..=SAMPLE_MAX).contains(&size)) {
        violations.add(Path::ROOT, "sample_size", format!("must be from 1 to {SAMPLE_MAX}"));
    }
    violations.finish(Some(()))?;
    let comparison = gate.compare_policies(&caller.tenant, &edit).await;
    let comparison = comparison.map_err(|failure| refuse(&failure))?;
    let of = sample.map_or_else(|| "all customers".to_owned(), |it| format!("{it} customers"));
    let event = Caller::event("SimulatePolicy", format!("{days} days of {of}"));
    let noted = gate.note(&caller.tenant, &event).await;
    noted.map_err(|failure| refuse(&failure))?;

    let (readers, answers) = survey::readers(gate, caller.tenant, progress).await?;
    let started = background.start(run(readers, comparison, caller.now, (days, sample)));
    started.map_err(|busy| status::busy(&busy.to_string()))?;
    Ok(answers)
}

async fn run(
    readers: Readers<v1::SimulatePolicyResponse>,
    comparison: Comparison,
    now: Instant,
    (days, sample): (u32, Option<usize>),
) {
    let Comparison { current, revision, candidate, applied } = comparison;
    let simulation = Simulation::new(Question { current, candidate, now, days, sample });
    let survey = readers.survey(simulation, now, |simulation| {
        let report = v1::SimulationReport {
            revision,
            changes: applied.changes.iter().map(change).collect(),
            warnings: applied.warnings.iter().map(problem).collect(),
            ..simulation::report(&simulation.finish())
        };
        answer(Part::Report(report))
    });
    survey.await;
}

impl Survey for Simulation {
    fn policy(&self) -> &Policy {
        self.current()
    }

    fn add(&mut self, customer_id: &str, record: &Record) {
        self.add(customer_id, record);
    }

    fn add_unreadable(&mut self) {
        self.add_unreadable();
    }

    fn customers_seen(&self) -> u64 {
        self.customers_seen()
    }
}

const fn progress(customers_seen: u64) -> v1::SimulatePolicyResponse {
    answer(Part::Progress(v1::SimulationProgress { customers_seen }))
}

const fn answer(part: Part) -> v1::SimulatePolicyResponse {
    v1::SimulatePolicyResponse { part: Some(part) }
}

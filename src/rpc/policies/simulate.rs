//! `SimulatePolicy`: page by page, by the thread that serves no calls. What is computed is computed
//! beside it, and after each page there is a rest as long as the work was, so that callers are
//! served.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::OwnedPermit;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::apply::change;
use super::apply::edit;
use super::apply::problem;
use crate::background::Background;
use crate::clock::Stopwatch;
use crate::gate::Gate;
use crate::gate::Trial;
use crate::model::Instant;
use crate::model::Name;
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
use crate::simulate::Tally;

/// How many days are looked at where the request does not say.
const DAYS_DEFAULT: u32 = 28;
/// How many records are read at once: so few that no caller waits for long.
const PAGE_RECORDS: usize = 64;
/// How many answers wait for their reader. What does not find room of the progress is left out.
const ANSWERS: usize = 8;
/// The longest rest: a store that is slow is not rested from for ever.
const REST_MAX: Duration = Duration::from_secs(1);

type Answer = Result<v1::SimulatePolicyResponse, Status>;

/// The answers of one simulation.
pub(super) type Answers = ReceiverStream<Answer>;

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
    let trial = gate.trial(&caller.tenant, &edit).await;
    let trial = trial.map_err(|failure| refuse(&failure))?;
    let of = sample.map_or_else(|| "all customers".to_owned(), |it| format!("{it} customers"));
    let event = Caller::event("SimulatePolicy", format!("{days} days of {of}"));
    let noted = gate.note(&caller.tenant, &event).await;
    noted.map_err(|failure| refuse(&failure))?;

    let (sender, answers) = mpsc::channel(ANSWERS);
    // A reader who is slow loses progress, and never the end.
    let last = sender.clone().reserve_owned().await.map_err(|_closed| status::internal())?;
    let run = Run { gate: Arc::clone(gate), tenant: caller.tenant, sender, last };
    let started = background.start(run.go(trial, caller.now, days, sample));
    started.map_err(|busy| status::busy(&busy.to_string()))?;
    Ok(ReceiverStream::new(answers))
}

/// A simulation and its reader.
struct Run {
    gate: Arc<Gate>,
    tenant: Name,
    sender: mpsc::Sender<Answer>,
    last: OwnedPermit<Answer>,
}

impl Run {
    async fn go(self, trial: Trial, now: Instant, days: u32, sample: Option<usize>) {
        let Trial { current, revision, candidate, applied } = trial;
        let simulation = Simulation::new(Question { current, candidate, now, days, sample });
        match self.pages(simulation, now).await {
            Ok(Some(tally)) => {
                let report = v1::SimulationReport {
                    revision,
                    changes: applied.changes.iter().map(change).collect(),
                    warnings: applied.warnings.iter().map(problem).collect(),
                    ..simulation::report(&tally)
                };
                self.last.send(Ok(answer(Part::Report(report))));
            }
            // The caller has gone away.
            Ok(None) => {}
            Err(status) => {
                self.last.send(Err(status));
            }
        }
    }

    /// Goes through all customers; nothing if the caller has gone away.
    async fn pages(
        &self,
        mut simulation: Simulation,
        now: Instant,
    ) -> Result<Option<Tally>, Status> {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let work = Stopwatch::start();
            let whose = (&self.tenant, simulation.current());
            let page = tokio::select! {
                page = self.gate.scan(whose, cursor.as_deref(), PAGE_RECORDS, now) => page,
                () = self.sender.closed() => return Ok(None),
            };
            let page = page.map_err(|failure| refuse(&failure))?;
            let told = spawn_blocking(move || {
                for (id, snapshot) in page.records {
                    match snapshot {
                        Ok(snapshot) => simulation.add(&id, &snapshot.record),
                        Err(_logged) => simulation.add_unreadable(),
                    }
                }
                simulation
            });
            simulation = told.await.map_err(|_panicked| status::internal())?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(Some(simulation.finish()));
            }
            let customers_seen = simulation.customers_seen();
            let progress = v1::SimulationProgress { customers_seen };
            // A reader who is slow learns the next number.
            drop(self.sender.try_send(Ok(answer(Part::Progress(progress)))));
            let rest = work.elapsed().min(REST_MAX);
            if timeout(rest, self.sender.closed()).await.is_ok() {
                return Ok(None);
            }
        }
    }
}

const fn answer(part: Part) -> v1::SimulatePolicyResponse {
    v1::SimulatePolicyResponse { part: Some(part) }
}

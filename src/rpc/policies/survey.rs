//! Questions about all records of a tenant. They are answered page by page, on a thread that serves
//! no calls. After each page there is a rest as long as the work was, so that callers are served.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::OwnedPermit;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::clock::Stopwatch;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::policy::Policy;
use crate::rpc::decide::refuse;
use crate::rpc::status;

/// The number of records that are read at once: so few that no caller waits for long.
const PAGE_RECORDS: usize = 64;
/// The number of answers that wait for their reader. Progress reports that find no room are left
/// out.
const ANSWERS: usize = 8;
/// The longest rest: a store that is slow is not rested from for ever.
const REST_MAX: Duration = Duration::from_secs(1);

/// The answers of one survey.
pub(super) type Answers<M> = ReceiverStream<Result<M, Status>>;

/// A question that is answered by looking at every record.
pub(super) trait Survey: Send + 'static {
    /// The policy by which records are read.
    fn policy(&self) -> &Policy;

    /// Takes a customer into account.
    fn add(&mut self, customer_id: &str, record: &Record);

    /// Notes a customer whose record cannot be read.
    fn add_unreadable(&mut self);

    /// The number of customers that have been seen so far.
    fn customers_seen(&self) -> u64;
}

/// The reader of a survey, and its tenant.
pub(super) struct Readers<M> {
    gate: Arc<Gate>,
    tenant: Name,
    progress: fn(u64) -> M,
    sender: mpsc::Sender<Result<M, Status>>,
    last: OwnedPermit<Result<M, Status>>,
}

/// The reader of a survey, and where the answers come from.
pub(super) async fn readers<M: Send + 'static>(
    gate: &Arc<Gate>,
    tenant: Name,
    progress: fn(u64) -> M,
) -> Result<(Readers<M>, Answers<M>), Status> {
    let (sender, answers) = mpsc::channel(ANSWERS);
    // A reader who is slow loses progress, and never the end.
    let last = sender.clone().reserve_owned().await.map_err(|_closed| status::internal())?;
    let readers = Readers { gate: Arc::clone(gate), tenant, progress, sender, last };
    Ok((readers, ReceiverStream::new(answers)))
}

impl<M: Send + 'static> Readers<M> {
    /// Goes through all customers and tells what `finish` makes of it.
    pub(super) async fn survey<S: Survey>(
        self,
        survey: S,
        now: Instant,
        finish: impl FnOnce(S) -> M,
    ) {
        match self.pages(survey, now).await {
            Ok(Some(survey)) => {
                self.last.send(Ok(finish(survey)));
            }
            // The caller has gone away.
            Ok(None) => {}
            Err(status) => {
                self.last.send(Err(status));
            }
        }
    }

    /// Goes through all customers; nothing if the caller has gone away.
    async fn pages<S: Survey>(&self, mut survey: S, now: Instant) -> Result<Option<S>, Status> {
        let mut cursor: Option<Box<str>> = None;
        loop {
            let work = Stopwatch::start();
            let whose = TenantPolicy { tenant: &self.tenant, policy: survey.policy() };
            let page = tokio::select! {
                page = self.gate.scan(whose, cursor.as_deref(), PAGE_RECORDS, now) => page,
                () = self.sender.closed() => return Ok(None),
            };
            let page = page.map_err(|failure| refuse(&failure))?;
            let told = spawn_blocking(move || {
                for (id, snapshot) in page.records {
                    match snapshot {
                        Ok(snapshot) => survey.add(&id, &snapshot.record),
                        Err(_logged) => survey.add_unreadable(),
                    }
                }
                survey
            });
            survey = told.await.map_err(|_panicked| status::internal())?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(Some(survey));
            }
            // A reader who is slow learns the next number.
            drop(self.sender.try_send(Ok((self.progress)(survey.customers_seen()))));
            let rest = work.elapsed().min(REST_MAX);
            if timeout(rest, self.sender.closed()).await.is_ok() {
                return Ok(None);
            }
        }
    }
}

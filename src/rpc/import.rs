//! `ImportCustomers`: rows come in by chunks, and each chunk is answered when it is on disk. The
//! rows of a chunk are worked on at once, so that they share fsyncs; those of one customer one
//! after the other, so that the last one counts. The next chunk is read when this one is done: a
//! caller who is faster than the disk waits, and what a stream holds in memory is one chunk.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tonic::Status;
use tonic_types::FieldViolation;

use super::convert::row;
use super::convert::row::Defaults;
use super::convert::violations::Violations;
use super::decide::Caller;
use super::decide::refuse;
use super::identity::Opener;
use super::identity::opener;
use super::status;
use crate::gate::Bulk;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Feature;
use crate::gate::Gate;
use crate::gate::by_customer;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::import::Noted;
use crate::operation::import::OptIns;
use crate::operation::import::Row;
use crate::operation::import::import;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::proto::v1::import_customers_request::Part;

/// The most rows of a chunk.
pub(super) const CHUNK_ROWS_MAX: usize = 1_000;
/// The number of rows that all imports together work on at once: half of those that may wait for
/// the embedded store, so that an opt-out always finds room there.
const ROWS_AT_ONCE: usize = 2_048;
/// The longest time for the store to write a chunk.
pub(super) const STORE_PATIENCE: Duration = Duration::from_secs(10);
/// The longest silence of a stream.
pub(super) const IDLE_MAX: Duration = Duration::from_secs(60);
/// The most violations that are reported of one row.
const VIOLATIONS_MAX: usize = 8;

/// The answers of one import.
pub(super) type ImportStream =
    Pin<Box<dyn Stream<Item = Result<v1::ImportCustomersResponse, Status>> + Send>>;

/// The permits that all imports share.
#[derive(Debug)]
pub(super) struct Permits(pub(super) Semaphore);

impl Permits {
    pub(super) const fn new() -> Self {
        Self(Semaphore::const_new(ROWS_AT_ONCE))
    }
}

/// Imports what is asked.
pub(super) fn answers(
    gate: &Arc<Gate>,
    room: &Arc<Permits>,
    asked: impl Stream<Item = Result<v1::ImportCustomersRequest, Status>> + Send + Unpin + 'static,
) -> ImportStream {
    let import = Import {
        gate: Arc::clone(gate),
        room: Arc::clone(room),
        opener: opener(),
        options: None,
        acknowledged: 0,
        counts: v1::ImportCounts::default(),
    };
    Box::pin(try_unfold((asked, import), |(mut asked, mut import)| async move {
        let message = next(&mut asked, IDLE_MAX).await?;
        if message.as_ref().is_some_and(|it| matches!(it.part, Some(Part::Chunk(_)))) {
            import.opener.once_more().await?;
        }
        // By then the handler has returned.
        let opener = import.opener.clone();
        let answered = opener.calling(async move {
            let Some(message) = message else {
                return import.end().await.map(|()| None);
            };
            let refused_rows = import.take(message).await?;
            let answer = v1::ImportCustomersResponse {
                acknowledged_row_number: import.acknowledged,
                counts: Some(import.counts),
                refused_rows,
            };
            Ok(Some((answer, (asked, import))))
        });
        answered.await
    }))
}

/// The next message, unless the caller is silent for too long.
pub(super) async fn next<T>(
    asked: &mut (impl Stream<Item = Result<T, Status>> + Unpin),
    idle_max: Duration,
) -> Result<Option<T>, Status> {
    let next = timeout(idle_max, asked.next()).await;
    next.unwrap_or_else(|_elapsed| Some(Err(status::idle()))).transpose()
}

/// The state of one import, between two chunks.
#[derive(Debug)]
struct Import {
    gate: Arc<Gate>,
    room: Arc<Permits>,
    opener: Opener,
    options: Option<Options>,
    acknowledged: u64,
    counts: v1::ImportCounts,
}

#[derive(Clone, Debug)]
struct Options {
    tenant: Option<String>,
    dry_run: bool,
    opt_ins: OptIns,
    defaults: Defaults,
}

/// The rows of one customer, in their order.
type ImportRows = Vec<(u64, Row)>;

impl Import {
    async fn take(
        &mut self,
        message: v1::ImportCustomersRequest,
    ) -> Result<Vec<v1::RefusedRow>, Status> {
        match (message.part, self.options.clone()) {
            (Some(Part::Options(options)), None) => {
                self.options = Some(self.begin(options).await?);
                Ok(Vec::new())
            }
            (Some(Part::Chunk(chunk)), Some(options)) => self.chunk(&options, chunk).await,
            (Some(Part::Options(_)), Some(_)) => Err(invalid("options", "come once, and first")),
            (Some(Part::Chunk(_)), None) => Err(invalid("options", "must come before any row")),
            (None, _) => Err(invalid("part", "must be set: `options` or `chunk`")),
        }
    }

    async fn end(&self) -> Result<(), Status> {
        let Some(options) = &self.options else { return Err(invalid("options", "must be set")) };
        let v1::ImportCounts { imported, unchanged, refused, opt_outs, opt_ins, .. } = self.counts;
        let details = format!(
            "ended: {imported} changed, {unchanged} unchanged, {refused} refused, {opt_outs} \
             opt-outs, {opt_ins} opt-ins"
        );
        self.note(options, details).await
    }

    /// Notes what an import is about to do, or has done. Who only asks does nothing.
    async fn note(&self, options: &Options, details: String) -> Result<(), Status> {
        if options.dry_run {
            return Ok(());
        }
        let caller = Caller::new(&self.gate, options.tenant.as_deref())?;
        let event = Caller::event("ImportCustomers", details);
        let noted = self.gate.note(&caller.tenant, &event).await;
        noted.map_err(|failure| refuse(&failure))
    }

    async fn begin(&self, options: v1::ImportOptions) -> Result<Options, Status> {
        let caller = Caller::new(&self.gate, options.tenant.as_deref())?;
        let tenant = options.tenant.clone();
        let dry_run = options.dry_run.unwrap_or_default();
        let allowed = options.allow_opt_in.unwrap_or_default();
        let opt_ins = if allowed { OptIns::Allow } else { OptIns::Withhold };
        let mut violations = Violations::default();
        let defaults = violations.defaults(options, caller.context());
        let options = violations.finish(Some(Options { tenant, dry_run, opt_ins, defaults }))?;
        let may = if allowed { ", and a yes may end an opt-out" } else { "" };
        self.note(&options, format!("begins{may}")).await?;
        Ok(options)
    }

    /// Imports a chunk, and returns the rows that were refused.
    async fn chunk(
        &mut self,
        options: &Options,
        chunk: v1::ImportChunk,
    ) -> Result<Vec<v1::RefusedRow>, Status> {
        let last = self.check(&chunk)?;
        let at_once = u32::try_from(chunk.rows.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room);
        // The semaphore is never closed.
        let _place = room.0.acquire_many(at_once).await;
        let caller = Caller::new(&self.gate, options.tenant.as_deref())?;
        let mut refused = BTreeMap::new();
        let mut customers = Vec::new();
        for message in chunk.rows {
            let customer = message.customer.unwrap_or_default();
            match row::row(customer, &options.defaults, (caller.context(), caller.spelling)) {
                Ok((id, mut row)) => {
                    if !self.gate.has_format(Feature::Stops) {
                        for wish in &mut row.opt_outs {
                            wish.stop = None;
                        }
                    }
                    customers.push((caller.key(&id), (message.row_number, row)));
                }
                Err(broken) => {
                    refused.insert(message.row_number, broken);
                }
            }
        }
        let customers = by_customer(customers);
        for (rows, result) in self.customers(&caller, options, &customers).await {
            for (position, (number, _)) in rows.iter().enumerate() {
                match result.as_ref().map(|noted| noted.get(position)) {
                    Ok(Some(Ok(noted))) => self.count(*noted),
                    Ok(Some(Err(fault))) => {
                        refused.insert(*number, in_record(fault));
                    }
                    Ok(None) => {}
                    Err(failure) if is_passing(failure) => return Err(refuse(failure)),
                    Err(failure) => {
                        refused.insert(*number, in_record(failure));
                    }
                }
            }
        }
        self.counts.refused += u64::try_from(refused.len()).unwrap_or_default();
        self.acknowledged = last;
        Ok(refused.into_iter().map(|(number, broken)| refused_row(number, broken)).collect())
    }

    /// Imports the rows of some customers, each customer's one after the other.
    async fn customers<'a>(
        &self,
        caller: &Caller,
        options: &Options,
        customers: &'a [(Customer, ImportRows)],
    ) -> Vec<(&'a ImportRows, Result<Vec<Result<Noted, Fault>>, Failure>)> {
        let keys: Vec<Customer> = customers.iter().map(|(key, _)| key.clone()).collect();
        let rows: Vec<&ImportRows> = customers.iter().map(|(_, rows)| rows).collect();
        let taken = |position: usize, record: &mut Record| -> Vec<Result<Noted, Fault>> {
            let rows = rows.get(position).into_iter().copied().flatten();
            let context = caller.context();
            rows.map(|(_, row)| import(context, record, row, options.opt_ins)).collect()
        };
        let bulk = Bulk {
            is_wish: true,
            policy: &caller.active.policy,
            now: caller.now,
            durability: self.gate.settings().wishes,
            patience: STORE_PATIENCE,
        };
        let results = if options.dry_run {
            let mut results = Vec::with_capacity(keys.len());
            let gate = &self.gate;
            gate.look_in_turns(&bulk, &keys, |position, looked| {
                results.push(looked.map(|mut snapshot| taken(position, &mut snapshot.record)));
            })
            .await;
            results
        } else {
            self.gate.change_all(&bulk, &keys, |position, record| taken(position, record)).await
        };
        rows.into_iter().zip(results).collect()
    }

    /// Checks what a defect of the caller would break, and returns the number of the last row.
    fn check(&self, chunk: &v1::ImportChunk) -> Result<u64, Status> {
        let count = chunk.rows.len();
        if count == 0 || count > CHUNK_ROWS_MAX {
            let bounds = format!("has from 1 to {CHUNK_ROWS_MAX} elements, this one has {count}");
            return Err(invalid("chunk.rows", &bounds));
        }
        let mut last = self.acknowledged;
        for (position, row) in chunk.rows.iter().enumerate() {
            if row.row_number <= last {
                let field = format!("chunk.rows[{position}].row_number");
                return Err(invalid(&field, "must be higher than that of the row before"));
            }
            last = row.row_number;
        }
        Ok(last)
    }

    const fn count(&mut self, noted: Noted) {
        let counts = &mut self.counts;
        match noted.changed {
            true => counts.imported += 1,
            false => counts.unchanged += 1,
        }
        counts.opt_outs += noted.opt_outs;
        counts.opt_ins += noted.opt_ins;
        counts.opt_ins_withheld += noted.withheld;
        counts.opt_outs_ended += noted.ended;
        counts.events += noted.events;
    }
}

/// Whether a failure ends an import that can be resumed later. Any other failure is due to the
/// customer's record.
pub(super) const fn is_passing(failure: &Failure) -> bool {
    failure.is_of_store() || matches!(failure, Failure::Conflict)
}

/// The violation of a row that the customer's record does not admit.
pub(super) fn in_record(why: &impl ToString) -> Vec<FieldViolation> {
    vec![FieldViolation::new("customer_id", why.to_string())]
}

/// A row that was refused, and the first things that are wrong with it.
pub(super) fn refused_row(row_number: u64, broken: Vec<FieldViolation>) -> v1::RefusedRow {
    let violations = broken.into_iter().take(VIOLATIONS_MAX);
    let violations =
        violations.map(|it| v1::RowViolation { field: it.field, description: it.description });
    v1::RefusedRow { row_number, violations: violations.collect() }
}

/// A message that breaks the form of a stream.
pub(super) fn invalid(field: &str, description: &str) -> Status {
    let violation = FieldViolation::new(field, description);
    status::invalid(ErrorReason::InvalidRequest, vec![violation])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_caller_who_says_nothing_is_not_waited_for() {
        let mut silent = futures_util::stream::pending::<Result<(), Status>>();
        let status = next(&mut silent, Duration::from_millis(1)).await.unwrap_err();
        assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
        let mut ended = futures_util::stream::empty::<Result<(), Status>>();
        assert!(next(&mut ended, IDLE_MAX).await.unwrap().is_none());
    }
}

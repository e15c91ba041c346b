//! `ImportContacts`: contacts that were made before come in by chunks. The rows of a chunk are
//! grouped by customer, and the record of each is written once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::stream::try_unfold;
use tonic::Status;

use super::convert::row::contact_row;
use super::decide::Caller;
use super::decide::refuse;
use super::identity::Opener;
use super::identity::opener;
use super::import::CHUNK_ROWS_MAX;
use super::import::IDLE_MAX;
use super::import::Permits;
use super::import::STORE_PATIENCE;
use super::import::in_record;
use super::import::invalid;
use super::import::is_passing;
use super::import::next;
use super::import::refused_row;
use crate::gate::Bulk;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::WholeRecord;
use crate::gate::by_customer;
use crate::model::Name;
use crate::model::Record;
use crate::operation::Fault;
use crate::operation::import_contacts::Happened;
use crate::operation::import_contacts::Noted;
use crate::operation::import_contacts::limits;
use crate::operation::import_contacts::note;
use crate::proto::v1;
use crate::proto::v1::import_contacts_request::Part;

/// The answers of one import.
pub(super) type ImportStream =
    Pin<Box<dyn Stream<Item = Result<v1::ImportContactsResponse, Status>> + Send>>;

/// Imports what is asked.
pub(super) fn answers(
    gate: &Arc<Gate>,
    room: &Arc<Permits>,
    asked: impl Stream<Item = Result<v1::ImportContactsRequest, Status>> + Send + Unpin + 'static,
) -> ImportStream {
    let import = Import {
        gate: Arc::clone(gate),
        room: Arc::clone(room),
        opener: opener(),
        options: None,
        counts: v1::ImportContactsCounts::default(),
        reached: BTreeMap::new(),
        last_customer: None,
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
            let answer = import.answer(refused_rows);
            Ok(Some((answer, (asked, import))))
        });
        answered.await
    }))
}

/// The state of one import, between two chunks.
#[derive(Debug)]
struct Import {
    gate: Arc<Gate>,
    room: Arc<Permits>,
    opener: Opener,
    options: Option<v1::ImportContactsOptions>,
    counts: v1::ImportContactsCounts,
    /// The number of customers that would stand at each limit.
    reached: BTreeMap<Option<Name>, u64>,
    /// The last customer of the chunk before, whose rows may continue, and the customer's limits.
    last_customer: Option<(Box<str>, BTreeSet<Option<Name>>)>,
}

/// The rows of one customer, by their numbers.
type ContactRows = Vec<(u64, Happened)>;

/// The results of the rows, and in a dry run the limits at which the customer would stand.
type TakenRows = (Vec<Result<Noted, Fault>>, BTreeSet<Option<Name>>);

impl Import {
    async fn take(
        &mut self,
        message: v1::ImportContactsRequest,
    ) -> Result<Vec<v1::RefusedRow>, Status> {
        match (message.part, self.options.clone()) {
            (Some(Part::Options(options)), None) => {
                self.note(&options, "begins".to_owned()).await?;
                self.options = Some(options);
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
        let v1::ImportContactsCounts { recorded, unchanged, refused, too_old, erased, .. } =
            self.counts;
        let details = format!(
            "ended: {recorded} recorded, {unchanged} known before, {refused} refused, {too_old} \
             too old, {erased} erased"
        );
        self.note(options, details).await
    }

    /// Notes what an import is about to do, or has done. Who only asks does nothing.
    async fn note(
        &self,
        options: &v1::ImportContactsOptions,
        details: String,
    ) -> Result<(), Status> {
        let caller = Caller::new(&self.gate, options.tenant.as_deref())?;
        if options.dry_run.unwrap_or_default() {
            return Ok(());
        }
        let event = Caller::event("ImportContacts", details);
        let noted = self.gate.note(&caller.tenant, &event).await;
        noted.map_err(|failure| refuse(&failure))
    }

    /// Imports a chunk, and returns the rows that were refused.
    async fn chunk(
        &mut self,
        options: &v1::ImportContactsOptions,
        chunk: v1::ImportContactsChunk,
    ) -> Result<Vec<v1::RefusedRow>, Status> {
        check(&chunk)?;
        let at_once = u32::try_from(chunk.rows.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room);
        // The semaphore is never closed.
        let _place = room.0.acquire_many(at_once).await;
        let caller = Caller::new(&self.gate, options.tenant.as_deref())?;
        let mut refused = BTreeMap::new();
        let mut customers = Vec::new();
        for row in &chunk.rows {
            match contact_row(row, (caller.context(), caller.spelling)) {
                Ok((id, happened)) => {
                    customers.push((caller.key(&id), (row.row_number, happened)));
                }
                Err(broken) => {
                    refused.insert(row.row_number, broken);
                }
            }
        }
        let mut customers = by_customer(customers);
        for (_, rows) in &mut customers {
            rows.sort_by_key(|(_, happened)| happened.at);
        }
        let dry_run = options.dry_run.unwrap_or_default();
        let taken = self.customers(&caller, dry_run, &customers).await;
        for ((key, rows), taken) in customers.iter().zip(taken) {
            let (noted, limits) = match taken {
                Ok(taken) => taken,
                Err(failure) if is_passing(&failure) => return Err(refuse(&failure)),
                Err(failure) => {
                    refused.extend(rows.iter().map(|(number, _)| (*number, in_record(&failure))));
                    continue;
                }
            };
            for ((number, _), noted) in rows.iter().zip(noted) {
                match noted {
                    Ok(noted) => self.count(noted),
                    Err(fault) => {
                        refused.insert(*number, in_record(&fault));
                    }
                }
            }
            self.count_customer(&key.id, &limits);
        }
        self.counts.refused += u64::try_from(refused.len()).unwrap_or_default();
        Ok(refused.into_iter().map(|(number, broken)| refused_row(number, broken)).collect())
    }

    /// Imports the rows of some customers, each customer's from the oldest to the newest.
    async fn customers(
        &self,
        caller: &Caller,
        dry_run: bool,
        customers: &[(Customer, ContactRows)],
    ) -> Vec<Result<TakenRows, Failure>> {
        let keys: Vec<Customer> = customers.iter().map(|(key, _)| key.clone()).collect();
        let rows: Vec<&ContactRows> = customers.iter().map(|(_, rows)| rows).collect();
        let context = caller.context();
        let noted = |position: usize, record: &mut Record| -> Vec<Result<Noted, Fault>> {
            let rows = rows.get(position).into_iter().copied().flatten();
            rows.map(|(_, happened)| note(context, record, happened)).collect()
        };
        let bulk = Bulk {
            is_wish: false,
            policy: &caller.active.policy,
            now: caller.now,
            durability: self.gate.settings().reservations,
            patience: STORE_PATIENCE,
        };
        if !dry_run {
            let results = self
                .gate
                .change_all(&bulk, &keys, |position, record| noted(position, record))
                .await;
            let without_limits = |it: Result<_, _>| it.map(|noted| (noted, BTreeSet::new()));
            return results.into_iter().map(without_limits).collect();
        }
        let mut results = Vec::with_capacity(keys.len());
        let look = |position: usize, looked: Result<WholeRecord, Failure>| {
            results.push(looked.and_then(|mut snapshot| {
                let noted = noted(position, &mut snapshot.record);
                let rows = rows.get(position).into_iter().copied().flatten();
                let rows: Vec<&Happened> = rows.map(|(_, happened)| happened).collect();
                let limits = limits(context, &snapshot.record, &rows);
                let limits = limits.map_err(|undeclared| Failure::Fault(undeclared.into()))?;
                Ok((noted, limits))
            }));
        };
        self.gate.look_in_turns(&bulk, &keys, look).await;
        results
    }

    const fn count(&mut self, noted: Noted) {
        let counts = &mut self.counts;
        match noted {
            Noted::Recorded => counts.recorded += 1,
            Noted::Known => counts.unchanged += 1,
            Noted::TooOld => counts.too_old += 1,
            Noted::Erased => counts.erased += 1,
        }
    }

    /// Counts a customer, and those limits that were not just counted for the same customer.
    fn count_customer(&mut self, id: &str, limits: &BTreeSet<Option<Name>>) {
        let before = self.last_customer.take().filter(|(last, _)| **last == *id);
        let is_new = before.is_none();
        let before = before.map(|(_, limits)| limits).unwrap_or_default();
        let counts = &mut self.counts;
        counts.customers += u64::from(is_new);
        counts.customers_at_limit += u64::from(before.is_empty() && !limits.is_empty());
        for limit in limits.difference(&before) {
            *self.reached.entry(limit.clone()).or_default() += 1;
        }
        self.last_customer = Some((Box::from(id), before.union(limits).cloned().collect()));
    }

    fn answer(&self, refused_rows: Vec<v1::RefusedRow>) -> v1::ImportContactsResponse {
        let reached = self.reached.iter().map(|(rule, customers)| v1::ReachedLimit {
            rule: rule.as_ref().map(Name::to_string),
            customers: *customers,
        });
        let (counts, reached_limits) = (Some(self.counts), reached.collect());
        v1::ImportContactsResponse { counts, refused_rows, reached_limits }
    }
}

/// Checks what a defect of the caller would break.
fn check(chunk: &v1::ImportContactsChunk) -> Result<(), Status> {
    let count = chunk.rows.len();
    if count == 0 || count > CHUNK_ROWS_MAX {
        let bounds = format!("has from 1 to {CHUNK_ROWS_MAX} elements, this one has {count}");
        return Err(invalid("chunk.rows", &bounds));
    }
    let mut numbers = BTreeSet::new();
    for (position, row) in chunk.rows.iter().enumerate() {
        if row.row_number == 0 || !numbers.insert(row.row_number) {
            let field = format!("chunk.rows[{position}].row_number");
            return Err(invalid(&field, "must be from 1, and that of no other row of the chunk"));
        }
    }
    Ok(())
}

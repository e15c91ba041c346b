//! `ExportCustomers`: all customers of a tenant, page by page. The next page is read when the one
//! before has gone out, so a slow reader costs one page of memory.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::TryStreamExt;
use futures_util::stream::iter;
use futures_util::stream::try_unfold;
use prost::Message;
use tonic::Status;

use super::convert::row::exported;
use super::decide::Caller;
use super::decide::refuse;
use super::identity::Opener;
use super::identity::opener;
use crate::gate::Gate;
use crate::gate::Scanned;
use crate::gate::TenantPolicy;
use crate::proto::v1;

/// The number of records that are read at once.
const PAGE_RECORDS: usize = 256;
/// The number of bytes after which an answer takes no further customer.
const ANSWER_BYTES: usize = 256 << 10;

/// The answers of one export.
pub(super) type ExportStream =
    Pin<Box<dyn Stream<Item = Result<v1::ExportCustomersResponse, Status>> + Send>>;

/// Exports what is asked.
pub(super) async fn answers(
    gate: &Arc<Gate>,
    request: &v1::ExportCustomersRequest,
) -> Result<ExportStream, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let cursor = request.resume_token.as_deref().filter(|token| !token.is_empty());
    let cursor = Some(cursor.map(Box::from));
    let contacts = request.include_contacts.unwrap_or_default();
    let which = if cursor == Some(None) { "all customers" } else { "the rest of all customers" };
    let what = if contacts { ", with their contacts" } else { "" };
    let event = Caller::event("ExportCustomers", format!("{which}{what}"));
    let noted = gate.note(&caller.tenant, &event).await;
    noted.map_err(|failure| refuse(&failure))?;
    let export = Export { gate: Arc::clone(gate), opener: opener(), caller, contacts };
    let pages = try_unfold((export, cursor), |(mut export, cursor)| async move {
        let Some(cursor) = cursor else { return Ok(None) };
        export.opener.once_more().await?;
        let (answers, next) = export.page(cursor.as_deref()).await?;
        Ok::<_, Status>(Some((iter(answers.into_iter().map(Ok)), (export, next.map(Some)))))
    });
    Ok(Box::pin(pages.try_flatten()))
}

#[derive(Debug)]
struct Export {
    gate: Arc<Gate>,
    opener: Opener,
    caller: Caller,
    contacts: bool,
}

impl Export {
    /// The answers with the customers after a cursor, and the place to continue from if there are
    /// more.
    async fn page(
        &self,
        cursor: Option<&str>,
    ) -> Result<(Vec<v1::ExportCustomersResponse>, Option<Box<str>>), Status> {
        let caller = &self.caller;
        let now = self.gate.clock().now();
        let whose = TenantPolicy { tenant: &caller.tenant, policy: &caller.active.policy };
        let found = self.gate.scan(whose, cursor, PAGE_RECORDS, now).await;
        let Scanned { records, next } = found.map_err(|failure| refuse(&failure))?;
        let mut answers = Vec::new();
        let mut answer = v1::ExportCustomersResponse::default();
        let mut bytes = 0;
        for (id, snapshot) in records {
            match snapshot {
                Ok(snapshot) => {
                    let customer = exported(&id, &snapshot.record, self.contacts, now);
                    bytes += customer.encoded_len();
                    answer.customers.push(customer);
                }
                Err(_logged) => answer.unreadable_customer_ids.push(id.to_string()),
            }
            if bytes >= ANSWER_BYTES {
                bytes = 0;
                answers.push(std::mem::take(&mut answer));
            }
        }
        answer.resume_token = next.as_deref().map(String::from).unwrap_or_default();
        answers.push(answer);
        Ok((answers, next))
    }
}

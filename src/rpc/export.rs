//! `ExportCustomers`: all customers of a tenant, page by page. The next page is read when the one
//! before has gone out, so a slow reader costs one page of memory.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::stream::try_unfold;
use prost::Message;
use tonic::Status;

use super::convert::row::exported;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::decide::Caller;
use super::decide::refuse;
use crate::gate::Gate;
use crate::proto::v1;

/// How many records are read at once.
const PAGE_RECORDS: usize = 256;
/// After how many bytes an answer takes no further customer.
const PAGE_BYTES: usize = 256 << 10;

/// The answers of one export.
pub(super) type Answers =
    Pin<Box<dyn Stream<Item = Result<v1::ExportCustomersResponse, Status>> + Send>>;

/// Answers what is asked.
pub(super) async fn answers(
    gate: &Arc<Gate>,
    request: &v1::ExportCustomersRequest,
) -> Result<Answers, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let after = request.start_after.as_deref().filter(|after| !after.is_empty());
    let after = after.map(|after| violations.customer_id(Path::ROOT, after));
    let after = violations.finish(Some(after.flatten()))?;
    let contacts = request.include_contacts.unwrap_or_default();
    let which = if after.is_some() { "the customers after one" } else { "all customers" };
    let what = if contacts { ", with their contacts" } else { "" };
    let event = Caller::event("ExportCustomers", format!("{which}{what}"));
    let noted = gate.note(&caller.tenant, &event).await;
    noted.map_err(|failure| refuse(&failure))?;
    let export = Export { gate: Arc::clone(gate), caller, contacts };
    Ok(Box::pin(try_unfold((export, after), |(export, after)| async move {
        let page = export.page(after.as_deref()).await?;
        Ok(page.map(|(page, last)| (page, (export, Some(last)))))
    })))
}

#[derive(Debug)]
struct Export {
    gate: Arc<Gate>,
    caller: Caller,
    contacts: bool,
}

impl Export {
    /// The customers after one, and the last of them; none where there are no more.
    async fn page(
        &self,
        after: Option<&str>,
    ) -> Result<Option<(v1::ExportCustomersResponse, Box<str>)>, Status> {
        let caller = &self.caller;
        let now = self.gate.clock().now();
        let whose = (&caller.tenant, &caller.active.policy);
        let found = self.gate.scan(whose, after, PAGE_RECORDS, now).await;
        let found = found.map_err(|failure| refuse(&failure))?;
        let mut page = v1::ExportCustomersResponse::default();
        let mut last = None;
        let mut bytes = 0;
        for (id, snapshot) in found {
            match snapshot {
                Ok(snapshot) => {
                    let customer = exported(&id, &snapshot.record, self.contacts, now);
                    bytes += customer.encoded_len();
                    page.customers.push(customer);
                }
                Err(_logged) => page.unreadable_customer_ids.push(id.to_string()),
            }
            last = Some(id);
            if bytes >= PAGE_BYTES {
                break;
            }
        }
        Ok(last.map(|last| (page, last)))
    }
}

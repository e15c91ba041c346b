//! `CustomerService`, for CRM systems and preference centres.

use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::Streaming;
use tonic::async_trait;

use super::convert::contact::recorded;
use super::convert::customer::customer;
use super::convert::page::Place;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::convert::wish;
use super::decide::Caller;
use super::decide::refuse;
use super::export;
use super::import;
use crate::gate::Change;
use crate::gate::Gate;
use crate::model::Record;
use crate::model::history::Entry;
use crate::operation;
use crate::operation::wish::Wish;
use crate::proto::v1;
use crate::proto::v1::customer_service_server::CustomerService;
use crate::store::Durability;
use crate::store::Version;

const PAGE_DEFAULT: u32 = 100;
const PAGE_MAX: u32 = 1_000;

/// The service.
#[derive(Debug)]
pub(super) struct Customers {
    gate: Arc<Gate>,
    imports: Arc<import::Room>,
}

impl Customers {
    pub(super) fn new(gate: &Arc<Gate>) -> Self {
        Self { gate: Arc::clone(gate), imports: Arc::new(import::Room::new()) }
    }

    async fn get(&self, request: v1::GetCustomerRequest) -> Result<v1::Customer, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let id = violations.finish(id)?;
        let key = caller.key(&id);
        let snapshot = self
            .gate
            .look(&key, &caller.active.policy, caller.now)
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok(customer(&id, &snapshot.record, snapshot.version))
    }

    async fn update(&self, request: v1::UpdateCustomerRequest) -> Result<v1::Customer, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let expected = request.expected_version.as_deref();
        let expected = expected.and_then(|text| violations.version("expected_version", text));
        let given = violations.required(Path::ROOT, "customer", request.customer.as_ref());
        let mask = request.update_mask.as_ref().map(|mask| mask.paths.as_slice());
        let read = given.map(|given| {
            let id = violations.customer_id(Path::of("customer"), &given.customer_id);
            (id, violations.replacements(given, mask, &caller.active.policy.zones))
        });
        let read = read.and_then(|(id, replacements)| Some((id?, replacements)));
        let (id, replacements) = violations.finish(read)?;

        let key = caller.key(&id);
        let change = Change { expected, ..caller.change(&key, Durability::Synced) };
        let (record, version) = self
            .gate
            .change(&change, |record| {
                operation::profile::update(record, &replacements)?;
                Ok(record.clone())
            })
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok(customer(&id, &record, version))
    }

    /// Takes note of a wish, and returns what is on record then.
    async fn take(
        &self,
        caller: &Caller,
        customer_id: &str,
        wish: &Wish,
    ) -> Result<(Record, String), Status> {
        let key = caller.key(customer_id);
        let change = caller.change(&key, Durability::Synced);
        let (record, version) = self
            .gate
            .change(&change, |record| {
                operation::wish::take(caller.context(), record, wish)?;
                Ok(record.clone())
            })
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok((record, version.map(|version| version.to_string()).unwrap_or_default()))
    }

    async fn list(
        &self,
        request: v1::ListContactsRequest,
    ) -> Result<v1::ListContactsResponse, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        if request.page_size == Some(0) {
            violations.add(Path::ROOT, "page_size", format!("must be from 1 to {PAGE_MAX}"));
        }
        let key = caller.key(id.as_deref().unwrap_or_default());
        let token = request.page_token.as_deref().filter(|token| !token.is_empty());
        let after = token.map(|token| Place::parse(token, &key));
        if after == Some(None) {
            let problem = "is not one that an earlier page of this customer gave";
            violations.add(Path::ROOT, "page_token", problem);
        }
        violations.finish(id)?;
        let size = request.page_size.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX);
        let size = usize::try_from(size).unwrap_or_default();

        let snapshot = self
            .gate
            .look(&key, &caller.active.policy, caller.now)
            .await
            .map_err(|failure| refuse(&failure))?;
        let record = &snapshot.record;
        let place = |entry: &Entry| Place { at: entry.at, number: entry.number };
        let mut entries: Vec<&Entry> = record.history.entries().iter().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(place(entry)));
        entries.retain(|entry| after.flatten().is_none_or(|after| place(entry) < after));
        let last = entries.get(size.saturating_sub(1)).filter(|_| entries.len() > size);
        let next_page_token = last.map(|last| place(last).token(&key)).unwrap_or_default();
        let contacts = entries.iter().take(size).map(|entry| recorded(record, entry)).collect();
        Ok(v1::ListContactsResponse { contacts, next_page_token })
    }
}

impl Violations {
    /// A version that an earlier answer gave.
    pub fn version(&mut self, field: &str, text: &str) -> Option<Version> {
        let version = Version::parse(text);
        if version.is_none() {
            self.add(Path::ROOT, field, "is no version that an answer gave: 32 hexadecimal digits");
        }
        version
    }
}

#[async_trait]
impl CustomerService for Customers {
    async fn get_customer(
        &self,
        request: Request<v1::GetCustomerRequest>,
    ) -> Result<Response<v1::GetCustomerResponse>, Status> {
        let customer = Some(self.get(request.into_inner()).await?);
        Ok(Response::new(v1::GetCustomerResponse { customer }))
    }

    async fn update_customer(
        &self,
        request: Request<v1::UpdateCustomerRequest>,
    ) -> Result<Response<v1::UpdateCustomerResponse>, Status> {
        let customer = Some(self.update(request.into_inner()).await?);
        Ok(Response::new(v1::UpdateCustomerResponse { customer }))
    }

    async fn opt_out(
        &self,
        request: Request<v1::OptOutRequest>,
    ) -> Result<Response<v1::OptOutResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let wish = violations.opt_out(&request, caller.now);
        let id = violations.finish(id)?;
        let (record, version) = self.take(&caller, &id, &wish).await?;
        let opt_outs = record.opt_outs.iter().map(wish::opted_out).collect();
        Ok(Response::new(v1::OptOutResponse { opt_outs, version }))
    }

    async fn opt_in(
        &self,
        request: Request<v1::OptInRequest>,
    ) -> Result<Response<v1::OptInResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = Violations::default();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let wish = violations.opt_in(&request, caller.now);
        let id = violations.finish(id)?;
        let (record, version) = self.take(&caller, &id, &wish).await?;
        let opt_outs = record.opt_outs.iter().map(wish::opted_out).collect();
        let consents = record.consents.iter().map(wish::consent).collect();
        Ok(Response::new(v1::OptInResponse { opt_outs, consents, version }))
    }

    type ImportCustomersStream = import::Answers;

    async fn import_customers(
        &self,
        request: Request<Streaming<v1::ImportCustomersRequest>>,
    ) -> Result<Response<import::Answers>, Status> {
        let answers = import::answers(&self.gate, &self.imports, request.into_inner());
        Ok(Response::new(answers))
    }

    type ExportCustomersStream = export::Answers;

    async fn export_customers(
        &self,
        request: Request<v1::ExportCustomersRequest>,
    ) -> Result<Response<export::Answers>, Status> {
        export::answers(&self.gate, request.get_ref()).map(Response::new)
    }

    async fn list_contacts(
        &self,
        request: Request<v1::ListContactsRequest>,
    ) -> Result<Response<v1::ListContactsResponse>, Status> {
        self.list(request.into_inner()).await.map(Response::new)
    }
}

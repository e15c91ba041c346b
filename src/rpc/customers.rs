//! `CustomerService`, for CRM systems and preference centres.

mod changes;
mod consent_events;
mod erasure;
mod inbound;
mod opt_out_batch;
mod preferences;
mod replies;
mod suppressions;
mod unclear;

pub(super) use unclear::messages as unclear_messages;

use std::sync::Arc;

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::Streaming;
use tonic::async_trait;
use tonic_types::FieldViolation;

use super::contact_import;
use super::convert::contact::recorded;
use super::convert::customer::customer;
use super::convert::page::List;
use super::convert::page::Place;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use super::convert::wish;
use super::decide::Caller;
use super::decide::refuse;
use super::decide::refuse_naming;
use super::export;
use super::import;
use super::links;
use super::links::Links;
use crate::gate::Change;
use crate::gate::Customer;
use crate::gate::Gate;
use crate::model::Record;
use crate::model::customer_id::CustomerId;
use crate::model::history::Entry;
use crate::operation;
use crate::operation::Fault;
use crate::operation::wish::Wish;
use crate::proto::v1;
use crate::proto::v1::customer_service_server::CustomerService;
use crate::store::Key;
use crate::store::Version;

/// The service.
#[derive(Debug)]
pub(super) struct Customers {
    gate: Arc<Gate>,
    links: Links,
    imports: Arc<import::Permits>,
}

impl Customers {
    pub(super) fn new(gate: &Arc<Gate>, links: Links) -> Self {
        Self { gate: Arc::clone(gate), links, imports: Arc::new(import::Permits::new()) }
    }

    async fn get(&self, request: v1::GetCustomerRequest) -> Result<v1::Customer, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = caller.violations();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let id = violations.finish(id)?;
        let key = caller.key(&id);
        let snapshot = self
            .gate
            .read(&key, &caller.active.policy, caller.now)
            .await
            .map_err(|failure| refuse(&failure))?;
        Ok(customer(&id, &snapshot.record, snapshot.version))
    }

    async fn update(
        &self,
        request: v1::UpdateCustomerRequest,
    ) -> Result<v1::UpdateCustomerResponse, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = caller.violations();
        let expected = request.expected_version.as_deref();
        let expected = expected.and_then(|text| violations.version("expected_version", text));
        let id = request.request_id.as_deref();
        let named = violations.optional_key(Path::ROOT, id, &request);
        let given = violations.required(Path::ROOT, "customer", request.customer.as_ref());
        let mask = request.update_mask.as_ref().map(|mask| mask.paths.as_slice());
        let read = given.map(|given| {
            let id = violations.customer_id(Path::of("customer"), &given.customer_id);
            (id, violations.replacements(given, mask, &caller.active.policy))
        });
        let read = read.and_then(|(id, replacements)| Some((id?, replacements)));
        let ((id, replacements), undeclared) = violations.finish_bounds(read)?;

        let key = caller.key(&id);
        let named = named.as_ref();
        let change = Change { expected, request: named, ..caller.wish(&self.gate, &key) };
        let ((record, changed), version) = self
            .gate
            .change(&change, |record| {
                changing(record, |record| {
                    operation::profile::update_once(caller.context(), record, named, &replacements)
                })
            })
            .await
            .map_err(|failure| refuse_naming(&failure, undeclared))?;
        let customer = Some(customer(&id, &record, version));
        Ok(v1::UpdateCustomerResponse { customer, changed: Some(changed) })
    }

    /// Takes note of a wish, and returns what is on record then and whether that is different.
    async fn take(
        &self,
        caller: &Caller,
        customer_id: &CustomerId,
        (wish, undeclared): (&Wish, Vec<FieldViolation>),
    ) -> Result<(Record, bool, String), Status> {
        let key = caller.key(customer_id);
        let change = Change { request: wish.request.as_ref(), ..caller.wish(&self.gate, &key) };
        let ((record, changed), version) = self
            .gate
            .change(&change, |record| {
                changing(record, |record| {
                    operation::wish::take_declared(caller.context(), record, wish)
                })
            })
            .await
            .map_err(|failure| refuse_naming(&failure, undeclared))?;
        Ok((record, changed, shown(version)))
    }

    async fn list(
        &self,
        request: v1::ListContactsRequest,
    ) -> Result<v1::ListContactsResponse, Status> {
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = caller.violations();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let key = caller.key(&id.clone().unwrap_or_default());
        let token = request.page_token.as_deref();
        let page = violations.page(List::Contacts, Key::clone(&key), request.page_size, token);
        violations.finish(id)?;

        let record = look(&self.gate, &caller, &key).await?;
        let place = |entry: &Entry| Place { at: entry.at, number: entry.number };
        let entries = record.history.entries().iter();
        let entries = entries.map(|entry| (place(entry), entry)).collect();
        let (entries, next_page_token) = page.take(entries);
        let contacts = entries.into_iter().map(|entry| recorded(&record, entry)).collect();
        Ok(v1::ListContactsResponse { contacts, next_page_token })
    }
}

/// A customer's record.
async fn look(gate: &Gate, caller: &Caller, key: &Customer) -> Result<Record, Status> {
    let snapshot = gate.read(key, &caller.active.policy, caller.now).await;
    Ok(snapshot.map_err(|failure| refuse(&failure))?.record)
}

/// Lets an operation work on a record, and returns what is on record then and whether it is
/// different.
fn changing(
    record: &mut Record,
    operation: impl FnOnce(&mut Record) -> Result<(), Fault>,
) -> Result<(Record, bool), Fault> {
    let before = record.clone();
    operation(record)?;
    Ok((record.clone(), operation::differ(&before, record)))
}

/// A version as answers show it.
fn shown(version: Option<Version>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
}

impl Violations {
    /// A version that an earlier answer gave.
    pub fn version(&mut self, field: &str, text: &str) -> Option<Version> {
        let version = Version::parse(text);
        if version.is_none() {
            self.add(Path::ROOT, field, "is not a record version (32 hexadecimal digits)");
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
        self.update(request.into_inner()).await.map(Response::new)
    }

    async fn opt_out(
        &self,
        request: Request<v1::OptOutRequest>,
    ) -> Result<Response<v1::OptOutResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = caller.violations();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let wish = violations.opt_out(Path::ROOT, &request, caller.context());
        let (id, undeclared) = violations.finish_bounds(id)?;
        let (record, changed, version) = self.take(&caller, &id, (&wish, undeclared)).await?;
        let opt_outs = record.opt_outs.iter().map(wish::opted_out).collect();
        Ok(Response::new(v1::OptOutResponse { opt_outs, version, changed: Some(changed) }))
    }

    async fn opt_in(
        &self,
        request: Request<v1::OptInRequest>,
    ) -> Result<Response<v1::OptInResponse>, Status> {
        let request = request.into_inner();
        let caller = Caller::new(&self.gate, request.tenant.as_deref())?;
        let mut violations = caller.violations();
        let id = violations.customer_id(Path::ROOT, &request.customer_id);
        let wish = violations.opt_in(&request, caller.context());
        violations.grounded(&wish);
        let (id, undeclared) = violations.finish_bounds(id)?;
        let (record, changed, version) = self.take(&caller, &id, (&wish, undeclared)).await?;
        let opt_outs = record.opt_outs.iter().map(wish::opted_out).collect();
        let consents = record.consents.iter().map(wish::consent).collect();
        let changed = Some(changed);
        Ok(Response::new(v1::OptInResponse { opt_outs, consents, version, changed }))
    }

    async fn batch_opt_out(
        &self,
        request: Request<v1::BatchOptOutRequest>,
    ) -> Result<Response<v1::BatchOptOutResponse>, Status> {
        opt_out_batch::opt_out(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn suppress_customer(
        &self,
        request: Request<v1::SuppressCustomerRequest>,
    ) -> Result<Response<v1::SuppressCustomerResponse>, Status> {
        let suppressed = suppressions::suppress(&self.gate, request.into_inner());
        Box::pin(suppressed).await.map(Response::new)
    }

    async fn unsuppress_customer(
        &self,
        request: Request<v1::UnsuppressCustomerRequest>,
    ) -> Result<Response<v1::UnsuppressCustomerResponse>, Status> {
        suppressions::unsuppress(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn list_consent_events(
        &self,
        request: Request<v1::ListConsentEventsRequest>,
    ) -> Result<Response<v1::ListConsentEventsResponse>, Status> {
        consent_events::list(&self.gate, request.into_inner()).await.map(Response::new)
    }

    type ImportCustomersStream = import::ImportStream;

    async fn import_customers(
        &self,
        request: Request<Streaming<v1::ImportCustomersRequest>>,
    ) -> Result<Response<import::ImportStream>, Status> {
        let answers = import::answers(&self.gate, &self.imports, request.into_inner());
        Ok(Response::new(answers))
    }

    type ImportContactsStream = contact_import::ImportStream;

    async fn import_contacts(
        &self,
        request: Request<Streaming<v1::ImportContactsRequest>>,
    ) -> Result<Response<contact_import::ImportStream>, Status> {
        let answers = contact_import::answers(&self.gate, &self.imports, request.into_inner());
        Ok(Response::new(answers))
    }

    type ExportCustomersStream = export::ExportStream;

    async fn export_customers(
        &self,
        request: Request<v1::ExportCustomersRequest>,
    ) -> Result<Response<export::ExportStream>, Status> {
        export::answers(&self.gate, &request.into_inner()).await.map(Response::new)
    }

    async fn list_contacts(
        &self,
        request: Request<v1::ListContactsRequest>,
    ) -> Result<Response<v1::ListContactsResponse>, Status> {
        self.list(request.into_inner()).await.map(Response::new)
    }

    async fn export_customer(
        &self,
        request: Request<v1::ExportCustomerRequest>,
    ) -> Result<Response<v1::ExportCustomerResponse>, Status> {
        erasure::export(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn erase_customer(
        &self,
        request: Request<v1::EraseCustomerRequest>,
    ) -> Result<Response<v1::EraseCustomerResponse>, Status> {
        erasure::erase(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn list_unclear_messages(
        &self,
        request: Request<v1::ListUnclearMessagesRequest>,
    ) -> Result<Response<v1::ListUnclearMessagesResponse>, Status> {
        unclear::list(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn resolve_unclear_message(
        &self,
        request: Request<v1::ResolveUnclearMessageRequest>,
    ) -> Result<Response<v1::ResolveUnclearMessageResponse>, Status> {
        unclear::resolve(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn list_overdue_replies(
        &self,
        request: Request<v1::ListOverdueRepliesRequest>,
    ) -> Result<Response<v1::ListOverdueRepliesResponse>, Status> {
        replies::list(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn mark_answered(
        &self,
        request: Request<v1::MarkAnsweredRequest>,
    ) -> Result<Response<v1::MarkAnsweredResponse>, Status> {
        replies::mark(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn list_changed_customers(
        &self,
        request: Request<v1::ListChangedCustomersRequest>,
    ) -> Result<Response<v1::ListChangedCustomersResponse>, Status> {
        changes::list(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn handle_inbound_message(
        &self,
        request: Request<v1::HandleInboundMessageRequest>,
    ) -> Result<Response<v1::HandleInboundMessageResponse>, Status> {
        inbound::handle(self, request.into_inner()).await.map(Response::new)
    }

    async fn issue_unsubscribe_link(
        &self,
        request: Request<v1::IssueUnsubscribeLinkRequest>,
    ) -> Result<Response<v1::IssueUnsubscribeLinkResponse>, Status> {
        links::issue(&self.gate, &self.links, &request.into_inner()).map(Response::new)
    }

    async fn issue_preference_link(
        &self,
        request: Request<v1::IssuePreferenceLinkRequest>,
    ) -> Result<Response<v1::IssuePreferenceLinkResponse>, Status> {
        links::issue_preference(&self.gate, &self.links, &request.into_inner()).map(Response::new)
    }

    async fn get_preferences(
        &self,
        request: Request<v1::GetPreferencesRequest>,
    ) -> Result<Response<v1::GetPreferencesResponse>, Status> {
        preferences::get(&self.gate, request.into_inner()).await.map(Response::new)
    }

    async fn set_preferences(
        &self,
        request: Request<v1::SetPreferencesRequest>,
    ) -> Result<Response<v1::SetPreferencesResponse>, Status> {
        preferences::set(&self.gate, request.into_inner()).await.map(Response::new)
    }
}

//! The service as a process on a Redis, and callers of it.

use std::path::Path;
use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tonic::Status;
use tonic::transport::Channel;

use crate::api::product::email;
use crate::api::product::reservation;
use crate::crash::process::Process;
use crate::crash::process::Starting;
use crate::wait::until;

/// An instance, and a caller of it.
pub(crate) struct Service {
    pub(crate) process: Process,
    runtime: Runtime,
    channel: Channel,
    _directory: TempDir,
}

impl Service {
    /// Starts one, with some more flags. All have the same secret.
    pub(crate) fn start(store: &str, flags: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let secret = directory.path().join("secret");
        std::fs::write(&secret, "x".repeat(40)).unwrap();
        let secret = secret.to_str().unwrap();
        let off = if flags.contains(&"--journal") { &[][..] } else { &["--journal", "off"] };
        let base = [&["--secret-file", secret, "--operations", "127.0.0.1:0"][..], off].concat();
        let command = std::process::Command::new(env!("CARGO_BIN_EXE_courtesy"));
        let args = [&base[..], flags].concat();
        let process = Starting::begin_as(command, Path::new(store), &args).finish();
        let process = process.unwrap_or_else(|refused| panic!("{refused:?}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let channel = runtime.block_on(async { process.connect() });
        Self { process, runtime, channel, _directory: directory }
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub(crate) fn policies(&self) -> PolicyServiceClient<Channel> {
        PolicyServiceClient::new(self.channel.clone())
    }

    pub(crate) fn contacts_client(&self) -> ContactServiceClient<Channel> {
        ContactServiceClient::new(self.channel.clone())
    }

    pub(crate) fn customers(&self) -> CustomerServiceClient<Channel> {
        CustomerServiceClient::new(self.channel.clone())
    }

    pub(crate) fn apply(&self, text: &str, expected: u64) -> Result<u64, Status> {
        let documents = vec![v1::PolicyDocument { text: text.to_owned(), ..Default::default() }];
        let expected_revision = Some(expected);
        let request = v1::ApplyPolicyRequest { documents, expected_revision, ..Default::default() };
        Ok(self.wait(self.policies().apply_policy(request))?.into_inner().revision)
    }

    pub(crate) fn check(&self, customer: &str) -> v1::Decision {
        let contact = Some(email(customer));
        let request = v1::CheckContactRequest { contact, ..Default::default() };
        let mut contacts = self.contacts_client();
        let answer = self.wait(contacts.check_contact(request)).unwrap();
        answer.into_inner().decision.unwrap()
    }

    pub(crate) fn reserve(&self, customer: &str, request_id: &str) -> Result<v1::Decision, Status> {
        let mut contacts = self.contacts_client();
        let answer = self.wait(contacts.reserve_contact(reservation(customer, request_id)))?;
        Ok(answer.into_inner().decision.unwrap())
    }

    pub(crate) fn opt_out(&self, customer: &str) -> Result<(), Status> {
        let request = v1::OptOutRequest { customer_id: customer.to_owned(), ..Default::default() };
        self.wait(self.customers().opt_out(request)).map(drop)
    }

    pub(crate) fn contacts(&self, customer: &str) -> usize {
        let request =
            v1::ListContactsRequest { customer_id: customer.to_owned(), ..Default::default() };
        self.wait(self.customers().list_contacts(request)).unwrap().into_inner().contacts.len()
    }

    /// Waits until answers come out of the record again, and opt-outs are acknowledged.
    pub(crate) fn wait_until_well(&self) {
        until(Duration::from_secs(10), "the service is well again", || {
            // One that has not read its policies yet cannot even answer by them.
            let is_good = self.opt_out("witness").is_ok() && !self.check("witness").degraded;
            is_good.then_some(())
        });
    }
}

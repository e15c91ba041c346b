//! Calls of the API, at the times at which they would have been made.

use tonic::Response;
use tonic::Status;
use tonic::transport::Channel;

use crate::cli::Error;
use crate::clock::Setter;
use crate::model::Instant;
use crate::proto::v1::contact_service_client::ContactServiceClient;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The one who tells the server what happened.
#[derive(Debug)]
pub(super) struct Caller {
    channel: Channel,
    hand: Setter,
    requests: u64,
}

impl Caller {
    pub(super) const fn new(channel: Channel, hand: Setter) -> Self {
        Self { channel, hand, requests: 0 }
    }

    /// Lets it be a time, which is never earlier than it was.
    pub(super) fn at(&self, time: Instant) {
        self.hand.set(time.max(self.hand.shown()));
    }

    /// The present time.
    pub(super) fn now(&self) -> Instant {
        self.hand.shown()
    }

    pub(super) fn contacts(&self) -> ContactServiceClient<Channel> {
        ContactServiceClient::new(self.channel.clone())
    }

    pub(super) fn customers(&self) -> CustomerServiceClient<Channel> {
        CustomerServiceClient::new(self.channel.clone())
    }

    pub(super) fn policies(&self) -> PolicyServiceClient<Channel> {
        PolicyServiceClient::new(self.channel.clone())
    }

    /// An id for the next request.
    pub(super) fn request_id(&mut self) -> String {
        self.requests = self.requests.saturating_add(1);
        format!("demo-{}", self.requests)
    }
}

/// The answer, or the error.
pub(super) fn heard<T>(answer: Result<Response<T>, Status>) -> Result<T, Error> {
    answer.map(Response::into_inner).map_err(|status| Error::Api(Box::new(status)))
}

//! The API, called within the process. Everything that a screen shows or changes passes the same
//! rights, audit, bounds and errors as a call from outside.

use std::convert::Infallible;
use std::task::Context;
use std::task::Poll;

use http::HeaderValue;
use http::Request;
use http::Response;
use http::header;
use tonic::body::Body;
use tower::Service;
use tower::util::BoxCloneSyncService;

use crate::access::OfConsole;
use crate::access::Session;
use crate::proto::v1::contact_service_client::ContactServiceClient;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::proto::v1::policy_service_client::PolicyServiceClient;

/// The service that answers the API's calls.
pub type Api = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// The largest answer of a call, in bytes. A page of the audit log or a policy is the longest.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// The API as one caller sees it.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    api: Api,
    session: Option<Session>,
    authorization: Option<HeaderValue>,
}

impl Caller {
    /// A user with a session, or with a credential that a proxy sets in `authorization`.
    pub(super) const fn new(
        api: Api,
        session: Option<Session>,
        authorization: Option<HeaderValue>,
    ) -> Self {
        Self { api, session, authorization }
    }

    pub(super) fn contacts(&self) -> ContactServiceClient<Self> {
        ContactServiceClient::new(self.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub(super) fn customers(&self) -> CustomerServiceClient<Self> {
        CustomerServiceClient::new(self.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub(super) fn policies(&self) -> PolicyServiceClient<Self> {
        PolicyServiceClient::new(self.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
    }
}

impl Service<Request<Body>> for Caller {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <Api as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.api.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        request.extensions_mut().insert(OfConsole);
        if let Some(session) = self.session {
            request.extensions_mut().insert(session);
        }
        if let Some(authorization) = self.authorization.clone() {
            request.headers_mut().insert(header::AUTHORIZATION, authorization);
        }
        self.api.call(request)
    }
}

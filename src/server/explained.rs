//! Replaces the transport's errors by the API's own. tonic answers a request that it cannot decode
//! with `INTERNAL` and no reason, although the mistake is the caller's.

use http::Response;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;

use crate::rpc::status;
use crate::server::methods::Method;

/// The answer, with the API's own error where the transport has made one.
pub(super) fn explained(method: &Method, response: Response<Body>) -> Response<Body> {
    let error = Status::from_header_map(response.headers());
    match error.and_then(|error| in_own_words(method, &error)) {
        Some(own) => own.into_http(),
        None => response,
    }
}

/// An error of the transport in the API's own words; `None` if the error is the API's own. Every
/// error of ours has details: one without them that is called internal or unknown is a request that
/// cannot be read.
pub(super) fn in_own_words(method: &Method, error: &Status) -> Option<Status> {
    if !error.details().is_empty() {
        return None;
    }
    match error.code() {
        Code::Internal | Code::Unknown | Code::DataLoss => {
            Some(status::malformed(method.input.name(), error.message()))
        }
        Code::OutOfRange => Some(status::too_long(method.request_bytes_max)),
        Code::Unimplemented => Some(status::unimplemented(error.message())),
        Code::Ok
        | Code::Cancelled
        | Code::InvalidArgument
        | Code::DeadlineExceeded
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::Unavailable
        | Code::Unauthenticated => None,
    }
}

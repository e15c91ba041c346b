//! What the transport says of a call that it cannot read, in the API's own words: it calls a
//! request that is not a message an internal error, as if it were our defect, and gives no reasons.

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

/// An error of the transport in the API's own words; none where it is the API's own. Every defect
/// of ours has details: what has none and is called internal or unknown is a request that cannot be
/// read.
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

//! What the transport says of a call that it cannot read, in the API's own words: it calls a request
//! that is no message an internal error, as if it were our defect, and gives no reasons.

use http::Response;
use tonic::Code;
use tonic::Status;
use tonic::body::Body;

use crate::rpc::status;
use crate::server::methods::Method;

/// The answer, with the API's own error where the transport has made one.
pub(super) fn explained(method: &Method, response: Response<Body>) -> Response<Body> {
    let Some(error) = Status::from_header_map(response.headers()) else { return response };
    if !error.details().is_empty() {
        return response;
    }
    if error.code() == Code::Internal {
        status::malformed(method.input.name(), error.message()).into_http()
    } else if error.code() == Code::OutOfRange {
        status::too_long(method.request_bytes_max).into_http()
    } else if error.code() == Code::Unimplemented {
        status::unimplemented(error.message()).into_http()
    } else {
        response
    }
}

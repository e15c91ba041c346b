//! `ClockService`: the clock of a server that was started for a test.

use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::async_trait;

use super::convert::time;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use crate::clock::Setter;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::clock_service_server::ClockService;
use crate::proto::v1::set_time_request::To;

/// The furthest that it is advanced in one go.
const ADVANCE_MAX: Span = Span::from_days(400);

/// The service.
#[derive(Debug)]
pub(super) struct Clocks(pub(super) Setter);

#[async_trait]
impl ClockService for Clocks {
    async fn set_time(
        &self,
        request: Request<v1::SetTimeRequest>,
    ) -> Result<Response<v1::SetTimeResponse>, Status> {
        let mut violations = Violations::default();
        let to = match request.into_inner().to {
            None => {
                violations.add(Path::ROOT, "to", "is required: a `time`, or how far to `advance`");
                None
            }
            Some(To::Time(time)) => {
                let to = time::instant(&time);
                if to.is_none() {
                    violations.add(Path::ROOT, "time", "is not a time between 1970 and 2199");
                }
                to
            }
            Some(To::Advance(by)) => {
                let by = violations.duration(Path::ROOT, "advance", Some(&by), ADVANCE_MAX);
                by.map(|by| self.0.shown().plus(by))
            }
        };
        let to = violations.finish(to)?;
        self.0.set(to);
        Ok(Response::new(v1::SetTimeResponse { time: Some(time::timestamp(to)) }))
    }
}

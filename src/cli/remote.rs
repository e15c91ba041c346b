//! Commands that ask a running server, over its API like every other caller.

pub(crate) mod audit;
pub(crate) mod changes;
pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod clock;
pub(crate) mod customer;
pub(crate) mod export;
pub(crate) mod follow_up;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod import_contacts;
pub(crate) mod link;
pub(crate) mod pause;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod pressure;
mod problems;
mod progress;
pub(crate) mod received;
pub(crate) mod recheck;
pub(crate) mod record;
pub(crate) mod replies;
pub(crate) mod reserve;
mod server;
pub(crate) mod settle;
mod sign_in;
mod state;
pub(crate) mod store;
pub(crate) mod tenant;
pub(crate) mod unclear;
pub(crate) mod webhooks;

use std::time::Duration;

use tonic::Code;
use tonic::Response;
use tonic::Status;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;
use tonic_types::StatusExt;

use self::sign_in::Connection;
use self::sign_in::SignIn;
use crate::cli::Error;
use crate::cli::variables::misspelt;

/// The longest time for a connection, and then for a call.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Which server is asked, and how it is heard.
#[derive(Debug, clap::Args)]
pub(crate) struct Remote {
    /// Write the answer as JSON, in the form in which the API reads it, with every field; errors
    /// too
    #[arg(long)]
    pub(crate) json: bool,
    /// The server; `host:port` is `http://host:port`
    #[arg(
        long,
        env = "COURTESY_SERVER",
        value_name = "URL",
        default_value = "http://127.0.0.1:50051",
        help_heading = "Server",
        value_parser = server::url
    )]
    server: String,
    /// The tenant; without it, `default`
    #[arg(long, env = "COURTESY_TENANT", value_name = "NAME", help_heading = "Server")]
    tenant: Option<String>,
    #[command(flatten)]
    sign_in: SignIn,
}

impl Remote {
    /// The tenant to name in a request.
    pub(crate) fn tenant(&self) -> Option<String> {
        self.tenant.clone()
    }

    /// Makes one call and waits for its answer.
    pub(crate) fn call<T>(
        &self,
        call: impl AsyncFnOnce(Connection) -> Result<Response<T>, Status>,
    ) -> Result<T, Error> {
        self.try_call(call)?.map_err(|status| Error::Api(Box::new(status)))
    }

    /// Makes a call for a caller that handles the server's refusals itself.
    fn try_call<T>(
        &self,
        call: impl AsyncFnOnce(Connection) -> Result<Response<T>, Status>,
    ) -> Result<Result<T, Status>, Error> {
        run(async {
            let channel = self.connect(self.endpoint()?.timeout(TIMEOUT)).await?;
            Ok(call(channel).await.map(Response::into_inner))
        })
    }

    /// A connection for calls that last: a server that falls silent is noticed, however long the
    /// call.
    async fn connect_for_long(&self) -> Result<Connection, Error> {
        let endpoint = self.endpoint()?;
        let endpoint = endpoint.http2_keep_alive_interval(TIMEOUT).keep_alive_timeout(TIMEOUT);
        self.connect(endpoint).await
    }

    /// Several connections for long work. The first of them is connected.
    async fn connect_often(&self, count: usize) -> Result<Vec<Connection>, Error> {
        let mut channels = vec![self.connect_for_long().await?];
        let endpoint = self.endpoint()?;
        let endpoint = endpoint.http2_keep_alive_interval(TIMEOUT).keep_alive_timeout(TIMEOUT);
        let key = self.sign_in.key()?;
        channels
            .resize_with(count, || InterceptedService::new(endpoint.connect_lazy(), key.clone()));
        Ok(channels)
    }

    fn endpoint(&self) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::from_shared(self.server.clone())
            .map_err(|error| Error::Input(format!("`{}` is not a server: {error}", self.server)))?;
        self.sign_in.secure(endpoint.connect_timeout(TIMEOUT))
    }

    async fn connect(&self, endpoint: Endpoint) -> Result<Connection, Error> {
        let key = self.sign_in.key()?;
        let channel = endpoint.connect().await.map_err(|error| {
            let server = &self.server;
            let why = chain(&error);
            let doubts: String = misspelt().iter().map(|doubt| format!(". {doubt}")).collect();
            Error::Input(format!(
                "no courtesy server answers at {server} ({why}); start one with `courtesy serve`, \
                 or name another with --server{doubts}"
            ))
        })?;
        Ok(InterceptedService::new(channel, key))
    }
}

/// Waits for what a command does over the network.
fn run<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// The pauses in which a server that has gone away is awaited, one after another, before giving up.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1_600),
    Duration::from_millis(3_200),
];

/// Waits for a server to come back.
#[expect(clippy::disallowed_methods, reason = "only asking it tells whether a server is back")]
async fn pause(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// The reason why long work ended early.
#[derive(Debug)]
enum Broken {
    /// The connection is gone, or the server cannot serve for a while: the work can continue.
    Off(String),
    /// The work cannot continue.
    For(Error),
}

impl<E: Into<Error>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self::For(error.into())
    }
}

impl Broken {
    fn of(status: &Status) -> Self {
        let why = describe(status);
        if is_passing(status.code()) { Self::Off(why) } else { Self::For(Error::Input(why)) }
    }

    /// The reason, if the work is worth continuing.
    ///
    /// # Errors
    /// If it is not.
    fn passing(self) -> Result<String, Error> {
        match self {
            Self::Off(why) => Ok(why),
            Self::For(error) => Err(error),
        }
    }
}

/// Whether work that broke off may be continued: the server went away, or could not serve for a
/// while.
const fn is_passing(code: Code) -> bool {
    match code {
        Code::Unavailable
        | Code::Unknown
        | Code::Cancelled
        | Code::Aborted
        | Code::Internal
        | Code::DeadlineExceeded
        | Code::ResourceExhausted => true,
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss
        | Code::Unauthenticated => false,
    }
}

/// The last cause of an error, which is the most precise.
fn chain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// An error of the API with everything that it complains of.
pub(crate) fn describe(status: &Status) -> String {
    if status.code() == Code::Unimplemented && status.message().contains("404") {
        return "what answers there is no API of courtesy: its port for operations or for pages, or \
                another server; the API is by default at port 50051"
            .to_owned();
    }
    let violations = status.get_details_bad_request().map(|it| it.field_violations);
    let violations = violations.unwrap_or_default();
    if violations.is_empty() {
        let code = status.code();
        let message = status.message();
        return if code == Code::InvalidArgument {
            message.to_owned()
        } else {
            format!("{message} ({code:?})")
        };
    }
    let lines = violations.iter().map(|it| format!("\n  {}: {}", it.field, it.description));
    format!("the server refuses the request{}", lines.collect::<String>())
}

/// An id that no other request has, for callers who did not choose one.
pub(crate) fn request_id() -> String {
    use std::hash::BuildHasher;
    use std::hash::RandomState;
    // Two of the standard library's own random keys, as hexadecimal digits.
    format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

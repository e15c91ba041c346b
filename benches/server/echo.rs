//! The bare echo: a tonic server on the same runtime as courtesy's, a thread and a socket for each
//! core, which decodes a check, decides nothing, and encodes an answer of the size of courtesy's.

use std::io::Write;
use std::net::SocketAddr;
use std::thread;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_server::ContactService;
use courtesy::proto::v1::contact_service_server::ContactServiceServer;
use prost::Message;
use tokio::runtime::Builder;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

#[derive(Clone)]
struct Echo(v1::CheckContactResponse);

/// Serves until the process is killed. `answer` is in hexadecimal digits.
pub(crate) fn serve(answer: &str) {
    let bytes: Vec<u8> = (0..answer.len() / 2)
        .map(|at| u8::from_str_radix(&answer[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let echo = Echo(v1::CheckContactResponse::decode(bytes.as_slice()).unwrap());
    let cores = thread::available_parallelism().unwrap().get();
    let first = listen(SocketAddr::from(([127, 0, 0, 1], 0)));
    let address = first.local_addr().unwrap();
    let mut listeners = vec![first];
    listeners.resize_with(cores, || listen(address));
    let mut out = std::io::stdout();
    writeln!(out, "http://{address}").unwrap();
    out.flush().unwrap();
    let threads = listeners.into_iter().map(|listener| {
        let echo = echo.clone();
        thread::spawn(move || answer_all(listener, echo))
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap();
    }
}

fn listen(address: SocketAddr) -> std::net::TcpListener {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_reuse_port(true).unwrap();
    socket.set_nonblocking(true).unwrap();
    socket.bind(&address.into()).unwrap();
    socket.listen(1024).unwrap();
    socket.into()
}

fn answer_all(listener: std::net::TcpListener, echo: Echo) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let server = Server::builder().add_service(ContactServiceServer::new(echo));
        server.serve_with_incoming(incoming).await.unwrap();
    });
}

macro_rules! echo {
    ($($method:ident: $request:ident -> $response:ident;)*) => {
        #[tonic::async_trait]
        impl ContactService for Echo {
            async fn check_contact(
                &self,
                _request: Request<v1::CheckContactRequest>,
            ) -> Result<Response<v1::CheckContactResponse>, Status> {
                Ok(Response::new(self.0.clone()))
            }

            $(async fn $method(
                &self,
                _request: Request<v1::$request>,
            ) -> Result<Response<v1::$response>, Status> {
                Err(Status::unimplemented("an echo only checks"))
            })*
        }
    };
}

echo! {
    reserve_contact: ReserveContactRequest -> ReserveContactResponse;
    recheck_contact: RecheckContactRequest -> RecheckContactResponse;
    confirm_contact: ConfirmContactRequest -> ConfirmContactResponse;
    release_contact: ReleaseContactRequest -> ReleaseContactResponse;
    record_contact: RecordContactRequest -> RecordContactResponse;
    batch_check_contacts: BatchCheckContactsRequest -> BatchCheckContactsResponse;
    batch_reserve_contacts: BatchReserveContactsRequest -> BatchReserveContactsResponse;
    batch_confirm_contacts: BatchConfirmContactsRequest -> BatchConfirmContactsResponse;
    batch_release_contacts: BatchReleaseContactsRequest -> BatchReleaseContactsResponse;
    batch_record_contacts: BatchRecordContactsRequest -> BatchRecordContactsResponse;
    batch_record_engagements: BatchRecordEngagementsRequest -> BatchRecordEngagementsResponse;
    plan_contact: PlanContactRequest -> PlanContactResponse;
    choose_contact: ChooseContactRequest -> ChooseContactResponse;
    record_engagement: RecordEngagementRequest -> RecordEngagementResponse;
}

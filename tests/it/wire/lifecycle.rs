//! How a server lives and ends: health, reflection, draining, connections that grow old.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use courtesy::clock::Stopwatch;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::server;
use courtesy::store::Space;
use courtesy::zone::Zones;
use prost::Message;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::sync::Semaphore;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::caller::CHECK;
use super::caller::Caller;
use super::caller::Dialect;
use super::caller::frame;
use super::through::Through;
use crate::api::product::Product;
use crate::api::product::connect;
use crate::api::product::email;
use crate::api::product::on_free_ports;

/// What a server is given to end. Its threads may take a second more.
const DRAIN: Duration = Duration::from_millis(800);

const SERVICES: [&str; 4] =
    ["", "courtesy.v1.ContactService", "courtesy.v1.CustomerService", "courtesy.v1.PolicyService"];

fn check_request() -> v1::CheckContactRequest {
    v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

async fn health(client: &mut HealthClient<Channel>, service: &str) -> Result<i32, Code> {
    let request = HealthCheckRequest { service: service.to_owned() };
    let answer = client.check(request).await;
    answer.map(|it| it.into_inner().status).map_err(|status| status.code())
}

#[test]
fn health_is_told_for_each_service_until_the_server_goes_down() {
    let mut product = Product::start_with(|config| config.drain = DRAIN);
    let address = product.address();
    let mut client = product.wait(async { HealthClient::new(connect(address)) });
    for service in SERVICES {
        let told = product.wait(health(&mut client, service));
        assert_eq!(told, Ok(i32::from(ServingStatus::Serving)), "{service:?}");
    }
    for service in ["courtesy.v1.Nothing", "courtesy.store.v1", "\0"] {
        assert_eq!(product.wait(health(&mut client, service)), Err(Code::NotFound), "{service:?}");
    }
    let mut watching = product.wait(async {
        let request = HealthCheckRequest { service: String::new() };
        client.watch(request).await.unwrap().into_inner()
    });
    let next = product.wait(watching.message()).unwrap().unwrap();
    assert_eq!(next.status(), ServingStatus::Serving);
    product.ask_to_stop();
    let next = product.wait(watching.message()).unwrap().unwrap();
    assert_eq!(next.status(), ServingStatus::NotServing);
    let end = product.wait(watching.message()).unwrap_err();
    assert_eq!(end.code(), Code::Unavailable, "who only watches does not hold up the end");
}

#[test]
fn reflection_shows_the_api_and_not_the_store() {
    use tonic_reflection::pb::v1;
    use tonic_reflection::pb::v1alpha;

    let product = Product::start();
    let address = product.address();
    let (new, old) = product.wait(async {
        let request = v1::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(
                String::new(),
            )),
        };
        let mut client =
            v1::server_reflection_client::ServerReflectionClient::new(connect(address));
        let asked = futures_util::stream::iter([request]);
        let mut answers = client.server_reflection_info(asked).await.unwrap().into_inner();
        let new = answers.message().await.unwrap().unwrap();
        let request = v1alpha::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(
                v1alpha::server_reflection_request::MessageRequest::ListServices(String::new()),
            ),
        };
        let mut client =
            v1alpha::server_reflection_client::ServerReflectionClient::new(connect(address));
        let asked = futures_util::stream::iter([request]);
        let mut answers = client.server_reflection_info(asked).await.unwrap().into_inner();
        (new, answers.message().await.unwrap().unwrap())
    });
    let new = String::from_utf8_lossy(&new.encode_to_vec()).into_owned();
    let old = String::from_utf8_lossy(&old.encode_to_vec()).into_owned();
    for told in [new, old] {
        for service in SERVICES.iter().chain(&["grpc.health.v1.Health"]) {
            assert!(told.contains(service), "{service}: {told}");
        }
        assert!(!told.contains("courtesy.store"), "{told}");
    }
    let symbol = |name: &str| v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1::server_reflection_request::MessageRequest::FileContainingSymbol(
            name.to_owned(),
        )),
    };
    let asked = [symbol("courtesy.v1.Contact"), symbol("courtesy.store.v1.Record")];
    let answers = product.wait(async {
        let mut client =
            v1::server_reflection_client::ServerReflectionClient::new(connect(address));
        let mut stream = client
            .server_reflection_info(futures_util::stream::iter(asked))
            .await
            .unwrap()
            .into_inner();
        let mut answers = Vec::new();
        while let Ok(Some(answer)) = stream.message().await {
            answers.push(answer.encode_to_vec());
        }
        answers
    });
    assert!(String::from_utf8_lossy(&answers[0]).contains("customer_id"));
    let store = answers.get(1).map(|it| String::from_utf8_lossy(it).into_owned());
    assert!(!store.unwrap_or_default().contains("incarnation"), "what is stored is not shown");
}

#[test]
fn a_call_in_flight_is_answered_and_no_new_call_is_let_in() {
    let (asking, go_on) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (asked_store, may_answer) = (Arc::clone(&asking), Arc::clone(&go_on));
    let mut product = Product::start_as(
        tempfile::tempdir().unwrap(),
        |config| config.drain = Duration::from_secs(300),
        |store| {
            Through::before(store, move |_, key| {
                let (asked_store, may_answer) = (Arc::clone(&asked_store), Arc::clone(&may_answer));
                let meant = key.space == Space::Customers;
                Box::pin(async move {
                    if meant {
                        asked_store.notify_one();
                        drop(may_answer.acquire().await);
                    }
                })
            })
        },
    );
    let address = product.address();
    let body = frame(0, &check_request().encode_to_vec());
    let clients = runtime();
    let (mut caller, idle) = clients
        .block_on(async { (Caller::connect(address).await, Caller::connect(address).await) });
    let started = Stopwatch::start();
    let answer = clients.block_on(async {
        let mut asked = std::pin::pin!(caller.send(Dialect::Grpc.head(CHECK), &body));
        tokio::select! {
            _ = &mut asked => panic!("the store has not answered"),
            () = asking.notified() => product.ask_to_stop(),
        }
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        go_on.add_permits(1);
        asked.await
    });
    assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
    drop(product);
    assert!(started.elapsed() < Duration::from_secs(60), "an idle client holds nothing up");
    drop(idle);
}

/// gRPC for Python, say, reads that it is to leave only when it calls next.
#[test]
fn an_idle_client_that_reads_nothing_holds_nothing_up() {
    let product = Product::start_with(|config| config.drain = Duration::from_secs(300));
    let clients = runtime();
    let body = frame(0, &check_request().encode_to_vec());
    let caller = clients.block_on(async {
        let mut caller = Caller::connect(product.address()).await;
        let answer = caller.send(Dialect::Grpc.head(CHECK), &body).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
        caller
    });
    // From here on its runtime stands still.
    let started = Stopwatch::start();
    drop(product);
    assert!(started.elapsed() < Duration::from_secs(60), "an idle client holds the end up");
    drop(caller);
}

#[test]
fn a_client_that_never_leaves_is_left() {
    let product = Product::start_with(|config| {
        config.drain = DRAIN;
        config.deadline_max = Duration::from_secs(60);
    });
    let address = product.address();
    let silent: Vec<_> = (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let never_ending = std::thread::spawn(move || {
        runtime().block_on(async {
            let mut caller = Caller::connect(address).await;
            let body = frame(0, &check_request().encode_to_vec());
            caller.send(Dialect::Grpc.head(CHECK), &body).await;
            begun.send(()).unwrap();
            // It is cut off with the server.
            drop(caller.exchange(Dialect::Grpc.head(CHECK), None).await);
        });
    });
    has_begun.recv().unwrap();
    product.check(email("ada")).unwrap();
    let started = Stopwatch::start();
    drop(product);
    let took = started.elapsed();
    assert!(took < DRAIN + Duration::from_secs(60), "{took:?}");
    never_ending.join().unwrap();
    drop(silent);
}

/// Connections are asked to end and are never cut, so that a client that keeps calling through one
/// channel, which connects again by itself, loses no call.
#[test]
fn an_old_connection_is_replaced_without_a_lost_call() {
    let product =
        Product::start_with(|config| config.connection_age_max = Some(Duration::from_millis(300)));
    let address = product.address();
    let (mut calls, mut lost) = (0, Vec::new());
    product.wait(async {
        let client = ContactServiceClient::new(connect(address));
        let started = Stopwatch::start();
        // As long as several connections last, and on a busy machine until enough was asked.
        while started.elapsed() < Duration::from_secs(2) || calls < 100 {
            let mut client = client.clone();
            calls += 1;
            let mut answer = client.check_contact(check_request()).await;
            // What this client had not sent yet when it read that it is to leave, it gives back.
            if answer.as_ref().is_err_and(|status| status.code() == Code::Cancelled) {
                answer = client.check_contact(check_request()).await;
            }
            if let Err(status) = answer {
                lost.push(status.code());
            }
        }
    });
    assert_eq!(lost, Vec::<Code>::new(), "of {calls} calls");
}

/// A supervisor that hears that a server is ready may ask it to end at once. A server that did not
/// listen for that yet would be killed by the kernel in the middle of its work.
#[test]
fn a_server_that_is_ready_listens_for_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let zones = Arc::new(Zones::bundled());
    let store = server::StorePlace::Embedded(directory.path().join("data"), None);
    let config = server::Config { store, ..on_free_ports(&zones) };
    let listens = AtomicBool::new(false);
    let end = std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if listens.swap(true, Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending }
    });
    server::run(&config, |_ready| assert!(listens.load(Ordering::Relaxed)), end).unwrap();
}

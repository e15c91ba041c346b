//! Traces, as a collector receives them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread::JoinHandle;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::TraceService;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::TraceServiceServer;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use tokio::sync::oneshot;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use super::metric;
use super::requests;
use super::requests::CANARY;
use super::requests::Sort;
use crate::crash::process::Process;
use crate::support::courtesy;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

const JSON: &str = "content-type: application/json";
const PARENT: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

/// A collector that keeps what it is sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<ExportTraceServiceRequest>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    /// Serves on a port, a free one for 0.
    fn serve(&self, port: u16) -> Serving {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)));
        let listener = listener.unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let service = TraceServiceServer::new(self.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let incoming =
                    TcpIncoming::from(tokio::net::TcpListener::from_std(listener).unwrap());
                let served = Server::builder().add_service(service).serve_with_incoming(incoming);
                tokio::select! {
                    ended = served => ended.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Serving { address, stop: Some(stop), thread: Some(thread) }
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.0.lock().unwrap();
        let scopes =
            requests.iter().flat_map(|it| &it.resource_spans).flat_map(|it| &it.scope_spans);
        scopes.flat_map(|it| it.spans.clone()).collect()
    }
}

/// A collector that is there until it is dropped.
struct Serving {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

fn check(process: &Process, headers: &[&str]) {
    let url = format!("{}/courtesy.v1.ContactService/CheckContact", process.api());
    let body = r#"{"contact":{"customer_id":"ada","channel":"email","purpose":"marketing"}}"#;
    let answer = http::post(&url, &[&[JSON], headers].concat(), body);
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_call_is_a_span_in_its_callers_trace_and_the_store_a_span_in_the_call() {
    let collector = Collector::default();
    let serving = collector.serve(0);
    let directory = tempfile::tempdir().unwrap();
    let endpoint = format!("http://{}", serving.address);
    let flags = ["--otlp-endpoint", &endpoint, "--otlp-sample", "0"];
    let mut process = super::start(directory.path(), &flags);
    check(&process, &[]);
    check(&process, &[&format!("{PARENT}-00")]);
    check(&process, &[&format!("{PARENT}-01")]);
    process.terminate();
    // What is left goes out before the process ends.
    assert!(process.ended().success(), "{}", process.errors());

    let spans = collector.spans();
    let (calls, stores): (Vec<_>, Vec<_>) =
        spans.iter().partition(|span| span.kind() == SpanKind::Server);
    let [call] = &calls[..] else { panic!("{spans:?}") };
    assert_eq!(call.name, "courtesy.v1.ContactService/CheckContact");
    assert_eq!(call.kind(), SpanKind::Server);
    assert_eq!(hex(&call.trace_id), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(hex(&call.parent_span_id), "b7ad6b7169203331");
    let code = call.attributes.iter().find(|it| it.key == "rpc.grpc.status_code").unwrap();
    assert!(format!("{:?}", code.value).contains("IntValue(0)"), "{code:?}");
    assert!(stores.iter().any(|store| store.name == "load"), "{stores:?}");
    for store in stores {
        assert_eq!(store.kind(), SpanKind::Client);
        assert_eq!((&store.trace_id, &store.parent_span_id), (&call.trace_id, &call.span_id));
        let inside = store.start_time_unix_nano >= call.start_time_unix_nano
            && store.end_time_unix_nano <= call.end_time_unix_nano;
        assert!(inside, "{spans:?}");
    }
    let resource = format!("{:?}", collector.0.lock().unwrap()[0].resource_spans[0].resource);
    assert!(resource.contains("service.name") && resource.contains("\"courtesy\""), "{resource}");
}

#[test]
fn who_does_not_say_who_they_are_does_not_choose_what_is_traced() {
    let collector = Collector::default();
    let serving = collector.serve(0);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("credentials.toml").display().to_string();
    let words = ["credentials", "create", "mailer", "--role", "sender"];
    let said = courtesy(&[&words[..], &["--credentials-file", &file]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let key = format!("authorization: Bearer {}", said.out.trim());
    let endpoint = format!("http://{}", serving.address);
    let flags = ["--otlp-endpoint", &endpoint, "--otlp-sample", "0", "--credentials-file", &file];
    let mut process = super::start(directory.path(), &flags);
    let post = |path: &str, headers: &[&str]| {
        let parent = format!("{PARENT}-01");
        let headers = [&[JSON, parent.as_str()], headers].concat();
        http::post(&format!("{}/{path}", process.api()), &headers, "{}").status
    };
    let check = "courtesy.v1.ContactService/CheckContact";
    assert_eq!(post(check, &[]), 401);
    assert_eq!(post(check, &["authorization: Bearer courtesy_00000000_0000"]), 401);
    assert_eq!(post("grpc.health.v1.Health/Check", &[]), 200);
    assert_eq!(post("grpc.health.v1.Health/Check", &[&key]), 200);
    assert_eq!(post(check, &[&key]), 400, "an empty request, of a known caller");
    process.terminate();
    assert!(process.ended().success(), "{}", process.errors());
    let spans = collector.spans();
    let calls: Vec<_> = spans.iter().filter(|it| it.kind() == SpanKind::Server).collect();
    let [call] = &calls[..] else { panic!("{spans:?}") };
    assert_eq!(call.name, "courtesy.v1.ContactService/CheckContact");
    assert_eq!(hex(&call.trace_id), "0af7651916cd43dd8448eb211c80319c");
}

#[test]
fn the_sample_rate_of_calls_is_traced_and_no_customer_is_named() {
    let collector = Collector::default();
    let serving = collector.serve(0);
    let directory = tempfile::tempdir().unwrap();
    let endpoint = format!("http://{}", serving.address);
    let flags = ["--otlp-endpoint", &endpoint, "--otlp-sample", "1/2", "--log", "courtesy=debug"];
    let mut process = super::start(directory.path(), &flags);
    for _ in 0..100 {
        check(&process, &[]);
    }
    let checks = |collector: &Collector| {
        let spans = collector.spans();
        spans.iter().filter(|span| span.kind() == SpanKind::Server).count()
    };
    for request in [Sort::Good, Sort::Strange].into_iter().flat_map(requests::all) {
        http::post(&format!("{}/{}", process.api(), request.path), &[JSON], &request.body);
    }
    process.terminate();
    assert!(process.ended().success());
    let traced = checks(&collector);
    // Of a hundred and some more fair coins.
    assert!((50..=130).contains(&traced), "{traced} calls were traced");
    let told = format!("{:?}", collector.0.lock().unwrap());
    assert!(!told.contains(CANARY), "{told}");
    let trace = hex(&collector.spans()[0].trace_id);
    assert!(process.errors().contains(&trace), "the log does not name the trace {trace}");
}

/// A collector that is away costs calls nothing, is told of once, and gets what comes after it is
/// back.
#[test]
fn a_collector_that_is_away_does_no_harm() {
    let collector = Collector::default();
    // A port on which no process listens any more.
    let address = collector.serve(0).address;
    let directory = tempfile::tempdir().unwrap();
    let endpoint = format!("http://{address}");
    let flags = ["--otlp-endpoint", &endpoint, "--otlp-sample", "1"];
    let process = super::start(directory.path(), &flags);
    check(&process, &[]);
    let failed = "courtesy_trace_spans_total{result=\"failed\"}";
    until(PATIENCE, "the failure is counted", || {
        metric(&process, failed).filter(|count| *count > 0)
    });
    assert!(process.errors().contains("traces cannot be sent"), "{}", process.errors());
    let _serving = collector.serve(address.port());
    until(PATIENCE, "spans arrive again", || {
        check(&process, &[]);
        (!collector.spans().is_empty()).then_some(())
    });
}

#[test]
fn an_address_that_is_none_is_refused_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    for (endpoint, needle) in [("collector:4317", "URL"), ("https://collector:4317", "http://")] {
        let refused = Process::start(directory.path(), &["--otlp-endpoint", endpoint]);
        let refused = refused.err().unwrap();
        assert_eq!(refused.code, Some(2));
        assert!(refused.err.contains(needle), "{}", refused.err);
    }
}

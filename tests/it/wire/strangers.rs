//! Callers without a credential: they hold connections, streams and bodies, and keep no one out.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::server;
use courtesy::server::tls::Files;
use prost::Message;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::Code;
use tonic::transport::Certificate;
use tonic::transport::Channel;
use tonic::transport::ClientTlsConfig;

use super::access::Guarded;
use super::caller::CHECK;
use super::caller::Caller;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::frame;
use crate::api::product::email;
use crate::redis::tls::Certificates;
use crate::wait::PATIENCE;

const WATCH: &str = "/grpc.health.v1.Health/Watch";
const EXPORT: &str = "/courtesy.v1.CustomerService/ExportCustomers";

/// So short that it passes while a test waits, and so long that a busy machine is not taken for a
/// stranger.
const SOON: Duration = Duration::from_secs(2);

/// A server with credentials whose one thread accepts in order, set up otherwise.
fn guarded(change: impl FnOnce(&mut server::Config)) -> Guarded {
    Guarded::start_with(|config| {
        config.threads = Some(1);
        config.operations = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        change(config);
    })
}

fn with_key(guarded: &Guarded, role: &str, path: &str) -> http::request::Builder {
    let bearer = format!("Bearer {}", guarded.key(role));
    Dialect::Grpc.head(path).header("authorization", bearer)
}

fn check_request() -> v1::CheckContactRequest {
    let (contact, tenant) = (Some(email("ada")), Some("north".to_owned()));
    v1::CheckContactRequest { contact, tenant, ..Default::default() }
}

/// A check by a caller with a good credential.
async fn check(guarded: &Guarded, caller: &mut Caller) -> Code {
    let body = frame(0, &check_request().encode_to_vec());
    let answer = caller.send(with_key(guarded, "sender", CHECK), &body).await;
    Dialect::Grpc.code(&answer)
}

async fn caller(guarded: &Guarded) -> Caller {
    let mut caller = Caller::connect(guarded.product.address()).await;
    assert_eq!(check(guarded, &mut caller).await, Code::Ok);
    caller
}

/// Waits until the server has ended a connection.
async fn ended(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    // The end may come as a reset.
    drop(timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap());
}

/// Whether a connection is still answered.
async fn is_open(stream: &mut TcpStream) -> bool {
    if stream.write_all(b"GET / HTTP/1.1\r\nhost: courtesy.test\r\n\r\n").await.is_err() {
        return false;
    }
    let mut first = [0; 4];
    timeout(PATIENCE, stream.read_exact(&mut first)).await.unwrap().is_ok() && &first == b"HTTP"
}

fn dropped(guarded: &Guarded, port: &str, cause: &str) -> u64 {
    let metrics = guarded.product.metrics.encode().unwrap();
    let name = format!("courtesy_connections_dropped_total{{port=\"{port}\",cause=\"{cause}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap_or_else(|| panic!("{name} is not in {metrics}")).parse().unwrap()
}

#[test]
fn who_says_nothing_is_dropped_from_every_port() {
    let guarded = guarded(|config| config.limits.first_byte_max = SOON);
    let ready = guarded.product.ready.clone();
    guarded.product.wait(async {
        let mut caller = caller(&guarded).await;
        for (port, address) in
            [("api", Some(ready.listen)), ("pages", ready.pages), ("operations", ready.operations)]
        {
            let mut silent = TcpStream::connect(address.unwrap()).await.unwrap();
            ended(&mut silent).await;
            assert_eq!(dropped(&guarded, port, "silent"), 1, "{port}");
            assert_eq!(check(&guarded, &mut caller).await, Code::Ok, "{port}");
        }
    });
}

#[test]
fn half_handshakes_are_dropped_and_keep_no_caller_waiting() {
    let certificates = Certificates::make();
    let guarded = guarded(|config| {
        config.limits.first_byte_max = SOON;
        config.limits.strangers_per_address = 3;
        config.tls = Some(Files {
            certificates: certificates.file("server.pem"),
            key: certificates.file("server.key"),
            client_authority: None,
        });
    });
    guarded.product.wait(async {
        let mut halves = Vec::new();
        for _ in 0..5 {
            let mut half = TcpStream::connect(guarded.product.address()).await.unwrap();
            // The head of a handshake's record whose rest never comes.
            half.write_all(&[0x16, 3, 1, 2, 0, 1]).await.unwrap();
            halves.push(half);
        }
        let authority = Certificate::from_pem(std::fs::read(certificates.ca()).unwrap());
        let tls = ClientTlsConfig::new().ca_certificate(authority).domain_name("localhost");
        let url = format!("https://{}", guarded.product.address());
        let channel = Channel::from_shared(url).unwrap().tls_config(tls).unwrap().connect_lazy();
        let mut request = tonic::Request::new(check_request());
        let bearer = format!("Bearer {}", guarded.key("sender")).parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        ContactServiceClient::new(channel).check_contact(request).await.unwrap();
        for half in &mut halves {
            ended(half).await;
        }
        assert!(dropped(&guarded, "api", "address") >= 2);
        assert!(dropped(&guarded, "api", "silent") >= 1);
    });
}

#[test]
fn the_newest_stranger_takes_the_place_of_the_oldest_and_of_no_caller() {
    let guarded = guarded(|config| config.limits.strangers_per_address = 3);
    let ready = guarded.product.ready.clone();
    guarded.product.wait(async {
        let mut caller = caller(&guarded).await;
        for (port, address) in [("api", Some(ready.listen)), ("pages", ready.pages)] {
            let mut silent = Vec::new();
            for _ in 0..4 {
                silent.push(TcpStream::connect(address.unwrap()).await.unwrap());
            }
            ended(&mut silent[0]).await;
            for stream in &mut silent[1..] {
                assert!(is_open(stream).await, "{port}");
            }
            assert_eq!(dropped(&guarded, port, "address"), 1, "{port}");
        }
        // A new caller comes in, though strangers have all there is for them.
        let mut another = Caller::connect(ready.listen).await;
        assert_eq!(check(&guarded, &mut another).await, Code::Ok);
        assert_eq!(check(&guarded, &mut caller).await, Code::Ok, "who was first is still there");
    });
}

#[test]
fn strangers_have_no_more_than_their_part_of_a_port() {
    let guarded = guarded(|config| {
        config.limits.strangers_max = 2;
        // They come from many addresses.
        config.limits.strangers_per_address = usize::MAX;
    });
    let address = guarded.product.address();
    guarded.product.wait(async {
        let mut silent = Vec::new();
        for _ in 0..3 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        ended(&mut silent[0]).await;
        assert!(is_open(&mut silent[1]).await && is_open(&mut silent[2]).await);
        assert_eq!(dropped(&guarded, "api", "port"), 1);
    });
}

#[test]
fn a_port_that_is_full_of_callers_keeps_them() {
    let guarded = guarded(|config| config.limits.connections_max = 2);
    guarded.product.wait(async {
        let mut callers = [caller(&guarded).await, caller(&guarded).await];
        let mut third = TcpStream::connect(guarded.product.address()).await.unwrap();
        ended(&mut third).await;
        for caller in &mut callers {
            assert_eq!(check(&guarded, caller).await, Code::Ok);
        }
        assert_eq!(dropped(&guarded, "api", "callers"), 1);
    });
}

#[test]
fn who_asks_nothing_is_dropped_unless_it_has_called() {
    let guarded = guarded(|config| config.limits.idle_max = SOON);
    guarded.product.wait(async {
        let mut caller = caller(&guarded).await;
        let mut idle = TcpStream::connect(guarded.product.address()).await.unwrap();
        // HTTP/2's own greeting, and nothing after it.
        idle.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
        ended(&mut idle).await;
        let mut half = TcpStream::connect(guarded.product.address()).await.unwrap();
        half.write_all(b"POST /courtesy.v1.ContactService/CheckContact HTTP/1.1\r\nhost: ")
            .await
            .unwrap();
        ended(&mut half).await;
        assert_eq!(dropped(&guarded, "api", "idle"), 2);
        assert_eq!(check(&guarded, &mut caller).await, Code::Ok, "it has been idle for longer");
    });
}

#[test]
fn a_call_is_refused_before_its_body_is_there() {
    let guarded = guarded(|_| {});
    guarded.product.wait(async {
        for dialect in DIALECTS {
            for key in [None, Some("Bearer courtesy_00000000_0000")] {
                let head = dialect.head(CHECK);
                let head =
                    key.map_or_else(|| dialect.head(CHECK), |it| head.header("authorization", it));
                let mut caller = Caller::connect(guarded.product.address()).await;
                let answer = caller.begin(head).await;
                assert_eq!(dialect.code(&answer), Code::Unauthenticated, "{dialect:?} {key:?}");
            }
        }
        let mut plain = TcpStream::connect(guarded.product.address()).await.unwrap();
        let head = format!(
            "POST {CHECK} HTTP/1.1\r\nhost: courtesy.test\r\ncontent-type: application/json\r\n\
             content-length: 1000\r\n\r\n"
        );
        plain.write_all(head.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        timeout(PATIENCE, plain.read_exact(&mut first)).await.unwrap().unwrap();
        assert_eq!(&first, b"HTTP/1.1 401");
    });
}

/// A stream that watches health, which has begun, or how it was refused.
async fn watch(caller: &mut Caller, from: &str) -> Result<h2::RecvStream, Code> {
    let request = Dialect::Grpc.head(WATCH).header("x-forwarded-for", from);
    let (response, mut body) = caller.hold(request).await;
    body.send_data(Bytes::from(frame(0, b"")), true).unwrap();
    let response = timeout(PATIENCE, response).await.unwrap().unwrap();
    let (head, mut stream) = response.into_parts();
    if let Some(code) = head.headers.get("grpc-status") {
        return Err(Code::from_bytes(code.as_bytes()));
    }
    timeout(PATIENCE, stream.data()).await.unwrap().unwrap().unwrap();
    Ok(stream)
}

/// Waits until a stream ends. The health that it watches may change before.
async fn end(stream: &mut h2::RecvStream) {
    let ending = async { while let Some(Ok(_)) = stream.data().await {} };
    timeout(PATIENCE, ending).await.unwrap();
}

#[test]
fn strangers_who_watch_make_way_for_each_other_and_for_callers() {
    let guarded = guarded(|config| config.limits.stranger_streams_per_address = 2);
    guarded.product.wait(async {
        let mut caller = caller(&guarded).await;
        let callers_own = watch(&mut caller, "").await.unwrap();
        let mut first = Caller::connect(guarded.product.address()).await;
        let mut oldest = watch(&mut first, "").await.unwrap();
        let second = watch(&mut first, "").await.unwrap();
        let third = watch(&mut first, "").await.unwrap_err();
        assert_eq!(third, Code::ResourceExhausted, "a connection does not make way for itself");

        let mut other = Caller::connect(guarded.product.address()).await;
        let newest = watch(&mut other, "").await.unwrap();
        // The oldest has made way.
        end(&mut oldest).await;
        assert_eq!(dropped(&guarded, "api", "streams"), 1);

        let export =
            v1::ExportCustomersRequest { tenant: Some("north".into()), ..Default::default() };
        let body = frame(0, &export.encode_to_vec());
        let answer = caller.send(with_key(&guarded, "privacy", EXPORT), &body).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok, "callers have streams of their own");
        assert_eq!(check(&guarded, &mut caller).await, Code::Ok, "on the connection of its watch");
        drop((callers_own, second, newest));
    });
}

#[test]
fn a_stranger_who_asks_for_streams_in_vain_loses_the_connection() {
    let guarded = guarded(|config| config.limits.stranger_streams_per_address = 1);
    guarded.product.wait(async {
        let mut stranger = Caller::connect(guarded.product.address()).await;
        let held = watch(&mut stranger, "").await.unwrap();
        let mut refused = 0;
        while let Ok(answer) = stranger.exchange(Dialect::Grpc.head(WATCH), None).await {
            assert_eq!(Dialect::Grpc.code(&answer), Code::ResourceExhausted);
            refused += 1;
        }
        assert!((16..=17).contains(&refused), "{refused}");
        assert_eq!(dropped(&guarded, "api", "streams"), 1);
        drop(held);
    });
}

#[test]
fn streams_that_end_at_once_are_bounded_by_their_rate() {
    let guarded = guarded(|config| config.limits.stranger_streams_per_address = 1);
    guarded.product.wait(async {
        let mut opened = 0;
        let asking = async {
            loop {
                // Each on a connection of its own, which makes way for the next.
                let mut stranger = Caller::connect(guarded.product.address()).await;
                match watch(&mut stranger, "").await {
                    Ok(_) => opened += 1,
                    Err(code) => return code,
                }
            }
        };
        assert_eq!(timeout(PATIENCE, asking).await.unwrap(), Code::ResourceExhausted);
        assert!(opened >= 4, "{opened}");
        let mut caller = caller(&guarded).await;
        let stream = watch(&mut caller, "").await;
        assert!(stream.is_ok(), "the rate is not that of callers");
    });
}

#[test]
fn those_behind_a_trusted_proxy_are_told_apart() {
    let guarded = guarded(|config| {
        config.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.limits.strangers_per_address = 1;
        config.limits.stranger_streams_per_address = 1;
    });
    guarded.product.wait(async {
        let mut open = Vec::new();
        for _ in 0..3 {
            open.push(TcpStream::connect(guarded.product.address()).await.unwrap());
        }
        let mut proxy = Caller::connect(guarded.product.address()).await;
        for stream in &mut open {
            assert!(is_open(stream).await, "a proxy has as many connections as it needs");
        }
        let first = watch(&mut proxy, "203.0.113.1").await.unwrap();
        let again = watch(&mut proxy, "198.51.100.9, 203.0.113.1").await.unwrap_err();
        assert_eq!(again, Code::ResourceExhausted);
        let other = watch(&mut proxy, "203.0.113.2").await.unwrap();
        drop((first, other));
    });
}

#[test]
fn a_stream_lasts_only_so_long() {
    let guarded = guarded(|config| config.limits.stream_age_max = SOON);
    guarded.product.wait(async {
        let mut caller = caller(&guarded).await;
        let mut stream = watch(&mut caller, "").await.unwrap();
        end(&mut stream).await;
        let trailers = timeout(PATIENCE, stream.trailers()).await.unwrap().unwrap().unwrap();
        assert_eq!(Code::from_bytes(trailers["grpc-status"].as_bytes()), Code::Unavailable);
        assert_eq!(check(&guarded, &mut caller).await, Code::Ok);

        let mut stranger = Caller::connect(guarded.product.address()).await;
        let mut stream = watch(&mut stranger, "").await.unwrap();
        end(&mut stream).await;
    });
}

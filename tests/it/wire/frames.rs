//! Heads and bodies that are not what the protocol asks for.

use bytes::Bytes;
use courtesy::proto::v1;
use prost::Message;
use tonic::Code;

use super::caller::Answer;
use super::caller::CHECK;
use super::caller::Caller;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::RESERVE;
use super::caller::call;
use super::caller::frame;
use super::caller::head;
use super::caller::send;
use crate::api::product::Product;
use crate::api::product::email;
use crate::api::product::reservation;

const APPLY: &str = "/courtesy.v1.PolicyService/ApplyPolicy";
const BATCH: &str = "/courtesy.v1.ContactService/BatchCheckContacts";
const GET: &str = "/courtesy.v1.CustomerService/GetCustomer";
const BATCH_OPT_OUT: &str = "/courtesy.v1.CustomerService/BatchOptOut";

fn check_request() -> Vec<u8> {
    let request = v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() };
    request.encode_to_vec()
}

/// Sends `body` as a gRPC call of `CheckContact`.
fn grpc(product: &Product, body: &[u8]) -> Answer {
    product.wait(send(product.address(), Dialect::Grpc.head(CHECK), body))
}

#[track_caller]
fn refused(product: &Product, body: &[u8], code: Code) {
    assert_eq!(Dialect::Grpc.code(&grpc(product, body)), code);
    assert_eq!(Dialect::Grpc.code(&grpc(product, &frame(0, &check_request()))), Code::Ok);
}

#[test]
fn a_path_that_is_no_method_is_unimplemented() {
    let product = Product::start();
    for path in [
        "/courtesy.v1.ContactService/Forget",
        "/courtesy.v1.ContactService/checkContact",
        "/courtesy.v1.ContactService/CheckContact/",
        "/courtesy.v1.ContactService/../ContactService/CheckContact",
        "/courtesy.store.v1.Records/Get",
        "/courtesy.v1.ContactService",
        "/../etc/passwd",
        "/",
    ] {
        for dialect in DIALECTS {
            let sent = send(product.address(), dialect.head(path), b"\0\0\0\0\0");
            let answer = product.wait(sent);
            assert_eq!(dialect.code(&answer), Code::Unimplemented, "{dialect:?} {path}");
            assert_eq!(dialect.reason(&answer), "UNIMPLEMENTED", "{dialect:?} {path}");
            let connect = matches!(dialect, Dialect::Json | Dialect::Proto);
            assert_eq!(answer.http, if connect { 404 } else { 200 }, "{dialect:?} {path}");
        }
    }
}

#[test]
fn a_method_is_called_by_post() {
    let product = Product::start();
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let answer = product.wait(send(product.address(), head(method, CHECK), b""));
        assert_eq!(answer.http, 405, "{method}");
        assert_eq!(answer.headers["allow"], "POST", "{method}");
        let nowhere = product.wait(send(product.address(), head(method, "/favicon.ico"), b""));
        assert_eq!(nowhere.http, 404, "{method}");
    }
}

#[test]
fn a_web_page_cannot_post_what_needs_no_preflight() {
    let product = Product::start();
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/grpc+json"),
        Some("application/jsonp"),
        Some("APPLICATION / JSON"),
    ] {
        let request = head("POST", CHECK);
        let request = content_type
            .map_or_else(|| head("POST", CHECK), |it| request.header("content-type", it));
        let answer = product.wait(send(product.address(), request, b"{}"));
        assert_eq!(answer.http, 415, "{content_type:?}");
        let accepted = answer.headers["accept-post"].to_str().unwrap();
        assert!(accepted.contains("application/json"), "{accepted}");
    }
    let body = br#"{"contact":{"customerId":"ada","channel":"email","purpose":"marketing"}}"#;
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = head("POST", CHECK).header("content-type", content_type);
        assert_eq!(product.wait(send(product.address(), request, body)).http, 200);
    }
}

#[test]
fn a_call_need_not_ask_for_trailers() {
    let product = Product::start();
    let request = head("POST", CHECK).header("content-type", "application/grpc");
    let body = frame(0, &check_request());
    let answer = product.wait(send(product.address(), request, &body));
    assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
}

#[test]
fn a_body_that_is_no_whole_frame_is_invalid() {
    let product = Product::start();
    let whole = frame(0, &check_request());
    refused(&product, b"", Code::InvalidArgument);
    refused(&product, &whole[..3], Code::InvalidArgument);
    refused(&product, &whole[..whole.len() - 1], Code::InvalidArgument);
    refused(&product, &[0, 0, 0, 0, 9, 1], Code::InvalidArgument);
    refused(&product, &[7, 0, 0, 0, 0], Code::InvalidArgument);
}

#[test]
fn a_length_that_is_only_claimed_reserves_nothing() {
    let product = Product::start();
    let before = resident_kib();
    for _ in 0..20 {
        refused(&product, &[0, 255, 255, 255, 255, 10], Code::OutOfRange);
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 512 << 10, "{grown} KiB more for lengths of 4 GiB each");
}

/// What the process has in memory. Other tests run beside this one, so only orders of magnitude can
/// be told.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The request made exactly so long by an unknown field, or in JSON by white space.
fn padded(dialect: Dialect, path: &str, request: &[u8], length: usize) -> Vec<u8> {
    if dialect == Dialect::Json {
        let mut json = dialect.body(path, request);
        json.resize(length, b' ');
        return json;
    }
    let mut message = request.to_vec();
    // Field 1,000, as bytes: a tag of two bytes, and a length of three.
    message.extend([0xc2, 0x3e]);
    let rest = length - message.len() - 3;
    let low = |shift: u32| u8::try_from(rest >> shift & 0x7f).unwrap();
    message.extend([low(0) | 0x80, low(7) | 0x80, low(14)]);
    message.resize(length, 0);
    dialect.body(path, &message)
}

#[test]
fn a_request_is_as_long_as_its_method_takes_and_no_longer() {
    let product = Product::start();
    let single = 64 << 10;
    let large = 1 << 20;
    let batch =
        v1::BatchCheckContactsRequest { contacts: vec![email("ada")], ..Default::default() };
    let opt_out = v1::BatchedOptOut { customer_id: "ada".to_owned(), ..Default::default() };
    let opt_outs = v1::BatchOptOutRequest { opt_outs: vec![opt_out], tenant: None };
    let get = v1::GetCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    let apply = v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument {
            text: "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n".to_owned(),
            ..Default::default()
        }],
        expected_revision: Some(0),
        validate_only: Some(true),
        ..Default::default()
    };
    for (path, request, most) in [
        (CHECK, check_request(), single),
        (GET, get.encode_to_vec(), single),
        (BATCH, batch.encode_to_vec(), large),
        (BATCH_OPT_OUT, opt_outs.encode_to_vec(), large),
        (APPLY, apply.encode_to_vec(), large),
    ] {
        for dialect in DIALECTS {
            let ask = |length| {
                let body = padded(dialect, path, &request, length);
                product.wait(send(product.address(), dialect.head(path), &body))
            };
            assert_eq!(dialect.code(&ask(most)), Code::Ok, "{dialect:?} {path} {most}");
            for length in [most + 1, 2_000_000] {
                let code = dialect.code(&ask(length));
                assert_eq!(code, Code::OutOfRange, "{dialect:?} {path} {length}");
            }
        }
    }
}

#[test]
fn of_two_messages_only_the_first_counts() {
    let product = Product::start();
    let first = frame(0, &reservation("ada", "1").encode_to_vec());
    let second = frame(0, &reservation("bob", "2").encode_to_vec());
    let both = [first, second].concat();
    let sent = send(product.address(), Dialect::Grpc.head(RESERVE), &both);
    assert_eq!(Dialect::Grpc.code(&product.wait(sent)), Code::Ok);
    assert_eq!((product.list("ada").len(), product.list("bob").len()), (1, 0));
}

#[test]
fn a_message_that_is_no_message_is_invalid() {
    let product = Product::start();
    let groups = |depth: usize| [[0xc3, 0x3e].repeat(depth), [0xc4, 0x3e].repeat(depth)];
    let junk: Vec<u8> = (0..200_u8).map(|i| i.wrapping_mul(167).wrapping_add(31)).collect();
    for (what, message) in [
        ("invalid UTF-8", vec![0x0a, 0x04, 0x0a, 0x02, 0xff, 0xfe]),
        ("random bytes", junk),
        ("a number for a message", vec![0x08, 0x01]),
        ("a message for a number", vec![0x12, 0x01, 0x00]),
        ("a number of eleven bytes", [vec![0x10], vec![0xff; 11]].concat()),
        ("a length of 2^63", [vec![0x0a], vec![0x80; 9], vec![0x01]].concat()),
        ("field 0", vec![0x00, 0x00]),
        ("groups, 200 deep", groups(200).concat()),
        ("groups, 10,000 deep", groups(10_000).concat()),
        ("groups that never end", [0xc3, 0x3e].repeat(10_000)),
    ] {
        for dialect in [Dialect::Grpc, Dialect::GrpcWeb, Dialect::Proto] {
            let answer = product.wait(call(product.address(), dialect, CHECK, &message));
            assert_eq!(dialect.code(&answer), Code::InvalidArgument, "{dialect:?}: {what}");
        }
    }
    for (what, json) in [
        ("nothing", Bytes::new()),
        ("invalid UTF-8", Bytes::from_static(b"{\"tenant\": \"\xff\xfe\"}")),
        ("half a surrogate", Bytes::from_static(br#"{"tenant": "\ud800"}"#)),
        ("an unknown field", Bytes::from_static(br#"{"contacts": {}}"#)),
        ("a field twice", Bytes::from_static(br#"{"tenant": "a", "tenant": "b"}"#)),
        ("another type", Bytes::from_static(br#"{"contact": 7}"#)),
        ("a list", Bytes::from_static(b"[]")),
        ("more after the end", Bytes::from_static(b"{} {}")),
        ("objects, 5,000 deep", Bytes::from("{\"contact\":".repeat(5_000))),
        ("brackets, 10,000 deep", Bytes::from("[".repeat(10_000))),
    ] {
        let sent = send(product.address(), Dialect::Json.head(CHECK), &json);
        let answer = product.wait(sent);
        assert_eq!(
            (answer.http, Dialect::Json.code(&answer)),
            (400, Code::InvalidArgument),
            "{what}"
        );
    }
}

#[test]
fn a_field_from_the_future_is_passed_over() {
    let product = Product::start();
    let mut message = check_request();
    message.extend([0xc2, 0x3e, 0x02, 0x68, 0x69, 0xc8, 0x3e, 0x05]);
    for dialect in [Dialect::Grpc, Dialect::GrpcWeb, Dialect::Proto] {
        let answer = product.wait(call(product.address(), dialect, CHECK, &message));
        assert_eq!(dialect.code(&answer), Code::Ok, "{dialect:?}");
    }
}

/// Compression is off: a body that grows when it is read is not read at all.
#[test]
fn compressed_bodies_are_refused_unread() {
    let product = Product::start();
    let zipped = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0x55; 10_000]].concat();
    refused(&product, &frame(1, &zipped), Code::InvalidArgument);
    for encoding in ["gzip", "snappy", "zstd"] {
        for dialect in [Dialect::Grpc, Dialect::GrpcWeb] {
            let request = dialect.head(CHECK).header("grpc-encoding", encoding);
            let answer = product.wait(send(product.address(), request, &frame(1, &zipped)));
            assert_eq!(dialect.code(&answer), Code::Unimplemented, "{dialect:?} {encoding}");
            assert_eq!(dialect.reason(&answer), "UNIMPLEMENTED", "{dialect:?} {encoding}");
        }
        for dialect in [Dialect::Json, Dialect::Proto] {
            let request = dialect.head(CHECK).header("content-encoding", encoding);
            let answer = product.wait(send(product.address(), request, &zipped));
            assert_eq!(dialect.code(&answer), Code::Unimplemented, "{dialect:?} {encoding}");
            assert_eq!(dialect.reason(&answer), "UNIMPLEMENTED", "{dialect:?} {encoding}");
            assert_eq!(answer.http, 501);
        }
    }
}

#[test]
fn one_bad_call_leaves_its_connection_to_the_others() {
    let product = Product::start();
    product.wait(async {
        let mut caller = Caller::connect(product.address()).await;
        for body in [b"".to_vec(), frame(0, b"\xff"), vec![0, 255, 255, 255, 255]] {
            assert_ne!(
                Dialect::Grpc.code(&caller.send(Dialect::Grpc.head(CHECK), &body).await),
                Code::Ok
            );
            let good = caller.send(Dialect::Grpc.head(CHECK), &frame(0, &check_request())).await;
            assert_eq!(Dialect::Grpc.code(&good), Code::Ok);
        }
    });
}

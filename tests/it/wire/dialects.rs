//! Errors in each dialect's own form, and which web pages may call.

use courtesy::proto::v1;
use prost::Message;
use tonic::Code;
use tonic::Status;

use super::caller::CHECK;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::RESERVE;
use super::caller::call;
use super::caller::head;
use super::caller::send;
use crate::api::product::Product;
use crate::api::product::email;
use crate::api::product::fields;
use crate::api::product::reason;
use crate::api::product::reservation;

fn wrong() -> Vec<u8> {
    let contact = v1::Contact { customer_id: String::new(), ..email("ada") };
    v1::CheckContactRequest { contact: Some(contact), ..Default::default() }.encode_to_vec()
}

#[test]
fn grpc_says_it_in_its_trailers() {
    let product = Product::start();
    let answer = product.wait(call(product.address(), Dialect::Grpc, CHECK, &wrong()));
    assert_eq!((answer.http, answer.body.len()), (200, 0));
    assert_eq!(answer.headers["content-type"], "application/grpc");
    let status = Status::from_header_map(&answer.headers).unwrap();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(reason(&status), "INVALID_REQUEST");
    assert_eq!(fields(&status), ["contact.customer_id"]);
}

#[test]
fn grpc_web_says_it_where_a_browser_can_read_it() {
    let product = Product::start();
    let answer = product.wait(call(product.address(), Dialect::GrpcWeb, CHECK, &wrong()));
    assert_eq!(answer.http, 200);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/grpc-web"));
    assert_eq!(Dialect::GrpcWeb.code(&answer), Code::InvalidArgument);
    assert!(answer.trailers.is_empty(), "a browser sees no trailers");

    let right = v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() };
    let answer =
        product.wait(call(product.address(), Dialect::GrpcWeb, CHECK, &right.encode_to_vec()));
    let length = u32::from_be_bytes(answer.body[1..5].try_into().unwrap());
    let trailers = &answer.body[5 + usize::try_from(length).unwrap()..];
    assert_eq!(trailers[0], 0x80, "a frame of trailers follows the message");
    assert!(String::from_utf8_lossy(&trailers[5..]).contains("grpc-status:0"));
}

#[test]
fn connect_says_it_in_json_with_its_http_status() {
    let product = Product::start();
    let answer = product.wait(call(product.address(), Dialect::Json, CHECK, &wrong()));
    assert_eq!(answer.http, 400);
    assert_eq!(answer.headers["content-type"], "application/json");
    let error: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(error["code"], "invalid_argument");
    assert_eq!(error["message"], "contact.customer_id: must not be empty");
    let details = error["details"].as_array().unwrap();
    let detail = |name: &str| details.iter().find(|it| it["type"] == name).unwrap();
    assert_eq!(detail("google.rpc.ErrorInfo")["debug"]["reason"], "INVALID_REQUEST");
    let violations = &detail("google.rpc.BadRequest")["debug"]["fieldViolations"];
    assert_eq!(violations[0]["field"], "contact.customer_id");

    let reserve = |request: v1::ReserveContactRequest| {
        let request = request.encode_to_vec();
        product.wait(call(product.address(), Dialect::Json, RESERVE, &request)).http
    };
    assert_eq!(reserve(reservation("ada", "1")), 200);
    let other = v1::Contact { priority: Some(1), ..email("ada") };
    let other = v1::ReserveContactRequest { contact: Some(other), ..reservation("ada", "1") };
    assert_eq!(reserve(other), 409);
    let settle = v1::ConfirmContactRequest {
        customer_id: "ada".to_owned(),
        request_id: "2".to_owned(),
        ..Default::default()
    };
    let path = "/courtesy.v1.ContactService/ConfirmContact";
    let answer =
        product.wait(call(product.address(), Dialect::Json, path, &settle.encode_to_vec()));
    assert_eq!((answer.http, Dialect::Json.code(&answer)), (404, Code::NotFound));
}

#[test]
fn connect_streams_and_other_versions_are_refused() {
    let product = Product::start();
    for content_type in ["application/connect+json", "application/connect+proto"] {
        let request = head("POST", CHECK).header("content-type", content_type);
        let answer = product.wait(send(product.address(), request, &[0, 0, 0, 0, 2, b'{', b'}']));
        assert_eq!((answer.http, answer.body[0]), (200, 2), "the end of a stream");
        let end: serde_json::Value = serde_json::from_slice(&answer.body[5..]).unwrap();
        assert_eq!(end["error"]["code"], "unimplemented");
    }
    for dialect in [Dialect::Json, Dialect::Proto] {
        let request = dialect.head(CHECK).header("connect-protocol-version", "2");
        let answer = product.wait(send(product.address(), request, b"{}"));
        assert_eq!(dialect.code(&answer), Code::InvalidArgument);
        let watch = dialect.head("/grpc.health.v1.Health/Watch");
        let answer = product.wait(send(product.address(), watch, b""));
        assert_eq!(dialect.code(&answer), Code::Unimplemented);
    }
}

#[test]
fn no_web_page_may_call_unless_it_is_configured() {
    let product = Product::start();
    let right = v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() };
    let right = right.encode_to_vec();
    for dialect in DIALECTS {
        let request = dialect.head(CHECK).header("origin", "https://example.com");
        let body = dialect.body(CHECK, &right);
        let answer = product.wait(send(product.address(), request, &body));
        assert_eq!(answer.http, 403, "{dialect:?}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{dialect:?}");
    }
    let preflight = |origin: &str| {
        head("OPTIONS", CHECK)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
    };
    let answer = product.wait(send(product.address(), preflight("https://example.com"), b""));
    assert_eq!(answer.http, 403);

    let product = Product::start_with(|config| {
        config.cors_origins = vec!["https://example.com".to_owned()];
    });
    let answer = product.wait(send(product.address(), preflight("https://example.com"), b""));
    assert_eq!(answer.http, 204);
    assert_eq!(answer.headers["access-control-allow-origin"], "https://example.com");
    assert_eq!(answer.headers["access-control-allow-methods"], "POST");
    let allowed = answer.headers["access-control-allow-headers"].to_str().unwrap();
    for name in ["authorization", "content-type", "traceparent", "tracestate"] {
        assert!(allowed.split(", ").any(|it| it == name), "{name} in {allowed}");
    }
    for origin in [
        "https://example.com.evil.test",
        "https://evil.test",
        "http://example.com",
        "https://example.com:8443",
        "null",
        "",
        "https://EXAMPLE.com",
    ] {
        let answer = product.wait(send(product.address(), preflight(origin), b""));
        assert_eq!(answer.http, 403, "{origin}");
    }
    for dialect in DIALECTS {
        let request = dialect.head(CHECK).header("origin", "https://example.com");
        let body = dialect.body(CHECK, &right);
        let answer = product.wait(send(product.address(), request, &body));
        assert_eq!(answer.http, 200, "{dialect:?}");
        assert_eq!(answer.headers["access-control-allow-origin"], "https://example.com");
    }
}

//! How long a call may take: the caller's time, never more than the server's own, and always an
//! answer.

use std::time::Duration;

use courtesy::clock::Stopwatch;
use courtesy::proto::v1;
use prost::Message;
use tonic::Code;

use super::caller::CHECK;
use super::caller::Caller;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::send;
use super::through::Through;
use crate::api::product::Product;
use crate::api::product::email;
use crate::wait::PATIENCE;

/// How long a slow store takes that answers.
const DELAY: Duration = Duration::from_millis(200);

fn slow(deadline_max: Duration, delay: Duration) -> Product {
    Product::start_as(
        tempfile::tempdir().unwrap(),
        |config| config.deadline_max = deadline_max,
        |store| Through::slowly(store, delay),
    )
}

/// How the call of a check ends that is sent with these headers, and after how long.
fn check(product: &Product, dialect: Dialect, header: (&str, &str)) -> (Code, Duration) {
    let request = v1::CheckContactRequest { contact: Some(email("ada")), ..Default::default() };
    let body = dialect.body(CHECK, &request.encode_to_vec());
    let head = dialect.head(CHECK).header(header.0, header.1);
    let started = Stopwatch::start();
    let answer = product.wait(send(product.address(), head, &body));
    (dialect.code(&answer), started.elapsed())
}

#[test]
fn a_timeout_that_is_none_leaves_the_server_s_own() {
    let product = slow(PATIENCE, DELAY);
    for text in ["abc", "", "123456789m", "-1S", "1.5S", "5", "5s"] {
        let (code, _) = check(&product, Dialect::Grpc, ("grpc-timeout", text));
        assert_eq!(code, Code::Ok, "{text}");
    }
    for text in ["abc", "-1", "99999999999"] {
        let (code, _) = check(&product, Dialect::Json, ("connect-timeout-ms", text));
        assert_eq!(code, Code::Ok, "{text}");
    }
}

#[test]
fn a_call_that_takes_too_long_exceeds_its_deadline() {
    let product = slow(PATIENCE, PATIENCE);
    for text in ["0m", "0S", "1n", "1u", "900u", "1m", "2m", "50m", "100000u"] {
        for dialect in [Dialect::Grpc, Dialect::GrpcWeb] {
            for _ in 0..3 {
                let (code, took) = check(&product, dialect, ("grpc-timeout", text));
                assert_eq!(code, Code::DeadlineExceeded, "{dialect:?} {text}: never CANCELLED");
                assert!(took < PATIENCE, "{dialect:?} {text} {took:?}");
            }
        }
    }
    for text in ["0", "1", "50"] {
        for dialect in [Dialect::Json, Dialect::Proto] {
            let (code, took) = check(&product, dialect, ("connect-timeout-ms", text));
            assert_eq!(code, Code::DeadlineExceeded, "{dialect:?} {text}");
            assert!(took < PATIENCE, "{dialect:?} {text} {took:?}");
        }
    }
    let product = slow(PATIENCE, DELAY);
    assert_eq!(check(&product, Dialect::Grpc, ("grpc-timeout", "50S")).0, Code::Ok);
    assert_eq!(check(&product, Dialect::Json, ("connect-timeout-ms", "50000")).0, Code::Ok);
}

#[test]
fn no_caller_gets_more_time_than_the_server_gives() {
    let product = slow(Duration::from_millis(60), PATIENCE);
    for (dialect, header) in [
        (Dialect::Grpc, ("x-nothing", "")),
        (Dialect::Grpc, ("grpc-timeout", "99999999H")),
        (Dialect::GrpcWeb, ("x-nothing", "")),
        (Dialect::Json, ("x-nothing", "")),
        (Dialect::Json, ("connect-timeout-ms", "9999999999")),
        (Dialect::Proto, ("x-nothing", "")),
    ] {
        let (code, took) = check(&product, dialect, header);
        assert_eq!(code, Code::DeadlineExceeded, "{dialect:?} {header:?}");
        // The server answers a little before the time is over.
        assert!(took >= Duration::from_millis(45), "{dialect:?} {header:?} {took:?}");
    }
}

#[test]
fn a_body_that_never_ends_is_not_waited_for() {
    let product = Product::start_with(|config| config.deadline_max = Duration::from_millis(150));
    product.wait(async {
        for dialect in DIALECTS {
            let mut caller = Caller::connect(product.address()).await;
            let started = Stopwatch::start();
            let answer = caller.begin(dialect.head(CHECK)).await;
            assert_eq!(dialect.code(&answer), Code::DeadlineExceeded, "{dialect:?}");
            assert!(started.elapsed() >= Duration::from_millis(150), "{dialect:?}");
            let body = dialect.body(CHECK, b"");
            let answer = caller.send(dialect.head(CHECK), &body).await;
            let code = dialect.code(&answer);
            assert_eq!(code, Code::InvalidArgument, "{dialect:?}: the connection goes on");
        }
    });
}

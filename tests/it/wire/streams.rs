//! Streams whose messages are none: they end in the API's own words, and never as if the defect
//! were ours.

use courtesy::proto::v1;
use courtesy::proto::v1::import_customers_request::Part;
use prost::Message;
use tonic::Code;

use super::caller::Dialect;
use super::caller::frame;
use super::caller::send;
use crate::api::product::Product;

const IMPORT: &str = "/courtesy.v1.CustomerService/ImportCustomers";
/// Everything that streams, and what takes one message.
const PATHS: [&str; 8] = [
    IMPORT,
    "/courtesy.v1.CustomerService/ImportContacts",
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/courtesy.v1.CustomerService/ExportCustomers",
    "/courtesy.v1.ContactService/CheckContact",
];

/// No message of any method: a field of a kind that protobuf does not have.
const GARBAGE: [u8; 4] = [0x0f, 0xff, 0xff, 0xff];

fn options() -> Vec<u8> {
    let part = Some(Part::Options(v1::ImportOptions::default()));
    frame(0, &v1::ImportCustomersRequest { part }.encode_to_vec())
}

/// Bodies that no client of gRPC sends, each with its name.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let long = [&[0][..], &u32::MAX.to_be_bytes()].concat();
    let cut = frame(0, &[0; 100])[..50].to_vec();
    vec![
        ("garbage", frame(0, &GARBAGE)),
        ("a length that is past the end of the message", frame(0, &[0x0a, 0x7f, 0x01])),
        ("no text", frame(0, &[0x0a, 0x02, 0xff, 0xfe])),
        ("compressed without a word", frame(1, &GARBAGE)),
        ("an unknown flag", frame(7, &GARBAGE)),
        ("a frame that is too long", long),
        ("a frame that is cut off", cut),
        ("half a head", vec![0, 0, 0]),
        ("nothing", Vec::new()),
    ]
}

fn assert_no_defect(product: &Product) {
    let metrics = product.metrics.encode().unwrap();
    for code in ["Internal", "Unknown", "DataLoss"] {
        assert!(!metrics.contains(&format!("grpc_code=\"{code}\"")), "{metrics}");
    }
}

#[test]
fn an_import_of_what_is_no_message_is_an_invalid_argument() {
    let product = Product::start();
    for (name, body) in bodies().into_iter().take(3) {
        for begin in [Vec::new(), options()] {
            for dialect in [Dialect::Grpc, Dialect::GrpcWeb] {
                let body = [begin.clone(), body.clone()].concat();
                let answer = product.wait(send(product.address(), dialect.head(IMPORT), &body));
                assert_eq!(dialect.code(&answer), Code::InvalidArgument, "{dialect:?} {name}");
                if dialect == Dialect::Grpc {
                    assert_eq!(dialect.reason(&answer), "INVALID_REQUEST", "{name}");
                }
            }
        }
    }
    assert_no_defect(&product);
}

#[test]
fn no_body_of_any_method_counts_as_a_defect_of_ours() {
    let product = Product::start();
    for path in PATHS {
        for (name, body) in bodies() {
            for dialect in [Dialect::Grpc, Dialect::GrpcWeb] {
                for encoding in ["identity", "gzip", "br"] {
                    let head = dialect.head(path).header("grpc-encoding", encoding);
                    let sent = send(product.address(), head, &body);
                    // A stream that watches, or that is sent no question, is not answered to the
                    // end.
                    let patience = std::time::Duration::from_millis(500);
                    let answer = product.wait(async { tokio::time::timeout(patience, sent).await });
                    let Ok(answer) = answer else { continue };
                    let code = dialect.code(&answer);
                    let is_ours = matches!(code, Code::Internal | Code::Unknown | Code::DataLoss);
                    assert!(!is_ours, "{dialect:?} {path} {name} {encoding}: {code:?}");
                }
            }
        }
    }
    assert_no_defect(&product);
}

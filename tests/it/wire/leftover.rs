//! Answers over HTTP/1.1 that are given before the request's body is read: the connection goes on,
//! or the answer says that it ends.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;

use crate::api::product::Product;

const CHECK: &str = "/courtesy.v1.ContactService/CheckContact";
const JSON: &str = "content-type: application/json\r\n";

/// Requests that are refused for what their heads say: path, more of the head, status.
const REFUSED: [(&str, &str, u16); 9] = [
    ("/nothing", JSON, 404),
    ("/courtesy.v1.ContactService/Nothing", JSON, 404),
    (CHECK, "content-type: text/html\r\n", 415),
    (CHECK, "content-type: application/grpc\r\n", 400),
    (CHECK, "content-type: application/json\r\ncontent-encoding: br\r\n", 501),
    (CHECK, "content-type: application/json\r\norigin: https://example.com\r\n", 403),
    (CHECK, "content-type: application/json\r\nconnect-protocol-version: 9\r\n", 400),
    (CHECK, "content-type: application/connect+json\r\n", 200),
    ("/courtesy.v1.CustomerService/ExportCustomers", JSON, 501),
];

/// One connection that is kept.
struct Kept(BufReader<TcpStream>);

#[derive(Debug)]
struct Answer {
    status: u16,
    /// In lower case.
    head: String,
}

impl Answer {
    fn is_last(&self) -> bool {
        self.head.contains("\r\nconnection: close\r\n")
    }
}

impl Kept {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    fn begin(&mut self, path: &str, head: &str, length: usize) {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: courtesy\r\n{head}content-length: {length}\r\n\r\n"
        );
        self.send(request.as_bytes());
    }

    fn answer(&mut self) -> Answer {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.0.read_line(&mut head).unwrap();
            assert!(read > 0, "the connection ended after {head:?}");
        }
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |it| it.parse().unwrap());
        self.0.read_exact(&mut vec![0; length]).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head }
    }

    /// A check, which is answered if the connection is whole.
    fn check(&mut self) {
        let body = br#"{"contact":{"customerId":"ada","channel":"email","purpose":"marketing"}}"#;
        self.begin(CHECK, JSON, body.len());
        self.send(body);
        assert_eq!(self.answer().status, 200);
    }
}

#[test]
fn a_connection_goes_on_after_a_refusal_whose_body_has_come() {
    let product = Product::start();
    for (path, head, status) in REFUSED {
        let mut kept = Kept::open(product.address());
        kept.check();
        let body = vec![b' '; 100_000];
        kept.begin(path, head, body.len());
        kept.send(&body);
        let answer = kept.answer();
        assert_eq!(answer.status, status, "{path} {head}");
        // A slow machine may not have had the body in time, but then it says so.
        if !answer.is_last() {
            kept.check();
        }
    }
}

#[test]
fn an_answer_without_the_body_says_that_the_connection_ends() {
    let product = Product::start();
    for (path, head, status) in REFUSED {
        let mut kept = Kept::open(product.address());
        kept.begin(path, head, 10);
        kept.send(b"half");
        let answer = kept.answer();
        assert_eq!((answer.status, answer.is_last()), (status, true), "{path} {head} {answer:?}");
        // Who waits to be told to go on is told the answer instead.
        let mut kept = Kept::open(product.address());
        kept.begin(path, &format!("{head}expect: 100-continue\r\n"), 10);
        let answer = kept.answer();
        assert_eq!((answer.status, answer.is_last()), (status, true), "{path} {head} {answer:?}");
    }
}

#[test]
fn a_long_body_does_not_keep_the_answer_from_its_caller() {
    let product = Product::start();
    for (path, head) in [("/nothing", JSON), (CHECK, "content-type: text/html\r\n"), (CHECK, JSON)]
    {
        let mut kept = Kept::open(product.address());
        let body = vec![b' '; 5 << 20];
        kept.begin(path, head, body.len());
        kept.send(&body);
        let answer = kept.answer();
        assert!(answer.status >= 400, "{answer:?}");
    }
}

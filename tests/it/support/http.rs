//! Plain HTTP/1.1, one request a connection, so that a test sees what is on the wire.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The head, in lower case.
    pub(crate) head: String,
    /// The name and value of the cookie that it sets, if any.
    pub(crate) cookie: Option<String>,
    /// Where it leads, if anywhere.
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

pub(crate) fn get(url: &str, headers: &[&str]) -> Answer {
    send("GET", url, headers, "")
}

pub(crate) fn post(url: &str, headers: &[&str], body: &str) -> Answer {
    send("POST", url, headers, body)
}

pub(crate) fn send(method: &str, url: &str, headers: &[&str], body: &str) -> Answer {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case(wanted).then_some(value)
        })
    };
    let cookie = header("set-cookie").map(|it| it.split(';').next().unwrap().to_owned());
    let location = header("location").map(str::to_owned);
    Answer { status, head: head.to_lowercase(), cookie, location, body: body.to_owned() }
}

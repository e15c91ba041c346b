//! Too much of everything. The connection that does it is closed or bounded; every other one is
//! served as before, and the memory stays where it was.

use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::caller::CHECK;
use super::caller::Caller;
use super::caller::Dialect;
use super::caller::frame as grpc_frame;
use super::process::Process;
use crate::wait::PATIENCE;
use crate::wait::until;

/// More than a server of this size ever needs, and far less than what is thrown at it.
const MEMORY_MAX_MIB: u64 = 256;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// A connection on which any frame can be written.
struct Raw {
    stream: TcpStream,
    reader: thread::JoinHandle<Vec<u8>>,
}

impl Raw {
    fn connect(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut read = stream.try_clone().unwrap();
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            // It ends when the server closes, however rudely.
            drop(read.read_to_end(&mut all));
            all
        });
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
        stream.write_all(&frame(SETTINGS, 0, 0, b"")).unwrap();
        Self { stream, reader }
    }

    /// Writes until all is written or the server has had enough; says whether it has.
    fn pour(&mut self, frames: impl Iterator<Item = Vec<u8>>) -> bool {
        let mut batch = Vec::new();
        for frame in frames {
            batch.extend(frame);
            if batch.len() > 16 << 10 {
                if self.stream.write_all(&batch).is_err() {
                    return true;
                }
                batch.clear();
            }
        }
        self.stream.write_all(&batch).is_err()
    }

    /// The types of the frames that the server has sent until it closed.
    fn received(self) -> Vec<u8> {
        // What has been closed already needs no end.
        drop(self.stream.shutdown(Shutdown::Write));
        let all = self.reader.join().unwrap();
        let mut types = Vec::new();
        let mut rest = all.as_slice();
        while let Some((head, after)) = rest.split_at_checked(9) {
            let length =
                usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
            types.push(head[3]);
            rest = after.get(length..).unwrap_or_default();
        }
        types
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The head of a call, as HPACK writes it without a table.
fn call_head() -> Vec<u8> {
    let mut block = vec![0x83, 0x86];
    literal(&mut block, ":path", CHECK);
    literal(&mut block, "content-type", "application/grpc");
    block
}

fn literal(block: &mut Vec<u8>, name: &str, value: &str) {
    block.push(0);
    for text in [name, value] {
        block.push(u8::try_from(text.len()).ok().filter(|it| *it < 127).unwrap());
        block.extend(text.as_bytes());
    }
}

/// The numbers of a client's streams.
fn streams() -> impl Iterator<Item = u32> {
    (0..).map(|i| 2 * i + 1)
}

#[track_caller]
fn unharmed(process: Process) {
    process.assert_serves();
    let peak = process.peak_mib();
    assert!(peak < MEMORY_MAX_MIB, "{peak} MiB");
    let log = process.into_log();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn rapid_resets_close_their_connection() {
    let process = Process::start();
    let mut raw = Raw::connect(process.address);
    let block = call_head();
    let reset = |stream: u32| {
        let open = frame(HEADERS, END_HEADERS, stream, &block);
        [open, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
    };
    raw.pour(streams().take(5_000).map(reset));
    process.assert_serves();
    assert!(raw.received().contains(&GOAWAY));
    unharmed(process);
}

#[test]
fn headers_without_an_end_close_their_connection() {
    let process = Process::start();
    // Few large frames, and many that are empty.
    let mut large = Vec::new();
    for _ in 0..140 {
        literal(&mut large, "x-more", &"a".repeat(100));
    }
    for payload in [large, Vec::new()] {
        let mut raw = Raw::connect(process.address);
        let first = frame(HEADERS, 0, 1, &call_head());
        let more = || frame(CONTINUATION, 0, 1, &payload);
        let enough =
            raw.pour(std::iter::once(first).chain(std::iter::repeat_with(more).take(100_000)));
        process.assert_serves();
        assert!(enough || raw.received().contains(&GOAWAY), "{} bytes each", payload.len());
    }
    unharmed(process);
}

#[test]
fn empty_data_closes_its_connection() {
    let process = Process::start();
    let mut raw = Raw::connect(process.address);
    let head = frame(HEADERS, END_HEADERS, 1, &call_head());
    let empty = || frame(DATA, 0, 1, b"");
    let enough = raw.pour(std::iter::once(head).chain(std::iter::repeat_with(empty).take(500_000)));
    process.assert_serves();
    assert!(enough || raw.received().contains(&GOAWAY));
    unharmed(process);
}

#[test]
fn pings_and_settings_without_end_are_bounded() {
    let process = Process::start();
    for flood in [frame(PING, 0, 0, &[7; 8]), frame(SETTINGS, 0, 0, b"")] {
        let mut raw = Raw::connect(process.address);
        raw.pour(std::iter::repeat_with(|| flood.clone()).take(200_000));
        process.assert_serves();
        raw.received();
    }
    unharmed(process);
}

#[test]
fn a_table_of_headers_does_not_multiply() {
    let process = Process::start();
    let mut raw = Raw::connect(process.address);
    // One long header goes into the table, and is then named by one byte as often as fits.
    let mut bomb = call_head();
    bomb.extend([0x40, 1, b'x', 0x7f, 0x80 + 0x21, 0x1e]);
    bomb.resize(bomb.len() + 0x7f + 0x21 + (0x1e << 7), b'a');
    bomb.resize(16 << 10, 0xbe);
    raw.pour(streams().take(200).map(|stream| frame(HEADERS, END_HEADERS | 1, stream, &bomb)));
    process.assert_serves();
    raw.received();
    unharmed(process);
}

#[test]
fn headers_that_are_too_long_are_refused() {
    let process = Process::start();
    process.wait(async {
        for (count, length) in [(1, 20 << 10), (1_000, 1)] {
            let mut caller = Caller::connect(process.address).await;
            let many = (0..count).fold(Dialect::Grpc.head(CHECK), |head, i| {
                head.header(format!("x-{i}"), "a".repeat(length))
            });
            let answer = caller.send(many, &grpc_frame(0, b"")).await;
            assert_eq!(answer.http, 431, "{count} headers of {length}");
        }
    });
    let mut old = TcpStream::connect(process.address).unwrap();
    let head = format!(
        "POST {CHECK} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{}\r\n",
        (0..90).map(|i| format!("x-{i}: {}\r\n", "a".repeat(200))).collect::<String>()
    );
    old.write_all(head.as_bytes()).unwrap();
    let mut first = [0; 12];
    old.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 431");
    unharmed(process);
}

#[test]
fn thousands_who_only_connect_harm_no_caller() {
    let process = Process::start();
    let idle: Vec<_> = (0..2_000).map(|_| TcpStream::connect(process.address).unwrap()).collect();
    // Those who come from one address make way for each other, this caller among them while they
    // come in.
    until(PATIENCE, "a caller is answered", || answered(process.address));
    drop(idle);
    until(PATIENCE, "a caller is answered", || answered(process.address));
    unharmed(process);
}

#[test]
fn a_server_without_free_files_serves_again_when_there_are_some() {
    let process = Process::start_with_files(128);
    process.assert_serves();
    let hogs: Vec<_> = (0..300).map(|_| TcpStream::connect(process.address).unwrap()).collect();
    drop(hogs);
    until(PATIENCE, "a caller is answered", || answered(process.address));
    unharmed(process);
}

/// Whether a new client is answered, and not made to go.
fn answered(address: SocketAddr) -> Option<()> {
    let body = r#"{"contact": {"customer_id": "ada", "channel": "email", "purpose": "marketing"}}"#;
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let head = format!(
        "POST /courtesy.v1.ContactService/CheckContact HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 200").then_some(())
}

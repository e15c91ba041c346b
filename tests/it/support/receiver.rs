//! A receiver of webhooks, which answers what a test tells it to.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

use serde_json::Value;

/// One event that came.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The headers, a line each, in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) body: Value,
}

/// Listens for as long as the test runs.
pub(crate) struct Receiver {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    /// The status line's end, and further headers.
    answer: String,
    events: Vec<Event>,
}

impl Event {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        self.body["type"] == format!("courtesy.{kind}.v1")
    }

    /// Whose it is.
    pub(crate) fn customer(&self) -> &str {
        self.body["data"]["customerId"].as_str().unwrap_or_default()
    }
}

impl Receiver {
    /// One that answers with a status, such as `204 no content`.
    pub(crate) fn start(answer: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Seen { answer: answer.to_owned(), events: Vec::new() };
        let seen = Arc::new(Mutex::new(seen));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                // A caller that goes away in the middle says nothing.
                std::thread::spawn(move || stream.ok().and_then(|it| take(it, &shared)));
            }
        });
        Self { address, seen }
    }

    pub(crate) fn answers(&self, answer: &str) {
        answer.clone_into(&mut self.seen.lock().unwrap().answer);
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.seen.lock().unwrap().events.clone()
    }

    /// Writes an operator's file beside its secret, and returns its path.
    pub(crate) fn file(&self, directory: &Path, more: &str) -> String {
        std::fs::write(directory.join("crm.secret"), format!("whsec_{}\n", "QUJD".repeat(8)))
            .unwrap();
        let path = directory.join("webhooks.toml");
        let url = format!("http://{}/hook", self.address);
        let text = format!(
            "[[webhook]]\nname = \"crm\"\nurl = \"{url}\"\nsecret_file = \"crm.secret\"\n{more}"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn take(stream: TcpStream, seen: &Mutex<Seen>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end() {
            "" => break,
            line => headers.push(line.to_lowercase()),
        }
    }
    let length = headers.iter().find_map(|it| it.strip_prefix("content-length: "));
    let mut body = vec![0; length?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    let answer = {
        let mut seen = seen.lock().unwrap();
        seen.events.push(Event { headers, body: serde_json::from_slice(&body).ok()? });
        seen.answer.clone()
    };
    let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes()).ok()
}

//! Those who attack.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use http::Request;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::interval;
use tokio::time::timeout;

use crate::attacks::callers::FULL;
use crate::attacks::callers::channel;
use crate::attacks::callers::contact;
use crate::attacks::callers::with_key;
use crate::attacks::world::Places;

/// How many connections are made in a second, and how many are held.
const PER_SECOND: u32 = 200;
const HELD: usize = 1_100;

/// How many connections hold streams, and how many each.
const WATCHING: usize = 8;
const STREAMS: usize = 200;

/// How many send bodies at once, and how long a body is.
const SENDING: usize = 16;
const BODY_BYTES: usize = 1 << 20;

/// The first bytes of a handshake whose record does not end, and of a request whose head does not.
const HALF_HANDSHAKE: &[u8] = &[0x16, 3, 1, 2, 0, 1];
const HALF_REQUEST: &[u8] =
    b"POST /courtesy.v1.ContactService/CheckContact HTTP/1.1\r\nhost: x\r\nx: ";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Attack {
    Quiet,
    QuietTls,
    Handshakes,
    Watches,
    Reflection,
    HalfRequests,
    Silence,
    Idle,
    Bodies,
    SlowBodies,
    Policies,
    Batches,
}

impl Attack {
    pub(super) const ALL: [Self; 12] = [
        Self::Quiet,
        Self::QuietTls,
        Self::Handshakes,
        Self::Watches,
        Self::Reflection,
        Self::HalfRequests,
        Self::Silence,
        Self::Idle,
        Self::Bodies,
        Self::SlowBodies,
        Self::Policies,
        Self::Batches,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Quiet => "none",
            Self::QuietTls => "none, over TLS",
            Self::Handshakes => "half handshakes, over TLS",
            Self::Watches => "streams of `Health/Watch`",
            Self::Reflection => "streams of reflection",
            Self::HalfRequests => "half requests, on every port",
            Self::Silence => "silent connections, on every port",
            Self::Idle => "idle HTTP/2, on every port",
            Self::Bodies => "bodies of 1 MiB without a credential",
            Self::SlowBodies => "bodies that do not end",
            Self::Policies => "`ValidatePolicy` of the worst document",
            Self::Batches => "`BatchCheckContacts` of full records",
        }
    }

    pub(super) const fn is_on_tls(self) -> bool {
        matches!(self, Self::Handshakes | Self::QuietTls)
    }
}

/// Attacks until it is over.
pub(super) fn attack(attack: Attack, places: &Places, over: &AtomicBool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ending = async {
            let mut ticks = interval(Duration::from_millis(100));
            while !over.load(Ordering::Relaxed) {
                ticks.tick().await;
            }
        };
        tokio::select! {
            () = ending => {}
            () = attack_for_ever(attack, places) => {}
        }
    });
}

async fn attack_for_ever(attack: Attack, places: &Places) {
    match attack {
        Attack::Quiet | Attack::QuietTls => std::future::pending().await,
        Attack::Handshakes => hold(places.api, HALF_HANDSHAKE).await,
        Attack::Watches => watch(places.api, "/grpc.health.v1.Health/Watch").await,
        Attack::Reflection => {
            let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
            watch(places.api, path).await;
        }
        Attack::HalfRequests => hold_all(places, HALF_REQUEST).await,
        Attack::Silence => hold_all(places, b"").await,
        Attack::Idle => hold_all(places, PREFACE).await,
        Attack::Bodies => send(places.api, true).await,
        Attack::SlowBodies => send(places.api, false).await,
        Attack::Policies => validate(places).await,
        Attack::Batches => batch(places).await,
    }
}

async fn hold_all(places: &Places, greeting: &[u8]) {
    tokio::join!(
        hold(places.api, greeting),
        hold(places.pages, greeting),
        hold(places.operations, greeting),
    );
}

/// Makes connections, says something, and holds them.
async fn hold(address: SocketAddr, greeting: &[u8]) {
    let mut held = VecDeque::new();
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    loop {
        ticks.tick().await;
        let connected = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(greeting).await?;
            io::Result::Ok(stream)
        };
        if let Ok(Ok(stream)) = timeout(Duration::from_secs(1), connected).await {
            held.push_back(stream);
        }
        if held.len() > HELD {
            held.pop_front();
        }
    }
}

/// Opens streams that last, again whenever a connection is lost.
async fn watch(address: SocketAddr, path: &str) {
    let one = async || {
        let mut ticks = interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            // It ends when the server has had enough.
            watch_once(address, path).await;
        }
    };
    futures_util::future::join_all((0..WATCHING).map(|_| one())).await;
}

async fn watch_once(address: SocketAddr, path: &str) -> Option<()> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut requests, connection) = h2::client::handshake(stream).await.ok()?;
    let opening = async {
        let mut held = Vec::new();
        for _ in 0..STREAMS {
            std::future::poll_fn(|context| requests.poll_ready(context)).await.ok()?;
            let uri = format!("http://{address}{path}");
            let head = Request::post(uri).header("content-type", "application/grpc");
            let (response, mut body) = requests.send_request(head.body(()).unwrap(), false).ok()?;
            body.send_data(Bytes::from_static(&[0; 5]), false).ok()?;
            held.push((response, body));
        }
        std::future::pending::<Option<()>>().await
    };
    tokio::select! {
        ended = connection => ended.ok(),
        ended = opening => ended,
    }
}

/// Sends a batch of nothing without a credential, the whole of it or all but its last byte.
async fn send(address: SocketAddr, is_whole: bool) {
    let mut body = br#"{"contacts":["#.to_vec();
    while body.len() < BODY_BYTES - 8 {
        body.extend(b"{},");
    }
    body.extend(b"{}]}");
    let head = format!(
        "POST /courtesy.v1.ContactService/BatchCheckContacts HTTP/1.1\r\nhost: x\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let sent = if is_whole { body.len() } else { body.len() - 1 };
    let request = [head.as_bytes(), &body[..sent]].concat();
    let one = async || {
        let mut ticks = interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let once = async {
                let mut stream = TcpStream::connect(address).await?;
                stream.write_all(&request).await?;
                stream.read_to_end(&mut Vec::new()).await
            };
            // However it is refused.
            drop(once.await);
        }
    };
    let count = if is_whole { SENDING } else { SENDING * 8 };
    futures_util::future::join_all((0..count).map(|_| one())).await;
}

/// Validates, again and again, a policy of the most that is accepted.
async fn validate(places: &Places) {
    let mut client = PolicyServiceClient::new(channel(places));
    let text = worst();
    loop {
        let document = v1::PolicyDocument { text: text.clone(), ..Default::default() };
        let request = v1::ValidatePolicyRequest { documents: vec![document], ..Default::default() };
        let answer = client.validate_policy(with_key(places, request)).await;
        // It may take longer than a call may.
        let errors = answer.map_or_else(|_late| Vec::new(), |it| it.into_inner().errors);
        assert!(errors.is_empty(), "{errors:?}");
    }
}

/// Some patterns as large as may be, and small ones up to the most rules.
fn worst() -> String {
    let base = "name: x\nchannels: {email: {}}\npurposes: {marketing: {}}\ncontent_rules:\n";
    let rules = (0..900).map(|number| {
        let pattern = match number {
            0..12 => format!(r"\\pL{{1,5}}\\d{{1,{}}}", 1 + number % 9),
            _ => format!("^[a-z]+-{number}$"),
        };
        let more = " || contact.topic == 'a'".repeat(7);
        format!(
            "  - {{name: r{number}, deny_when: \"contact.topic.matches(r'{pattern}'){more}\"}}\n"
        )
    });
    format!("{base}{}", rules.collect::<String>())
}

/// Asks again and again about as many contacts of a full record as a batch takes.
async fn batch(places: &Places) {
    let mut client = ContactServiceClient::new(channel(places));
    loop {
        let contacts = vec![contact(FULL); 1_000];
        let request = v1::BatchCheckContactsRequest { contacts, ..Default::default() };
        // It may take longer than a call may.
        drop(client.batch_check_contacts(with_key(places, request)).await);
    }
}

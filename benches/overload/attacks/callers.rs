//! Callers with a credential, and probes.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use std::time::Instant;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;
use tonic::Request;
use tonic::transport::Channel;
use tonic::transport::ClientTlsConfig;
use tonic::transport::Endpoint;

use crate::attacks::world::Places;
use crate::attacks::world::World;

/// How often each is asked.
const CHECK_EVERY: Duration = Duration::from_millis(10);
const OTHERS_EVERY: Duration = Duration::from_millis(250);

/// How soon it is to be answered.
const SOON: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(2);

/// The customer with the fullest record, and how many contacts are on it.
pub(super) const FULL: &str = "full";
const CONTACTS: usize = 1_000;

/// What callers have seen.
#[derive(Default)]
pub(super) struct Report {
    /// How long checks took; none that failed or took longer than a caller waits.
    pub(super) checks: Vec<Option<Duration>>,
    /// Whether checks on new connections were answered.
    pub(super) new_callers: Vec<bool>,
    pub(super) opt_outs: Vec<bool>,
    pub(super) probes: Vec<bool>,
}

impl Report {
    pub(super) fn p50(&self) -> Duration {
        self.percentile(50)
    }

    pub(super) fn p99(&self) -> Duration {
        self.percentile(99)
    }

    /// How many checks were answered soon.
    pub(super) fn soon(&self) -> usize {
        self.checks.iter().flatten().filter(|it| **it <= SOON).count()
    }

    fn percentile(&self, percent: usize) -> Duration {
        let mut all: Vec<Duration> = self.checks.iter().map(|it| it.unwrap_or(PATIENCE)).collect();
        all.sort_unstable();
        all.len().checked_sub(1).map_or(Duration::ZERO, |last| all[last * percent / 100])
    }
}

/// A share in percent, with one decimal.
pub(super) fn share(part: usize, all: usize) -> String {
    let permille = part * 1_000 / all.max(1);
    format!("{}.{} %", permille / 10, permille % 10)
}

pub(super) fn share_of(good: &[bool]) -> String {
    share(good.iter().filter(|it| **it).count(), good.len())
}

/// Fills the record of one customer.
pub(super) async fn introduce(world: &World) {
    let mut client = ContactServiceClient::new(channel(&world.places));
    for number in 0..CONTACTS / 50 {
        let reservations = (0..50).map(|it| v1::BatchReservation {
            contact: Some(v1::Contact { purpose: "transactional".into(), ..contact(FULL) }),
            request_id: format!("history-{number}-{it}"),
            hold: None,
        });
        let reservations = reservations.collect();
        let request = v1::BatchReserveContactsRequest { reservations, ..Default::default() };
        client.batch_reserve_contacts(with_key(&world.places, request)).await.unwrap();
    }
}

/// Asks for as long as `window`, and tells how it was. `now_and_then` is called between.
pub(super) async fn watch(
    places: &Places,
    window: Duration,
    mut now_and_then: impl FnMut(),
) -> Report {
    let report = RefCell::new(Report::default());
    let steady = channel(places);
    let asking = async {
        tokio::join!(
            every(CHECK_EVERY, async |number| {
                let elapsed = check(places, steady.clone(), number).await;
                report.borrow_mut().checks.push(elapsed);
            }),
            every(OTHERS_EVERY, async |number| {
                let elapsed = check(places, channel(places), number).await;
                report.borrow_mut().new_callers.push(elapsed.is_some());
            }),
            every(OTHERS_EVERY, async |number| {
                let customer_id = format!("leaver-{number}");
                let request = v1::OptOutRequest { customer_id, ..Default::default() };
                let mut client = CustomerServiceClient::new(steady.clone());
                let done = timeout(PATIENCE, client.opt_out(with_key(places, request))).await;
                report.borrow_mut().opt_outs.push(done.is_ok_and(|it| it.is_ok()));
            }),
            every(OTHERS_EVERY, async |_| {
                let done = timeout(PATIENCE, probe(places.operations)).await;
                report.borrow_mut().probes.push(done.is_ok_and(|it| it.is_ok_and(|it| it)));
                now_and_then();
            }),
        )
    };
    // It ends when the time is over, and not before.
    drop(timeout(window, asking).await);
    report.into_inner()
}

async fn every(period: Duration, mut act: impl AsyncFnMut(u64)) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0.. {
        ticks.tick().await;
        act(number).await;
    }
}

async fn check(places: &Places, channel: Channel, number: u64) -> Option<Duration> {
    let begun = Instant::now();
    let contact = Some(contact(&format!("customer-{}", number % 1_000)));
    let request = v1::CheckContactRequest { contact, ..Default::default() };
    let mut client = ContactServiceClient::new(channel);
    let answer = timeout(PATIENCE, client.check_contact(with_key(places, request))).await;
    answer.is_ok_and(|it| it.is_ok()).then(|| begun.elapsed())
}

async fn probe(operations: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(operations).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}

/// A connection of its own, which is made when it is needed.
pub(super) fn channel(places: &Places) -> Channel {
    let scheme = if places.authority.is_some() { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{}", places.api)).unwrap();
    let endpoint = endpoint.tcp_nodelay(true);
    match &places.authority {
        None => endpoint.connect_lazy(),
        Some(authority) => {
            let tls = ClientTlsConfig::new().ca_certificate(authority.clone());
            endpoint.tls_config(tls.domain_name("localhost")).unwrap().connect_lazy()
        }
    }
}

pub(super) fn with_key<T>(places: &Places, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let bearer = format!("Bearer {}", places.key).parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    request
}

pub(super) fn contact(customer_id: &str) -> v1::Contact {
    v1::Contact {
        customer_id: customer_id.to_owned(),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        ..v1::Contact::default()
    }
}

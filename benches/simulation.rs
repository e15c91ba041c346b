//! Whether a simulation disturbs those who are served: the latency of checks while one runs,
//! against the latency while none does, as ratios in one run.
//!
//! `cargo bench --bench simulation`. It fills a store in a temporary directory, starts the server
//! on it, and asks for a few seconds in turns, with and without simulations running without end.
//! Then the same on a `redis-server` that it starts itself, if there is one.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "what cannot be set up fails the benchmark, and a ratio is a float"
)]

use std::cell::Cell;
use std::io::BufRead;
use std::io::BufReader;
use std::net::TcpListener;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use courtesy::clock;
use courtesy::clock::Stopwatch;
use courtesy::codec::Decoded;
use courtesy::model::Contact;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Span;
use courtesy::model::history::State;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use courtesy::proto::v1::simulate_policy_response::Part;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::embedded::Embedded;
use futures_util::future::Either;
use futures_util::future::join_all;
use futures_util::future::select;
use tokio::runtime::Runtime;
use tonic::transport::Channel;

const CUSTOMERS: u32 = 50_000;
const CONTACTS: u32 = 30;
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(3);
const IN_FLIGHT: [usize; 2] = [1, 16];

const POLICY: &str = "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}}\n\
     budgets: [{name: weekly, limit: 5, per: 7d}, {name: daily, limit: 1, per: {calendar: day, time_zone: UTC}}]\n\
     spacing: [{name: apart, for: {purposes: [marketing]}, least: 20h}]\n";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("data");
    runtime.block_on(fill(&store));
    println!("{CUSTOMERS} customers with {CONTACTS} contacts each");
    println!(
        "store     in flight   p50 quiet  simulating  ratio   p99 quiet  simulating  ratio   customers/s"
    );
    let stored = store.to_str().unwrap().to_owned();
    measure("embedded", &runtime, &stored, directory.path());
    let Some(mut redis) = redis(directory.path()) else {
        println!("redis-server is not installed");
        return;
    };
    let copied = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["copy", "--from", &stored, "--to", &redis.1])
        .args(["--secret-file", store.join("secret").to_str().unwrap()])
        .stdout(Stdio::null())
        .status();
    assert!(copied.unwrap().success(), "the store is copied to Redis");
    measure("redis", &runtime, &redis.1, directory.path());
    redis.0.kill().unwrap();
    redis.0.wait().unwrap();
}

/// Puts customers into an embedded store.
async fn fill(directory: &Path) {
    let store = Embedded::open(directory).unwrap();
    let (now, tenant) = (clock::now(), Name::new("default").unwrap());
    let channels = ["email", "sms"].map(|name| Name::new(name).unwrap());
    for first in (0..CUSTOMERS).step_by(1_000) {
        let replacement = |customer: u32| {
            let mut record = Record::default();
            for number in 0..CONTACTS {
                let channel = channels[usize::from(number % 3 == 0)].clone();
                let contact = Contact::new(channel, Name::new("marketing").unwrap());
                let ago = Span::from_hours(number * 22 + customer % 22 + 1);
                record.history.add_contact(&contact, now.minus(ago), State::Sent).unwrap();
            }
            let (space, id) = (Space::Customers, format!("customer-{customer}").into());
            let key = Key { space, tenant: tenant.clone(), id };
            let value = Decoded::default().write(&record);
            Replacement { key, expected: None, value, expires: None }
        };
        let replacements = (first..first + 1_000).map(replacement).collect();
        for replaced in store.replace_many(replacements, Durability::Buffered).await {
            replaced.unwrap();
        }
    }
}

/// A Redis of our own, and its address.
fn redis(directory: &Path) -> Option<(Child, String)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--save", "", "--dir"])
        .arg(directory)
        .stdout(Stdio::null())
        .spawn();
    let child = child.ok()?;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::yield_now();
    }
    Some((child, format!("redis://127.0.0.1:{port}")))
}

fn measure(name: &str, runtime: &Runtime, store: &str, directory: &Path) {
    let secret = directory.join("data").join("secret");
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--operations",
        "off",
        "--console",
        "off",
        "--pages",
        "off",
    ]);
    command.args(["--store", store, "--wish-durability", "synced"]);
    if secret.exists() {
        command.arg("--secret-file").arg(&secret);
    }
    if name == "redis" {
        command.args(["--journal", "off"]);
    }
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let address = lines.by_ref().map(Result::unwrap).find_map(|line| {
        line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned)
    });
    let address = address.unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    runtime.block_on(async {
        let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
        let document = v1::PolicyDocument { text: POLICY.to_owned(), ..Default::default() };
        let request = v1::ApplyPolicyRequest {
            documents: vec![document],
            expected_revision: Some(0),
            ..Default::default()
        };
        // The copy has it already.
        drop(PolicyServiceClient::new(channel.clone()).apply_policy(request).await);
        for in_flight in IN_FLIGHT {
            row(name, &channel, in_flight).await;
        }
    });
    server.kill().unwrap();
    server.wait().unwrap();
}

async fn row(name: &str, channel: &Channel, in_flight: usize) {
    let (mut quiet, mut busy) = ([vec![], vec![]], [vec![], vec![]]);
    let seen = Cell::new(0);
    drop(checks(channel, in_flight).await);
    for _ in 0..TURNS {
        let all = checks(channel, in_flight).await;
        quiet[0].push(percentile(&all, 50));
        quiet[1].push(percentile(&all, 99));
        let (checks, simulations) = (checks(channel, in_flight), simulations(channel, &seen));
        let both = select(Box::pin(checks), Box::pin(simulations)).await;
        let Either::Left((all, _)) = both else { panic!("simulations go on for ever") };
        busy[0].push(percentile(&all, 50));
        busy[1].push(percentile(&all, 99));
    }
    let median = |mut all: Vec<Duration>| percentile_of(&mut all, 50);
    let [quiet, busy] = [quiet, busy].map(|it| it.map(|all| median(all).as_secs_f64() * 1e6));
    let rate = seen.get() as f64 / (TURN.as_secs_f64() * TURNS as f64);
    println!(
        "{name:9} {in_flight:9} {:9.0} us {:8.0} us {:6.2} {:9.0} us {:8.0} us {:6.2} {rate:13.0}",
        quiet[0],
        busy[0],
        busy[0] / quiet[0],
        quiet[1],
        busy[1],
        busy[1] / quiet[1],
    );
}

/// How long each check took, with so many in flight.
async fn checks(channel: &Channel, in_flight: usize) -> Vec<Duration> {
    let turn = Stopwatch::start();
    let caller = async |number: usize| {
        let mut contacts = ContactServiceClient::new(channel.clone());
        let mut took = Vec::new();
        let mut customer = u32::try_from(number).unwrap();
        while turn.elapsed() < TURN {
            customer = (customer + 7_919) % CUSTOMERS;
            let contact = v1::Contact {
                customer_id: format!("customer-{customer}"),
                channel: "email".to_owned(),
                purpose: "marketing".to_owned(),
                ..Default::default()
            };
            let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
            let call = Stopwatch::start();
            contacts.check_contact(request).await.unwrap();
            took.push(call.elapsed());
        }
        took
    };
    join_all((0..in_flight).map(caller)).await.concat()
}

/// Simulates without end, and counts customers.
async fn simulations(channel: &Channel, seen: &Cell<u64>) {
    let mut policies = PolicyServiceClient::new(channel.clone());
    loop {
        let text = POLICY.replace("limit: 5", "limit: 3");
        let documents = vec![v1::PolicyDocument { text, ..Default::default() }];
        let request = v1::SimulatePolicyRequest { documents, ..Default::default() };
        // The one before may not have noticed yet that its caller is gone.
        let Ok(answers) = policies.simulate_policy(request).await else { continue };
        let mut answers = answers.into_inner();
        let mut before = 0;
        while let Some(answer) = answers.message().await.unwrap() {
            let now = match answer.part.unwrap() {
                Part::Progress(progress) => progress.customers_seen,
                Part::Report(report) => report.customers_seen,
            };
            seen.set(seen.get() + now - before);
            before = now;
        }
    }
}

fn percentile(all: &[Duration], percent: usize) -> Duration {
    percentile_of(&mut all.to_vec(), percent)
}

fn percentile_of(all: &mut [Duration], percent: usize) -> Duration {
    all.sort_unstable();
    all[(all.len() - 1) * percent / 100]
}

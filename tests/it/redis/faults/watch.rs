//! What an instance says about its store, all the time.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use courtesy::clock::Stopwatch;

use super::installation::Installation;
use crate::crash::process::Process;
use crate::support::http;

/// How often it is asked.
const PACE: Duration = Duration::from_millis(50);

/// What is asked, until it is stopped.
pub(super) struct Watch {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Vec<(Duration, Said)>>>,
}

/// What it says of its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Well,
    Impaired,
    Away,
}

/// For each instance, what it said when.
pub(super) type Health = Vec<Vec<(Duration, Said)>>;

impl Watch {
    pub(super) fn start(bed: &Installation, clock: Stopwatch) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = bed.instances.iter().map(|instance| {
            let (address, stop) = (instance.operations().to_owned(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut said = Vec::new();
                // The last word is what it says when it is stopped.
                let mut goes_on = true;
                while goes_on {
                    goes_on = !stop.load(Ordering::Relaxed);
                    said.extend(ask(&address).map(|it| (clock.elapsed(), it)));
                    std::thread::sleep(PACE);
                }
                said
            })
        });
        let threads = threads.collect();
        Self { stop, threads }
    }

    pub(super) fn stop(self) -> Health {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().map(|it| it.join().unwrap()).collect()
    }
}

/// What an instance says of its store now; nothing if it does not answer.
pub(super) fn ask(address: &str) -> Option<Said> {
    let answer = readiness(address)?;
    let is_ready = answer.starts_with("HTTP/1.1 200");
    Some(match is_ready {
        true if answer.contains("ready, but the store") => Said::Impaired,
        true => Said::Well,
        false => Said::Away,
    })
}

/// The same in its own words.
pub(super) fn readiness(address: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// How often instances have given a record a refusal back that the store had lost. That makes a
/// version of its own, that no caller has asked for.
pub(super) fn given_back(bed: &Installation) -> u64 {
    let of = |instance: &Process| {
        let metrics = http::get(&format!("http://{}/metrics", instance.operations()), &[]).body;
        let name = "courtesy_refusals_missing_total ";
        metrics.lines().find_map(|line| line.strip_prefix(name)?.parse::<u64>().ok()).unwrap()
    };
    bed.instances.iter().map(of).sum()
}

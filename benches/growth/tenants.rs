//! Each tenant has a policy of its own, which each instance keeps in memory.

use std::time::Instant;

use courtesy::clock;
use courtesy::store::embedded::Embedded;
use tempfile::TempDir;

use crate::Effort;
use crate::ask;
use crate::ask::About;
use crate::ask::Line;
use crate::seed;
use crate::servers::Server;
use crate::table;

const TENANTS: [u64; 4] = [1, 10, 100, 1_000];
/// How many customers all tenants have together.
const CUSTOMERS: u64 = 20_000;
const CONTACTS: usize = 30;

pub(crate) async fn measure(effort: Effort) -> String {
    let mut started = Vec::new();
    for tenants in TENANTS {
        let place = TempDir::new().unwrap();
        let (server, cells) = start(&place, tenants).await;
        started.push((place, server, cells, tenants));
    }
    let lines = started.iter().map(|(_, server, cells, tenants)| Line {
        cells: cells.clone(),
        servers: vec![server],
        redis: vec![],
        about: About::OfAny { tenants: *tenants, customers: CUSTOMERS / tenants },
        in_flight: 16,
    });
    let lines: Vec<Line<'_>> = lines.collect();
    let results = ask::all(&lines, effort).await;
    table::costs(&["tenants", "started in", "server's memory"], &lines, &results)
}

/// A server with so many tenants, started again after they have their policies, and how that went.
async fn start(place: &TempDir, tenants: u64) -> (Server, Vec<String>) {
    let directory = place.path().join("courtesy-data");
    let store = Embedded::open(&directory).unwrap();
    for number in 0..tenants {
        let customers = CUSTOMERS / tenants;
        seed::fill(&store, &tenant(number), customers, CONTACTS, clock::now()).await;
    }
    drop(store);
    let server = Server::courtesy(place.path(), directory.to_str().unwrap());
    for number in 0..tenants {
        server.apply(&tenant(number), seed::POLICY).await;
    }
    drop(server);
    let begun = Instant::now();
    let server = Server::courtesy(place.path(), directory.to_str().unwrap());
    let millis = begun.elapsed().as_millis();
    let memory = server.process.memory_kib() >> 10;
    (server, vec![tenants.to_string(), format!("{millis} ms"), format!("{memory} MiB")])
}

fn tenant(number: u64) -> String {
    format!("tenant-{number}")
}

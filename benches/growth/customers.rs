//! More customers take more room, and their answers should not take longer.

use std::fs;
use std::path::Path;
use std::time::Instant;

use courtesy::clock;
use courtesy::store::embedded::Embedded;
use tempfile::TempDir;

use crate::Effort;
use crate::ask;
use crate::ask::About;
use crate::ask::Line;
use crate::seed;
use crate::servers::Redis;
use crate::servers::Server;
use crate::table;

const CONTACTS: usize = 12;
const CUSTOMERS: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// More are not put into Redis, where all are in memory.
const IN_REDIS_MAX: u64 = 1_000_000;

/// A store with so many customers, and a server on it.
struct Filled {
    customers: u64,
    filling: String,
    opening: String,
    size: String,
    server: Server,
    redis: Option<Redis>,
    _places: [TempDir; 2],
}

pub(crate) async fn measure(effort: Effort) -> String {
    let customers = CUSTOMERS.into_iter().filter(|it| *it <= effort.customers_max);
    let mut embedded = Vec::new();
    for customers in customers.clone() {
        embedded.push(Filled::embedded(customers).await);
    }
    let mut in_redis = Vec::new();
    for customers in customers.filter(|it| *it <= IN_REDIS_MAX) {
        in_redis.push(Filled::in_redis(customers).await);
    }
    table(&embedded, "embedded", effort).await + "\n" + &table(&in_redis, "Redis", effort).await
}

async fn table(filled: &[Filled], store: &str, effort: Effort) -> String {
    let lines = filled.iter().map(|it| Line {
        cells: vec![
            it.customers.to_string(),
            it.filling.clone(),
            it.size.clone(),
            it.opening.clone(),
            format!("{} MiB", it.server.process.memory_kib() >> 10),
        ],
        servers: vec![&it.server],
        redis: it.redis.iter().map(|it| &it.process).collect(),
        about: About::Of { tenant: "default".to_owned(), customers: it.customers },
        in_flight: 16,
    });
    let mut lines: Vec<Line<'_>> = lines.collect();
    let results = ask::all(&lines, effort).await;
    for (line, filled) in lines.iter_mut().zip(filled) {
        line.cells.push(format!("{} MiB", filled.server.process.memory_kib() >> 10));
    }
    let customers = format!("customers, {store}");
    let heads = [&customers, "filled in", "size", "started in", "server's memory", "after"];
    table::costs(&heads, &lines, &results)
}

impl Filled {
    async fn embedded(customers: u64) -> Self {
        let places = [(); 2].map(|()| TempDir::new().unwrap());
        let directory = places[0].path().join("courtesy-data");
        let begun = Instant::now();
        let store = Embedded::open(&directory).unwrap();
        seed::fill(&store, "default", customers, CONTACTS, clock::now()).await;
        drop(store);
        let filling = seconds(begun);
        let begun = Instant::now();
        let server = Server::courtesy(places[1].path(), directory.to_str().unwrap());
        let opening = seconds(begun);
        server.apply("default", seed::POLICY).await;
        let size = format!("{} MiB", bytes(&directory) >> 20);
        eprintln!("{customers} customers in {filling}, {size}, opened in {opening}");
        Self { customers, filling, opening, size, server, redis: None, _places: places }
    }

    async fn in_redis(customers: u64) -> Self {
        let places = [(); 2].map(|()| TempDir::new().unwrap());
        let redis = Redis::start(places[0].path(), &[]).await;
        let begun = Instant::now();
        let store = redis.store().await;
        seed::fill(&store, "default", customers, CONTACTS, clock::now()).await;
        drop(store);
        let filling = seconds(begun);
        let begun = Instant::now();
        let server = Server::courtesy(places[1].path(), &redis.url);
        let opening = seconds(begun);
        server.apply("default", seed::POLICY).await;
        let size = format!("{} MiB", redis.process.memory_kib() >> 10);
        let redis = Some(redis);
        Self { customers, filling, opening, size, server, redis, _places: places }
    }
}

/// What the files in a directory hold together.
fn bytes(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(it) if it.is_dir() => bytes(&entry.path()),
        // The store may have removed it meanwhile.
        it => it.map_or(0, |it| it.len()),
    });
    sizes.sum()
}

fn seconds(begun: Instant) -> String {
    let millis = begun.elapsed().as_millis();
    format!("{}.{} s", millis / 1_000, millis % 1_000 / 100)
}

//! The longer a customer's history, the more is read, decoded, counted and written.

use courtesy::clock;
use courtesy::store::Store;
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

/// How many contacts customers have; a record keeps at most 1,000.
const CONTACTS: [usize; 6] = [0, 10, 30, 100, 300, 900];
/// So many that reserving does not make their histories much longer.
const CUSTOMERS: u64 = 10_000;

pub(crate) async fn measure(effort: Effort) -> String {
    let directories = [(); 3].map(|()| TempDir::new().unwrap());
    let [redis_data, on_redis, embedded] = &directories;
    let redis = Redis::start(redis_data.path(), &[]).await;
    let store = redis.store().await;
    fill(&store).await;
    drop(store);
    let directory = embedded.path().join("courtesy-data");
    let store = Embedded::open(&directory).unwrap();
    fill(&store).await;
    drop(store);
    let on_redis = Server::courtesy(on_redis.path(), &redis.url);
    let embedded = Server::courtesy(embedded.path(), directory.to_str().unwrap());
    for server in [&on_redis, &embedded] {
        for contacts in CONTACTS {
            server.apply(&tenant(contacts), seed::POLICY).await;
        }
    }

    let mut text = String::new();
    for (store, server) in [("embedded", &embedded), ("Redis", &on_redis)] {
        let lines = CONTACTS.map(|contacts| {
            let bytes = seed::record_bytes(contacts, clock::now());
            let redis = if store == "Redis" { vec![&redis.process] } else { vec![] };
            Line {
                cells: vec![contacts.to_string(), bytes.to_string()],
                servers: vec![server],
                redis,
                about: About::Of { tenant: tenant(contacts), customers: CUSTOMERS },
                in_flight: 16,
            }
        });
        let results = ask::all(&lines, effort).await;
        let heads = [&format!("contacts, {store}"), "bytes"];
        text = text + &table::costs(&heads, &lines, &results) + "\n";
    }
    text
}

async fn fill(store: &dyn Store) {
    let now = clock::now();
    for contacts in CONTACTS {
        seed::fill(store, &tenant(contacts), CUSTOMERS, contacts, now).await;
    }
}

fn tenant(contacts: usize) -> String {
    format!("history-{contacts}")
}

//! What a Redis shows of us, and what its user may do.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use courtesy::codec::Decoded;
use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Scope;
use courtesy::model::history::State;
use courtesy::model::wish::OptOut;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::redis::setting::Setting;
use redis::RedisResult;
use redis::Value;

use super::served::Desk;
use super::served::POLICY;
use super::served::apply;
use super::served::opt_out;
use super::served::reserve;
use super::server::Plan;
use super::server::Server;
use super::store;

/// The line of the manual that makes courtesy's user.
pub(crate) fn user(password: &str) -> String {
    let manual = include_str!("../../../docs/redis.md");
    let line = manual.lines().find(|line| line.starts_with("user courtesy ")).unwrap();
    line.replace("PASSWORD", password)
}

#[tokio::test]
async fn the_user_of_the_manual_may_do_nothing_dangerous() {
    let server = Plan::new(&[]).with_users(&[&user("sesame")]).start();
    server.get::<()>(&["SET", "foreign", "1"]);
    let client = redis::Client::open(format!("redis://courtesy:sesame@{}", server.address()));
    let mut connection = client.unwrap().get_multiplexed_async_connection().await.unwrap();
    let script = "return redis.call(ARGV[1], unpack(ARGV, 2))";
    let load = redis::cmd("SCRIPT").arg("LOAD").arg(script).clone();
    let sha: String = load.query_async(&mut connection).await.unwrap();
    for words in [
        &["FLUSHALL"][..],
        &["KEYS", "*"],
        &["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"],
        &["GET", "foreign"],
        &["SET", "foreign", "2"],
        &["DEL", "foreign"],
        &["RESTORE", "courtesy:x", "0", "x"],
        &["SHUTDOWN"],
        &["REPLICAOF", "NO", "ONE"],
        &["ACL", "LIST"],
        &["SCRIPT", "FLUSH"],
        &["EVAL", "return 1", "0"],
    ] {
        let refused: RedisResult<Value> =
            redis::cmd(words[0]).arg(&words[1..]).query_async(&mut connection).await;
        assert_eq!(refused.unwrap_err().code(), Some("NOPERM"), "{words:?}");
        let inside: RedisResult<Value> =
            redis::cmd("EVALSHA").arg(&sha).arg(0).arg(words).query_async(&mut connection).await;
        assert!(inside.is_err(), "{words:?} inside of a script");
    }
    assert_eq!(server.get::<String>(&["GET", "foreign"]), "1");
}

/// With hidden ids nobody who has all of Redis and its files learns who is a customer.
#[test]
fn a_hidden_customer_is_in_no_dump() {
    const CANARY: &str = "canary-7f3a";
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    server.get::<()>(&["SET", "foreign", CANARY]);
    assert!(holds(server.directory(), CANARY.as_bytes()), "the search finds what is there");
    server.get::<()>(&["DEL", "foreign"]);
    server.get::<Value>(&["BGREWRITEAOF"]);

    let desk = Desk::new();
    let secret = desk.path("secret");
    let process = desk.serve_with(&server.url(), &["--key-hash-secret-file", &secret]);
    apply(&process, POLICY);
    for number in 0..3 {
        assert!(!reserve(&process, CANARY, &number.to_string()).degraded);
    }
    opt_out(&process, CANARY).unwrap();
    drop(process);

    server.get::<Value>(&["SAVE"]);
    let keys: Vec<String> = server.get(&["KEYS", "*"]);
    assert!(keys.iter().any(|key| key.starts_with("courtesy:c:default:")), "{keys:?}");
    assert!(keys.iter().all(|key| key.starts_with("courtesy:")), "{keys:?}");
    for key in &keys {
        let dump: Vec<u8> = server.get(&["DUMP", key]);
        assert!(!contains(key.as_bytes(), CANARY.as_bytes()), "{key}");
        assert!(!contains(&dump, CANARY.as_bytes()), "{key}");
    }
    super::wait::until(store::PATIENCE, "the old log is gone", || {
        (server.info("aof_rewrite_in_progress").as_deref() == Some("0")).then_some(())
    });
    assert!(!holds(server.directory(), CANARY.as_bytes()), "a file of Redis names the customer");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether a file below a directory contains something.
fn holds(directory: &Path, part: &[u8]) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { holds(&path, part) } else { contains(&fs::read(path).unwrap(), part) }
    })
}

/// What the manual says that a customer takes.
#[tokio::test]
async fn a_customer_with_a_history_takes_little_memory() {
    let name = |text: &str| Name::new(text).unwrap();
    let mut record = Record::default();
    for number in 0..30 {
        let channel = if number % 3 == 0 { "sms" } else { "email" };
        let topic = Some(name(if number % 2 == 0 { "newsletter" } else { "sale" }));
        let contact = Contact { topic, ..Contact::new(name(channel), name("marketing")) };
        let at = Instant::parse("2026-03-01T09:00:00Z").unwrap();
        let at = Instant::from_millis(at.millis() + number * 90_000_000 + number * 17);
        record.history.add_contact(&contact, at, State::Sent).unwrap();
    }
    for scope in [
        Scope { channel: Some(name("sms")), ..Scope::default() },
        Scope { topic: Some(name("sale")), ..Scope::default() },
        Scope { occasion: Some(name("mothers_day")), ..Scope::default() },
    ] {
        let at = Instant::parse("2026-03-01T09:00:00Z").ok();
        record.opt_outs.push(OptOut { scope, at, until: None, source: Some(name("crm")) });
    }
    let server = Server::start(&[]);
    let store = store::open(Setting { ..store::setting(&server.url()) }).await;
    let (tenant, id) = (name("default"), Box::from("customer-0123456789"));
    let key = Key { space: Space::Customers, tenant, id };
    let value: Bytes = Decoded::default().write(&record);
    let replacement = Replacement { key, expected: None, value, expires: None };
    store.replace(replacement, Durability::Buffered).await.unwrap();
    let usage: u64 =
        server.get(&["MEMORY", "USAGE", "courtesy:c:default:customer-0123456789", "SAMPLES", "0"]);
    assert!(usage < 900, "{usage} bytes");
    let said = include_str!("../../../docs/redis.md");
    assert!(said.contains(&format!("\n{usage} bytes for a customer")), "the manual: {usage}");
}

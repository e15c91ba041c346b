//! What courtesy may do in Redis, what it leaves there, and how much room that takes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use courtesy::codec::Decoded;
use courtesy::model::Name;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::store::Durability;
use courtesy::store::Key;
use courtesy::store::Replacement;
use courtesy::store::Space;
use courtesy::store::Store;
use courtesy::store::redis::Redis;
use courtesy::store::redis::setting::Setting;
use redis::Client;

use super::cluster::Cluster;
use super::conformance::conforms;
use super::server::Plan;
use super::server::Server;
use super::server::command;
use super::service::Service;
use super::store;
use crate::api::product::codes;
use crate::api::product::email;

/// What the user must be granted, and no more: docs/redis.md has this line.
pub(crate) const ACL: &str = "~courtesy:* resetchannels &courtesy:* -@all +get +getex +getrange \
                   +set +setrange +del +sadd +smembers +scan +zadd +zcount +zrange +zrem \
                   +zremrangebyscore +evalsha +script|load +wait +publish +subscribe \
                   +ping +info +time +config|get +cluster|info +cluster|shards +asking";

#[test]
fn the_documented_permissions_are_enough_and_forbid_the_rest() {
    let user = format!("user courtesy on >sesame {ACL}");
    let server = Plan::new(&["appendonly yes"]).with_users(&[&user]).start();
    let open = async || {
        let (user, password) = (Some("courtesy".to_owned()), Some("sesame".to_owned().into()));
        let setting = store::setting(&server.url());
        store::open(Setting { user, password, ..setting }).await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        conforms(Arc::new(open().await)).await;
        let findings = open().await.inspect(courtesy::clock::now()).await;
        let denied = findings.iter().find(|it| it.what.contains("cannot be read"));
        assert_eq!(denied, None);
        assert!(findings.iter().any(|it| it.what.contains("appendfsync")), "{findings:?}");
    });
    let url = server.url().replacen("://", "://courtesy:sesame@", 1);
    let mut connection = Client::open(url).unwrap().get_connection().unwrap();
    let mut refuses = |words: &[&str]| {
        let answer = command(words).query::<redis::Value>(&mut connection);
        let error = answer.expect_err(&format!("{words:?}"));
        assert!(error.to_string().to_lowercase().contains("permission"), "{words:?}: {error}");
    };
    for words in [
        &["FLUSHALL"][..],
        &["FLUSHDB"],
        &["KEYS", "*"],
        &["CONFIG", "SET", "maxmemory", "1"],
        &["CONFIG", "REWRITE"],
        &["GET", "other"],
        &["SET", "other", "1"],
        &["RESTORE", "courtesy:x", "0", "x"],
        &["SCRIPT", "FLUSH"],
        &["REPLICAOF", "NO", "ONE"],
        &["SHUTDOWN"],
        &["ACL", "LIST"],
        &["PUBLISH", "other", "1"],
        &["EVAL", "return redis.call('FLUSHALL')", "0"],
        &["EVAL", "return redis.call('GET', KEYS[1])", "1", "other"],
    ] {
        refuses(words);
    }
    // A script that is loaded may do no more than the user.
    let load = |script: &str| -> String {
        let url = server.url().replacen("://", "://courtesy:sesame@", 1);
        let mut connection = Client::open(url).unwrap().get_connection().unwrap();
        command(&["SCRIPT", "LOAD", script]).query(&mut connection).unwrap()
    };
    let flush = load("return redis.call('FLUSHALL')");
    let set = load("return redis.call('CONFIG', 'SET', 'maxmemory', '1')");
    let get = load("return redis.call('GET', 'other')");
    for hash in [flush, set, get] {
        let answer = command(&["EVALSHA", &hash, "0"]).query::<redis::Value>(&mut connection);
        let error = answer.unwrap_err().to_string().to_lowercase();
        assert!(
            error.contains("can't run this command")
                || error.contains("can't access")
                || error.contains("not allowed"),
            "{error}"
        );
    }
}

#[test]
fn the_documented_permissions_are_enough_in_a_cluster() {
    let cluster = Cluster::start(3, 1, std::time::Duration::from_secs(2));
    let words: Vec<&str> = ["ACL", "SETUSER", "courtesy", "on", ">sesame"].to_vec();
    let words: Vec<&str> = words.into_iter().chain(ACL.split(' ')).collect();
    for node in &cluster.nodes {
        assert_eq!(node.get::<String>(&words), "OK");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (user, password) = (Some("courtesy".to_owned()), Some("sesame".to_owned().into()));
        let setting = Setting { user, password, ..store::setting(&cluster.address()) };
        let store = Arc::new(store::open(setting).await);
        conforms(Arc::<Redis>::clone(&store)).await;
        assert_eq!(store.replicas(), 1);
        let findings = store.inspect(courtesy::clock::now()).await;
        assert_eq!(findings.iter().find(|it| it.what.contains("cannot be")), None);
    });
}

#[test]
fn the_runbook_has_these_permissions() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/redis.md"));
    let text = text.unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(ACL), "docs/redis.md does not have: {ACL}");
}

#[test]
fn hidden_ids_are_nowhere_in_redis() {
    const CANARY: &str = "canary-4711";
    let server = Server::start(&["appendonly yes", "aof-use-rdb-preamble no", "databases 1"]);
    let secret = tempfile::tempdir().unwrap();
    let secret = secret.path().join("keys");
    fs::write(&secret, "k".repeat(40)).unwrap();
    let flags = ["--key-hash-secret-file", secret.to_str().unwrap()];
    let service = Service::start(&server.url(), &flags);
    service.reserve(CANARY, "one").unwrap();
    service.opt_out(CANARY).unwrap();
    assert!(codes(&service.check(CANARY)).contains(&"OPTED_OUT".to_owned()));
    let request =
        v1::EraseCustomerRequest { customer_id: format!("{CANARY}-erased"), ..Default::default() };
    service.reserve(&request.customer_id, "one").unwrap();
    service.opt_out(&request.customer_id).unwrap();
    service.wait(service.customers().erase_customer(request)).unwrap();
    let listed = service.contacts(CANARY);
    assert_eq!(listed, 1, "the service itself knows which customer it is about");

    let keys: Vec<String> = server.get(&["KEYS", "*"]);
    assert!(keys.len() >= 2, "{keys:?}");
    for key in &keys {
        assert!(key.starts_with("courtesy:") && !key.contains(CANARY), "{key}");
        let kind: String = server.get(&["TYPE", key]);
        let bytes: Vec<u8> = match kind.as_str() {
            "string" => server.get(&["GET", key]),
            "zset" => server.get::<Vec<Vec<u8>>>(&["ZRANGE", key, "0", "-1"]).concat(),
            _ => server.get::<Vec<Vec<u8>>>(&["SMEMBERS", key]).concat(),
        };
        assert!(!contains(&bytes, CANARY), "{key}");
    }
    assert_eq!(server.get::<String>(&["SAVE"]), "OK");
    let mut looked_at = 0;
    for file in files(server.directory()) {
        looked_at += 1;
        assert!(!contains(&fs::read(&file).unwrap(), CANARY), "{}", file.display());
    }
    assert!(looked_at >= 3, "a log, a dump, and what was appended: {looked_at}");
    assert!(!service.process.errors().contains(CANARY));
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn files(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

/// How many bytes a customer may take who had 30 contacts and has 3 opt-outs: what docs/redis.md
/// says, and a little more for what sizes of memory are rounded up to.
const BYTES_MAX: u64 = 500;
/// The same while the ids of all 30 requests are still remembered, so that they can be repeated.
const BYTES_BUSY_MAX: u64 = 2_400;

#[test]
fn a_customer_takes_little_memory() {
    const CUSTOMER: &str = "customer-0123456789";
    const POLICY: &str = "name: base\nchannels: {email: {}, sms: {}, push: {}}\n\
                          purposes: {marketing: {}}\nbudgets: [{name: b, limit: 100, per: 30d}]\n";
    let server = Server::start(&[]);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    let now = courtesy::clock::now();
    let mut contacts = ContactServiceClient::new(service.wait(async { service.process.connect() }));
    for number in 0..30 {
        let ago = courtesy::model::Span::from_hours((30 - number) * 20);
        let contact_time = courtesy::rpc::convert::time::timestamp(now.minus(ago));
        let contact = v1::Contact { contact_time: Some(contact_time), ..email(CUSTOMER) };
        let request = v1::RecordContactRequest {
            contact: Some(contact),
            request_id: format!("request-{number}"),
            ..Default::default()
        };
        service.wait(contacts.record_contact(request)).unwrap();
    }
    for channel in ["email", "sms", "push"] {
        let scope = v1::Scope { channel: Some(channel.to_owned()), ..Default::default() };
        let request = v1::OptOutRequest {
            customer_id: CUSTOMER.to_owned(),
            scope: Some(scope),
            ..Default::default()
        };
        service.wait(service.customers().opt_out(request)).unwrap();
    }
    assert_eq!(service.contacts(CUSTOMER), 30);
    let used = || -> u64 {
        let place = format!("courtesy:c:default:{CUSTOMER}");
        server.get(&["MEMORY", "USAGE", &place])
    };
    let busy = used();
    // Days later the requests are forgotten, and the contacts are not.
    service.wait(async {
        let store = store::open(store::setting(&server.url())).await;
        let tenant = Name::new("default").unwrap();
        let key = Key { space: Space::Customers, tenant, id: Box::from(CUSTOMER) };
        let stored = store.load(&key).await.unwrap().unwrap();
        let mut decoded = Decoded::read(&stored.value).unwrap();
        let mut record = std::mem::take(&mut decoded.record);
        record.requests.clear();
        let (value, expected) = (decoded.write(&record), Some(stored.version));
        let replacement = Replacement { key, expected, value, expires: None };
        store.replace(replacement, Durability::Buffered).await.unwrap();
    });
    assert_eq!(service.contacts(CUSTOMER), 30);
    let rest = used();
    eprintln!("a customer takes {busy} bytes with 30 remembered requests, {rest} without");
    assert!(rest < BYTES_MAX && busy < BYTES_BUSY_MAX, "{busy} bytes, and {rest}");
}

//! A batch answers as single checks do, whatever is wrong with a record; and what is wrong with one
//! customer's denies that customer only.

use courtesy::proto::v1;

use super::cluster::Cluster;
use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::api::product::email;
use crate::api::product::is_allowed;
use crate::wait::PATIENCE;
use crate::wait::until;

const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];
const POLICY: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {marketing: false, on_store_failure: allow}}\n";

fn batch(service: &Service, customers: &[&str]) -> Vec<v1::Decision> {
    let contacts = customers.iter().map(|customer| email(customer)).collect();
    let request = v1::BatchCheckContactsRequest { contacts, ..Default::default() };
    let mut client = service.contacts_client();
    let results = service.wait(client.batch_check_contacts(request)).unwrap().into_inner().results;
    let decision = |it: v1::BatchCheckResult| match it.result.unwrap() {
        v1::batch_check_result::Result::Decision(decision) => decision,
        v1::batch_check_result::Result::Error(error) => panic!("{error:?}"),
    };
    results.into_iter().map(decision).collect()
}

fn key(customer: &str) -> String {
    format!("courtesy:c:default:{customer}")
}

#[test]
fn records_that_cannot_be_read_are_answered_alike_and_deny_their_customers_only() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    let broken: [(&str, &[&str]); 6] = [
        ("list", &["RPUSH", "", "a"]),
        ("set", &["SADD", "", "a"]),
        ("hash", &["HSET", "", "a", "b"]),
        ("stream", &["XADD", "", "*", "a", "b"]),
        ("short", &["SET", "", "a"]),
        ("empty", &["SET", "", ""]),
    ];
    let mut customers = vec!["well"];
    for (customer, command) in broken {
        let key = key(customer);
        let words: Vec<&str> = command
            .iter()
            .enumerate()
            .map(|(at, word)| if at == 1 { &key } else { *word })
            .collect();
        server.get::<redis::Value>(&words);
        customers.push(customer);
    }
    // Also on an instance that has never seen them, and again after it has.
    let other = Service::start(&server.url(), &[]);
    for service in [&service, &other, &other] {
        let together = batch(service, &customers);
        for (customer, together) in customers.iter().zip(together) {
            let alone = service.check(customer);
            assert_eq!(together, alone, "{customer}");
            assert!(!alone.degraded, "{customer}: {alone:?}");
            let expected = if *customer == "well" { vec![] } else { vec!["RECORD_UNREADABLE"] };
            assert_eq!(codes(&alone), expected, "{customer}");
        }
    }
    for (customer, _) in broken {
        let reserved = service.reserve(customer, "one").unwrap();
        assert_eq!(codes(&reserved), ["RECORD_UNREADABLE"], "{customer}");
        let status = service.opt_out(customer).unwrap_err();
        assert_eq!(status.code(), tonic::Code::DataLoss, "{customer}: {status:?}");
    }
    assert!(is_allowed(&service.reserve("well", "one").unwrap()));
}

/// A shard that is silent costs the customers of others nothing, together as alone.
#[test]
fn customers_of_a_shard_that_answers_are_answered_from_their_records_in_a_batch() {
    let bed = Cluster::start(3, 0, std::time::Duration::from_secs(30));
    let service = Service::start(&bed.address(), &["--wish-durability", "synced"]);
    service.apply(POLICY, 0).unwrap();
    let names: Vec<String> = (0..30).map(|number| format!("customer-{number}")).collect();
    for name in &names {
        until(PATIENCE, "it opts out", || service.opt_out(name).ok());
    }
    // This one has never seen the customers of the silent shard.
    let other = Service::start(&bed.address(), &["--wish-durability", "synced"]);
    let owners: Vec<usize> = names.iter().map(|name| bed.primary_of(&key(name))).collect();
    let silent = owners[0];
    bed.nodes[silent].stop();
    let customers: Vec<&str> = names.iter().map(String::as_str).collect();
    for _again in 0..3 {
        let together = batch(&other, &customers);
        for ((customer, owner), decision) in customers.iter().zip(&owners).zip(&together) {
            if *owner == silent {
                assert!(decision.degraded, "{customer}: {decision:?}");
            } else {
                assert_eq!(codes(decision), ["OPTED_OUT"], "{customer}: {decision:?}");
            }
        }
    }
    bed.nodes[silent].resume();
}

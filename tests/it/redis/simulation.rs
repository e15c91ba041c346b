//! A simulation over histories that are in Redis, and that reading them all reaches every server.

use std::time::Duration;

use courtesy::clock;
use courtesy::model::Instant;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::simulate_policy_response::Part;
use courtesy::rpc::convert::time::timestamp;

use super::cluster::Cluster;
use super::server::Server;
use super::service::Service;
use crate::api::product::email;
use crate::api::simulation::candidate;

const THREE: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
                     budgets: [{name: weekly, limit: 3, per: 7d}]\n";
const CUSTOMERS: u64 = 150;

/// Records three contacts with each customer, an hour apart, and asks what a limit of two had done.
fn simulated(service: &Service) -> v1::SimulationReport {
    service.apply(THREE, 0).unwrap();
    let now = clock::now();
    for customer in 0..CUSTOMERS {
        for ago in 1..=3 {
            let at: Instant = now.minus(Span::from_hours(ago));
            let contact = v1::Contact {
                contact_time: Some(timestamp(at)),
                ..email(&format!("customer-{customer}"))
            };
            let request_id = ago.to_string();
            let contact = Some(contact);
            let request = v1::RecordContactRequest { contact, request_id, ..Default::default() };
            let mut contacts = service.contacts_client();
            service.wait(contacts.record_contact(request)).unwrap();
        }
    }
    let request = candidate(&THREE.replace("limit: 3", "limit: 2"));
    service.wait(async {
        let mut policies = service.policies();
        let mut answers = policies.simulate_policy(request).await.unwrap().into_inner();
        loop {
            if let Part::Report(report) = answers.message().await.unwrap().unwrap().part.unwrap() {
                return report;
            }
        }
    })
}

fn assert_complete(report: &v1::SimulationReport) {
    assert_eq!((report.customers_seen, report.customers_affected), (CUSTOMERS, CUSTOMERS));
    let effect = report.effect.unwrap();
    assert_eq!((report.contacts, effect.newly_refused), (3 * CUSTOMERS, CUSTOMERS));
    assert_eq!((report.most_affected.len(), report.most_affected[0].newly_refused), (10, 1));
}

#[test]
fn histories_in_one_server_are_told_again() {
    let server = Server::start(&[]);
    let service = Service::start(&server.url(), &[]);
    assert_complete(&simulated(&service));
}

#[test]
fn histories_all_over_a_cluster_are_told_again() {
    let cluster = Cluster::start(3, 0, Duration::from_secs(2));
    let service = Service::start(&cluster.address(), &[]);
    assert_complete(&simulated(&service));
}

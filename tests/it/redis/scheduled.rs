//! A scheduled revision on instances that share a Redis: each puts it in force by itself.

use courtesy::clock;
use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::rpc::convert::time::timestamp;

use super::server::Server;
use super::service::Service;
use crate::wait::PATIENCE;
use crate::wait::until;

const FIRST: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";

fn schedule(service: &Service, ahead: Span) {
    let text = format!("{FIRST}budgets: [{{name: weekly, limit: 0, per: 7d}}]\n");
    let documents = vec![v1::PolicyDocument { text, ..Default::default() }];
    let request = v1::ApplyPolicyRequest {
        documents,
        expected_revision: Some(1),
        effective_time: Some(timestamp(clock::now().plus(ahead))),
        ..Default::default()
    };
    service.wait(service.policies().apply_policy(request)).unwrap();
}

fn revision(service: &Service) -> u64 {
    service.check("ada").policy_revision
}

#[test]
fn instances_put_it_in_force_whether_or_not_they_were_there() {
    let server = Server::start(&[]);
    let (first, second) = (Service::start(&server.url(), &[]), Service::start(&server.url(), &[]));
    first.apply(FIRST, 0).unwrap();
    until(PATIENCE, "the first revision is everywhere", || (revision(&second) == 1).then_some(()));
    schedule(&first, Span::from_secs(4));
    assert_eq!(revision(&first), 1);
    // The instance that scheduled it ends, and another starts that was not there.
    drop(first);
    let third = Service::start(&server.url(), &[]);
    for service in [&second, &third] {
        until(PATIENCE, "it is in force", || (revision(service) == 2).then_some(()));
    }
}

#[test]
fn one_that_another_instance_cancels_is_in_force_nowhere() {
    let server = Server::start(&[]);
    let (first, second) = (Service::start(&server.url(), &[]), Service::start(&server.url(), &[]));
    first.apply(FIRST, 0).unwrap();
    schedule(&first, Span::from_hours(1));
    let request = v1::CancelPolicyRequest { revision: Some(2), ..Default::default() };
    let cancelled = second.wait(second.policies().cancel_policy(request)).unwrap().into_inner();
    assert_eq!(cancelled.revision, 1);
    // The first has learnt of it when it accepts what follows.
    assert_eq!(first.apply(&format!("# again\n{FIRST}"), 1).unwrap(), 3);
}

//! One thing that goes wrong at a time, between one instance and one Redis.

use std::time::Duration;

use courtesy::clock::Stopwatch;
use courtesy::proto::v1;
use tonic::Code;

use super::proxy::Proxy;
use super::proxy::Then;
use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::api::product::reason;
use crate::wait::until;

/// A server that loses nothing when it is killed.
const SAFE: [&str; 2] = ["appendonly yes", "appendfsync always"];

const POLICY: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";

#[test]
fn a_server_that_is_killed_is_used_again_when_it_is_back() {
    let mut server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &[]);
    service.opt_out("ada").unwrap();
    server.kill();
    let decision = service.check("ada");
    assert!(decision.degraded, "{decision:?}");
    assert_eq!(codes(&decision), ["OPTED_OUT", "STORE_UNAVAILABLE"]);
    assert_eq!(codes(&service.check("bob")), ["STORE_UNAVAILABLE"]);
    assert_eq!(service.opt_out("eve").unwrap_err().code(), Code::Unavailable);
    server.restart();
    service.wait_until_well();
    assert_eq!(codes(&service.check("ada")), ["OPTED_OUT"]);
    assert!(is_allowed(&service.check("bob")));
}

#[test]
fn a_full_server_answers_and_takes_writes_again_when_it_has_room() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    service.opt_out("ada").unwrap();
    assert_eq!(server.get::<String>(&["CONFIG", "SET", "maxmemory", "1"]), "OK");
    let status = service.opt_out("bob").unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    until(Duration::from_secs(2), "the log says what to do", || {
        service.process.errors().contains("raise `maxmemory`").then_some(())
    });
    let decision = service.check("ada");
    assert!(!decision.degraded, "{decision:?}");
    assert_eq!(codes(&decision), ["OPTED_OUT"]);
    assert!(is_allowed(&service.check("eve")));
    assert_eq!(server.get::<String>(&["CONFIG", "SET", "maxmemory", "0"]), "OK");
    service.opt_out("bob").unwrap();
}

#[test]
fn a_slow_server_is_not_waited_for() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &["--store-timeout", "250ms"]);
    service.opt_out("ada").unwrap();
    let delay = Duration::from_secs(30);
    proxy.delay(delay);
    let began = Stopwatch::start();
    let decision = service.check("ada");
    let took = began.elapsed();
    assert!(decision.degraded, "{decision:?}");
    assert_eq!(codes(&decision), ["OPTED_OUT", "STORE_UNAVAILABLE"]);
    // Once for the record, and the rest is the machine.
    assert!(took < delay / 3, "{took:?}");
    assert_eq!(service.opt_out("bob").unwrap_err().code(), Code::Unavailable);
    proxy.pass();
    service.wait_until_well();
    assert_eq!(codes(&service.check("ada")), ["OPTED_OUT"]);
}

#[test]
fn a_connection_that_has_gone_dark_is_replaced() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let flags = ["--store-timeout", "250ms", "--threads", "1"];
    let service = Service::start(&proxy.url(), &flags);
    service.opt_out("ada").unwrap();
    assert!(!service.check("ada").degraded);
    proxy.black_hole();
    let dark = (1..20).find(|_| !service.check("ada").degraded);
    // Three that time out, and some that are asked while the new connection is being made: a
    // machine that does much else may take its time for it.
    assert!(dark.is_some_and(|calls| calls <= 8), "{dark:?}");
    service.wait_until_well();
}

#[test]
fn a_write_whose_reply_is_lost_is_done_once() {
    let server = Server::start(&SAFE);
    let proxy = Proxy::before(server.port());
    let service = Service::start(&proxy.url(), &["--store-timeout", "500ms"]);
    service.apply(POLICY, 0).unwrap();
    for (number, then) in [Then::Cut, Then::Silence].into_iter().enumerate() {
        let customer = format!("c{number}");
        // Only the record that is written holds the request's id.
        proxy.swallow_reply_to("written-once", then);
        let status = service.reserve(&customer, "written-once").unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{then:?} {status:?}");
        assert_eq!(proxy.swallowed(), u64::try_from(number).unwrap() + 1);
        let decision = until(Duration::from_secs(5), "the store answers again", || {
            service.reserve(&customer, "written-once").ok().filter(|it| !it.degraded)
        });
        assert!(is_allowed(&decision), "{decision:?}");
        assert_eq!(service.contacts(&customer), 1);
    }
}

#[test]
fn a_server_that_has_forgotten_the_script_is_told_again() {
    let server = Server::start(&SAFE);
    let service = Service::start(&server.url(), &[]);
    service.opt_out("ada").unwrap();
    assert_eq!(server.get::<String>(&["SCRIPT", "FLUSH"]), "OK");
    service.opt_out("bob").unwrap();
    assert_eq!(codes(&service.check("bob")), ["OPTED_OUT"]);
}

#[test]
fn what_one_operator_changes_is_in_force_everywhere_within_a_second() {
    let server = Server::start(&SAFE);
    let (first, second) = (Service::start(&server.url(), &[]), Service::start(&server.url(), &[]));
    let limit = Duration::from_secs(1);
    assert_eq!(first.apply(POLICY, 0).unwrap(), 1);
    until(limit, "the policy arrives", || (second.check("ada").policy_revision == 1).then_some(()));
    // Two operators at once: one of them is told to look again.
    assert_eq!(second.apply(&POLICY.replace("email: {}", "email: {}, sms: {}"), 1).unwrap(), 2);
    let status = first.apply(&POLICY.replace("email: {}", "email: {}, post: {}"), 1).unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "REVISION_MOVED"));
    until(limit, "the second arrives", || (first.check("ada").policy_revision == 2).then_some(()));

    let (name, why) = ("crisis".to_owned(), "a crisis".to_owned());
    let request = v1::PauseContactsRequest { name, reason: why, ..Default::default() };
    first.wait(first.policies().pause_contacts(request)).unwrap();
    until(limit, "the pause arrives", || (codes(&second.check("ada")) == ["PAUSED"]).then_some(()));
    let names = vec!["crisis".to_owned()];
    let request = v1::ResumeContactsRequest { names, ..Default::default() };
    second.wait(second.policies().resume_contacts(request)).unwrap();
    until(limit, "its end arrives", || is_allowed(&first.check("ada")).then_some(()));
}

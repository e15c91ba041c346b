//! A Redis that has lost something: every instance notices, changes nothing more, and says what is
//! missing, until the store is restored or an operator accepts what is left.

use courtesy::proto::v1;

use super::served::Desk;
use super::served::POLICY;
use super::server::Server;
use super::service::Service;
use crate::api::product::codes;
use crate::api::product::is_allowed;
use crate::api::product::reason;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

/// Waits until an instance answers checks without records.
fn notices(service: &Service) {
    until(PATIENCE, "the loss is noticed", || is_degraded(service).then_some(()));
}

/// Waits until it answers from records again.
fn is_well_again(service: &Service) {
    until(PATIENCE, "the store is whole again", || (!is_degraded(service)).then_some(()));
}

fn is_degraded(service: &Service) -> bool {
    // An instance that has not read the policies yet cannot even answer by them.
    service.ask_codes("witness").is_none_or(|it| it.degraded)
}

impl Service {
    /// Asks about a message of the purpose `codes`, which may go out without the store.
    pub(super) fn ask_codes(&self, customer: &str) -> Option<v1::Decision> {
        let contact = v1::Contact {
            customer_id: customer.to_owned(),
            channel: "sms".to_owned(),
            purpose: "codes".to_owned(),
            ..Default::default()
        };
        let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
        let mut contacts = self.contacts_client();
        match self.wait(contacts.check_contact(request)) {
            Ok(answer) => answer.into_inner().decision,
            Err(status) if status.code() == tonic::Code::Unavailable => None,
            Err(status) => panic!("{status:?}"),
        }
    }

    /// Asks whether a marketing message may go out.
    pub(super) fn check_sms(&self, customer: &str) -> v1::Decision {
        let contact = v1::Contact {
            customer_id: customer.to_owned(),
            channel: "sms".to_owned(),
            purpose: "marketing".to_owned(),
            ..Default::default()
        };
        let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
        let mut contacts = self.contacts_client();
        self.wait(contacts.check_contact(request)).unwrap().into_inner().decision.unwrap()
    }
}

fn accept(service: &Service) -> crate::support::Said {
    let server = ["--server", service.process.api()];
    courtesy(&[&["store", "accept", "--reason", "the drill is over"][..], &server].concat())
}

#[test]
fn a_store_that_was_emptied_is_not_used_until_that_is_accepted() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let first = Service::start(&server.url(), &[]);
    first.apply(POLICY, 0).unwrap();
    let second = Service::start(&server.url(), &[]);
    first.opt_out("eve").unwrap();
    assert_eq!(server.get::<String>(&["FLUSHALL"]), "OK");
    for service in [&first, &second] {
        notices(service);
        let refused = service.opt_out("fay").unwrap_err();
        assert_eq!(reason(&refused), "STORE_UNAVAILABLE", "{refused}");
        assert!(refused.message().contains("holds nothing of this installation"), "{refused}");
        // The policy that was in force still is.
        let decision = service.check_sms("ada");
        assert!(decision.degraded && !is_allowed(&decision), "{decision:?}");
        assert_eq!(
            (decision.policy_revision, codes(&decision)),
            (1, vec!["STORE_UNAVAILABLE".to_owned()])
        );
    }
    // One that knows nothing finds what the others have noted.
    let third = Service::start(&server.url(), &[]);
    let request = v1::GetPolicyRequest::default();
    let refused = third.wait(third.policies().get_policy(request)).unwrap_err();
    assert_eq!(reason(&refused), "STORE_UNAVAILABLE", "{refused}");

    let said = accept(&first);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("holds nothing of this installation"), "{}", said.out);
    for service in [&first, &second, &third] {
        is_well_again(service);
        service.opt_out("fay").unwrap();
        assert_eq!(service.check_sms("ada").policy_revision, 1, "it was put back");
    }
    let request = v1::ListAuditEventsRequest::default();
    let events = first.wait(first.policies().list_audit_events(request)).unwrap().into_inner();
    let accepted = events.events.iter().find(|it| it.action == "AcceptStore").unwrap();
    assert!(accepted.details.contains("the drill is over"), "{accepted:?}");
    assert!(accept(&first).out.contains("nothing is changed"));
}

/// A list of policies is a key of its own, and may be lost alone: with another server of a cluster,
/// or as one of the keys that were evicted.
#[test]
fn a_policy_is_found_again_whose_list_was_lost() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let knows = Service::start(&server.url(), &[]);
    knows.apply(POLICY, 0).unwrap();
    for accepts_itself in [true, false] {
        // One that knows nothing of the policy learns by the mark that there is one.
        until(PATIENCE, "the policy is counted", || {
            let marks: Vec<String> = server.get(&["KEYS", "courtesy:n:courtesy:mark *"]);
            (server.mark(marks.first()?)?.revisions == 1).then_some(())
        });
        let lists: Vec<String> = server.get(&["KEYS", "courtesy:list:*"]);
        assert!(!lists.is_empty());
        let gone: usize =
            server.get(&[&["DEL"][..], &Vec::from_iter(lists.iter().map(String::as_str))].concat());
        assert_eq!(gone, lists.len());
        notices(&knows);
        let knows_nothing = Service::start(&server.url(), &[]);
        let accepts = if accepts_itself { &knows } else { &knows_nothing };
        until(PATIENCE, "the loss is accepted", || {
            let said = accept(accepts);
            (said.code == 0 && said.out.contains("gone from it")).then_some(())
        });
        for service in [&knows, &knows_nothing] {
            is_well_again(service);
            assert_eq!(service.check_sms("ada").policy_revision, 1);
        }
    }
}

#[test]
fn an_older_copy_is_noticed_also_by_a_start_and_a_restored_one_is_taken() {
    let mut server = Server::start(&[]);
    let desk = Desk::new();
    let journal = desk.path("journal");
    let service = Service::start(&server.url(), &["--journal", &journal]);
    service.apply(POLICY, 0).unwrap();
    let before = until(PATIENCE, "the mark is settled", || settled(&server));
    assert_eq!(server.get::<String>(&["SAVE"]), "OK");
    let dump = server.directory().join("dump.rdb");
    let older = std::fs::read(&dump).unwrap();
    service.opt_out("eve").unwrap();
    until(PATIENCE, "the counter is raised", || settled(&server).filter(|now| *now > before));
    assert_eq!(server.get::<String>(&["SAVE"]), "OK");
    let newer = std::fs::read(&dump).unwrap();
    server.kill();
    std::fs::write(&dump, &older).unwrap();
    server.begin();
    server.wait();
    notices(&service);
    assert!(
        service.opt_out("fay").unwrap_err().message().contains("older than what was acknowledged")
    );
    drop(service);

    // So does one that starts, since what is known is kept beside it.
    let service = Service::start(&server.url(), &["--journal", &journal]);
    let decision = service.check_sms("eve");
    assert!(decision.degraded, "{decision:?}");
    assert_eq!(decision.policy_revision, 1);

    server.kill();
    std::fs::write(&dump, &newer).unwrap();
    server.begin();
    server.wait();
    is_well_again(&service);
    assert_eq!(codes(&service.check_sms("eve")), ["OPTED_OUT"]);
    service.opt_out("fay").unwrap();
}

#[test]
fn a_server_that_throws_keys_away_is_not_used() {
    let server = Server::start(&[]);
    let service = Service::start(&server.url(), &[]);
    service.opt_out("eve").unwrap();
    let set = |value| server.get::<String>(&["CONFIG", "SET", "maxmemory-policy", value]);
    assert_eq!(set("allkeys-lru"), "OK");
    notices_default(&service);
    let refused = service.opt_out("fay").unwrap_err();
    assert!(refused.message().contains("set it to `noeviction`"), "{refused}");
    assert_eq!(set("noeviction"), "OK");
    service.wait_until_well();
}

#[test]
fn a_policy_that_is_gone_is_missed() {
    let server = Server::start(&["appendonly yes"]);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    until(PATIENCE, "the mark counts the revision", || settled(&server));
    assert_eq!(server.get::<i64>(&["DEL", "courtesy:p:default:"]), 1);
    notices(&service);
    let decision = service.check_sms("ada");
    assert_eq!((decision.degraded, decision.policy_revision), (true, 1), "{decision:?}");
    // One that starts never takes the starter policy for it.
    let other = Service::start(&server.url(), &[]);
    let contact = crate::api::product::email("ada");
    let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
    let refused = other.wait(other.contacts_client().check_contact(request)).unwrap_err();
    assert_eq!(reason(&refused), "STORE_UNAVAILABLE", "{refused}");
}

/// Waits, as callers of the starter policy see it.
fn notices_default(service: &Service) {
    until(PATIENCE, "the loss is noticed", || service.check("witness").degraded.then_some(()));
}

/// The counter of the store's mark, once it says that all of it was acknowledged.
pub(super) fn settled(server: &Server) -> Option<u64> {
    let value = server.get::<Vec<u8>>(&["GET", "courtesy:n:courtesy:mark {0}"]);
    let value = bytes::Bytes::from(value).slice(26..);
    let mark = courtesy::codec::mark::Mark::read(&value).unwrap();
    (mark.revisions == 1 && mark.settled == mark.counter).then_some(mark.counter)
}

/// A directory is looked after as well: what is written to deleted files is gone.
#[test]
fn a_directory_that_is_gone_from_under_its_server_is_noticed() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("store");
    let serve = || crate::crash::process::Process::start(&directory, &[]);
    let mut process = serve().unwrap();
    let refused = |process: &crate::crash::process::Process, word: &str| {
        until(PATIENCE, word, || {
            let refused = super::served::opt_out(process, "eve").err()?;
            refused.message().contains(word).then_some(())
        });
    };
    super::served::opt_out(&process, "eve").unwrap();
    let (secret, away) = (directory.join("secret"), base.path().join("away"));
    std::fs::rename(&secret, &away).unwrap();
    refused(&process, "`secret` is gone");
    std::fs::rename(&away, &secret).unwrap();
    until(PATIENCE, "it is back", || super::served::opt_out(&process, "eve").ok());
    std::fs::rename(&directory, &away).unwrap();
    refused(&process, "is gone from");
    std::fs::rename(&away, &directory).unwrap();
    until(PATIENCE, "it is back", || super::served::opt_out(&process, "eve").ok());
    process.terminate();
    assert!(process.ended().success());
    // Without its secret it is not served again as if it were new.
    std::fs::remove_file(&secret).unwrap();
    let said = serve().err().unwrap();
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("Put it back"), "{}", said.err);
}

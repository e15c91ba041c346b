//! Words of the policy language that older instances cannot read, where these may run.

use tonic::Code;

use super::server::Server;
use super::service::Service;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const OLD: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";
const NEW: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
                   quiet_periods: [{name: kept, occasion: any, who: opted_out}]\n";

/// A period around any occasion takes long to compile on a busy machine.
const PATIENT: [&str; 2] = ["--deadline-max", "20s"];

/// A Redis that was used before there were marks, so that older instances may run on it.
fn used() -> Server {
    let server = Server::start(&[]);
    assert_eq!(server.get::<String>(&["SET", "courtesy:c:default:old", "x"]), "OK");
    server
}

fn upgrade(service: &Service) {
    let upgraded = courtesy(&["store", "upgrade", "--server", service.process.api()]);
    assert_eq!((upgraded.code, upgraded.err.as_str()), (0, ""), "{}", upgraded.out);
}

/// An older instance would go on with the policy before, and allow what this one denies.
#[test]
fn a_policy_has_new_words_only_once_the_store_is_upgraded() {
    let server = used();
    let service = Service::start(&server.url(), &PATIENT);
    assert_eq!(service.apply(OLD, 0).unwrap(), 1);
    for refused in [
        NEW.to_owned(),
        OLD.replace("email: {}", "email: {kind: email}"),
        format!("{OLD}include: [us-regf]\n"),
    ] {
        let status = service.apply(&refused, 1).unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
        assert!(status.message().contains("run `courtesy store upgrade`"), "{status:?}");
    }
    let status = service.apply(NEW, 1).unwrap_err();
    let said =
        "`quiet_periods.occasion: any` in the document `base`, line 4, cannot be put in force yet";
    assert!(status.message().contains(said), "{status:?}");
    assert_eq!(service.check("ada").policy_revision, 1);
    let more = "name: more\nbudgets: [{name: weekly, limit: 3, per: 7d}]\n";
    assert_eq!(service.apply(more, 1).unwrap(), 2, "words that all know are put in force");
    upgrade(&service);
    assert_eq!(service.apply(NEW, 2).unwrap(), 3);
}

/// A new release with a directory of new words starts beside older instances, and puts it in force
/// as soon as it may.
#[test]
fn a_directory_with_new_words_waits_for_the_upgrade() {
    let server = used();
    let policies = tempfile::tempdir().unwrap();
    std::fs::write(policies.path().join("base.yaml"), OLD).unwrap();
    let flags = [&["--policy", policies.path().to_str().unwrap()][..], &PATIENT].concat();
    let service = Service::start(&server.url(), &flags);
    assert_eq!(service.check("ada").policy_revision, 1);
    drop(service);
    std::fs::write(policies.path().join("base.yaml"), NEW).unwrap();
    let service = Service::start(&server.url(), &flags);
    assert_eq!(service.check("ada").policy_revision, 1);
    upgrade(&service);
    until(PATIENCE, "it is in force", || (service.check("ada").policy_revision == 2).then_some(()));
}

//! A directory that was lost or replaced while no server ran is known by what is kept elsewhere.

use std::path::Path;
use std::process::Command;

use super::noticed::looks;
use super::served::POLICY;
use super::service::Service;
use crate::api::product::codes;
use crate::support::courtesy;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

fn get(service: &Service, page: &str) -> String {
    http::get(&format!("http://{}{page}", service.process.operations()), &[]).body
}

/// Opts a customer out, and waits until what is kept elsewhere knows that something was written: a
/// look that began before may not.
fn opt_out(service: &Service, customer: &str) {
    service.opt_out(customer).unwrap();
    let before = looks(service);
    until(PATIENCE, "it is kept", || (looks(service) >= before + 2).then_some(()));
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

#[test]
fn a_start_knows_a_directory_by_what_is_kept_elsewhere() {
    let base = tempfile::tempdir().unwrap();
    let path = |name: &str| base.path().join(name);
    let (store, older, newer) = (path("store"), path("older"), path("newer"));
    let marks = path("marks").to_str().unwrap().to_owned();
    // A busy disk is not a loss.
    let flags = ["--marks", &marks, "--store-timeout", "10s"];
    let serve = || Service::start(store.to_str().unwrap(), &flags);
    let service = serve();
    service.apply(POLICY, 0).unwrap();
    opt_out(&service, "eve");
    drop(service);
    copy(&store, &older);
    let service = serve();
    opt_out(&service, "fay");
    drop(service);

    std::fs::rename(&store, &newer).unwrap();
    copy(&older, &store);
    let doctor = ["doctor", "--store", store.to_str().unwrap(), "--marks", &marks];
    let said = courtesy(&doctor);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("older than what was acknowledged"), "{}", said.out);
    let service = serve();
    let says = get(&service, "/readyz");
    assert!(
        says.contains("emptied") && says.contains("older than what was acknowledged"),
        "{says}"
    );
    service.opt_out("gus").unwrap_err();
    assert!(service.check("eve").degraded);
    drop(service);

    std::fs::remove_dir_all(&store).unwrap();
    std::fs::rename(&newer, &store).unwrap();
    let service = serve();
    service.wait_until_well();
    assert_eq!(codes(&service.check("fay")), ["OPTED_OUT"]);
    drop(service);

    // A new one is not made in the place of one that is gone: the starter policy is never in force.
    std::fs::remove_dir_all(&store).unwrap();
    let service = serve();
    let says = get(&service, "/readyz");
    assert!(says.contains("holds nothing of this installation"), "{says}");
    let decision = service.check("fay");
    assert_eq!((decision.degraded, decision.policy_revision), (true, 1), "{decision:?}");
    let server = ["--server", service.process.api()];
    let said =
        courtesy(&[&["store", "accept", "--reason", "the disk broke"][..], &server].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    opt_out(&service, "gus");
    drop(service);
    let service = serve();
    assert_eq!(get(&service, "/readyz"), "ready\n");
    assert_eq!(
        (codes(&service.check("gus")), service.check("gus").policy_revision),
        (vec!["OPTED_OUT".to_owned()], 1)
    );
}

#[test]
fn what_would_be_lost_with_the_store_is_not_kept_in_it() {
    let base = tempfile::tempdir().unwrap();
    let store = base.path().join("store");
    let marks = store.join("marks");
    let args = ["--marks", marks.to_str().unwrap()];
    let refused = crate::crash::process::Process::start(&store, &args).err().unwrap();
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("in the store's own directory"), "{}", refused.err);
}

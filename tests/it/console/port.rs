//! The console's own port: who is kept from it, and what a port that is taken does.

use crate::command::Serving;
use crate::support::courtesy;

#[test]
fn beyond_this_machine_it_takes_credentials_and_tls() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("data");
    let ports = ["--listen", "127.0.0.1:0", "--operations", "off", "--pages", "off"];
    let store = ["--store", store.to_str().unwrap()];
    let console = ["serve", "--console", "0.0.0.0:0"];
    let said = courtesy(&[&console[..], &ports, &store].concat());
    assert!(said.code == 2 && said.err.contains("--credentials-file"), "{}", said.err);
    assert!(said.err.contains("--console off"), "{}", said.err);
    // That all callers may call the API is not a reason to show it to them.
    let open = ["--allow-unauthenticated"];
    let said = courtesy(&[&console[..], &ports, &store, &open].concat());
    assert!(said.code == 2 && said.err.contains("--credentials-file"), "{}", said.err);

    let callers = directory.path().join("credentials.toml");
    let callers = callers.to_str().unwrap();
    let key = directory.path().join("grace.key");
    let made = courtesy(&[
        "credentials",
        "create",
        "grace",
        "--role",
        "operator",
        "--credentials-file",
        callers,
        "--out",
        key.to_str().unwrap(),
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    let guarded = ["--credentials-file", callers];
    let said = courtesy(&[&console[..], &ports, &store, &guarded].concat());
    assert!(said.code == 2 && said.err.contains("--tls-cert-file"), "{}", said.err);
}

#[test]
fn a_port_that_is_taken_is_a_warning() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serving = Serving::start(&["--console", &address]);
    let checked = serving.ask(&[
        "check",
        "--customer",
        "ada",
        "--channel",
        "email",
        "--purpose",
        "transactional",
    ]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    let (status, log) = serving.stop();
    assert!(status.success() && log.contains("there is no console"), "{log}");
}

#[test]
fn it_says_where_it_is() {
    let serving = Serving::start(&["--console", "127.0.0.1:0"]);
    let url = serving.url("console");
    let answer = crate::support::http::get(&format!("{url}/customers"), &[]);
    assert!(answer.status == 200 && answer.body.contains("Look up"), "{}", answer.body);
}

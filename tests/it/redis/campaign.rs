//! A campaign on a Redis: history, reservations, and what became of them, from files.

use std::fmt::Write;

use courtesy::clock::Clock;
use courtesy::model::Span;

use super::server::Server;
use super::service::Service;
use crate::api::product::is_allowed;
use crate::support::Said;
use crate::support::courtesy;

const POLICY: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n\
                      budgets: [{name: weekly, limit: 2, per: 7d}]\n";

#[test]
fn history_reservations_and_confirmations_come_from_files() {
    let server = Server::start(&["appendonly yes", "appendfsync always"]);
    let service = Service::start(&server.url(), &[]);
    service.apply(POLICY, 0).unwrap();
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let ask = |args: &[&str]| -> Said {
        courtesy(&[args, &["--server", service.process.api(), "--json"]].concat())
    };
    let mut rows = "id,time,channel,purpose\n".to_owned();
    let now = Clock::system().now();
    for number in 0..1_500 {
        let at = now.minus(Span::from_hours(1 + number % 40));
        writeln!(rows, "c-{},{at},email,marketing", number % 750).unwrap();
    }
    std::fs::write(path("sent.csv"), rows).unwrap();
    let said = ask(&["import-contacts", &path("sent.csv")]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!((service.contacts("c-0"), service.contacts("c-749")), (2, 2));
    assert!(!is_allowed(&service.check("c-0")));
    let again = ask(&["import-contacts", &path("sent.csv")]);
    let again: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(
        (&again["counts"]["recorded"], &again["counts"]["unchanged"]),
        (&0.into(), &1_500.into())
    );

    let ids: String = (0..1_200).map(|number| format!("new-{number}\n")).collect();
    std::fs::write(path("list.csv"), format!("id\n{ids}")).unwrap();
    let (list, out) = (path("list.csv"), path("out.csv"));
    let clear =
        ["clear", &list, "-o", &out, "--channel", "email", "--purpose", "marketing", "--reserve"];
    assert_eq!(ask(&clear).code, 0);
    let said = ask(&["confirm", &out]);
    let sums: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &sums["counts"]["done"]), (0, &1_200.into()), "{}", said.err);
    let said = ask(&["confirm", &out]);
    let sums: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &sums["counts"]["done"]), (0, &1_200.into()), "{}", said.err);
    let said = ask(&["release", &out]);
    assert_eq!(said.code, 1, "what was sent is not given back");
    let said = ask(&["engage", &out, "--kind", "bounced_soft"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(service.contacts("new-1199"), 1);
}

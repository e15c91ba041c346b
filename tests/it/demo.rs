//! `courtesy demo`: a shop to look at.

use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use crate::command::Serving;
use crate::support::Said;
use crate::support::courtesy;
use crate::support::http;
use crate::wait::PATIENCE;
use crate::wait::until;

fn demo(directory: &Path, extra: &[&str]) -> Said {
    courtesy(&[&["demo", directory.to_str().unwrap(), "--no-serve"], extra].concat())
}

#[test]
fn a_shop_with_eight_weeks_of_history_answers_what_its_stories_promise() {
    let directory = tempfile::tempdir().unwrap();
    let shop = directory.path().join("shop");
    let said = demo(&shop, &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("2000 customers"), "{}", said.out);
    let contacts = said.out.lines().find(|line| line.contains(" contacts in eight weeks")).unwrap();
    let contacts: u64 = contacts.split_whitespace().next().unwrap().parse().unwrap();
    assert!((40_000..70_000).contains(&contacts), "{contacts}");
    // Nothing is left beside it.
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);

    let again = demo(&shop, &[]);
    assert_eq!((again.code, again.out.as_str()), (2, ""));
    assert!(again.err.contains("is not empty"), "{}", again.err);

    let store = shop.to_str().unwrap().to_owned();
    let serving = Serving::start_in(directory, &["--listen", "127.0.0.1:0", "--store", &store]);
    let ask = |customer: &str, channel: &str, purpose: &str| {
        let contact = ["check", "--customer", customer, "--channel", channel, "--purpose", purpose];
        serving.ask(&contact)
    };
    let ada = ask("ada", "email", "marketing");
    assert_eq!(ada.code, 1, "{}{}", ada.out, ada.err);
    for reason in ["DENY", "PERSONAL_CADENCE", "BUDGET_SPENT", "marketing-weekly"] {
        assert!(ada.out.contains(reason), "{reason}: {}", ada.out);
    }
    assert_eq!(ask("ada", "email", "transactional").code, 0);
    for (customer, channel, reason) in [
        ("grace", "email", "OPTED_OUT"),
        ("alan", "email", "SUPPRESSED"),
        ("margaret", "email", "SUPPRESSED"),
        ("tim", "email", "SUPPRESSED"),
        ("ada", "sms", "PAUSED"),
    ] {
        let said = ask(customer, channel, "marketing");
        assert!(said.code == 1 && said.out.contains(reason), "{customer}: {}", said.out);
    }
    for (command, least) in [
        (&["replies", "overdue"][..], 4),
        (&["unclear", "list"], 5),
        (&["policy", "history"], 6),
        (&["audit", "list"], 9),
        (&["pauses"], 1),
        (&["history", "--customer", "ada"], 20),
    ] {
        let said = serving.ask(command);
        assert_eq!(said.code, 0, "{command:?}: {}", said.err);
        assert!(said.out.lines().count() > least, "{command:?}: {}", said.out);
    }
    let history = serving.ask(&["policy", "history"]).out;
    for note in ["a trial: two a week", "the trial is over", "three a week, five for vips"] {
        assert!(history.contains(note), "{history}");
    }
    assert_eq!(serving.ask(&["audit", "verify"]).code, 0);
    let (status, log) = serving.stop();
    // Neither is anything wrong, nor may others read it.
    assert!(status.success() && !log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[test]
fn it_is_served_and_goes_on_sending() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["demo", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--pages", "off"])
        .current_dir(directory.path())
        // It is not part of any installation.
        .env("COURTESY_STORE", "redis://127.0.0.1:1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut metrics = String::new();
    for line in lines {
        if line.trim_start().starts_with("operations") {
            metrics = line.split_whitespace().nth(1).unwrap().to_owned();
        }
        if line.contains("/CheckContact") {
            break;
        }
    }
    assert!(directory.path().join("courtesy-demo/data").is_dir());
    // The sender asks, and some of it is refused.
    until(PATIENCE, "decisions of both sorts", || {
        let text = http::get(&format!("{metrics}/metrics"), &[]).body;
        let both = ["DENY", "ALLOW"].map(|effect| format!("decision=\"{effect}\""));
        both.iter().all(|effect| text.contains(effect)).then_some(())
    });
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn history_does_not_lie_in_the_future() {
    let directory = tempfile::tempdir().unwrap();
    let said = demo(&directory.path().join("shop"), &["--now", "2199-01-01"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("is in the future"), "{}", said.err);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

//! How commands take what they are given, and what they say: servers, times, JSON, pipes,
//! misspellings.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

use crate::command::Serving;
use crate::support::File;
use crate::support::Said;
use crate::support::courtesy;

const WHO: [&str; 2] = ["--customer", "ada"];
const CONTACT: [&str; 6] = ["--customer", "ada", "--channel", "email", "--purpose", "marketing"];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn ask(serving: &Serving, command: &[&str], rest: &[&str]) -> Said {
    serving.ask(&[command, rest].concat())
}

#[test]
fn a_server_is_named_by_host_and_port() {
    let serving = Serving::start(&[]);
    let url = serving.url("API");
    let address = url.strip_prefix("http://").unwrap();
    for server in [address, &url] {
        let said = courtesy(&["health", "--server", server]);
        assert_eq!(said.code, 0, "{server}: {}", said.err);
    }
    let operations = serving.url("operations");
    let operations = operations.strip_prefix("http://").unwrap();
    let said = courtesy(&[&["check"][..], &CONTACT, &["--server", operations]].concat());
    assert_eq!(said.code, 2);
    assert!(said.err.contains("its port for operations"), "{}", said.err);
    let said = courtesy(&["health", "--server", "ftp://localhost"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("host:port"), "{}", said.err);
}

#[test]
fn json_has_every_field_and_errors_are_json() {
    let serving = Serving::start(&[]);
    let pauses = json(&serving.ask(&["pauses", "--json"]).out);
    assert_eq!(pauses["pauses"], Value::Array(Vec::new()));
    let history = json(&serving.ask(&["policy", "history", "--json"]).out);
    assert_eq!(history["revisions"], Value::Array(Vec::new()));
    let answer = json(&ask(&serving, &["check", "--json"], &CONTACT).out);
    let decision = &answer["decision"];
    assert_eq!(decision["policyRevision"], "0");
    assert_eq!(decision["degraded"], false);
    assert_eq!(decision["nextAllowedTime"], Value::Null);

    let wrong = ["check", "--json", "--customer", "ada", "--channel", "emial", "--purpose"];
    let said = serving.ask(&[&wrong[..], &["marketing"]].concat());
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    let error = &json(&said.err)["error"];
    assert_eq!(
        (&error["code"], &error["reason"]),
        (&"INVALID_ARGUMENT".into(), &"UNDECLARED_NAME".into())
    );
    assert!(error["violations"][0]["description"].as_str().unwrap().contains("did you mean"));
    // No client shows the message escaped.
    assert!(!error["message"].as_str().unwrap().contains(['?', '#']));
    for args in [&["check", "--json"][..], &["policy", "apply", "/nowhere.yaml", "--yes", "--json"]]
    {
        let said = serving.ask(args);
        assert_eq!(said.code, 2);
        assert!(json(&said.err)["error"]["message"].is_string(), "{}", said.err);
    }
}

#[test]
fn a_customer_is_updated_contacted_and_heard() {
    let serving = Serving::start(&[]);
    let update = ["--time-zone", "Europe/Paris", "--jurisdiction", "FR", "--segment", "vip"];
    let wishes = ["--cadence", "2/7d", "--cadence", "email:1/week", "--quiet", "21:00-08:00"];
    let said = ask(&serving, &["customer", "update"], &[&WHO[..], &update, &wishes].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let shown = json(&ask(&serving, &["customer", "show", "--json"], &WHO).out);
    let customer = &shown["customer"];
    assert_eq!(customer["timeZone"], "Europe/Paris");
    assert_eq!(customer["cadence"].as_array().unwrap().len(), 2);
    assert_eq!(customer["quietTimes"][0]["hours"]["from"], "21:00");
    let said =
        ask(&serving, &["customer", "update"], &[&WHO[..], &["--clear", "cadence"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let shown = json(&ask(&serving, &["customer", "show", "--json"], &WHO).out);
    assert_eq!(shown["customer"]["cadence"], Value::Array(Vec::new()));
    assert_eq!(shown["customer"]["segments"][0], "vip");
    let said =
        ask(&serving, &["customer", "update"], &[&WHO[..], &["--time-zone", "London"]].concat());
    assert!(said.err.contains("Europe/London"), "{}", said.err);

    let said = ask(&serving, &["record"], &[&CONTACT[..], &["--request-id", "call-1"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(ask(&serving, &["history"], &WHO).out.contains("call-1"));
    let clicked = [&WHO[..], &["--kind", "clicked", "--channel", "email"]].concat();
    assert_eq!(ask(&serving, &["engage"], &clicked).out, "it is on record\n");
    let said = serving.ask(&["inbound", "please stop", "--customer", "ada", "--channel", "sms"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("STOP\n"), "{}", said.out);
    assert!(courtesy(&["inbound", "explain", "please stop"]).out.contains("stop"));
}

#[test]
fn what_an_opt_in_leaves_refused_and_a_late_message_are_shown() {
    let serving = Serving::start(&[]);
    let wrote = |text: &str, rest: &[&str]| {
        let who = ["inbound", text, "--customer", "eve", "--channel", "sms"];
        serving.ask(&[&who[..], rest].concat())
    };
    assert!(wrote("stop everything", &[]).out.contains("opted out    everything\n"));
    let said = wrote("START", &[]);
    assert!(said.out.contains("still out of everything, but for channel sms\n"), "{}", said.out);
    let said = wrote("STOP", &["--at", "2020-01-01T00:00:00Z"]);
    assert!(said.out.contains("no change    the customer said otherwise later\n"), "{}", said.out);
}

#[test]
fn times_and_lengths_are_taken_as_people_write_them() {
    let serving = Serving::start(&[]);
    for length in ["30d", "12h", "30"] {
        let rest = [&WHO[..], &["--channel", "email", "--snooze", length]].concat();
        let said = ask(&serving, &["customer", "opt-out"], &rest);
        assert_eq!(said.code, 0, "{length}: {}", said.err);
    }
    let said = serving.ask(&["pause", "outage", "--reason", "why", "--for", "2d"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = ask(&serving, &["reserve"], &[&CONTACT[..], &["--hold", "10m"]].concat());
    assert_eq!(said.code, 1, "it is paused: {}", said.err);
    let said = ask(&serving, &["check"], &[&CONTACT[..], &["--at", "soon"]].concat());
    assert!(said.err.contains("2026-12-24 12:00"), "{}", said.err);
    let said = serving.ask(&["resume", "outrage"]);
    assert_eq!(said.code, 1, "{}", said.out);
}

#[test]
fn an_event_is_shown_whole() {
    let serving = Serving::start(&[]);
    let policy =
        File::new("look.yaml", "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n");
    let said = serving.ask(&["policy", "diff", policy.path(), "--prune"]);
    assert_eq!(said.code, 1, "it differs: {}", said.err);
    let said = serving.ask(&["policy", "apply", policy.path(), "--yes", "--note", "the first"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = serving.ask(&["policy", "diff", policy.path(), "--prune"]);
    assert_eq!((said.code, said.out.as_str()), (0, "nothing is different\n"), "{}", said.err);
    let said = serving.ask(&["policy", "apply", policy.path(), "--yes"]);
    let told = "nothing is different: revision 1 is in force already\n";
    assert_eq!((said.code, said.out.as_str()), (0, told), "{}", said.err);
    let listed = serving.ask(&["audit", "list"]).out;
    assert!(listed.contains("more)") && listed.lines().count() < 10, "{listed}");
    let shown = serving.ask(&["audit", "show", "1"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("ApplyPolicy") && shown.out.lines().count() > 6, "{}", shown.out);
    assert!(listed.ends_with("\n1 event in all\n"), "{listed}");
    let said = serving.ask(&["audit", "show", "99"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("no event 99; the newest is 1"), "{}", said.err);
}

#[test]
fn policies_come_from_pipes_and_directories() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("base.yaml", "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n");
    write("shop.yaml", "name: shop\nbudgets: [{name: b, limit: 1, per: 7d}]\n");
    write("shop_test.yaml", "policy: [base.yaml, shop.yaml]\ntests: []\n");
    let path = directory.path().to_str().unwrap();
    let said = courtesy(&["policy", "validate", path]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("valid: 1 rule for 1 channel and 1 purpose "), "{}", said.out);
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["policy", "validate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text =
        "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\nbudgets: [{nme: b}]\n";
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("standard input:4:"), "{told}");
    assert!(told.contains(" mistakes\n"), "{told}");
}

#[test]
fn the_log_in_json_is_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--operations",
            "127.0.0.1:0",
            "--console",
            "off",
            "--pages",
            "off",
        ])
        .args(["--log-format", "json"])
        .current_dir(directory.path())
        .env("COURTESY_LISTN", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(log));
    let first = json(&lines.next().unwrap().unwrap());
    assert_eq!(first["version"], env!("CARGO_PKG_VERSION"));
    assert!(first["store"].as_str().unwrap().contains("courtesy-data"), "{first}");
    assert!(first["listen"].as_str().unwrap().starts_with("127.0.0.1:"), "{first}");
    assert_eq!(first["pages"], "off");
    let rest: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| json(line)["message"] != "serving").collect();
    assert!(rest.iter().any(|line| line.contains("did you mean `COURTESY_LISTEN`")), "{rest:?}");
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A command that reads a text.
fn piped(args: &[&str], text: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_dash_is_standard_input_or_output() {
    let serving = Serving::start(&[]);
    let url = serving.url("API");
    let said = piped(&["inbound", "explain", "-", "--json"], "STOP\n");
    assert_eq!((said.code, &json(&said.out)["meaning"]), (0, &"stop".into()), "{}", said.err);
    let said = piped(&["config", "--config", "-"], "threads = 7\n");
    assert!(said.out.contains("threads = 7 "), "{}{}", said.out, said.err);

    let out = serving.ask(&[&["customer", "opt-out"][..], &WHO].concat());
    assert_eq!(out.code, 0, "{}", out.err);
    let said = serving.ask(&["export", "-o", "-"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(json(&said.out)["customerId"], "ada");
    let clear = ["clear", "-", "-o", "-", "--channel", "email", "--purpose", "marketing"];
    let said = piped(&[&clear[..], &["--server", &url]].concat(), "id\nada\nbob\n");
    let rows = "id,effect,reasons,next_allowed_time,problem\nada,DENY,OPTED_OUT,,\nbob,ALLOW,,,\n";
    assert_eq!((said.code, said.out.as_str()), (1, rows), "{}", said.err);
    assert!(said.err.contains("recipients"), "{}", said.err);
    let said = serving.ask(&[&clear[..], &["--resume"]].concat());
    assert_eq!(said.code, 2);
    assert!(said.err.contains("-o FILE"), "{}", said.err);

    let import = ["import", "-", "--errors", "-", "--server", &url];
    let said = piped(&import, "customer_id,time_zone\ncy,London\n");
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.starts_with("file,line,column,problem\n"), "{}", said.out);
    assert!(said.out.contains("standard input,2,time_zone,"), "{}", said.out);
    assert!(said.err.contains("rows in all"), "{}", said.err);
    for name in ["-", "-.partial"] {
        assert!(!std::path::Path::new(name).exists(), "a file is called {name}");
    }
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let serving = Serving::start(&[]);
    for (command, told) in [
        (&["customer", "show", "--customer", "eve"][..], "nothing is on record of `eve`"),
        (&["policy", "show", "--revision", "9"], "`courtesy policy history` lists"),
        (&["policy", "cancel", "9"], "`courtesy policy history` lists"),
        (&["policy", "presets", "us-tpca"], "did you mean `us-tcpa`?"),
        (&["audit", "list", "--action", "AplyPolicy"], "did you mean `ApplyPolicy`?"),
        (&["webhooks", "test", "crm"], "there are: none"),
        (&["unclear", "resolve", "--customer", "eve", "m-1"], "open are: none"),
        (&["replies", "answered", "eve"], "`courtesy replies overdue` lists"),
        (&["confirm", "--customer", "eve", "--request-id", "r"], "no reservation"),
        (&["resume", "outage"], "there is no pause `outage`"),
    ] {
        let is_local = command.get(1) == Some(&"presets");
        let said = if is_local { courtesy(command) } else { serving.ask(command) };
        let all = format!("{}{}", said.out, said.err);
        assert!(said.code == 1 && all.contains(told), "{command:?}: {} {all}", said.code);
    }
}

#[test]
fn a_customer_is_shown_for_people_and_for_programs() {
    let serving = Serving::start(&[]);
    let rest = ["--time-zone", "Europe/Paris", "--jurisdiction", "FR", "--cadence", "2/7d"];
    let rest = [&WHO[..], &rest, &["--quiet", "21:00-08:00", "--segment", "vip"]].concat();
    let said = ask(&serving, &["customer", "update"], &rest);
    assert_eq!(said.code, 0, "{}", said.err);
    let said_then = ["--channel", "email", "--at", "2026-07-01"];
    ask(&serving, &["customer", "opt-out"], &[&WHO[..], &said_then].concat());
    let said = ask(&serving, &["customer", "show"], &WHO);
    for line in [
        "customer         ada",
        "time zone        Europe/Paris",
        "jurisdictions    FR",
        "segments         vip",
        "cadence          2 in 7d",
        "quiet            21:00 to 08:00",
        "2026-07-01T00:00:00Z (2026-07-01 02:00:00 Europe/Paris)",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    let shown = json(&ask(&serving, &["customer", "show", "--json"], &WHO).out);
    assert_eq!(shown["customer"]["timeZone"], "Europe/Paris");

    // What an export writes is a customer for `explain`.
    let exported = serving.ask(&["export"]).out;
    let customer = File::new("exported.json", &exported);
    let explain = ["--customer", customer.path(), "--channel", "email", "--purpose", "marketing"];
    let said = courtesy(&[&["policy", "explain"][..], &explain].concat());
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("OPTED_OUT"), "{}", said.out);
}

#[test]
fn every_mistake_of_every_file_is_told_at_once() {
    let base = File::new("each-base.yaml", "name: base\nchannels: {email: {}}\nchanels: {}\n");
    let hours = "contact_hours: [{name: h, days: weekdays, hours: {from: '09:00', to: '09:00'}}]\n";
    let shop = File::new("each-shop.yaml", &format!("name: shop\n{hours}"));
    let said = courtesy(&["policy", "validate", base.path(), "/nowhere/absent.yaml", shop.path()]);
    assert_eq!(said.code, 2, "a file could not be read");
    for told in ["unknown key `chanels`", "/nowhere/absent.yaml", "each-shop.yaml"] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
}

#[test]
fn lines_are_no_wider_than_the_screen_and_words_stay_whole() {
    let serving = Serving::start(&[]);
    ask(
        &serving,
        &["record"],
        &[&CONTACT[..], &["--request-id", "a-request-of-some-length"]].concat(),
    );
    let url = serving.url("API");
    for (columns, rest) in [("80", &["history"][..]), ("60", &["history"]), ("60", &["plan"])] {
        let purpose: &[&str] = if rest == ["plan"] { &["--purpose", "marketing"] } else { &[] };
        let output = Command::new(env!("CARGO_BIN_EXE_courtesy"))
            .args([rest, &WHO, purpose, &["--server", &url]].concat())
            .env("COLUMNS", columns)
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let widest = out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.parse().unwrap(), "{columns}: {out}");
        assert!(rest == ["plan"] || out.contains("a-request-of-some-length"), "{out}");
    }
}

#[test]
fn the_doctor_looks_at_policies() {
    let directory = tempfile::tempdir().unwrap();
    let policy = directory.path().join("base.yaml");
    let store = directory.path().join("store");
    let doctor = || {
        let place = ["--policy", policy.to_str().unwrap(), "--store", store.to_str().unwrap()];
        let ports = [
            "--listen",
            "127.0.0.1:0",
            "--operations",
            "off",
            "--console",
            "off",
            "--pages",
            "off",
        ];
        courtesy(&[&["doctor"][..], &ports, &place].concat())
    };
    std::fs::write(&policy, "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n")
        .unwrap();
    let said = doctor();
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(said.out.contains("holds 1 document that make a policy"), "{}", said.out);
    std::fs::write(&policy, "name: base\nchanels: {email: {}}\n").unwrap();
    let said = doctor();
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.out.contains("did you mean `channels`?"), "{}", said.out);
}

#[test]
fn what_is_done_to_a_store_is_told_as_json() {
    let serving = Serving::start(&[]);
    ask(&serving, &["customer", "opt-out"], &WHO);
    let store = serving.directory.path().join("courtesy-data");
    let backup = serving.directory.path().join("backup");
    let (store, backup) = (store.to_str().unwrap(), backup.to_str().unwrap());
    let done = |command: &[&str]| {
        let said = courtesy(&[command, &["--json"]].concat());
        assert_eq!(said.code, 0, "{command:?}: {}{}", said.out, said.err);
        json(&said.out)
    };
    let copied = done(&["copy", "--from", store, "--to", backup]);
    assert_eq!((&copied["same"], &copied["damaged"]), (&true.into(), &0.into()), "{copied}");
    assert_eq!(done(&["compact", "--store", backup])["rewritten"], true);
    let found = done(&["merge-ids", "--store", store, "--dry-run"]);
    assert_eq!((&found["records"], &found["merged"]), (&1.into(), &Value::Null), "{found}");
    assert!(done(&["doctor", "--rebuild-agenda", "--store", backup])["entries"].is_number());
}

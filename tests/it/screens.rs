//! What every command shows, at 80 and at 120 columns, kept in tests/screens. To write the files
//! anew: COURTESY_WRITE_SCREENS=1 cargo test --test it screens

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// What is asked of a server with a customer who has a history, in this order.
const ASKED: &[(&str, &str)] = &[
    (
        "customer-update",
        "customer update --customer ada --time-zone Europe/Paris --jurisdiction FR --cadence 5/7d",
    ),
    ("policy-apply", "policy apply tests/screens/shop.yaml --yes --author grace --note first"),
    ("policy-apply-same", "policy apply tests/screens/shop.yaml --yes"),
    ("policy-diff", "policy diff tests/screens/shop.yaml --prune"),
    ("policy-history", "policy history"),
    (
        "reserve",
        "reserve --customer ada --channel email --purpose marketing --request-id spring-ada",
    ),
    ("confirm", "confirm --customer ada --request-id spring-ada"),
    (
        "record",
        "record --customer ada --channel sms --purpose transactional --request-id a-request-with-a-long-name",
    ),
    ("engage", "engage --customer ada --kind clicked --channel email --request-id click"),
    ("history", "history --customer ada"),
    ("opt-out", "customer opt-out --customer ada --channel email --evidence letter"),
    ("opt-in", "customer opt-in --customer ada --channel sms --evidence form"),
    ("suppress", "customer suppress --customer ada --purpose marketing --reason open_case"),
    ("consent-events", "customer consent-events --customer ada"),
    ("customer-show", "customer show --customer ada"),
    ("check", "check --customer ada --channel email --purpose marketing"),
    ("check-explain", "check --customer ada --channel email --purpose marketing --explain"),
    ("plan", "plan --customer ada --purpose marketing"),
    ("inbound", "inbound STOP --customer eve --channel sms --request-id stop"),
    ("unclear-list", "unclear list"),
    ("pause", "pause outage --channel sms --reason carrier --until 2026-11-30T11:00:00Z"),
    ("pauses", "pauses"),
    ("resume", "resume outage"),
    ("simulate", "policy simulate --days 14d"),
    ("audit-list", "audit list"),
    ("audit-show", "audit show 1"),
    ("tenant-create", "tenant create acme"),
    ("policy-presets", "policy presets --at 2026-11-29"),
    ("calendar", "calendar --year 2027 --country GB"),
    ("error", "check --customer ada --channel emial --purpose marketing"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every command that has no commands below it.
fn leaves(path: &[String], found: &mut Vec<Vec<String>>) {
    let output = courtesy("100").args(path).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let below = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names: Vec<&str> = below
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    if names.is_empty() || path == ["inbound"] {
        found.push(path.to_vec());
    }
    for name in names {
        leaves(&[path, &[name.to_owned()]].concat(), found);
    }
}

/// The command on a screen of that width, of which the machine's own settings change nothing.
fn courtesy(columns: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_string_lossy().starts_with("COURTESY_")) {
        command.env_remove(name);
    }
    command.env("COLUMNS", columns).env("TZ", "UTC");
    command
}

/// The same, but for the versions of records, which no two servers share.
fn without_versions(said: &str) -> String {
    let lines = said.split_inclusive('\n');
    lines.filter(|line| !line.trim_start().starts_with("\"version\": ")).collect()
}

fn helps(columns: &str, shown: &mut BTreeMap<String, String>) {
    let mut commands = Vec::new();
    leaves(&[], &mut commands);
    for command in commands {
        let output = courtesy(columns).args(&command).arg("--help").output().unwrap();
        let name = format!("{columns}/help-{}.txt", command.join("-"));
        shown.insert(name, String::from_utf8(output.stdout).unwrap());
    }
}

/// What the commands show beside a server whose clock stands still.
fn answers(columns: &str, shown: &mut BTreeMap<String, String>) {
    let directory = tempfile::tempdir().unwrap();
    let mut script = String::new();
    for (name, command) in ASKED {
        let file = directory.path().join(name);
        let (program, file) = (env!("CARGO_BIN_EXE_courtesy"), file.display());
        writeln!(script, "{program} {command} >{file} 2>&1").unwrap();
    }
    let status = courtesy(columns)
        .args(["run", "--at", "2026-11-30T09:00:00Z", "--", "sh", "-c", &script])
        .current_dir(root())
        .status()
        .unwrap();
    assert!(status.code().is_some());
    for (name, command) in ASKED {
        let said = std::fs::read_to_string(directory.path().join(name)).unwrap();
        let said = without_versions(&said);
        shown.insert(format!("{columns}/{name}.txt"), format!("$ courtesy {command}\n{said}"));
    }
}

#[test]
fn screens_are_as_they_are_kept() {
    let mut shown = BTreeMap::new();
    for columns in ["80", "120"] {
        helps(columns, &mut shown);
        answers(columns, &mut shown);
    }
    let kept = root().join("tests/screens");
    if std::env::var_os("COURTESY_WRITE_SCREENS").is_some() {
        for (name, text) in &shown {
            let file = kept.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
    }
    for (name, text) in &shown {
        let there = std::fs::read_to_string(kept.join(name)).unwrap_or_default();
        assert_eq!(*text, there, "{name}; the head of this test says how to write it anew");
    }
    for columns in ["80", "120"] {
        let there = std::fs::read_dir(kept.join(columns)).unwrap();
        let names = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        for name in names {
            let name = format!("{columns}/{name}");
            assert!(shown.contains_key(Path::new(&name).to_str().unwrap()), "nothing shows {name}");
        }
    }
}

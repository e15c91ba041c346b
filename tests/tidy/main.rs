//! The shape of the source, as far as neither the compiler nor clippy holds it: which module may
//! name which, what must not be read where, how long a file and a line may be, which words are used
//! (`words`), and that the glossary is true (`glossary`).

#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

mod arguments;
mod columns;
mod docs;
mod glossary;
mod release;
mod types;
mod words;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// Each module and what it may name, beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("words", &[]),
    ("zone", &["model"]),
    ("calendar", &["words"]),
    ("wishes", &["model"]),
    ("inbound", &["model", "words", "wishes"]),
    ("expression", &["model", "words"]),
    ("policy", &["model", "words", "zone", "calendar", "expression", "inbound"]),
    ("engine", &["model", "words", "zone", "calendar", "expression", "policy"]),
    ("operation", &["model", "zone", "calendar", "policy", "engine", "inbound"]),
    ("simulate", &["model", "zone", "policy", "engine"]),
    ("files", &["policy"]),
    ("background", &[]),
    ("proto", &[]),
    ("secret", &[]),
    ("network", &[]),
    ("store", &["model", "secret", "clock"]),
    ("snapshot_server", &["model", "proto", "store"]),
    ("codec", &["model", "proto"]),
    ("audit", &["model", "proto"]),
    ("unsubscribe", &["model", "proto", "secret"]),
    ("html", &[]),
    (
        "pages",
        &[
            "model",
            "zone",
            "calendar",
            "policy",
            "operation",
            "store",
            "gate",
            "html",
            "unsubscribe",
        ],
    ),
    ("clock", &["model"]),
    ("access", &["model"]),
    ("telemetry", &["model", "store"]),
    ("decision_log", &["model", "secret", "store", "telemetry"]),
    (
        "gate",
        &[
            "model",
            "zone",
            "policy",
            "operation",
            "audit",
            "codec",
            "secret",
            "store",
            "clock",
            "telemetry",
            "decision_log",
        ],
    ),
    ("webhooks", &["model", "secret", "store", "gate"]),
    (
        "rpc",
        &[
            "access",
            "webhooks",
            "model",
            "words",
            "zone",
            "calendar",
            "policy",
            "inbound",
            "engine",
            "operation",
            "simulate",
            "background",
            "audit",
            "codec",
            "clock",
            "store",
            "gate",
            "proto",
            "unsubscribe",
            "decision_log",
        ],
    ),
    (
        "server",
        &[
            "webhooks",
            "access",
            "model",
            "network",
            "zone",
            "policy",
            "files",
            "clock",
            "store",
            "snapshot_server",
            "background",
            "gate",
            "proto",
            "rpc",
            "telemetry",
            "secret",
            "unsubscribe",
            "pages",
            "console",
            "decision_log",
        ],
    ),
    ("console", &["proto", "html", "access", "secret", "clock", "model", "zone", "calendar"]),
    ("config", &["model", "words", "network", "secret", "store"]),
    (
        "cli",
        &[
            "access",
            "model",
            "words",
            "zone",
            "inbound",
            "calendar",
            "clock",
            "policy",
            "files",
            "engine",
            "operation",
            "audit",
            "config",
            "proto",
            "store",
            "snapshot_server",
            "gate",
            "secret",
            "telemetry",
            "decision_log",
            "rpc",
            "server",
        ],
    ),
    ("main", &["cli"]),
];

/// What a pure module must not contain.
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "std::fs",
    "std::net",
    "std::env",
    "tokio",
    "f32",
    "f64",
];

/// The modules that decide, or only hold what is decided on.
const PURE: &[&str] = &[
    "model",
    "words",
    "calendar",
    "expression",
    "engine",
    "operation",
    "simulate",
    "wishes",
    "inbound",
];

const LINES_MAX: usize = 400;

#[test]
fn a_module_names_only_what_stands_below_it() {
    for file in sources() {
        let module = module_of(&file);
        let (_, below) = LAYERS.iter().find(|(name, _)| *name == module).unwrap_or_else(|| {
            panic!("{}: module `{module}` has no layer; give it one in LAYERS", file.display())
        });
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for named in crate_paths(line) {
                let allowed = named == module || below.contains(&named);
                assert!(allowed, "{}: `{module}` must not name `{named}`: {line}", file.display());
            }
        }
    }
}

#[test]
fn what_decides_reads_no_clock_and_does_no_io() {
    for file in sources().iter().filter(|file| PURE.contains(&module_of(file).as_str())) {
        if is_test(file) {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let found = IMPURE.iter().find(|word| line.contains(*word));
            assert!(found.is_none(), "{}: {found:?} in {line}", file.display());
        }
    }
}

#[test]
fn a_file_has_one_idea() {
    for file in sources().iter().filter(|file| !is_test(file)) {
        let text = fs::read_to_string(file).unwrap();
        // Generated code is not read.
        if text.starts_with("// @generated") {
            continue;
        }
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{}: {lines} lines; is there a second idea?", file.display());
    }
}

/// The files of the repository below some paths, as Git knows them, with the text of each. Binary
/// files, generated code and texts that are not ours are left out.
fn tracked(paths: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("git");
    let list = command.args(["ls-files", "--cached", "--others", "--exclude-standard", "--"]);
    let listed = list.args(paths).current_dir(root).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let is_ours = |path: &&str| !NOT_OURS.iter().any(|it| path.contains(it));
    // A file that is listed may have been removed from the directory.
    let files = listed.lines().filter(is_ours).filter_map(|path| {
        let text = String::from_utf8(fs::read(root.join(path)).ok()?).ok()?;
        (!text.starts_with("// @generated")).then(|| (path.to_owned(), text))
    });
    let files: Vec<_> = files.collect();
    assert!(files.len() > 5, "only {} files were found below {paths:?}", files.len());
    files
}

/// Generated code, the texts of customers, and what others wrote.
const NOT_OURS: &[&str] = &[
    "/gen/",
    "src/calendar/tables/",
    "clients/python/courtesy/",
    "src/inbound/tables/",
    "tests/inbound/",
    "tests/screens/",
    "LICENSE",
    "Cargo.lock",
    "package-lock.json",
];

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.retain(|file| file.file_name().unwrap() != "lib.rs");
    files.sort();
    assert!(files.len() > 20, "only {} source files were found", files.len());
    files
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The first part of the path below `src`: `engine` of `src/engine/budget.rs` and `src/engine.rs`.
fn module_of(file: &Path) -> String {
    let below = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests")
        || file.file_name().is_some_and(|name| name == "tests.rs")
}

/// The modules that a line names by their path from the root of the crate.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    let starts = ["crate::", "courtesy::"];
    starts.into_iter().flat_map(|start| line.split(start).skip(1)).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap()
    })
}

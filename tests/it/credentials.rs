//! Callers who say who they are, to the real binary: keys and their rotation, TLS, certificates.

use std::fs::Permissions;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use crate::command::Serving;
use crate::redis::tls::Certificates;
use crate::support::Said;
use crate::support::courtesy;
use crate::support::http::get;
use crate::wait;
use crate::wait::PATIENCE;

const CHECK: [&str; 7] =
    ["check", "--customer", "ada", "--channel", "email", "--purpose", "marketing"];

/// The file of credentials of one test.
struct Keys {
    directory: tempfile::TempDir,
}

impl Keys {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> String {
        self.directory.path().join("credentials.toml").display().to_string()
    }

    fn run(&self, words: &[&str]) -> Said {
        courtesy(&[&["credentials"], words, &["--credentials-file", &self.file()]].concat())
    }

    /// Makes a key, and keeps it in a file.
    fn create(&self, words: &[&str]) -> String {
        let said = self.run(&[&["create"], words].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("the only time that the key is shown"), "{}", said.err);
        let key = said.out.trim().to_owned();
        let id = key.split('_').nth(1).unwrap().to_owned();
        std::fs::write(self.directory.path().join(&id), key).unwrap();
        id
    }

    fn key_file(&self, id: &str) -> String {
        self.directory.path().join(id).display().to_string()
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    wait::until(PATIENCE, what, || is_so().then_some(()));
}

#[test]
fn keys_are_made_and_exchanged_and_revoked_while_the_server_runs() {
    let keys = Keys::new();
    let said = keys.run(&["create", "mailer"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("say with --role what it is there for: sender, crm"), "{}", said.err);
    let first = keys.create(&["mailer", "--role", "sender"]);
    let serving = Serving::start(&["--credentials-file", &keys.file()]);
    let ask = |words: &[&str], id: &str| {
        serving.ask(&[words, &["--api-key-file", &keys.key_file(id)]].concat())
    };

    let said = serving.ask(&CHECK);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("say who you are"), "{}", said.err);
    assert_eq!(ask(&CHECK, &first).code, 0);
    // Whether it serves is not a secret.
    let said = serving.ask(&["health"]);
    assert_eq!((said.code, said.out.as_str()), (0, "SERVING\n"), "{}", said.err);
    let said = serving.ask(&["health", "--service", "other"]);
    assert!(said.code == 2 && said.err.contains("NotFound"), "{}", said.err);
    let said = ask(&["policy", "show"], &first);
    assert_eq!(said.code, 2);
    let expected = "`key:mailer` may not call this method: it takes the role operator or auditor";
    assert!(said.err.contains(expected), "{}", said.err);
    let said = ask(&[&CHECK[..], &["--tenant", "south"]].concat(), &first);
    assert!(said.err.contains("may not act for the tenant `south`"), "{}", said.err);

    let second = keys.create(&["mailer"]);
    until("the second key holds", || ask(&CHECK, &second).code == 0);
    assert_eq!(ask(&CHECK, &first).code, 0);
    let said = keys.run(&["create", "mailer"]);
    assert!(said.code == 2 && said.err.contains("has two keys already"), "{}", said.err);
    let said = keys.run(&["revoke", "ffffffff"]);
    assert!(said.code == 1 && said.err.contains("no key `ffffffff`"), "{}", said.err);
    assert_eq!(keys.run(&["revoke", &first]).code, 0);
    until("the first key is refused", || ask(&CHECK, &first).code == 2);
    assert!(ask(&CHECK, &first).err.contains("this credential is not valid here"));
    assert_eq!(ask(&CHECK, &second).code, 0);

    // Comments survive.
    let good = std::fs::read_to_string(keys.file()).unwrap();
    std::fs::write(keys.file(), format!("# ours\n{good}")).unwrap();
    let third = keys.create(&["grace", "--role", "operator"]);
    assert!(std::fs::read_to_string(keys.file()).unwrap().starts_with("# ours\n"));
    until("the operator may", || ask(&["policy", "show"], &third).code == 0);

    // Who did it stands in the log of audits.
    let pause = ["pause", "crisis", "--reason", "a crisis"];
    let said = ask(&pause, &third);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = ask(&["audit", "list"], &third);
    assert!(said.out.contains("key:grace"), "{}{}", said.out, said.err);
    let said = keys.run(&["list"]);
    assert!(said.out.contains(&format!("key {second}")) && !said.out.contains(&first));
    let listed: serde_json::Value =
        serde_json::from_str(&keys.run(&["list", "--json"]).out).unwrap();
    let callers = listed["callers"].as_array().unwrap();
    assert!(callers.iter().any(|it| it["keys"][0]["id"] == *second), "{listed}");
    assert_eq!(listed["issuers"], serde_json::json!([]), "no field vanishes");
    let file = std::fs::read_to_string(keys.file()).unwrap();
    let secret = std::fs::read_to_string(keys.key_file(&second)).unwrap();
    assert!(!file.contains(&secret));
}

#[test]
fn a_file_that_does_not_load_changes_nothing_and_is_told() {
    let keys = Keys::new();
    let key = keys.create(&["mailer", "--role", "sender"]);
    let serving = Serving::start(&["--credentials-file", &keys.file()]);
    let check = || serving.ask(&[&CHECK[..], &["--api-key-file", &keys.key_file(&key)]].concat());
    let operations = |page: &str| get(&format!("{}/{page}", serving.url("operations")), &[]).body;
    let failed = |is: u8| format!("courtesy_reload_failed{{what=\"the credentials\"}} {is}\n");
    assert!(operations("metrics").contains(&failed(0)));

    let good = std::fs::read_to_string(keys.file()).unwrap();
    std::fs::write(keys.file(), format!("{good}[[other]]\n")).unwrap();
    until("the server says that a file does not load", || {
        operations("readyz").contains("the credentials are out of date")
    });
    assert!(operations("metrics").contains(&failed(1)));
    let said = keys.run(&["create", "grace", "--role", "operator"]);
    assert!(said.code == 2 && said.err.contains("unknown field `other`"), "{}", said.err);
    let asked = check();
    assert_eq!(asked.code, 0, "{}", asked.err);

    std::fs::write(keys.file(), good).unwrap();
    until("the file loads again", || operations("readyz") == "ready\n");
    assert!(operations("metrics").contains(&failed(0)));
    let asked = check();
    assert_eq!(asked.code, 0, "{}", asked.err);
}

/// A server that runs as another user than the one who changes the file must still be able to read
/// it: otherwise a revoked key stays good.
#[test]
fn a_changed_file_keeps_its_owner_group_and_mode() {
    let keys = Keys::new();
    let first = keys.create(&["mailer", "--role", "sender"]);
    let path = PathBuf::from(keys.file());
    let of = |path: &Path| {
        let it = std::fs::metadata(path).unwrap();
        (it.uid(), it.gid(), it.mode() & 0o7777)
    };
    assert_eq!(of(&path).2, 0o600, "a new file is its owner's");
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    // Only root can give a file away; any other user keeps their own.
    let is_root = std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).is_ok();
    let before = of(&path);
    assert!(!is_root || (before.0, before.1) == (65_534, 65_534));
    keys.create(&["mailer"]);
    assert_eq!(of(&path), before);
    assert_eq!(keys.run(&["revoke", &first]).code, 0);
    assert_eq!(of(&path), before);
}

#[test]
fn a_key_is_written_to_a_file_that_only_its_owner_reads() {
    let keys = Keys::new();
    let file = keys.key_file("mailer.key");
    let said = keys.run(&["create", "mailer", "--role", "sender", "--out", &file]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o7777, 0o600);
    let key = std::fs::read_to_string(&file).unwrap();
    assert!(key.starts_with("courtesy_") && key.ends_with('\n'));
    let said = keys.run(&["create", "grace", "--role", "operator", "--out", &file]);
    assert!(said.code == 2 && said.err.contains("is there already"), "{}", said.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), key);
    assert!(!keys.run(&["list"]).out.contains("grace"));
}

#[test]
fn tls_is_spoken_and_certificates_say_who_calls() {
    let (old, new) = (Certificates::make(), Certificates::make());
    let keys = Keys::new();
    let here = |name: &str| keys.directory.path().join(name).display().to_string();
    let install = |from: &Certificates| {
        for name in ["server.pem", "server.key", "ca.pem"] {
            std::fs::copy(from.file(name), here(name)).unwrap();
        }
    };
    install(&old);
    let text = "[[caller]]\nname = \"crm\"\nroles = [\"sender\"]\ntenants = [\"default\"]\n\
                certificates = [\"DNS:client\"]\n";
    std::fs::write(keys.file(), text).unwrap();
    let serving = Serving::start(&[
        "--credentials-file",
        &keys.file(),
        "--tls-cert-file",
        &here("server.pem"),
        "--tls-key-file",
        &here("server.key"),
        "--tls-client-ca-file",
        &here("ca.pem"),
    ]);
    let url = serving.url("API");
    assert!(url.starts_with("https://"), "{url}");
    let text_of = |path: &Path| path.display().to_string();
    let ask = |trusted: &Certificates, own: Option<&Certificates>| {
        let mut words: Vec<String> = CHECK.iter().map(|&it| it.to_owned()).collect();
        words.extend(["--ca-file".to_owned(), text_of(&trusted.ca())]);
        if let Some((certificate, key)) = own.map(Certificates::client) {
            words.extend(["--cert-file".to_owned(), text_of(&certificate)]);
            words.extend(["--key-file".to_owned(), text_of(&key)]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        serving.ask(&words)
    };
    let said = ask(&old, Some(&old));
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let said = ask(&old, None);
    assert!(said.code == 2 && said.err.contains("say who you are"), "{}", said.err);
    // A client that does not trust the server, one that the server does not trust, and one without
    // TLS.
    assert_eq!(ask(&new, Some(&old)).code, 2);
    assert_eq!(ask(&old, Some(&new)).code, 2);
    let plain = url.replace("https", "http");
    assert_eq!(courtesy(&[&CHECK[..], &["--server", &plain]].concat()).code, 2);

    install(&new);
    until("the new certificate is shown", || ask(&new, Some(&new)).code == 0);
    assert_eq!(ask(&old, Some(&old)).code, 2);
    // Half of a new pair changes nothing.
    std::fs::copy(old.file("server.pem"), here("server.pem")).unwrap();
    until("that is noticed", || {
        let said = ask(&new, Some(&new));
        assert_eq!(said.code, 0, "{}", said.err);
        serving_log_tells(&serving)
    });
}

/// Whether the log says that certificates do not load. It is a pipe with no other reader.
fn serving_log_tells(serving: &Serving) -> bool {
    serving.log_so_far().contains("the certificates changed and do not load")
}

#[test]
fn a_server_that_others_reach_wants_credentials() {
    let keys = Keys::new();
    keys.create(&["mailer", "--role", "sender"]);
    let said = courtesy(&["serve", "--listen", "0.0.0.0:0", "--operations", "off"]);
    assert!(said.code == 2 && said.err.contains("give --credentials-file"), "{}", said.err);
    let listen = ["--listen", "0.0.0.0:0", "--credentials-file", &keys.file()];
    let serving = Serving::start_in(tempfile::tempdir().unwrap(), &listen);
    assert!(serving.url("API").starts_with("http://127.0.0.1"));
    until("it warns", || serving.log_so_far().contains("travel in the clear"));
    let words = ["doctor", "--listen", "0.0.0.0:0", "--credentials-file", &keys.file()];
    let said = courtesy(&words);
    assert!(said.out.contains("warning  exposure"), "{}", said.out);
    assert!(said.out.contains("ok       credentials"), "{}", said.out);
    let pair = ["--tls-cert-file", &keys.file(), "--tls-key-file", &keys.file()];
    let said = courtesy(&[&words[..], &pair].concat());
    assert!(said.out.contains("ok       exposure") && said.out.contains("WRONG    TLS"));
    let said = courtesy(&["serve", "--tls-cert-file", "x.pem"]);
    assert!(said.code == 2 && said.err.contains("give --tls-cert-file and"), "{}", said.err);
    let said = courtesy(&["serve", "--credentials-file", "/nowhere/x.toml", "--listen", "[::1]:0"]);
    assert!(said.code == 2 && said.err.contains("/nowhere/x.toml"), "{}", said.err);
}

#[test]
fn files_of_the_wrong_sort_say_which() {
    let file = |name: &str| format!("tests/vectors/keys/{name}");
    let serve = |certificate: &str, key: &str| {
        let (certificate, key) = (file(certificate), file(key));
        let said = courtesy(&["serve", "--tls-cert-file", &certificate, "--tls-key-file", &key]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{certificate} {key}");
        said.err
    };
    for (certificate, key, expected) in [
        ("certificate", "encrypted", "holds no private key: it holds a key that is encrypted"),
        ("certificate", "p521", "one on the curve P-521"),
        ("certificate", "rsa1024", "an RSA key of 1024 bits"),
        ("certificate", "pkcs1", "the key is that of another certificate"),
        ("certificate", "bundle.p12", "a bundle of PKCS#12"),
        ("pkcs8", "certificate", "are the files of the certificate and of the key exchanged?"),
        ("request", "pkcs8", "a request for a certificate (CSR)"),
        ("certificate.der", "pkcs8", "a certificate in DER"),
    ] {
        let err = serve(certificate, key);
        assert!(err.contains(expected), "{certificate} {key}: {err}");
    }
    // Those of the commands too, before a server is called.
    let server = ["--server", "https://127.0.0.1:1", "--ca-file", &file("pkcs8")];
    let said = courtesy(&[&CHECK[..], &server].concat());
    assert!(said.code == 2 && said.err.contains("a private key; are the files"), "{}", said.err);
    // And what only clients would find is a warning.
    let pair = [&file("certificate_of_pkcs1"), &file("pkcs1")];
    let words = ["doctor", "--tls-cert-file", pair[0], "--tls-key-file", pair[1]];
    let said = courtesy(&words);
    assert!(said.out.contains("warning  TLS") && said.out.contains("CA:TRUE"), "{}", said.out);
}

#[test]
fn what_others_may_read_is_a_warning() {
    let keys = Keys::new();
    keys.create(&["mailer", "--role", "sender"]);
    let words = ["doctor", "--listen", "127.0.0.1:0", "--credentials-file", &keys.file()];
    let said = courtesy(&words);
    assert!(!said.out.contains("others may read the callers"), "{}", said.out);
    std::fs::set_permissions(keys.file(), Permissions::from_mode(0o644)).unwrap();
    let said = courtesy(&words);
    let expected = format!("has mode 0644; chmod 600 {}", keys.file());
    assert!(said.out.contains("warning  files") && said.out.contains(&expected), "{}", said.out);
    let serving = Serving::start(&["--credentials-file", &keys.file()]);
    until("it warns", || serving.log_so_far().contains(&expected));
}

#[test]
fn no_password_is_shown() {
    let said = courtesy(&["config", "--otlp-endpoint", "http://me:hunter2@collector:4317"]);
    assert!(said.code == 0 && said.out.contains("***@collector:4317"), "{}", said.out);
    assert!(!said.out.contains("hunter2"), "{}", said.out);
    let keys = Keys::new();
    for text in ["redis_password = \"hunter2\n", "redis_password = hunter2\n"] {
        std::fs::write(keys.file(), text).unwrap();
        let said = courtesy(&["config", "--config", &keys.file()]);
        assert!(said.code == 2 && said.err.contains("line 1"), "{}", said.err);
        assert!(!said.err.contains("hunter2"), "{}", said.err);
    }
}

#[test]
fn localhost_may_be_listened_on() {
    let listen = ["--listen", "localhost:0"];
    let serving = Serving::start_in(tempfile::tempdir().unwrap(), &listen);
    assert!(serving.url("API").starts_with("http://127.0.0.1:"), "{}", serving.url("API"));
    let said = courtesy(&["serve", "--listen", ":50051"]);
    assert!(said.code == 2 && said.err.contains("127.0.0.1:50051"), "{}", said.err);
}

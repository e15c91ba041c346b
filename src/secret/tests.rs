use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn a_secret_is_made_once_and_kept_from_others() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    let made = Secret::read_or_make(&path).unwrap();
    assert_eq!(Secret::read_or_make(&path).unwrap(), made);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_ne!(made.key("one use"), made.key("another"));
    assert_eq!(format!("{made:?}"), "***");
}

#[test]
fn what_is_too_short_or_too_long_is_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    for (length, is_secret) in [(0, false), (31, false), (32, true), (4_096, true), (4_097, false)]
    {
        fs::write(&path, "x".repeat(length)).unwrap();
        assert_eq!(Secret::read(&path).is_ok(), is_secret, "{length}");
    }
    fs::write(&path, format!("  {}  \n", "x".repeat(31))).unwrap();
    let error = Secret::read(&path).unwrap_err().to_string();
    assert!(error.contains("has 31 bytes") && error.contains("urandom"), "{error}");
}

#[test]
fn the_hash_is_the_standards() {
    // RFC 4231, test case 2.
    let hash = keyed_hash(b"Jefe", b"what do ya want for nothing?");
    let text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn a_message_does_not_repeat_passwords() {
    for (given, shown) in [
        ("redis://me:se@cret@a:1/2", "redis://***@a:1/2"),
        ("--store=redis://:secret@a", "redis://***@a"),
        ("unix:///run/a?db=1&password=secret", "unix:///run/a?***"),
        ("store = \"redis://me:sec ret@a\"", "redis://***@a"),
        ("redis://me:secret@a?x=secret", "redis://***@a"),
        ("https://example.com/?page=1", "https://example.com/?page=1"),
    ] {
        let message = redacted(&format!("`{given}` is wrong"), &[given]);
        assert!(message.contains(shown) && !message.contains("secret"), "{message}");
        assert!(!message.contains("sec ret"), "{message}");
    }
}

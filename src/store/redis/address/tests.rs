use super::*;

#[test]
fn every_sort_of_installation_is_read_and_written() {
    for text in [
        "redis://localhost:6379",
        "rediss://redis.example:7000/3",
        "redis://[::1]:6380",
        "redis+cluster://a:1,b:2,c:3",
        "rediss+sentinel://a:26379,b:26379/main/2",
    ] {
        assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        assert!(Address::is_meant(text));
    }
    assert_eq!("redis://a".parse::<Address>().unwrap().to_string(), "redis://a:6379");
    let sentinel: Address = "redis+sentinel://a,b:1/main".parse().unwrap();
    assert_eq!(sentinel.to_string(), "redis+sentinel://a:26379,b:1/main");
    assert_eq!(sentinel.kind, Kind::Sentinel("main".to_owned()));
    assert!(!Address::is_meant("./courtesy-data") && !Address::is_meant("redis"));
}

#[test]
fn what_is_wrong_with_an_address_is_told() {
    for (text, what) in [
        ("redis", "no `://`"),
        ("redis://", "cannot be read"),
        ("redis://a:x", "cannot be read"),
        ("redis://a:70000", "cannot be read"),
        ("redis://[::1", "cannot be read"),
        ("redis://a,b", "several hosts"),
        ("redis://a/x", "no number"),
        ("redis+cluster://a/1", "no database"),
        ("redis+sentinel://a", "what the Sentinels call"),
        ("redis+unix://a", "no way to speak"),
        ("http://a", "no way to speak"),
        ("redis://user:secret@a", "--redis-password-file"),
    ] {
        let error = text.parse::<Address>().unwrap_err().to_string();
        assert!(error.contains(what), "{text}: {error}");
        assert!(!error.contains("secret@"), "{error}");
    }
}

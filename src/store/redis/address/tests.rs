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
    for text in ["./courtesy-data", "redis", "/a:1/b", "C:\\data", "./a:6379"] {
        assert!(!Address::is_meant(text), "{text}");
    }
    for text in ["a:6379", "a:1,b:2", "http://a", "[::1]:6379", "unix:/run/redis.sock"] {
        assert!(Address::is_meant(text), "{text}");
    }
}

#[test]
fn an_address_may_be_written_in_other_ways() {
    for (text, same) in [
        ("valkey://a", "redis://a:6379"),
        ("valkeys://a:7/1", "rediss://a:7/1"),
        ("valkey+cluster://a,b", "redis+cluster://a:6379,b:6379"),
        ("valkeys+sentinel://a/main", "rediss+sentinel://a:26379/main"),
        ("Redis://a", "redis://a:6379"),
        ("REDISS+Cluster://a", "rediss+cluster://a:6379"),
        (" redis://a", "redis://a:6379"),
        ("redis://a\n", "redis://a:6379"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
        ("redis+unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
        ("UNIX:///Run/redis.sock", "unix:///Run/redis.sock"),
    ] {
        let address = text.parse::<Address>().unwrap();
        assert_eq!(address.to_string(), same, "{text}");
        assert_eq!(same.parse::<Address>().unwrap(), address);
        assert!(Address::is_meant(text), "{text}");
    }
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
        ("redis://a/x", "not a number"),
        ("redis+cluster://a/1", "no database"),
        ("redis+sentinel://a", "what the Sentinels call"),
        ("redis+unix://a", "whole path"),
        ("unix://run/redis.sock", "whole path"),
        ("unix:///run/redis.sock?password=secret@", "does not belong"),
        ("unix:///run/redis.sock?password=secret", "does not belong"),
        ("rediss+unix:///run/redis.sock", "not a scheme for Redis"),
        ("unix+cluster:///run/redis.sock", "not a scheme for Redis"),
        ("keydb://a", "not a scheme for Redis"),
        ("tcp://a:6379", "not a scheme for Redis"),
        ("a:6379", "no `://`"),
        ("a:6379,b:6379", "no `://`"),
        ("http://a", "not a scheme for Redis"),
        ("redis://user:secret@a", "--redis-password-file"),
    ] {
        let error = text.parse::<Address>().unwrap_err().to_string();
        assert!(error.contains(what), "{text}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

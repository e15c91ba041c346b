use super::*;

#[test]
fn what_looks_like_an_address_is_never_a_directory() {
    for text in [
        "http://a",
        "tcp://a:6379",
        "keydb://a",
        "unix:/run/redis.sock",
        "127.0.0.1:6379",
        "a:6379",
        " a:6379",
        "a:1,b:2",
        "redis//a",
        "redis:a",
        "courtesy-data-that-is-not-there",
        "",
        " ",
    ] {
        assert!(text.parse::<StorePlace>().is_err(), "{text}");
    }
    for text in ["redis://a", " REDIS://a", "valkey://a", "unix:///run/redis.sock"] {
        assert!(matches!(text.parse(), Ok(StorePlace::Redis(_))), "{text}");
    }
}

#[test]
fn a_directory_exists_or_is_written_as_a_path() {
    for text in ["./courtesy-data", "/var/lib/courtesy", "..", "src", "./a:6379"] {
        let place = text.parse::<StorePlace>();
        assert_eq!(place, Ok(StorePlace::Directory(PathBuf::from(text))), "{text}");
    }
    let error = "data".parse::<StorePlace>().unwrap_err().to_string();
    assert!(error.contains("./data"), "{error}");
}

#[test]
fn decisions_are_logged_in_a_file_of_any_name_but_not_in_one_called_like_an_address() {
    let file = "decisions.jsonl".parse::<LogPlace>();
    assert_eq!(file, Ok(LogPlace::File(PathBuf::from("decisions.jsonl"))));
    let output = "-".parse::<LogPlace>().map(|place| place.to_string());
    assert_eq!(output.as_deref(), Ok("/dev/stdout"));
    assert!(matches!("valkey://a".parse(), Ok(LogPlace::Redis(_))));
    for text in ["a:6379", "http://a", "redis://me:secret@a"] {
        let error = text.parse::<LogPlace>().unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

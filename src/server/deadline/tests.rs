use super::*;
use http::HeaderValue;

const MOST: Duration = Duration::from_secs(2);

#[track_caller]
fn check_grpc(text: &str, expected: Option<Duration>) {
    let mut headers = HeaderMap::new();
    headers.insert("grpc-timeout", HeaderValue::from_str(text).unwrap());
    assert_eq!(grpc_timeout(&headers), expected, "{text}");
}

#[test]
fn each_unit_of_a_grpc_timeout() {
    check_grpc("2H", Some(Duration::from_secs(7_200)));
    check_grpc("3M", Some(Duration::from_secs(180)));
    check_grpc("4S", Some(Duration::from_secs(4)));
    check_grpc("250m", Some(Duration::from_millis(250)));
    check_grpc("7u", Some(Duration::from_micros(7)));
    check_grpc("9n", Some(Duration::from_nanos(9)));
    check_grpc("99999999H", Some(Duration::from_secs(99_999_999 * 3_600)));
}

#[test]
fn a_timeout_that_is_not_one_says_nothing() {
    for text in ["", "m", "abc", "100", "1.5S", "-1S", "+1S", "123456789m", "1 S", "1s", "\u{e9}"] {
        check_grpc(text, None);
    }
}

#[test]
fn a_connect_timeout_is_in_milliseconds() {
    let mut headers = HeaderMap::new();
    headers.insert("connect-timeout-ms", HeaderValue::from_static("1500"));
    assert_eq!(connect_timeout(&headers), Some(Duration::from_millis(1_500)));
    for text in ["", "-1", "1e3", "12345678901"] {
        headers.insert("connect-timeout-ms", HeaderValue::from_str(text).unwrap());
        assert_eq!(connect_timeout(&headers), None, "{text}");
    }
}

#[test]
fn we_answer_a_little_before_the_client_gives_up() {
    let check = |client: u64, expected: u64| {
        let client = Some(Duration::from_millis(client));
        assert_eq!(allowance(client, MOST), Duration::from_millis(expected), "{client:?}");
    };
    check(0, 0);
    check(2, 1);
    check(20, 10);
    check(30, 20);
    check(1_000, 990);
    check(10_000, 2_000);
    assert_eq!(allowance(None, MOST), MOST);
    let near = Duration::from_micros(999);
    assert_eq!(allowance(Some(near), MOST), Duration::ZERO, "it is over");
}

#[test]
fn a_timeout_can_be_passed_on() {
    for (timeout, text) in [
        (Duration::ZERO, "0u"),
        (Duration::from_millis(1_990), "1990000u"),
        (Duration::from_secs(1_000), "99999999u"),
    ] {
        assert_eq!(in_grpc(timeout), text);
        check_grpc(text, Some(timeout.min(Duration::from_micros(99_999_999))));
    }
}

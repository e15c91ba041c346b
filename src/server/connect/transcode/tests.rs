use super::*;
use crate::proto::DESCRIPTORS;
use prost_reflect::DescriptorPool;

/// The error that a JSON text gets as a `CheckContactRequest`.
fn error_of(json: &str) -> String {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let message = pool.get_message_by_name("courtesy.v1.CheckContactRequest").unwrap();
    from_json(&message, json.as_bytes()).unwrap_err().message().to_owned()
}

#[test]
fn an_error_says_what_was_expected_and_not_what_was_there() {
    for json in [
        r#"{"contact": {"customerId": 4711}}"#,
        r#"{"contact": "4711"}"#,
        r#"{"contact": {"customerId": ["4711", ", expected 4711"]}}"#,
        r#"{"contact": {"priority": "4711, expected 4711"}}"#,
        r#"{"contact": {"contactTime": "4711"}}"#,
        r#"{"contact": {"attributes": {"a": 4711}}}"#,
        r#"{"contact": ["4711", "4711"]}"#,
        r#"{"detail": 4711.5}"#,
        r#""4711""#,
    ] {
        let error = error_of(json);
        assert!(!error.contains("4711"), "{json}: {error}");
        assert!(error.starts_with("body: must be a CheckContactRequest: "), "{error}");
    }
}

#[test]
fn an_error_says_which_field_is_not_known_and_where() {
    let error = error_of("{\"contact\":\n {\"customer\": \"ada\"}}");
    assert!(error.contains("'customer'") && error.contains("line 2"), "{error}");
}

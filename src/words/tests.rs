use super::*;

#[test]
fn a_word_is_found_by_what_it_looks_like() {
    assert_eq!(closest("marketting", &["marketing", "survey"]), Some("marketing"));
    assert_eq!(closest("EMAIL", &["email"]), Some("email"));
    assert_eq!(closest("sunday", &["mon", "sat", "sun"]), Some("sun"));
    assert_eq!(closest("sms", &["email", "push"]), None);
    assert_eq!(closest(&"x".repeat(COMPARED_BYTES_MAX + 1), &["x"]), None);
}

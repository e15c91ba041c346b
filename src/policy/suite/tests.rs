use super::*;
use crate::policy::document::tests::cases;

#[test]
fn every_case_compiles() {
    let zones = Arc::new(Zones::bundled());
    for (name, text) in cases() {
        let suite = Suite::load(&Source::new(&name, &text), &[], &zones);
        let (suite, warnings) = suite.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!suite.tests.is_empty());
        assert!(warnings.is_empty(), "{warnings}");
    }
}

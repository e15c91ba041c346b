//! Rules that are tried out: they are told and counted, and deny nothing.

use courtesy::proto::v1;

use super::product::Product;
use super::product::email;
use super::product::is_allowed;
use super::revisions::THREE;

#[test]
fn a_document_in_shadow_is_told_and_counted_and_denies_nothing() {
    let product = Product::start();
    let trial = "name: trial\nmode: shadow\nbudgets: [{name: one-a-week, limit: 1, per: 7d}]\n";
    let documents = [THREE, trial]
        .map(|text| v1::PolicyDocument { text: text.to_owned(), name: String::new() })
        .to_vec();
    let request =
        v1::ApplyPolicyRequest { documents, expected_revision: Some(0), ..Default::default() };
    let applied = product.wait(product.policies().apply_policy(request)).unwrap().into_inner();
    assert!(applied.warnings.iter().all(|it| it.document != "trial"), "{:?}", applied.warnings);
    product.record("1", email("ada"));
    for _ in 0..2 {
        let decision = product.check(email("ada")).unwrap();
        assert!(is_allowed(&decision));
        let [reason] = decision.shadow_reasons.as_slice() else { panic!("{decision:?}") };
        assert_eq!(reason.rule.as_deref(), Some("one-a-week"));
    }
    let metrics = product.metrics.encode().unwrap();
    let line = "courtesy_shadow_denials_total{rule=\"one-a-week\"} 2\n";
    assert!(metrics.contains(line), "{metrics}");

    // The whole document is enforced with one word, and the difference says so.
    let enforced = trial.replace("mode: shadow\n", "");
    let request = v1::ValidatePolicyRequest {
        documents: vec![v1::PolicyDocument { text: enforced.clone(), name: String::new() }],
        ..Default::default()
    };
    let validated = product.wait(product.policies().validate_policy(request)).unwrap().into_inner();
    let texts: Vec<&str> = validated.changes.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["document trial: mode shadow → not set"]);
    product.apply(&enforced, 1).unwrap();
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
}

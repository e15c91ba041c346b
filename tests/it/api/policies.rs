//! Policies: applied as a whole or not at all.

use courtesy::proto::v1;
use tonic::Code;
use tonic_types::StatusExt;

use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;

const BASE: &str =
    "# as it was written\nname: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";
const STOP: &str = "name: stop\nbudgets: [{name: none-at-all, limit: 0, per: 1d}]\n";

fn documents(texts: &[&str]) -> Vec<v1::PolicyDocument> {
    let document =
        |text: &&str| v1::PolicyDocument { text: (*text).to_owned(), name: String::new() };
    texts.iter().map(document).collect()
}

fn get(product: &Product) -> v1::Policy {
    let got = product.wait(product.policies().get_policy(v1::GetPolicyRequest::default()));
    got.unwrap().into_inner().policy.unwrap()
}

#[test]
fn the_starter_policy_runs_until_one_is_applied() {
    let product = Product::start();
    let starter = get(&product);
    assert_eq!((starter.revision, starter.apply_time), (0, None));
    assert!(starter.documents[0].text.contains("name: starter"));
    assert_eq!(product.check(email("ada")).unwrap().policy_revision, 0);
}

#[test]
fn one_document_is_changed_at_a_time() {
    let product = Product::start();
    assert_eq!(product.apply(BASE, 0).unwrap(), 1);
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    assert_eq!(product.apply(STOP, 1).unwrap(), 2);
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["BUDGET_SPENT"]);
    let policy = get(&product);
    let names: Vec<&str> = policy.documents.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((names, policy.revision), (vec!["base", "stop"], 2));
    assert_eq!(policy.documents[0].text, BASE, "verbatim");
    let remove = v1::ApplyPolicyRequest {
        remove_documents: vec!["stop".to_owned()],
        expected_revision: Some(2),
        ..Default::default()
    };
    product.wait(product.policies().apply_policy(remove)).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    let product = product.restart();
    assert_eq!(get(&product).revision, 3);
}

#[test]
fn a_policy_that_moved_on_is_not_overwritten() {
    let product = Product::start();
    product.apply(BASE, 0).unwrap();
    let status = product.apply(STOP, 0).unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "REVISION_MOVED"));
    assert_eq!(status.get_details_error_info().unwrap().metadata["revision"], "1");
}

#[test]
fn a_mistake_changes_nothing_and_says_where_it_is() {
    let product = Product::start();
    product.apply(BASE, 0).unwrap();
    let request = v1::ApplyPolicyRequest {
        documents: documents(&["name: stop\nbudgets: [{name: b, limt: 0, per: 1d}]\n", BASE]),
        expected_revision: Some(1),
        ..Default::default()
    };
    let status = product.wait(product.policies().apply_policy(request)).unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::InvalidArgument, "INVALID_POLICY")
    );
    assert!(fields(&status).contains(&"stop:2:21".to_owned()), "{:?}", fields(&status));
    let details = status.get_details_bad_request().unwrap();
    assert!(
        details.field_violations.iter().any(|it| it.description.contains("did you mean `limit`?"))
    );
    assert_eq!(get(&product).revision, 1);
}

#[test]
fn a_trial_changes_nothing() {
    let product = Product::start();
    let request = v1::ApplyPolicyRequest {
        documents: documents(&[BASE]),
        expected_revision: Some(0),
        validate_only: Some(true),
        ..Default::default()
    };
    let answer = product.wait(product.policies().apply_policy(request)).unwrap().into_inner();
    assert_eq!(answer.revision, 1);
    assert_eq!(get(&product).revision, 0);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let product = Product::start();
    let check = |request: v1::ApplyPolicyRequest, field: &str| {
        let status = product.wait(product.policies().apply_policy(request)).unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fields(&status), [field], "{status}");
    };
    let apply = |texts: &[&str]| v1::ApplyPolicyRequest {
        documents: documents(texts),
        expected_revision: Some(0),
        ..Default::default()
    };
    check(
        v1::ApplyPolicyRequest { expected_revision: None, ..apply(&[BASE]) },
        "expected_revision",
    );
    check(apply(&[]), "documents");
    check(apply(&[BASE, BASE]), "documents[1].text");
    let absent = vec!["gone".to_owned()];
    check(
        v1::ApplyPolicyRequest { remove_documents: absent, ..apply(&[BASE]) },
        "remove_documents",
    );
}
